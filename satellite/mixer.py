"""What the speaker plays: the hub's audio, and the satellite's own short sounds over it."""

import numpy as np

from satellite.jitter import PlaybackBuffer

_LOWEST, _HIGHEST = -32768, 32767


class MixedBuffer(PlaybackBuffer):
    """A playback buffer over whose audio short sounds are heard; positions do not count them."""

    def __init__(self, rate_hz: int) -> None:
        super().__init__(rate_hz)
        self._sounds = PlaybackBuffer(rate_hz)
        self._sounds.on_order = self._ordered
        self._number = 0

    @property
    def idle(self) -> bool:
        """True while there is nothing to render, short sounds included."""
        return super().idle and self._sounds.idle

    def _ordered(self) -> None:
        self.on_order()

    def play_over(self, pcm16: bytes) -> None:
        """Play a short sound now, in the place of one that still sounds. Raises PlaybackFull."""
        self._number += 1
        self._sounds.start(self._number)
        self._sounds.write(pcm16)
        self._sounds.end()

    def hush(self) -> None:
        """Fade the short sound out. Raises PlaybackFull."""
        self._sounds.flush()

    def render(self, samples: int, at: float) -> bytes:
        """Return exactly `samples` samples that will be heard from clock time `at` on."""
        audio = super().render(samples, at)
        if self._sounds.idle:
            return audio
        mixed = np.frombuffer(audio, dtype="<i2").astype(np.int32)
        mixed += np.frombuffer(self._sounds.render(samples, at), dtype="<i2")
        return np.clip(mixed, _LOWEST, _HIGHEST).astype("<i2").tobytes()
