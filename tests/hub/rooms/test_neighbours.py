from hub.rooms.arbiter import HOLD_S
from hub.rooms.neighbours import APART_AFTER, MAX_SATELLITES, Neighbours

WORD = "hey sotto"
HOUSE = {"kitchen", "hall", "bath"}


def wake_alone(neighbours: Neighbours, satellite: str, times: int, start: float = 0.0) -> float:
    """Wake one satellite over and over while all others are idle; return when it ended."""
    for n in range(times):
        neighbours.woke(satellite, start + 10 * n, WORD, HOUSE - {satellite})
    return start + 10 * times


def test_at_first_everything_connected_is_near() -> None:
    assert Neighbours().near("kitchen", HOUSE) == {"hall", "bath"}


def test_what_never_hears_the_same_words_is_not_near_after_twenty_wakes() -> None:
    neighbours = Neighbours()
    wake_alone(neighbours, "kitchen", APART_AFTER - 1)
    assert neighbours.near("kitchen", HOUSE) == {"hall", "bath"}
    wake_alone(neighbours, "kitchen", 1, 1000)
    assert neighbours.near("kitchen", HOUSE) == set()


def test_only_wakes_while_the_other_was_idle_count() -> None:
    neighbours = Neighbours()
    for n in range(3 * APART_AFTER):
        neighbours.woke("kitchen", 10.0 * n, WORD, {"bath"})
    assert neighbours.near("kitchen", HOUSE) == {"hall"}


def test_one_that_hears_the_other_now_and_then_stays_near() -> None:
    neighbours, now = Neighbours(), 0.0
    for _ in range(5):
        now = wake_alone(neighbours, "kitchen", APART_AFTER - 1, now)
        neighbours.woke("hall", now - 10 + HOLD_S / 2, WORD, {"bath"})
    assert neighbours.near("kitchen", HOUSE) == {"hall"}


def test_waking_together_makes_both_near_again_at_once() -> None:
    neighbours = Neighbours()
    now = wake_alone(neighbours, "kitchen", APART_AFTER)
    now = wake_alone(neighbours, "hall", APART_AFTER, now)
    assert neighbours.near("kitchen", HOUSE) == neighbours.near("hall", HOUSE) == set()
    neighbours.woke("kitchen", now, WORD, {"hall", "bath"})
    neighbours.woke("hall", now - 0.1, WORD, {"bath"})
    assert neighbours.near("kitchen", HOUSE) == {"hall"}
    assert neighbours.near("hall", HOUSE) == {"kitchen"}


def test_other_wake_words_and_other_times_are_not_together() -> None:
    neighbours = Neighbours()
    for n in range(APART_AFTER):
        neighbours.woke("kitchen", 10.0 * n, WORD, {"hall", "bath"})
        neighbours.woke("hall", 10.0 * n, "okay nabu", {"bath"})
        neighbours.woke("bath", 10.0 * n + HOLD_S + 0.1, WORD, {"hall"})
    assert neighbours.near("kitchen", HOUSE) == set()


def test_a_forgotten_satellite_is_near_again() -> None:
    neighbours = Neighbours()
    wake_alone(neighbours, "kitchen", APART_AFTER)
    neighbours.forget("hall")
    assert neighbours.near("kitchen", HOUSE) == {"hall"}


def test_only_so_many_satellites_are_remembered() -> None:
    neighbours = Neighbours()
    for n in range(2 * MAX_SATELLITES):
        neighbours.woke(f"room-{n}", float(n), WORD, {f"room-{n + 1}"})
    assert len(neighbours) == MAX_SATELLITES


def test_a_house_larger_than_the_memory_does_no_harm() -> None:
    neighbours = Neighbours()
    rooms = [f"room-{n}" for n in range(2 * MAX_SATELLITES)]
    for room in rooms:
        neighbours.woke(room, 0.0, WORD, rooms)
    assert len(neighbours) == MAX_SATELLITES
    assert len(neighbours.near("room-0", rooms)) == len(rooms) - 1
