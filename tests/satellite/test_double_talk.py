"""Whether somebody speaks over the echo."""

import numpy as np
import pytest

from satellite.audio_processing import CHUNK_SAMPLES
from satellite.double_talk import DOUBTED_CHUNKS, HOLD_CHUNKS, DoubleTalk
from satellite.echo_filter import EchoFilter
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


def test_a_moved_microphone_is_taken_for_a_voice_for_a_moment_at_most() -> None:
    heard = voices(moved(8.0, at=4.0))
    assert heard.sum() < 20


@pytest.mark.parametrize(
    "one",
    [moved(8.0, at=4.0), *(later(8.0, at=4.0, by_samples=lost) for lost in (3, 6, 25))],
    ids=["moved", "3 samples lost", "6 samples lost", "25 samples lost"],
)
def test_when_the_echo_takes_another_way_it_is_learnt_anew(one: Scene) -> None:
    echo_filter = EchoFilter()
    double_talk = DoubleTalk(echo_filter)
    powers = []
    for played, heard in one.chunks():
        left = echo_filter.process(played, heard)
        double_talk.hears_voice(left, np.zeros_like(left))
        powers.append(float(left @ left) / float(heard @ heard))
    assert np.median(powers[-100:]) < 0.02


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
