"""Percentiles over time, and the words on why a turn took what it took."""

from datetime import UTC, datetime, timedelta

from hub.events import Stage
from hub.turns.latency import MAX_SPANS, Tally, durations, fitting_width, percentiles
from hub.turns.reasons import reasons, shares
from tests.hub.turns.made import NOW, STAGES, turn

HOUR = timedelta(hours=1)


def test_percentiles_are_values_that_were_measured() -> None:
    found = percentiles([float(n) for n in range(1, 101)])
    assert (found.count, found.p50_ms, found.p95_ms, found.max_ms) == (100, 50, 95, 100)
    assert percentiles([7.0]).p95_ms == 7.0


def test_what_a_person_waits_is_from_the_last_word_to_the_first_sound() -> None:
    assert durations(STAGES)["response"] == 400
    assert "response" not in durations([Stage("speech", 0, 900)])


def test_turns_are_counted_by_the_hour_and_hours_without_any_are_left_out() -> None:
    tally = Tally(HOUR)
    for minutes in (1, 59, 60, 200):
        tally.add(NOW + timedelta(minutes=minutes), STAGES)
    spans, total = tally.percentiles()
    assert [(span.start.hour, span.turns) for span in spans] == [(12, 2), (13, 1), (15, 1)]
    assert (tally.turns, total["endpoint"].count) == (4, 4)


def test_spans_are_as_wide_as_they_have_to_be() -> None:
    start = datetime(2026, 1, 1, tzinfo=UTC)
    assert fitting_width(start, start + timedelta(days=30)) == HOUR
    assert fitting_width(start, start + timedelta(days=31 * 12)) == timedelta(days=1)
    for days in (1, 100, 1000, 100_000):
        assert (
            timedelta(days=days) / fitting_width(start, start + timedelta(days=days)) <= MAX_SPANS
        )


def test_a_command_is_explained_in_the_order_in_which_it_happened() -> None:
    assert [reason.text for reason in reasons(turn(1))] == [
        "Somebody spoke for 1.3 s.",
        "The pause was 210 ms long before the sentence counted as over.",
        "Work during the pause saved 110 ms.",
        "Recognising took 100 ms.",
        "The home understood it as HassTurnOn in 2 ms, without a model.",
        "Doing it took 78 ms.",
        "The voice needed 60 ms to its first sound.",
        "From the last word to the first sound of the answer it was 400 ms.",
    ]


def test_what_a_model_took_is_told_from_what_the_voice_took() -> None:
    stages = (Stage("first audio", 1700, 2600), Stage("thinking", 1700, 2450))
    thought = turn(1, stages=stages, intent=None)
    assert (shares(thought).thinking_ms, shares(thought).voice_ms) == (750, 150)
    assert [reason.code for reason in reasons(thought)][-2:] == ["thinking", "voice"]


def test_a_turn_that_went_wrong_says_how() -> None:
    silent = turn(1, outcome="nothing-heard", stages=(), details={})
    assert [reason.code for reason in reasons(silent)] == ["nobody-spoke"]
    failed = turn(1, outcome="failed", stages=(), details={"code": "home-unreachable"})
    assert "home-unreachable" in reasons(failed)[-1].text
    cut = turn(1, details={"ending": "too-long", "tries": 3, "lost_ms": 200})
    assert {"cut", "tries", "lost"} <= {reason.code for reason in reasons(cut)}
