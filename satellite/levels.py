"""How loud it is: what the hub compares when several satellites hear the same words."""

from collections import deque

from audio.pcm import SILENCE_DBFS, dbfs
from satellite.microphone import FRAME_S

NOISE_S = 5.0
SPEECH_S = 1.5
"""About as long as the longest wake word."""
LOUDEST_SHARE = 0.25
QUIETEST_SHARE = 0.1
QUIET_ROOM_DBFS = -70.0
"""What a microphone hears in a quiet room. Less is no room but a gate, or a file's silence."""


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
        """Return how loud the quietest tenth of the last 5 s was, QUIET_ROOM_DBFS at least.

        Frames of zeros are left out: no microphone was open, and the room is as loud as ever.
        """
        heard = sorted(level for level in self._levels if level > SILENCE_DBFS)
        quietest = heard[: max(1, int(len(heard) * QUIETEST_SHARE))]
        noise_dbfs = sum(quietest) / len(quietest) if quietest else SILENCE_DBFS
        return max(noise_dbfs, QUIET_ROOM_DBFS)
