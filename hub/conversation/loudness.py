"""How loud speech is against its room: where a sound really begins and ends.

Voice activity knows what speech is but says so late: Silero lets go 0.1 to 0.2 s after the last
sound. Loudness knows when, but not what. Together they know both.
"""

from collections import deque
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from audio.pcm import SILENCE_DBFS, SPEECH_RATE_HZ, to_float

WINDOW_SAMPLES = 128
WINDOW_MS = WINDOW_SAMPLES * 1000 / SPEECH_RATE_HZ
"""8 ms: four to a frame."""
BELOW_LOUDEST_DB = 30.0
"""Sounds of speech fade over about 30 dB; what is quieter than that is their echo in the room."""
ABOVE_NOISE_DB = 8.0
QUIET_SHARE, LOUD_SHARE = 0.10, 0.95
"""Which part of all windows is quieter than the room is, and than the voice is."""
CLEAR_DB = 3.0
"""In noise nearly as loud as the voice, the threshold stays this much below the voice."""
MEMORY_WINDOWS = 1250
"""10 s: noise and voice are judged by what was heard lately."""
NEWEST_WINDOWS = 64
"""0.5 s: of a word after a long silence, this little is enough to know how loud the voice is."""


def levels(frame: bytes) -> list[float]:
    """Return the level of each window of 8 ms in `frame`, in dB relative to full scale."""
    samples = to_float(frame)
    windows = samples[: len(samples) // WINDOW_SAMPLES * WINDOW_SAMPLES].reshape(-1, WINDOW_SAMPLES)
    power = np.einsum("ij,ij->i", windows, windows) / WINDOW_SAMPLES
    floor = 10 ** (SILENCE_DBFS / 10)
    return [float(level) for level in 10 * np.log10(np.maximum(power, floor))]


class Loudness:
    """Learns the levels of a room and of the voice in it."""

    def __init__(self) -> None:
        self._levels: deque[float] = deque(maxlen=MEMORY_WINDOWS)
        self.threshold_dbfs = SILENCE_DBFS + ABOVE_NOISE_DB
        """What is at least this loud sounds."""

    def learn(self, window_levels: Sequence[float]) -> None:
        """Take the levels of a frame into account."""
        self._levels.extend(window_levels)
        heard = np.fromiter(self._levels, dtype=np.float32)
        loud = max(_at_share(heard, LOUD_SHARE), _at_share(heard[-NEWEST_WINDOWS:], LOUD_SHARE))
        quiet = _at_share(heard, QUIET_SHARE)
        over_noise = min(quiet + ABOVE_NOISE_DB, loud - CLEAR_DB)
        self.threshold_dbfs = float(max(loud - BELOW_LOUDEST_DB, over_noise))


def _at_share(values: npt.NDArray[np.float32], share: float) -> float:
    """Return the value that `share` of `values` are below: a percentile, 20 times as fast."""
    place = int(share * (len(values) - 1))
    return float(np.partition(values, place)[place])
