from hub.flapping import (
    FIRST_WAIT_S,
    FORGIVEN_AFTER_S,
    FREE_CHANGES,
    LONGEST_WAIT_S,
    MAX_HELD_BYTES,
    Flapping,
)


class Clock:
    now_s = 1000.0

    def __call__(self) -> float:
        return self.now_s


def flapped(clock: Clock, changes: int = FREE_CHANGES) -> Flapping:
    """One that has heard this many changes of a topic, and has taken them."""
    flapping = Flapping(clock)
    assert all(flapping.takes("t", str(number).encode()) for number in range(changes))
    return flapping


def test_a_few_changes_are_taken_at_once() -> None:
    flapping = flapped(Clock())
    assert flapping.next_s() is None
    assert flapping.due() == []


def test_of_many_changes_the_newest_is_taken_when_it_is_due() -> None:
    clock = Clock()
    flapping = flapped(clock)
    assert not any(flapping.takes("t", payload) for payload in (b"x", b"y", b"z"))
    assert flapping.next_s() == clock.now_s + FIRST_WAIT_S
    assert flapping.due() == []
    clock.now_s += FIRST_WAIT_S
    assert flapping.due() == [("t", b"z")]
    assert flapping.due() == []


def test_what_says_nothing_new_is_no_change() -> None:
    flapping = flapped(Clock())
    last = str(FREE_CHANGES - 1).encode()
    assert all(flapping.takes("t", last) for _ in range(1000))
    assert not flapping.takes("t", b"new")
    assert not flapping.takes("t", b"new")


def test_a_device_that_goes_on_is_taken_less_and_less_often() -> None:
    clock = Clock()
    flapping = flapped(clock)
    taken = 0
    for number in range(36_000):  # an hour, ten times a second
        clock.now_s += 0.1
        assert not flapping.takes("t", f"change {number}".encode())
        taken += len(flapping.due())
    assert 8 <= taken <= 12
    assert flapping.next_s() is not None
    assert (flapping.next_s() or 0) - clock.now_s <= LONGEST_WAIT_S


def test_a_device_that_was_quiet_is_as_good_as_new() -> None:
    clock = Clock()
    flapping = flapped(clock)
    clock.now_s += FORGIVEN_AFTER_S + FIRST_WAIT_S + 1
    assert flapping.takes("t", b"new")


def test_another_device_is_not_concerned() -> None:
    flapping = flapped(Clock())
    assert not flapping.takes("t", b"x")
    assert flapping.takes("other", b"x")


def test_what_is_large_is_never_held() -> None:
    flapping = flapped(Clock())
    assert flapping.takes("t", bytes(MAX_HELD_BYTES + 1))
    assert flapping.next_s() is None
