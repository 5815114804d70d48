import wave

import numpy as np
import pytest

from audio.voiced import last_voiced_sample
from tests.speech import recordings


def test_speech_followed_by_silence_or_noise_ends_where_it_ends() -> None:
    rng = np.random.default_rng(0)
    speech = rng.normal(size=16_000) * 5000
    for floor in (0, 20, 200):
        audio = np.concatenate([speech, np.zeros(8000)]) + rng.normal(size=24_000) * floor
        end = last_voiced_sample(audio.astype("<i2").tobytes(), rate_hz=16_000)
        assert end == pytest.approx(16_000, abs=160)


def test_silence_has_no_voiced_sample() -> None:
    assert last_voiced_sample(bytes(32_000), rate_hz=16_000) == 0
    assert last_voiced_sample(b"", rate_hz=16_000) == 0


def test_speech_to_the_last_sample_ends_there() -> None:
    loud = (np.random.default_rng(0).normal(size=16_000) * 5000).astype("<i2").tobytes()
    assert last_voiced_sample(loud, rate_hz=16_000) == 16_000


def test_recordings_end_inside_the_file_and_after_half_of_it() -> None:
    for recording in recordings("en/generated"):
        with wave.open(str(recording.path)) as file:
            count, audio = file.getnframes(), file.readframes(file.getnframes())
        assert count / 3 < last_voiced_sample(audio, rate_hz=16_000) <= count, recording.text
