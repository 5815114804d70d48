"""Resampling with soxr: stateful, so that chunk borders do not click."""

import numpy as np
import soxr

_QUALITY = "HQ"
"""soxr's default for 16-bit audio: about 20 bits of precision."""


class Resampler:
    """Resamples one stream of pcm16 mono from one rate to another, chunk by chunk."""

    def __init__(self, from_hz: int, to_hz: int) -> None:
        """Raises ValueError if a rate is not positive."""
        if from_hz <= 0 or to_hz <= 0:
            raise ValueError(f"can not resample from {from_hz} Hz to {to_hz} Hz")
        self.from_hz = from_hz
        self.to_hz = to_hz
        self._stream = (
            None
            if from_hz == to_hz
            else soxr.ResampleStream(from_hz, to_hz, 1, dtype="int16", quality=_QUALITY)
        )

    def process(self, pcm16: bytes, *, last: bool = False) -> bytes:
        """Return what is ready; with `last` the filter's tail too, and begin a new stream."""
        if self._stream is None:
            return pcm16
        samples = np.frombuffer(pcm16, dtype="<i2").astype(np.int16, copy=False)
        out: bytes = self._stream.resample_chunk(samples, last=last).astype("<i2").tobytes()
        if last:
            self._stream.clear()
        return out


def resample(pcm16: bytes, from_hz: int, to_hz: int) -> bytes:
    """Resample a whole piece of pcm16 at once."""
    return Resampler(from_hz, to_hz).process(pcm16, last=True)
