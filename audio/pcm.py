"""PCM arithmetic: formats, levels, gains, and the sums between samples, bytes and milliseconds.

Unless a name says otherwise, "pcm16" is signed 16-bit little-endian mono.
"""

import numpy as np
import numpy.typing as npt

SPEECH_RATE_HZ = 16_000
"""The one rate at which speech is heard: every recogniser and detector works at it."""
FRAME_SAMPLES = 512
"""32 ms at 16 kHz: what Silero VAD takes at a time, and what satellites send."""
SILENCE_DBFS = -96.0
"""The floor of 16-bit audio; digital silence is reported as this instead of minus infinity."""

_FULL_SCALE = 32768.0


class FormatError(ValueError):
    """Audio is in a format that can not be read."""


def duration_ms(size_bytes: int, *, rate_hz: int, width: int = 2, channels: int = 1) -> float:
    """Return how long `size_bytes` of PCM last, in milliseconds."""
    return size_bytes * 1000 / (rate_hz * width * channels)


def size_bytes(duration_ms: float, *, rate_hz: int, width: int = 2, channels: int = 1) -> int:
    """Return the bytes of `duration_ms` of PCM, rounded down to whole sample frames."""
    return int(duration_ms * rate_hz / 1000) * width * channels


def silence(duration_ms: float, *, rate_hz: int = SPEECH_RATE_HZ) -> bytes:
    """Return digital silence as pcm16."""
    return bytes(size_bytes(duration_ms, rate_hz=rate_hz))


def to_float(pcm16: bytes) -> npt.NDArray[np.float32]:
    """Return samples in [-1, 1) as float32, shape (samples,)."""
    return np.frombuffer(pcm16, dtype="<i2").astype(np.float32) / np.float32(_FULL_SCALE)


def from_float(samples: npt.NDArray[np.floating]) -> bytes:
    """Return pcm16 of float samples, clipped to full scale."""
    return _clipped(samples * _FULL_SCALE)


def to_mono16(data: bytes, *, width: int, channels: int) -> bytes:
    """Turn PCM of 1 (unsigned), 2, 3 or 4 bytes a sample and any channel count into pcm16.

    Channels are averaged. A cut-off last sample frame is dropped. Raises FormatError.
    """
    if channels < 1:
        raise FormatError(f"audio can not have {channels} channels")
    data = data[: len(data) - len(data) % (width * channels)] if width > 0 else data
    if width == 2 and channels == 1:
        return data
    if width == 1:
        samples = (np.frombuffer(data, dtype=np.uint8).astype(np.int32) - 128) << 8
    elif width == 2:
        samples = np.frombuffer(data, dtype="<i2").astype(np.int32)
    elif width == 3:
        raw = np.frombuffer(data, dtype=np.uint8).reshape(-1, 3)
        # The two upper bytes of each little-endian sample; the lowest is below 16-bit resolution.
        samples = np.ascontiguousarray(raw[:, 1:]).view("<i2").reshape(-1).astype(np.int32)
    elif width == 4:
        samples = np.frombuffer(data, dtype="<i4") >> 16
    else:
        raise FormatError(f"audio can not have {width} bytes a sample")
    if channels > 1:
        samples = samples.reshape(-1, channels).sum(axis=1) // channels
    return bytes(samples.astype("<i2").tobytes())


def dbfs(pcm16: bytes) -> float:
    """Return the RMS level in dB relative to full scale, never below SILENCE_DBFS."""
    samples = np.frombuffer(pcm16, dtype="<i2").astype(np.float64)
    if samples.size == 0:
        return SILENCE_DBFS
    rms = float(np.sqrt(np.mean(samples * samples))) / _FULL_SCALE
    return max(SILENCE_DBFS, 20 * float(np.log10(rms))) if rms > 0 else SILENCE_DBFS


def gain_from_db(gain_db: float) -> float:
    """Return the factor that `gain_db` stands for."""
    return float(10 ** (gain_db / 20))


def scale(pcm16: bytes, start_gain: float, end_gain: float | None = None) -> bytes:
    """Multiply by a gain that runs in a straight line from `start_gain` to `end_gain` (a ramp)."""
    end = start_gain if end_gain is None else end_gain
    if start_gain == 1.0 and end == 1.0:
        return pcm16
    samples = np.frombuffer(pcm16, dtype="<i2").astype(np.float32)
    gains = np.linspace(start_gain, end, num=samples.size, dtype=np.float32)
    return _clipped(samples * gains)


def _clipped(samples: npt.NDArray[np.floating]) -> bytes:
    """Return pcm16 of samples that are already in units of pcm16."""
    whole = np.clip(np.rint(samples), -_FULL_SCALE, _FULL_SCALE - 1)
    return bytes(whole.astype("<i2").tobytes())
