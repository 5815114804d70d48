"""How loud it is: what the hub compares when several satellites hear the same words."""

from collections import deque

from audio.pcm import SILENCE_DBFS, dbfs
from satellite.microphone import FRAME_S

NOISE_S = 5.0
SPEECH_S = 1.5
"""About as long as the longest wake word."""
LOUDEST_SHARE = 0.25
QUIETEST_SHARE = 0.1


class Levels:
    """Follows the loudness of the last seconds."""

    def __init__(self) -> None:
        self._levels: deque[float] = deque(maxlen=int(NOISE_S / FRAME_S))

    def add(self, pcm16: bytes) -> None:
        """Take a frame."""
        self._levels.append(dbfs(pcm16))

    @property
    def loudness_dbfs(self) -> float:
        """Return how loud the loudest quarter of the last 1.5 s was."""
        recent = sorted(list(self._levels)[-int(SPEECH_S / FRAME_S) :], reverse=True)
        loudest = recent[: max(1, int(len(recent) * LOUDEST_SHARE))]
        return sum(loudest) / len(loudest) if loudest else SILENCE_DBFS

    @property
    def noise_dbfs(self) -> float:
        """Return how loud the quietest tenth of the last 5 s was."""
        quietest = sorted(self._levels)[: max(1, int(len(self._levels) * QUIETEST_SHARE))]
        return sum(quietest) / len(quietest) if quietest else SILENCE_DBFS
