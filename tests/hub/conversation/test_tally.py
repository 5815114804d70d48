from hub.conversation.tally import Tally


def test_turns_that_gained_time_by_a_try_ahead_are_counted() -> None:
    tally = Tally()
    for details in (
        {"tries": 1, "thoughts": 0, "ahead_ms": 90},
        {"tries": 3, "thoughts": 2, "ahead_ms": 0},
        {"tries": 0, "thoughts": 0},
        {},
    ):
        tally.add(details)
    assert (tally.turns, tally.tries, tally.thoughts, tally.paid) == (2, 4, 2, 1)
    assert tally.ahead_ms == 90
    assert tally.paid_percent == 50


def test_without_a_turn_nothing_has_paid() -> None:
    assert Tally().paid_percent == 0
