from satellite.backoff import Backoff


def test_the_wait_doubles_up_to_the_most() -> None:
    backoff = Backoff(draw=lambda: 1.0)
    assert [backoff.next_s() for _ in range(8)] == [0.25, 0.5, 1, 2, 4, 8, 10, 10]


def test_the_wait_is_spread_between_half_and_all_of_the_step() -> None:
    assert Backoff(draw=lambda: 0.0).next_s() == 0.125
    assert Backoff(draw=lambda: 0.5).next_s() == 0.1875
    real = Backoff()
    assert 0.125 <= real.next_s() <= 0.25


def test_after_a_reset_it_begins_with_the_shortest_wait() -> None:
    backoff = Backoff(draw=lambda: 1.0)
    for _ in range(5):
        backoff.next_s()
    backoff.reset()
    assert backoff.next_s() == 0.25
