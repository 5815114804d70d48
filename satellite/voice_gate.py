"""Opens for a voice: sound that stands out of the room's noise for a moment."""

from collections import deque

from audio.pcm import dbfs
from satellite.levels import QUIET_ROOM_DBFS

ABOVE_NOISE_DB = 12.0
"""A voice at some metres; a fan or rain is steadier than this."""
OF_FRAMES, LOUD_FRAMES = 6, 4
"""A click is shorter."""


class VoiceGate:
    """Looks at loudness alone: it only decides when the hub is to listen more closely."""

    def __init__(self) -> None:
        self._loud: deque[bool] = deque(maxlen=OF_FRAMES)

    def hear(self, pcm16: bytes, noise_dbfs: float) -> bool:
        """Take a frame; return True when a voice has begun."""
        self._loud.append(dbfs(pcm16) > max(noise_dbfs, QUIET_ROOM_DBFS) + ABOVE_NOISE_DB)
        if sum(self._loud) < LOUD_FRAMES:
            return False
        self._loud.clear()
        return True

    def reset(self) -> None:
        """Forget what was heard."""
        self._loud.clear()
