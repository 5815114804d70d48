"""How loud it is: what the hub compares when several satellites hear the same words."""

from collections import deque
from collections.abc import Iterable

import numpy as np

from audio.pcm import SILENCE_DBFS, to_float
from satellite.microphone import FRAME_S

NOISE_S = 5.0
SPEECH_S = 1.5
"""About as long as the longest wake word."""
LOUDEST_SHARE = 0.25
QUIETEST_SHARE = 0.1
QUIET_ROOM_DBFS = -70.0
"""What a microphone hears in a quiet room. Less is no room but a gate, or a file's silence."""


class Levels:
    """Follows the loudness of the last seconds. Costs nothing until somebody asks."""

    def __init__(self) -> None:
        self._frames: deque[bytes] = deque(maxlen=int(NOISE_S / FRAME_S))

    def add(self, pcm16: bytes) -> None:
        """Take a frame."""
        self._frames.append(pcm16)

    @property
    def loudness_dbfs(self) -> float:
        """Return how loud the loudest quarter of the last 1.5 s was."""
        recent = sorted(_levels(list(self._frames)[-int(SPEECH_S / FRAME_S) :]), reverse=True)
        loudest = recent[: max(1, int(len(recent) * LOUDEST_SHARE))]
        return sum(loudest) / len(loudest) if loudest else SILENCE_DBFS

    def level_dbfs(self, seconds: float) -> float:
        """Return how loud the loudest frame of the last seconds was."""
        recent = list(self._frames)[-max(1, round(seconds / FRAME_S)) :]
        return max(_levels(recent), default=SILENCE_DBFS)

    @property
    def noise_dbfs(self) -> float:
        """Return how loud the quietest tenth of the last 5 s was, QUIET_ROOM_DBFS at least.

        Frames of zeros are left out: no microphone was open, and the room is as loud as ever.
        """
        heard = sorted(level for level in _levels(self._frames) if level > SILENCE_DBFS)
        quietest = heard[: max(1, int(len(heard) * QUIETEST_SHARE))]
        noise_dbfs = sum(quietest) / len(quietest) if quietest else SILENCE_DBFS
        return max(noise_dbfs, QUIET_ROOM_DBFS)


def _levels(frames: Iterable[bytes]) -> list[float]:
    """Return the level of each frame; each is as long as the others."""
    audio = list(frames)
    if not audio:
        return []
    samples = to_float(b"".join(audio)).reshape(len(audio), -1)
    power = np.einsum("ij,ij->i", samples, samples) / samples.shape[1]
    floor = 10 ** (SILENCE_DBFS / 10)
    return [float(level) for level in 10 * np.log10(np.maximum(power, floor))]
