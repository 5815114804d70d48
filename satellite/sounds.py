"""Plays the satellite's own sounds when something happens that people should hear of."""

import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path

import msgspec

from audio.pcm import scale
from satellite import events
from satellite.chimes import Chime, load, synthesise
from satellite.errors import SatelliteError
from satellite.events import Event
from satellite.jitter import PlaybackFull
from satellite.mixer import MixedBuffer
from satellite.signs_settings import Sounds
from satellite.state import State

INAUDIBLE_VOLUME = 0.1
"""Of the satellite: below it, 40 dB less, the hub rings in vain."""
LEAST_RING_VOLUME = 0.5
"""Of the satellite, for what rings: a timer that nobody hears is none."""

_SOUNDLESS_CODES = frozenset(
    {"no-hub", "hub-lost", "hub-error", "nothing-hears"}
    | {f"{state}-timeout" for state in State if state not in (State.DISCONNECTED, State.IDLE)}
)
"""What failed without the hub being able to say so; where it hangs, it can not either."""
_NO_FAILURES = frozenset({"duplicate_wake_up_detected", "run-satellite"})
"""Why Home Assistant lets a satellite stand down though all is well."""


class SoundPlayer:
    """Follows the events; the sounds are at the satellite's volume times their own."""

    def __init__(
        self,
        sounds: Sounds,
        buffer: MixedBuffer,
        volume: Callable[[], float],
        tell: Callable[[Event], None],
        *,
        alone: bool = False,
    ) -> None:
        """`volume` tells the satellite's; `tell` hears of files that can not be played.

        `alone`: what is at the other end says nothing of what fails.
        """
        self._buffer = buffer
        self._volume = volume
        self._tell = tell
        self._alone = alone
        self._sounds = sounds
        self._chimes = self._load_all(sounds)
        self._woken = False

    def follow(self, event: Event) -> None:
        """Take an event."""
        match event:
            case events.Woken():
                self._woken = True
            case events.Listening():
                # Where the hub listens by itself, it has just said or rung something.
                if self._woken:
                    self._say(Chime.AWAKE)
                self._woken = False
            case events.StoodDown() | events.Disconnected():
                self._woken = False
            case events.StateChanged(state=State.THINKING, before=State.LISTENING):
                self._say(Chime.DONE)
            case events.Muted(muted=muted):
                self._say(Chime.MUTED if muted else Chime.UNMUTED)
            case events.Failed(code="muted"):
                self._say(Chime.MUTED)
            case _:
                pass
        if self._has_failed(event):
            self._say(Chime.ERROR)

    def use(self, sounds: Sounds) -> None:
        """Sound otherwise from now on."""
        now = self._sounds
        if msgspec.structs.replace(now, enabled=sounds.enabled, volume=sounds.volume) != sounds:
            self._chimes = self._load_all(sounds)
        self._sounds = sounds

    def identify(self) -> None:
        """Sound whatever is switched off: somebody looks for this satellite."""
        self._play(synthesise(Chime.AWAKE, self._buffer.rate_hz), LEAST_RING_VOLUME)

    def ring(self) -> None:
        """Let a timer sound once; who rings calls it again."""
        self.play(Chime.TIMER, least=LEAST_RING_VOLUME)

    def hush(self) -> None:
        """Stop what sounds."""
        with suppress(PlaybackFull):
            self._buffer.hush()

    def play(self, chime: Chime, *, least: float = 0.0) -> None:
        """Play a sound, if its setting is on, as if the satellite's volume were `least` or more."""
        pcm16 = self._chimes.get(chime)
        if pcm16 is not None:
            self._play(pcm16, least)

    def _has_failed(self, event: Event) -> bool:
        """Tell whether something failed that nobody says in words."""
        match event:
            case events.Failed(code=code):
                return code in _SOUNDLESS_CODES
            case events.TurnOver(outcome="failed"):
                return self._alone
            case events.TurnOver(text=text):
                return text == "microphone-lost"
            case events.StoodDown(reason=reason):
                return self._alone and reason not in _NO_FAILURES
            case _:
                return False

    def _play(self, pcm16: bytes, least: float = 0.0) -> None:
        # A speaker that takes nothing plays no sounds either.
        with suppress(PlaybackFull):
            volume = max(least, self._volume())
            self._buffer.play_over(scale(pcm16, (volume * self._sounds.volume) ** 2))

    def _say(self, chime: Chime) -> None:
        if self._sounds.enabled:
            self.play(chime)

    def _load_all(self, sounds: Sounds) -> Mapping[Chime, bytes]:
        """Load what is to be heard; in the place of a file that can not be played, our own."""
        loaded: dict[Chime, bytes] = {}
        for chime in Chime:
            name = Chime.MUTED if chime is Chime.UNMUTED else chime
            setting = getattr(sounds, name)
            if isinstance(setting, str) and chime is not Chime.UNMUTED:
                try:
                    loaded[chime] = load(Path(setting), self._buffer.rate_hz)
                    continue
                except SatelliteError as error:
                    text = f"sounds.{name}: {error.text}; the usual sound is heard instead"
                    self._tell(events.Failed(time.monotonic(), error.code, text))
            if setting:
                loaded[chime] = synthesise(chime, self._buffer.rate_hz)
        return loaded
