"""Whether the microphone's sound is cleaned here, and by what; else who cancels the echo."""

import re
import time
from collections.abc import Callable
from dataclasses import dataclass

from satellite import events
from satellite.audio_processing import AudioProcessing
from satellite.choose_device import lasting_name
from satellite.devices import is_device
from satellite.echo import EchoCanceller
from satellite.errors import SatelliteError
from satellite.ports import Processing
from satellite.reference import Reference
from satellite.sound_settings import Sound
from satellite.voice_over_echo import VoiceOverEcho

_CANCELS = re.compile(r"echo[ _-]?cancel|\baec\b", re.IGNORECASE)
"""What PulseAudio's and PipeWire's own echo cancelling is called."""
_CONFERENCE = re.compile(r"speakerphone|conference|jabra speak|powerconf", re.IGNORECASE)
"""These cancel the echo of their own loudspeaker, and of no other."""


@dataclass(frozen=True, slots=True)
class Cleaning:
    """What was decided."""

    canceller: EchoCanceller | None = None
    """Cleans the microphone's sound, if anything does here."""
    reference: Reference | None = None
    """Wants to hear what the speaker plays, if echo is cancelled here."""
    left_to: str | None = None
    """The device that cancels echo by itself."""

    @property
    def cancels_echo(self) -> bool:
        """Tell whether the satellite can hear while it plays."""
        return self.reference is not None or self.left_to is not None


def decide(
    sound: Sound, microphone: str, speaker: str, emit: Callable[[events.Event], None]
) -> Cleaning:
    """Decide from the settings and the words that choose microphone and speaker.

    Where the library for it is missing, that is told and nothing is cleaned.
    """
    if not is_device(microphone):
        return Cleaning()
    left_to = None
    if sound.echo_cancelling == "auto":
        left_to = _cancelled_by(microphone, speaker)
    wanted = sound.echo_cancelling != "off" and left_to is None and is_device(speaker)
    if not (wanted or sound.noise_suppression or sound.automatic_gain or sound.gain_db):
        return Cleaning(left_to=left_to)
    try:
        processing = _processing(sound, echo=wanted)
    except SatelliteError as error:
        emit(events.Failed(time.monotonic(), error.code, error.text))
        return Cleaning(left_to=left_to)
    reference = Reference() if wanted else None
    canceller = EchoCanceller(
        processing,
        reference,
        emit,
        gain_db=sound.gain_db,
        may_rest=not (sound.noise_suppression or sound.automatic_gain),
    )
    return Cleaning(canceller, reference, left_to)


def _processing(sound: Sound, *, echo: bool) -> Processing:
    noise, gain = sound.noise_suppression, sound.automatic_gain
    if not echo:
        return AudioProcessing(echo=False, noise=noise, gain=gain)
    after = AudioProcessing(echo=False, noise=noise, gain=gain) if noise or gain else None
    return VoiceOverEcho(AudioProcessing(echo=True, noise=False, gain=False), after)


def _cancelled_by(microphone: str, speaker: str) -> str | None:
    """Return the device that cancels the echo by itself, as far as names tell."""
    if _CANCELS.search(microphone):
        return microphone
    same = lasting_name(microphone) == lasting_name(speaker)
    return microphone if same and _CONFERENCE.search(microphone) else None
