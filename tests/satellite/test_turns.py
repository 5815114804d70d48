from protocol import TurnEnded
from satellite import effects, events
from satellite.effects import Effect
from satellite.turns import Turns


def told(wanted: list[Effect]) -> list[object]:
    return [effect.event for effect in wanted if isinstance(effect, effects.Emit)]


def test_a_turn_goes_on_until_it_is_finished() -> None:
    turns = Turns()
    seen = [turns.current]
    turns.begin(3)
    seen.append(turns.current)
    turns.finish(3)
    seen.append(turns.current)
    assert seen == [None, 3, None]


def test_what_is_older_than_the_newest_turn_or_over_is_stale() -> None:
    turns = Turns()
    turns.begin(3)
    assert [turns.is_stale(turn) for turn in (2, 3, 4)] == [True, False, False]
    turns.finish(4)
    assert [turns.is_stale(turn) for turn in (3, 4, 5)] == [True, True, False]


def test_numbers_never_fall() -> None:
    turns = Turns()
    turns.begin(3)
    turns.finish(1)
    assert turns.current == 3


def test_an_answer_that_was_told_is_not_told_again_at_the_end() -> None:
    turns = Turns()
    turns.begin(1)
    turns.answer("Yes.", 5.0)
    (over,) = told(turns.end(TurnEnded(1, "answered", "Yes.", {"stt": 3}), 6.0))
    assert over == events.TurnOver(6.0, 1, "answered", "Yes.", {"stt": 3})
    turns.begin(2)
    answer, _ = told(turns.end(TurnEnded(2, "answered", "No.", {}), 7.0))
    assert answer == events.Answered(7.0, 2, "No.")


def test_a_turn_that_the_hub_has_ended_is_not_told_to_be_broken_off() -> None:
    turns = Turns()
    turns.begin(1)
    assert told(turns.break_off("cancelled", "enough", 5.0)) == [
        events.TurnOver(5.0, 1, "cancelled", "enough", {})
    ]
    turns.end(TurnEnded(1, "answered", None, {}), 6.0)
    assert turns.break_off("cancelled", "enough", 7.0) == []
