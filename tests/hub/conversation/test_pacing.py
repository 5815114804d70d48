import pytest

from hub.conversation.pacing import AHEAD_MS, Pacer


def send_all(count: int, chunk_ms: float = 32) -> tuple[list[float], Pacer]:
    """Return when each chunk went out, in s."""
    pacer, now, times = Pacer(), 0.0, []
    for _ in range(count):
        now += pacer.wait_s(chunk_ms, now)
        times.append(now)
        pacer.sent(chunk_ms, now)
    return times, pacer


def test_the_first_300_ms_go_out_at_once_and_the_rest_in_real_time() -> None:
    times, _ = send_all(100)
    assert times[:9] == [0.0] * 9
    assert times[9] > 0
    assert times[-1] == pytest.approx(100 * 0.032 - AHEAD_MS / 1000)


def test_audio_is_never_further_ahead_than_the_limit() -> None:
    times, _ = send_all(200)
    assert max((n + 1) * 32 - at * 1000 for n, at in enumerate(times)) <= AHEAD_MS + 1e-6


def test_a_late_timer_does_not_shift_the_clock() -> None:
    pacer, now = Pacer(), 0.0
    for _ in range(100):
        wait = pacer.wait_s(32, now)
        now += wait + (0.007 if wait else 0)
        pacer.sent(32, now)
    assert now == pytest.approx(100 * 0.032 - 0.3, abs=0.01)


def test_after_a_gap_the_clock_starts_again_instead_of_catching_up() -> None:
    pacer = Pacer()
    pacer.sent(100, 0.0)
    now = 5.0  # the synthesis took its time; the speaker ran dry at 0.1 s
    sent_at_once = 0
    while pacer.wait_s(32, now) == 0:
        pacer.sent(32, now)
        sent_at_once += 1
    assert sent_at_once == int(AHEAD_MS / 32)


def test_what_remains_to_be_played_is_known() -> None:
    pacer = Pacer()
    assert pacer.remaining_s(1.0) == 0
    pacer.sent(300, 1.0)
    assert pacer.remaining_s(1.1) == pytest.approx(0.2)
    assert pacer.remaining_s(9.0) == 0


def test_what_the_satellite_still_has_from_before_counts_as_sent_ahead() -> None:
    pacer, now, at_once = Pacer(starts_at=10.2), 10.0, 0
    while pacer.wait_s(32, now) == 0:
        pacer.sent(32, now)
        at_once += 1
    assert at_once == int((AHEAD_MS - 200) / 32)
    assert pacer.played_ms(10.1) == 0
    assert pacer.played_ms(10.25) == pytest.approx(50)
    assert pacer.remaining_s(10.2) == pytest.approx(at_once * 0.032)
