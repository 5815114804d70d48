"""Short sounds for when there is no voice, or nothing to say yet."""

from collections.abc import Callable, Mapping
from functools import cache

import numpy as np

from audio.pcm import from_float

RATE_HZ = 22_050
_NO_HZ = (440.0, 330.0)
"""Falling, which is heard as "no" almost everywhere."""
_WAIT_HZ = (523.0, 523.0)
"""The same twice: still at it."""
_CHIME_HZ = (659.0, 523.0)
"""A third, falling: a door bell."""
_ALARM_HZ = (880.0, 0.0, 880.0, 0.0, 880.0, 0.0, 0.0, 0.0)
"""Three short ones and a pause, as clocks ring."""
_TONE_MS = 120
_BELL_MS = 400
_ALARM_ROUNDS = 2
_LEVEL = 0.2
_FADE_MS = 10


@cache
def failure() -> bytes:
    """Return the sound of "that did not work", as pcm16 at RATE_HZ: 240 ms."""
    return _tones(_NO_HZ)


@cache
def patience_please() -> bytes:
    """Return the sound of "still thinking", likewise."""
    return _tones(_WAIT_HZ)


@cache
def chime() -> bytes:
    """Return the sound before an announcement, likewise: 800 ms."""
    return _tones(_CHIME_HZ, _BELL_MS)


@cache
def alarm() -> bytes:
    """Return a round of ringing, likewise: 1.9 s."""
    return _tones(_ALARM_HZ * _ALARM_ROUNDS)


CHIMES: Mapping[str, Callable[[], bytes]] = {"chime": chime, "alarm": alarm}
"""The sounds that an announcement may begin with, by name."""


def _tones(frequencies_hz: tuple[float, ...], tone_ms: int = _TONE_MS) -> bytes:
    samples = RATE_HZ * tone_ms // 1000
    fade = RATE_HZ * _FADE_MS // 1000
    envelope = np.ones(samples)
    envelope[:fade] = np.linspace(0, 1, fade)
    envelope[-fade:] = np.linspace(1, 0, fade)
    times = np.arange(samples) / RATE_HZ
    tones = [np.sin(2 * np.pi * hz * times) * envelope * _LEVEL for hz in frequencies_hz]
    return from_float(np.concatenate(tones))
