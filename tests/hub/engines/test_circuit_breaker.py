from hub.engines.circuit_breaker import FIRST_REST_S, LONGEST_REST_S, CircuitBreaker


class Clock:
    now = 100.0

    def __call__(self) -> float:
        return self.now


def opened(breaker: CircuitBreaker) -> bool:
    return breaker.open


def test_it_is_closed_until_something_fails_and_for_a_while_open_then() -> None:
    clock = Clock()
    breaker = CircuitBreaker(clock)
    assert not opened(breaker)
    breaker.failed()
    assert opened(breaker)
    clock.now += FIRST_REST_S - 0.1
    assert opened(breaker)
    clock.now += 0.2
    assert not opened(breaker)


def test_it_rests_longer_each_time_up_to_a_limit() -> None:
    clock = Clock()
    breaker = CircuitBreaker(clock)
    rests = []
    for _ in range(8):
        breaker.failed()
        breaker.failed()  # of the same moment: says nothing new
        began = clock.now
        while breaker.open:
            clock.now += 1
        rests.append(clock.now - began)
    assert rests[:4] == [FIRST_REST_S, 30, 60, 120]
    assert rests[-1] == LONGEST_REST_S


def test_success_closes_it_and_is_remembered() -> None:
    clock = Clock()
    breaker = CircuitBreaker(clock)
    for _ in range(5):
        breaker.failed()
        clock.now += 1000
    breaker.succeeded()
    assert not breaker.open
    breaker.failed()
    clock.now += FIRST_REST_S + 0.1
    assert not breaker.open
