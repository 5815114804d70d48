"""Frames of sound, and a voice activity that tells them apart."""

import numpy as np
import numpy.typing as npt

from audio.vad import FRAME_BYTES, SileroVad

SPEECH = b"\x00\x10" * 512
SILENCE = bytes(FRAME_BYTES)


class Loudness(SileroVad):
    """Voice activity by loudness."""

    def __init__(self) -> None:
        pass

    def process(self, streams: object, frames: object) -> npt.NDArray[np.float32]:
        assert isinstance(frames, list)
        return np.array([float(max(frame) > 0) for frame in frames], dtype=np.float32)
