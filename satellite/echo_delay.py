"""How long what is played takes until the microphone hears it: generalised cross-correlation.

C. Knapp and G. Carter, "The generalized correlation method for estimation of time delay", IEEE
Transactions on Acoustics, Speech, and Signal Processing 24 (1976); weighting by phase (PHAT).
"""

from collections import deque

import numpy as np

from audio.pcm import SPEECH_RATE_HZ
from audio.sinc import Samples

WINDOW_S = 2.0
EARLIEST_S, LATEST_S = -0.3, 0.8
"""Where an echo is looked for. One before its cause means that a device tells wrong times."""
QUIET = 0.003
"""Below this level, -50 dBFS, there is too little sound to compare."""
SHARP = 9.0
"""How far a peak must stand out of the rest, as a multiple of its root mean square."""
_WINDOW_SAMPLES = int(WINDOW_S * SPEECH_RATE_HZ)


class DelayEstimator:
    """Compares the last two seconds of both sounds, once a second."""

    def __init__(self) -> None:
        self._pieces: deque[tuple[Samples, Samples]] = deque()
        self._kept = 0
        self._fresh = 0

    def forget(self) -> None:
        """Begin anew: what was played before is not comparable with what is played now."""
        self._pieces.clear()
        self._kept = self._fresh = 0

    def add(self, played: Samples, heard: Samples) -> float | None:
        """Add as much of both; return by how many seconds the echo is late, where that is clear."""
        self._pieces.append((played, heard))
        self._kept += played.size
        self._fresh += played.size
        while self._kept - self._pieces[0][0].size >= _WINDOW_SAMPLES:
            self._kept -= self._pieces.popleft()[0].size
        if self._kept < _WINDOW_SAMPLES or self._fresh < _WINDOW_SAMPLES // 2:
            return None
        self._fresh = 0
        all_played, all_heard = (
            np.concatenate(pieces) for pieces in zip(*self._pieces, strict=True)
        )
        if min(_level(all_played), _level(all_heard)) < QUIET:
            return None
        return _compare(all_played, all_heard)


def _compare(played: Samples, heard: Samples) -> float | None:
    size = 1 << (2 * played.size - 1).bit_length()
    cross = np.fft.rfft(heard, size) * np.conj(np.fft.rfft(played, size))
    whole = np.fft.irfft(cross / (np.abs(cross) + 1e-9), size)
    first, last = int(EARLIEST_S * SPEECH_RATE_HZ), int(LATEST_S * SPEECH_RATE_HZ)
    lags = np.abs(np.concatenate([whole[first:], whole[:last]]))
    best = int(lags.argmax())
    if lags[best] < SHARP * float(np.sqrt(np.mean(lags**2))):
        return None
    return (best + first) / SPEECH_RATE_HZ


def _level(sound: Samples) -> float:
    return float(np.sqrt(np.mean(sound**2)))
