import numpy as np
import pytest

from audio.pcm import FRAME_SAMPLES, SILENCE_DBFS
from hub.conversation.loudness import (
    ABOVE_NOISE_DB,
    BELOW_LOUDEST_DB,
    CLEAR_DB,
    MEMORY_WINDOWS,
    WINDOW_SAMPLES,
    Loudness,
    levels,
)


def tone(level_dbfs: float, samples: int) -> bytes:
    """Return a square wave: its level is that of each of its samples."""
    wave = np.full(samples, 32_767 * 10 ** (level_dbfs / 20))
    wave[1::2] *= -1
    return wave.astype("<i2").tobytes()


def learned(*stretches: tuple[float, int]) -> Loudness:
    """Return the loudness of a room with these levels, each for a number of windows."""
    loudness = Loudness()
    for level, windows in stretches:
        for _ in range(windows // 4):
            loudness.learn([level] * 4)
    return loudness


def test_a_frame_has_four_windows_each_with_its_own_level() -> None:
    frame = b"".join(tone(level, WINDOW_SAMPLES) for level in (-6, -20, -40, -60))
    assert levels(frame) == pytest.approx([-6, -20, -40, -60], abs=0.3)
    assert len(frame) == FRAME_SAMPLES * 2


def test_silence_has_the_lowest_level_that_there_is() -> None:
    assert levels(bytes(FRAME_SAMPLES * 2)) == pytest.approx([SILENCE_DBFS] * 4)


def test_in_a_quiet_room_sounds_count_down_to_30_db_below_the_voice() -> None:
    assert learned((-80, 100), (-20, 100)).threshold_dbfs == pytest.approx(-20 - BELOW_LOUDEST_DB)


def test_in_noise_a_sound_must_be_clearly_louder_than_the_noise() -> None:
    assert learned((-45, 100), (-20, 100)).threshold_dbfs == pytest.approx(-45 + ABOVE_NOISE_DB)


def test_in_noise_nearly_as_loud_as_the_voice_the_voice_still_counts() -> None:
    threshold = learned((-25, 100), (-20, 100)).threshold_dbfs
    assert threshold == pytest.approx(-20 - CLEAR_DB)


def test_noise_that_is_over_is_forgotten_after_10_s() -> None:
    loudness = learned((-40, MEMORY_WINDOWS), (-20, 100))
    assert loudness.threshold_dbfs > -40
    for _ in range(MEMORY_WINDOWS // 8):
        loudness.learn([-80] * 4)
        loudness.learn([-20] * 4)
    assert loudness.threshold_dbfs == pytest.approx(-20 - BELOW_LOUDEST_DB)


def test_after_a_long_silence_the_voice_is_known_from_its_first_sounds() -> None:
    assert learned((-80, MEMORY_WINDOWS), (-20, 8)).threshold_dbfs == pytest.approx(
        -20 - BELOW_LOUDEST_DB
    )


def test_a_bang_is_not_the_voice_for_longer_than_half_a_second() -> None:
    loudness = learned((-80, 500), (-40, 500), (-10, 16), (-40, 64))
    assert loudness.threshold_dbfs == pytest.approx(-40 - BELOW_LOUDEST_DB)
