from collections.abc import Callable

import pytest

from hub.engines.base import Rank
from hub.engines.line import Line, LineFull


def final() -> Rank:
    return Rank.FINAL


class Asked:
    def __init__(self, number: int, rank: Callable[[], Rank] = final) -> None:
        self.number = number
        self.rank = rank
        self.abandon_s = 3.0
        self.given_up_at: float | None = None


def line(*numbers: int, places: int = 8) -> Line[Asked]:
    made: Line[Asked] = Line(places)
    for number in numbers:
        made.join(Asked(number))
    return made


def served(line: Line[Asked]) -> Asked:
    entry = line.serve_next()
    assert entry is not None
    return entry


def test_requests_of_one_rank_are_served_in_their_order() -> None:
    asked = line(1, 2, 3)
    order = []
    while (entry := asked.serve_next()) is not None:
        order.append(entry.number)
        asked.answered(entry.number, 0.0, last=True)
    assert order == [1, 2, 3]
    assert asked.idle


def test_only_one_is_served_at_a_time() -> None:
    asked = line(1, 2)
    assert served(asked).number == 1
    assert asked.serve_next() is None
    asked.answered(1, 0.0, last=False)
    assert asked.serve_next() is None
    asked.answered(1, 0.0, last=True)
    assert served(asked).number == 2


def test_who_waits_is_ranked_anew_each_time() -> None:
    rank = [Rank.SPECULATION]
    asked = line()
    asked.join(Asked(1, lambda: Rank.PARTIAL))
    asked.join(Asked(2, lambda: rank[0]))
    rank[0] = Rank.FINAL
    assert served(asked).number == 2


def test_a_full_line_lets_the_newest_of_the_least_urgent_go() -> None:
    asked = line(places=2)
    for number in (1, 2):
        assert asked.join(Asked(number, lambda: Rank.PARTIAL)) is None
    leaving = asked.join(Asked(3))
    assert leaving is not None
    assert leaving.number == 2
    assert [entry.number for entry in asked.waiting] == [1, 3]


def test_a_full_line_refuses_what_is_no_more_urgent() -> None:
    asked = line(1, 2, places=2)
    with pytest.raises(LineFull):
        asked.join(Asked(3))
    assert [entry.number for entry in asked.waiting] == [1, 2]


def test_who_gives_up_waiting_is_not_served() -> None:
    asked = line()
    first, second = Asked(1), Asked(2)
    asked.join(first)
    asked.join(second)
    assert asked.give_up(first, 10.0) is False
    assert served(asked) is second
    assert asked.give_up(second, 10.0) is True


def test_an_engine_without_cancelled_requests_is_not_watched() -> None:
    asked = line(1, 2)
    assert asked.stuck_at is None
    served(asked)
    assert asked.stuck_at is None


def test_a_cancelled_request_may_hold_the_engine_for_its_limit_after_each_sign_of_life() -> None:
    asked = line(1)
    entry = served(asked)
    asked.give_up(entry, 10.0)
    assert asked.stuck_at == 13.0
    asked.give_up(entry, 12.0)
    assert asked.stuck_at == 13.0
    asked.answered(1, 12.5, last=False)
    assert asked.stuck_at == 15.5
    asked.answered(1, 15.0, last=True)
    assert asked.stuck_at is None


def test_an_answer_to_another_request_changes_nothing() -> None:
    asked = line(1)
    entry = served(asked)
    asked.answered(7, 1.0, last=True)
    assert asked.served is entry


def test_who_was_interrupted_is_served_first_of_its_rank() -> None:
    asked = line(1, 2)
    served(asked)
    interrupted = asked.interrupt()
    assert interrupted is not None
    asked.wait_again(interrupted)
    assert served(asked).number == 1
