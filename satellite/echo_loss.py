"""How much quieter the echo is after cancelling: echo return loss enhancement (ITU-T G.168)."""

from collections import deque

import numpy as np

from audio.pcm import SPEECH_RATE_HZ
from audio.sinc import Samples

WINDOW_SAMPLES = SPEECH_RATE_HZ // 2
"""Half a second: shorter than most words, so that some windows hold the speaker alone."""
WINDOWS = 12
LEAST_WINDOWS = 4
QUIET = 1e-5
"""Power of -50 dBFS: an echo that is quieter tells nothing."""
MOST_DB = 60.0


class EchoLoss:
    """Measures while the speaker sounds.

    When somebody speaks over it, the window's figure is far too low: so the upper quartile of the
    last windows counts, which is right while the speaker sounds alone for a third of the time.
    """

    def __init__(self) -> None:
        self._played = self._before = self._after = 0.0
        self._samples = 0
        self._windows: deque[float] = deque(maxlen=WINDOWS)

    @property
    def db(self) -> float | None:
        """Return the loss in dB, or None while too little was played."""
        if len(self._windows) < LEAST_WINDOWS:
            return None
        return float(np.quantile(self._windows, 0.75))

    def add(self, played: Samples, before: Samples, after: Samples) -> bool:
        """Add as much of each; return True when a window has ended that says something."""
        self._played += float(np.dot(played, played))
        self._before += float(np.dot(before, before))
        self._after += float(np.dot(after, after))
        self._samples += played.size
        if self._samples < WINDOW_SAMPLES:
            return False
        played_power, before_power, after_power = (
            energy / self._samples for energy in (self._played, self._before, self._after)
        )
        self._played = self._before = self._after = 0.0
        self._samples = 0
        if played_power < QUIET or before_power < QUIET:
            return False
        loss_db = 10 * np.log10(before_power / max(after_power, 1e-12))
        self._windows.append(float(min(MOST_DB, loss_db)))
        return True
