"""Whether somebody speaks over the echo."""

import numpy as np
import pytest

from satellite.audio_processing import CHUNK_SAMPLES
from satellite.double_talk import DOUBTED_CHUNKS, HOLD_CHUNKS, DoubleTalk
from satellite.echo_filter import LEARNS_CHUNKS, EchoFilter
from tests.satellite.echo_room import RATE_HZ, Room, response
from tests.satellite.spoken_over import Scene, later, moved, scene


def voices(one: Scene) -> np.ndarray:
    """Return for each 10 ms whether a voice is heard."""
    echo_filter = EchoFilter()
    double_talk = DoubleTalk(echo_filter)
    told = []
    for number, sounds in enumerate(one.chunks()):
        # Suppression that leaves a voice as it is, and nothing of an echo.
        begin = number * CHUNK_SAMPLES
        suppressed = one.voice[begin : begin + CHUNK_SAMPLES]
        told.append(double_talk.hears_voice(echo_filter.process(*sounds), suppressed))
    return np.array(told)


@pytest.mark.parametrize("level", [0.02, 0.3, 2.0])
def test_an_echo_is_no_voice(level: float) -> None:
    assert not voices(scene(8.0, echo=level)).any()


@pytest.mark.parametrize("level", [0.02, 0.3])
def test_a_voice_is_heard_at_once_and_for_a_while_after_it(level: float) -> None:
    heard = voices(scene(7.0, echo=level, voice_at=4.0))
    assert not heard[:399].any()
    first = int(heard.argmax())
    assert 400 <= first <= 410
    assert heard[first:500].all()
    ends = 400 + int(np.flatnonzero(heard[400:]).max())
    assert 500 <= ends <= 500 + HOLD_CHUNKS + 10


def test_an_answer_that_begins_when_somebody_has_just_spoken_is_no_part_of_it() -> None:
    one = scene(8.0, voice_at=4.0)
    one.played[4 * RATE_HZ : int(5.05 * RATE_HZ)] = 0.0
    one.echo = Room(response(level=0.3)).echo(one.played)
    heard = voices(one)
    assert heard[420:500].all()
    assert not heard[515:].any()


def test_a_moved_microphone_is_taken_for_a_voice_for_a_moment_at_most() -> None:
    heard = voices(moved(8.0, at=4.0))
    assert heard.sum() < 20


def left_of_it(one: Scene) -> tuple[float, EchoFilter]:
    """Return how much of an echo is left in the last second, as a part of its power."""
    echo_filter = EchoFilter()
    double_talk = DoubleTalk(echo_filter)
    powers = []
    for played, heard in one.chunks():
        left = echo_filter.process(played, heard)
        double_talk.hears_voice(left, np.zeros_like(left))
        powers.append(float(left @ left) / float(heard @ heard))
    return float(np.median(powers[-100:])), echo_filter


def test_after_the_microphone_was_moved_the_echo_is_learnt_anew() -> None:
    part, echo_filter = left_of_it(moved(8.0, at=4.0))
    assert part < 0.02
    assert echo_filter.ways == 2


def muffled(one: Scene) -> Scene:
    """Return the same with more of low sounds, as speech has it."""
    taps = 0.9 ** np.arange(100)
    for name in ("played", "echo", "voice"):
        setattr(one, name, np.convolve(getattr(one, name), taps)[: one.played.size] / 3)
    return one


def test_a_filter_that_leaves_much_of_the_echo_begins_anew() -> None:
    # By so little the echo it expects still fits what is heard, and it would take 10 s.
    part, echo_filter = left_of_it(muffled(later(9.0, at=4.0, by_samples=3)))
    assert part < 0.02
    assert echo_filter.ways == 2


def test_after_a_noise_the_echo_is_learnt_anew_but_once() -> None:
    rng = np.random.default_rng(3)
    one = scene(9.0)
    one.played = 0.13 * rng.standard_normal(one.played.size).astype(np.float32)
    one.echo = Room(response(level=0.5)).echo(one.played)
    muffled(one)
    hiss = np.diff(rng.standard_normal(14_401)) * one.echo.std() * 0.1
    one.voice[6 * RATE_HZ :][: hiss.size] = hiss
    echo_filter = EchoFilter()
    double_talk = DoubleTalk(echo_filter)
    learns = []
    for sounds in one.chunks():
        left = echo_filter.process(*sounds)
        double_talk.hears_voice(left, np.zeros_like(left))
        learns.append(echo_filter.learns)
    # It takes the noise for the echo of another way: once.
    assert echo_filter.ways == 2
    assert sum(learns[600:]) < 2 * LEARNS_CHUNKS


def test_what_suppression_leaves_nothing_of_is_heard_for_a_moment_only() -> None:
    echo_filter = EchoFilter()
    double_talk = DoubleTalk(echo_filter)
    one = scene(6.0)
    # A burst of 50 ms that is no echo of what was played.
    one.echo[4 * 16_000 :][:800] += scene(1.0).played[:800]
    nothing = np.zeros(CHUNK_SAMPLES, dtype=np.float32)
    heard = [
        double_talk.hears_voice(echo_filter.process(*sounds), nothing) for sounds in one.chunks()
    ]
    assert DOUBTED_CHUNKS <= sum(heard) < HOLD_CHUNKS / 2
