"""What the satellite asks of a microphone."""

from collections.abc import AsyncGenerator
from dataclasses import dataclass
from typing import Protocol

from audio.pcm import FRAME_SAMPLES, SPEECH_RATE_HZ
from protocol import AudioFormat

FORMAT = AudioFormat(rate=SPEECH_RATE_HZ, width=2, channels=1)
"""What every microphone delivers, whatever the device speaks."""
FRAME_BYTES = FRAME_SAMPLES * 2
FRAME_S = FRAME_SAMPLES / SPEECH_RATE_HZ


@dataclass(frozen=True, slots=True)
class Frame:
    """32 ms of sound."""

    audio: bytes
    """512 samples in FORMAT."""
    sample_index: int
    """Samples delivered before this frame since the microphone was opened."""
    captured_at: float
    """`time.monotonic` at which its first sample was in the air."""
    clip_sample: int | None = None
    """Where in the WAV file its first sample stands; None outside of a file."""


class Microphone(Protocol):
    """A source of frames."""

    patient: bool
    """Whether frames may come two at a time: nobody waits for them, and it costs less."""

    @property
    def dropped_frames(self) -> int:
        """Return how many frames were lost because nobody took them in time."""

    def frames(self) -> AsyncGenerator[Frame, None]:
        """Yield frames until the iterator is closed. Raises SatelliteError "microphone-lost"."""
