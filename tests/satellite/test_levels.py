import numpy as np
import pytest

from audio.pcm import SILENCE_DBFS, gain_from_db
from satellite.levels import QUIET_ROOM_DBFS, Levels
from satellite.microphone import FRAME_BYTES


def frame(level: float) -> bytes:
    return np.full(512, int(level * 32_768), dtype="<i2").tobytes()


def test_without_sound_it_is_silent() -> None:
    levels = Levels()
    assert (levels.loudness_dbfs, levels.noise_dbfs) == (SILENCE_DBFS, QUIET_ROOM_DBFS)


def test_loudness_is_that_of_the_word_and_noise_that_of_the_room() -> None:
    levels = Levels()
    for _ in range(100):
        levels.add(frame(0.001))
    for _ in range(20):
        levels.add(frame(0.1))
    assert levels.loudness_dbfs == pytest.approx(-20, abs=0.5)
    assert levels.noise_dbfs == pytest.approx(-60, abs=0.5)


def test_the_level_now_is_that_of_the_loudest_frame_of_a_moment() -> None:
    levels = Levels()
    assert levels.level_dbfs(0.25) == SILENCE_DBFS
    levels.add(frame(0.5))
    for _ in range(8):
        levels.add(frame(0.001))
    assert levels.level_dbfs(0.25) == pytest.approx(-60, abs=0.5)
    levels.add(frame(0.1))
    levels.add(frame(0.001))
    assert levels.level_dbfs(0.25) == pytest.approx(-20, abs=0.5)


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


def heard(audio: bytes, zeros_before: int = 0, zeros_after: int = 0) -> Levels:
    levels = Levels()
    frames = [audio[at : at + FRAME_BYTES] for at in range(0, len(audio), FRAME_BYTES)]
    silent = bytes(FRAME_BYTES)
    for one in [silent] * zeros_before + frames + [silent] * zeros_after:
        levels.add(one)
    return levels


def in_a_room(word_gain_db: float) -> bytes:
    """Return a word of 1 s after 3 s of a room's noise at -60 dBFS."""
    chance = np.random.default_rng(1)
    noise = chance.normal(0, 32.8, 125 * 512)
    word = np.concatenate([np.zeros(94 * 512), chance.normal(0, 3000, 31 * 512)])
    word *= gain_from_db(word_gain_db)
    return bytes((noise + word).astype("<i2").tobytes())


@pytest.mark.parametrize("zeros", [0, 1, 40, 150])
def test_zeros_before_the_first_sound_do_not_change_how_loud_the_room_is(zeros: int) -> None:
    room = in_a_room(0)
    assert heard(room, zeros).noise_dbfs == pytest.approx(heard(room).noise_dbfs, abs=0.3)


def test_a_device_that_sends_zeros_for_a_while_does_not_make_the_room_quiet() -> None:
    room = in_a_room(0)
    assert heard(room, zeros_after=100).noise_dbfs == pytest.approx(-60, abs=0.5)
    assert heard(b"", zeros_before=200).noise_dbfs == QUIET_ROOM_DBFS


def test_no_room_is_quieter_than_a_quiet_one() -> None:
    assert heard(np.tile([1, 0, 0, 0], 128 * 100).astype("<i2").tobytes()).noise_dbfs == -70


def test_of_two_satellites_in_equal_noise_the_nearer_one_has_more_over_its_noise() -> None:
    near, far = heard(in_a_room(0)), heard(in_a_room(-8))
    over_noise = [levels.loudness_dbfs - levels.noise_dbfs for levels in (near, far)]
    assert over_noise[0] - over_noise[1] >= 5
