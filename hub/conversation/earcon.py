"""Short sounds for when there is no voice, or nothing to say yet."""

from functools import cache

import numpy as np

from audio.pcm import from_float

RATE_HZ = 22_050
_NO_HZ = (440.0, 330.0)
"""Falling, which is heard as "no" almost everywhere."""
_WAIT_HZ = (523.0, 523.0)
"""The same twice: still at it."""
_TONE_MS = 120
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


def _tones(frequencies_hz: tuple[float, ...]) -> bytes:
    samples = RATE_HZ * _TONE_MS // 1000
    fade = RATE_HZ * _FADE_MS // 1000
    envelope = np.ones(samples)
    envelope[:fade] = np.linspace(0, 1, fade)
    envelope[-fade:] = np.linspace(1, 0, fade)
    times = np.arange(samples) / RATE_HZ
    tones = [np.sin(2 * np.pi * hz * times) * envelope * _LEVEL for hz in frequencies_hz]
    return from_float(np.concatenate(tones))
