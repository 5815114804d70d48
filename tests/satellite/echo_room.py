"""A room in which a microphone hears the loudspeaker: direct sound, reflections, reverberation."""

import numpy as np
import numpy.typing as npt

from audio.sinc import Samples

RATE_HZ = 16_000


def response(*, delay_ms: float = 10.0, tail_ms: float = 60.0, level: float = 0.5) -> Samples:
    """Return the impulse response of a small furnished room; `level` is the direct sound's."""
    rng = np.random.default_rng(7)
    begin = int(delay_ms * RATE_HZ / 1000)
    tail = int(tail_ms * RATE_HZ / 1000)
    taps: Samples = np.zeros(begin + tail, dtype=np.float32)
    # 60 dB down at the end of the tail.
    fade = 10 ** (-3 * np.arange(tail) / tail)
    taps[begin:] = 0.15 * level * rng.standard_normal(tail) * fade
    taps[begin] = level
    return taps


class Room:
    """Convolves a stream with a response."""

    def __init__(self, taps: Samples) -> None:
        self._taps = taps
        self._before: Samples = np.zeros(taps.size - 1, dtype=np.float32)

    def echo(self, sound: npt.NDArray[np.floating]) -> Samples:
        """Return the echo of the next piece of sound, as long as it is."""
        whole = np.concatenate([self._before, sound], dtype=np.float32)
        self._before = whole[whole.size - self._before.size :]
        echoed: Samples = np.convolve(whole, self._taps, mode="valid")
        return echoed
