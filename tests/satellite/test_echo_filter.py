"""The filter that learns the way of the echo: what it leaves of echo and voice, what it knows."""

import numpy as np
import pytest

from audio.sinc import Samples
from satellite.double_talk import SURE, VERY_SURE, WRONG
from satellite.echo_filter import _CHANGE, LEARNS_CHUNKS, EchoFilter, change_power
from tests.satellite.echo_room import RATE_HZ
from tests.satellite.spoken_over import Scene, loss_db, moved, scene


def left_of(one: Scene, echo_filter: EchoFilter) -> Samples:
    return np.concatenate([echo_filter.process(*sounds) for sounds in one.chunks()])


@pytest.mark.parametrize("level", [0.05, 0.3, 2.0])
def test_an_echo_of_any_strength_is_taken_out(level: float) -> None:
    one = scene(5.0, echo=level)
    left = left_of(one, EchoFilter())
    since = 3 * RATE_HZ
    assert loss_db(one.heard[since:], left[since:]) > 18


def test_a_voice_is_left_as_it_is_and_leads_nothing_astray() -> None:
    one = scene(6.0, voice_at=4.0)
    left = left_of(one, EchoFilter())
    wrong = left - one.voice[: left.size]
    speaks = slice(4 * RATE_HZ, 5 * RATE_HZ)
    assert loss_db(one.voice[speaks], wrong[speaks]) > 20
    assert loss_db(one.echo[speaks], wrong[speaks]) > 18
    since = 5 * RATE_HZ
    assert loss_db(one.echo[since : left.size], wrong[since:]) > 18


def test_nothing_is_taken_out_before_the_strength_is_known() -> None:
    echo_filter = EchoFilter()
    learnt = 0
    for played, heard in scene(1.0).chunks():
        left = echo_filter.process(played, heard)
        learnt += echo_filter.learns
        assert not echo_filter.learns or np.array_equal(left, heard)
    assert LEARNS_CHUNKS <= learnt < 2 * LEARNS_CHUNKS
    assert not np.array_equal(left, heard)


@pytest.mark.parametrize("same", [True, False])
def test_tried_again_the_way_is_kept_if_it_is_still_the_same(same: bool) -> None:
    echo_filter = EchoFilter()
    one = scene(5.0) if same else moved(5.0, at=3.0)
    left = []
    for number, sounds in enumerate(one.chunks()):
        if number == 300:
            assert echo_filter.ways == 1
            echo_filter.try_again()
        left.append(echo_filter.process(*sounds))
    assert echo_filter.ways == (1 if same else 2)
    tried = slice(300 + LEARNS_CHUNKS, 310 + LEARNS_CHUNKS)
    loss = loss_db(one.heard.reshape(-1, 160)[tried], np.array(left)[tried])
    assert (loss > 15) == same


def test_silence_tells_nothing() -> None:
    echo_filter = EchoFilter()
    silence = np.zeros(160, dtype=np.float32)
    for _, heard in scene(1.0).chunks():
        assert np.array_equal(echo_filter.process(silence, heard), heard)
    assert echo_filter.learns


def test_it_knows_how_much_of_an_echo_it_may_leave() -> None:
    echo_filter = EchoFilter()
    doubts = []
    for played, heard in scene(4.0).chunks():
        echo_filter.process(played, heard)
        doubts.append(echo_filter.doubt_power)
    assert np.mean(doubts[LEARNS_CHUNKS : LEARNS_CHUNKS + 20]) > 10 * np.mean(doubts[-100:])


def test_a_moved_microphone_is_noticed_and_a_voice_is_none() -> None:
    for one, is_moved in ((moved(5.0, at=3.0), True), (scene(5.0, voice_at=3.0), False)):
        echo_filter = EchoFilter()
        told = []
        for sounds in one.chunks():
            echo_filter.process(*sounds)
            told.append(echo_filter.mismatch())
        later = told[310:340]
        if is_moved:
            assert max(wrong for wrong, sure in later if sure > VERY_SURE) > WRONG
        else:
            assert not [wrong for wrong, sure in later if sure > SURE and wrong > WRONG / 2]


def test_the_power_of_the_change_is_that_of_consonants_and_of_vowels() -> None:
    # A tone of half the rate changes by twice its amplitude from sample to sample.
    assert change_power(np.tile(np.array([0.5, -0.5], dtype=np.float32), 80)) == pytest.approx(1.0)
    assert change_power(np.full(160, 0.5, dtype=np.float32)) == 0.0


@pytest.mark.parametrize("tone_hz", [200, 1000, 6000])
def test_a_spectrum_changes_as_much_as_its_sound(tone_hz: int) -> None:
    # Two pieces, in which each tone comes round.
    sound = np.sin(2 * np.pi * tone_hz * np.arange(320) / RATE_HZ).astype(np.float32)
    power = np.abs(np.fft.rfft(sound)) ** 2
    assert float(_CHANGE @ power) == pytest.approx(change_power(sound), rel=0.02)


@pytest.mark.parametrize("dead", ["microphone", "speaker"])
def test_nothing_is_learnt_where_nothing_is_heard(dead: str) -> None:
    echo_filter, silence = EchoFilter(), np.zeros(160, dtype=np.float32)
    for played, heard in scene(2.0).chunks():
        sounds = (played, silence) if dead == "microphone" else (silence, heard)
        echo_filter.process(*sounds)
        assert echo_filter.learns
    one = scene(5.0)
    left = left_of(one, echo_filter)
    assert loss_db(one.heard[3 * RATE_HZ :], left[3 * RATE_HZ :]) > 18
