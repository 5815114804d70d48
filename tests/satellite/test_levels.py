import numpy as np
import pytest

from audio.pcm import SILENCE_DBFS
from satellite.levels import Levels


def frame(level: float) -> bytes:
    return np.full(512, int(level * 32_768), dtype="<i2").tobytes()


def test_without_sound_it_is_silent() -> None:
    levels = Levels()
    assert (levels.loudness_dbfs, levels.noise_dbfs) == (SILENCE_DBFS, SILENCE_DBFS)


def test_loudness_is_that_of_the_word_and_noise_that_of_the_room() -> None:
    levels = Levels()
    for _ in range(100):
        levels.add(frame(0.001))
    for _ in range(20):
        levels.add(frame(0.1))
    assert levels.loudness_dbfs == pytest.approx(-20, abs=0.5)
    assert levels.noise_dbfs == pytest.approx(-60, abs=0.5)


def test_a_word_long_ago_does_not_count() -> None:
    levels = Levels()
    for _ in range(20):
        levels.add(frame(0.5))
    for _ in range(60):
        levels.add(frame(0.01))
    assert levels.loudness_dbfs == pytest.approx(-40, abs=0.5)


def test_a_noise_that_has_ended_is_forgotten_after_five_seconds() -> None:
    levels = Levels()
    for value in (0.1, 0.01):
        for _ in range(160):
            levels.add(frame(value))
    assert levels.noise_dbfs == pytest.approx(-40, abs=0.5)
