"""Resampling with a delay of a millisecond, at a rate that may drift.

soxr's streams hold 20 to 40 ms back; who waits for sound, or cuts it off, can not afford that.
"""

import math
from functools import lru_cache

import numpy as np
import numpy.typing as npt

ZEROS = 16
"""Zero crossings of the sinc on each side: flat to 0.45 of the lower rate, 70 dB down beyond it."""
_BETA = 7.0
_ROLL_OFF = 0.95
_PHASES = 512

REACH = ZEROS
"""How far a sample of `between` looks to each side."""
_OFFSETS = np.arange(1 - REACH, REACH + 1)

Samples = npt.NDArray[np.float32]


class SincResampler:
    """Resamples one stream of float samples by a windowed sinc (Smith's bandlimited interpolation).

    See https://ccrma.stanford.edu/~jos/resample/.
    """

    def __init__(self, from_hz: int, to_hz: int) -> None:
        """Raises ValueError if a rate is not positive."""
        if from_hz <= 0 or to_hz <= 0:
            raise ValueError(f"can not resample from {from_hz} Hz to {to_hz} Hz")
        self.from_hz = from_hz
        self.to_hz = to_hz
        self.speed = 1.0
        """Set to 1.0001 to take input 100 ppm faster than the rates say."""
        self._table = _table(from_hz, to_hz)
        self._half = self._table.shape[1] // 2
        self._offsets = np.arange(1 - self._half, self._half + 1)
        self._kept: Samples = np.zeros(self._half - 1, dtype=np.float32)
        self._at = float(self._half - 1)

    @property
    def held_samples(self) -> float:
        """Return how many input samples are behind the next output sample."""
        return self._kept.size - self._at

    def skip(self, samples: float) -> None:
        """Leave out so many input samples that are still to come or held, or repeat if negative."""
        self._at = max(float(self._half - 1), self._at + samples)

    def process(self, samples: Samples) -> Samples:
        """Return what can be worked out with these further samples."""
        kept = np.concatenate([self._kept, samples])
        step = self.from_hz / self.to_hz * self.speed
        count = max(0, math.floor((kept.size - 1 - self._half - self._at) / step) + 1)
        places = self._at + step * np.arange(count)
        out = _between(kept, places, self._table, self._offsets)
        self._at += step * count
        done = min(kept.size, int(self._at) - (self._half - 1))
        self._kept = kept[done:]
        self._at -= done
        return out


def between(samples: Samples, places: npt.NDArray[np.float64]) -> Samples:
    """Return the sound at places between the samples, each at least REACH from both ends."""
    return _between(samples, places, _table(1, 1), _OFFSETS)


def _between(
    samples: Samples,
    places: npt.NDArray[np.float64],
    table: Samples,
    offsets: npt.NDArray[np.int64],
) -> Samples:
    if not samples.any():
        return np.zeros(places.size, dtype=np.float32)
    whole = places.astype(np.int64)
    phases = np.rint((places - whole) * _PHASES).astype(np.int64)
    out: Samples = np.einsum("ij,ij->i", samples[whole[:, None] + offsets], table[phases])
    return out


@lru_cache(maxsize=8)
def _table(from_hz: int, to_hz: int) -> Samples:
    """Return the filter by phase, shape (phases + 1, taps)."""
    # At the same rate there is nothing beyond the band that could fold into it.
    cut = 1.0 if from_hz == to_hz else _ROLL_OFF * min(1.0, to_hz / from_hz)
    half = math.ceil(ZEROS / cut)
    taps = np.arange(1 - half, half + 1)
    distance = taps[None, :] - np.arange(_PHASES + 1)[:, None] / _PHASES
    window = np.i0(_BETA * np.sqrt(np.clip(1 - (distance / half) ** 2, 0, None))) / np.i0(_BETA)
    return (cut * np.sinc(cut * distance) * window).astype(np.float32)
