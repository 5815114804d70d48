"""Where sound really begins and ends in a recording, by loudness alone."""

import numpy as np

_WINDOW_MS = 10
_BELOW_PEAK_DB = 30.0
"""Speech sounds fade over about 30 dB; what is quieter than that below the loudest is its echo."""
_ABOVE_NOISE_DB = 8.0
_FLOOR_DB = -96.0
_AUDIBLE = 104  # -50 dBFS


def voiced_span(pcm16: bytes, *, rate_hz: int) -> tuple[int, int]:
    """Return the index of the first voiced sample and the one after the last; (0, 0) for silence.

    Found by loudness alone: a window of 10 ms is voiced if it is at most 30 dB below the loud parts
    (95th percentile) and at least 8 dB above the quiet ones (10th percentile). Voice activity
    detection has no say in it, so that it can be measured against this.
    """
    window = rate_hz * _WINDOW_MS // 1000
    samples = np.frombuffer(pcm16, dtype="<i2").astype(np.float64) / 32768
    windows = samples[: len(samples) // window * window].reshape(-1, window)
    if not len(windows):
        return 0, 0
    power = np.mean(windows * windows, axis=1)
    levels = 10 * np.log10(np.maximum(power, 10 ** (_FLOOR_DB / 10)))
    loud, quiet = np.percentile(levels, (95, 10))
    if loud <= _FLOOR_DB:
        return 0, 0
    threshold = max(loud - _BELOW_PEAK_DB, min(quiet + _ABOVE_NOISE_DB, loud - 3))
    voiced = np.flatnonzero(levels >= threshold)
    return (int(voiced[0]) * window, int(voiced[-1] + 1) * window) if len(voiced) else (0, 0)


def last_voiced_sample(pcm16: bytes, *, rate_hz: int) -> int:
    """Return the index after the last voiced sample, as `voiced_span` finds it."""
    return voiced_span(pcm16, rate_hz=rate_hz)[1]


def first_voiced_sample(pcm16: bytes) -> int | None:
    """Return the index of the first sample that can be heard; None for silence.

    Meant for synthetic speech, which is silent where nobody speaks: louder than -50 dBFS is heard.
    """
    samples = np.frombuffer(pcm16[: len(pcm16) // 2 * 2], dtype="<i2")
    loud = np.abs(samples.astype(np.int32)) > _AUDIBLE
    first = int(loud.argmax()) if len(loud) else 0
    return first if len(loud) and loud[first] else None
