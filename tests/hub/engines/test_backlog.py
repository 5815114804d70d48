from hub.engines.backlog import Backlog


def backlog(*numbers: int) -> Backlog:
    made = Backlog()
    for number in numbers:
        made.add(number, 3.0)
    return made


def test_an_engine_without_cancelled_requests_is_not_watched() -> None:
    assert backlog().stuck_at is None
    assert backlog(1, 2).stuck_at is None


def test_a_cancelled_request_may_hold_the_engine_for_its_limit() -> None:
    requests = backlog(1)
    requests.give_up(1, 10.0)
    assert requests.stuck_at == 13.0


def test_a_request_that_somebody_waits_for_has_a_limit_of_its_own() -> None:
    requests = backlog(1, 2)
    requests.give_up(2, 10.0)
    assert requests.stuck_at is None
    requests.answered(1, 18.0, last=True)
    assert requests.stuck_at == 21.0


def test_every_answer_is_a_sign_of_life() -> None:
    requests = backlog(1, 2, 3)
    for number in (1, 2, 3):
        requests.give_up(number, 10.0)
    requests.answered(1, 12.5, last=False)
    assert requests.stuck_at == 15.5
    requests.answered(1, 15.0, last=True)
    assert requests.stuck_at == 18.0
    requests.answered(2, 17.5, last=True)
    assert requests.stuck_at == 20.5
    requests.answered(3, 20.0, last=True)
    assert requests.stuck_at is None


def test_a_request_that_was_answered_already_can_not_be_given_up() -> None:
    requests = backlog(1)
    requests.answered(1, 10.0, last=True)
    requests.give_up(1, 10.0)
    assert requests.stuck_at is None


def test_giving_up_twice_gives_no_more_time() -> None:
    requests = backlog(1)
    requests.give_up(1, 10.0)
    requests.give_up(1, 12.0)
    assert requests.stuck_at == 13.0
