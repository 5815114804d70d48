"""Plays the satellite's own sounds when something happens that people should hear of."""

from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path

from audio.pcm import scale
from satellite import events
from satellite.chimes import Chime, load, synthesise
from satellite.events import Event
from satellite.jitter import PlaybackFull
from satellite.mixer import MixedBuffer
from satellite.signs_settings import Sounds
from satellite.state import State

_SOUNDLESS_CODES = frozenset({"no-hub", "hub-lost", "hub-error"})
"""What failed without the hub being able to say so."""


class SoundPlayer:
    """Follows the events; the sounds are at the satellite's volume times their own."""

    def __init__(self, sounds: Sounds, buffer: MixedBuffer, volume: Callable[[], float]) -> None:
        """`volume` tells the satellite's. Raises SatelliteError "bad-wav"."""
        self.enabled = True
        """Whether anything but what rings is heard; the hub may change it."""
        self._buffer = buffer
        self._volume = volume
        self._own_volume = sounds.volume
        self._chimes = _load_all(sounds, buffer.rate_hz)
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
            case events.Failed(code=code) if code in _SOUNDLESS_CODES:
                self._say(Chime.ERROR)
            case _:
                pass

    def ring(self) -> None:
        """Let a timer sound once; who rings calls it again."""
        self.play(Chime.TIMER)

    def hush(self) -> None:
        """Stop what sounds."""
        with suppress(PlaybackFull):
            self._buffer.hush()

    def play(self, chime: Chime) -> None:
        """Play a sound, if its setting is on."""
        pcm16 = self._chimes.get(chime)
        if pcm16 is None:
            return
        # A speaker that takes nothing plays no sounds either.
        with suppress(PlaybackFull):
            self._buffer.play_over(scale(pcm16, (self._volume() * self._own_volume) ** 2))

    def _say(self, chime: Chime) -> None:
        if self.enabled:
            self.play(chime)


def _load_all(sounds: Sounds, rate_hz: int) -> Mapping[Chime, bytes]:
    loaded: dict[Chime, bytes] = {}
    for chime in Chime:
        name = Chime.MUTED if chime is Chime.UNMUTED else chime
        setting = getattr(sounds, name)
        if setting is True or (setting and chime is Chime.UNMUTED):
            loaded[chime] = synthesise(chime, rate_hz)
        elif setting:
            loaded[chime] = load(Path(setting), rate_hz)
    return loaded
