"""Goes from one processing of the microphone's sound to another without a click."""

import numpy as np

from audio.pcm import from_float, to_float
from satellite.audio_processing import CHUNK_SAMPLES
from satellite.ports import Processing

SETTLE_CHUNKS = 10
"""For so many pieces of 10 ms the new one hears along before it is heard: it learns the room."""


class FadingProcessing:
    """Works with both for a moment, and then with the new one alone."""

    def __init__(self, before: Processing, after: Processing) -> None:
        self.after = after
        self._before: Processing | None = before
        self._left = SETTLE_CHUNKS

    def expect_echo_after(self, delay_ms: int) -> None:
        """Say how long after `play` its echo comes."""
        self.after.expect_echo_after(delay_ms)

    def play(self, pcm16: bytes) -> None:
        """Take what the speaker plays."""
        if self._before is not None:
            self._before.play(pcm16)
        self.after.play(pcm16)

    def clean(self, pcm16: bytes) -> bytes:
        """Return what the microphone hears, cleaned."""
        new = self.after.clean(pcm16)
        if self._before is None:
            return new
        old = self._before.clean(pcm16)
        self._left -= 1
        if self._left:
            return old
        self._before = None
        share = np.linspace(0.0, 1.0, CHUNK_SAMPLES, dtype=np.float32)
        return from_float(to_float(old) * (1 - share) + to_float(new) * share)
