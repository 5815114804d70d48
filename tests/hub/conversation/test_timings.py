import pytest

from hub.conversation.timings import Timings
from hub.events import Stage


class Clock:
    """A clock that is set by hand."""

    def __init__(self) -> None:
        self.now = 50.0

    def __call__(self) -> float:
        return self.now


def test_times_are_counted_in_ms_from_the_start_of_the_turn() -> None:
    clock = Clock()
    timings = Timings(clock)
    clock.now += 0.25
    assert timings.now_ms == pytest.approx(250)
    assert timings.at_ms(51.0) == pytest.approx(1000)
    assert timings.at_ms(49.9) == pytest.approx(-100)


def test_stages_are_in_the_order_in_which_they_ended() -> None:
    timings = Timings(Clock())
    timings.add("endpoint", 100, 300)
    timings.add("transcript", 150, 200.123456)
    assert timings.stages == (Stage("endpoint", 100, 300), Stage("transcript", 150, 200.12))


def test_of_a_stage_that_was_tried_again_the_last_try_counts() -> None:
    timings = Timings(Clock())
    timings.add("transcript", 0, 50)
    timings.add("intent", 50, 51)
    timings.add("transcript", 400, 450)
    assert timings.stages == (Stage("intent", 50, 51), Stage("transcript", 400, 450))


def test_a_stage_that_fails_is_noted_too() -> None:
    clock = Clock()
    timings = Timings(clock)

    def fail() -> None:
        with timings.stage("action"):
            clock.now += 0.1
            raise TimeoutError

    with pytest.raises(TimeoutError):
        fail()
    assert timings.stages == (Stage("action", 0, 100),)
