"""The newest lines of the log, in memory."""

from datetime import UTC, datetime, timedelta

from hub.recent_log import KEPT, KEPT_ERRORS, MAX_CHARS, RecentLog

NOON = datetime(2026, 11, 28, 12, tzinfo=UTC)


def test_lines_are_kept_by_level_the_newest_first_and_not_for_ever() -> None:
    log = RecentLog()
    for number in range(KEPT + 10):
        log(None, "info", {"event": f"line {number}", "level": "info"})
    log(None, "warning", {"event": "mind this", "level": "warning"})
    assert len(log.lines()) == KEPT
    assert log.lines(limit=2)[0].text == "mind this"
    assert [line.text for line in log.lines("warning")] == ["mind this"]
    assert log.lines("error") == []


def test_errors_outlive_many_lines_of_no_account() -> None:
    now = NOON
    log = RecentLog(lambda: now)
    log(None, "error", {"event": "broken", "level": "error"})
    now += timedelta(hours=1)
    for _ in range(KEPT * 2):
        log(None, "info", {"event": "noise", "level": "info"})
    assert [line.text for line in log.errors_since(NOON)] == ["broken"]
    assert log.errors_since(now) == []
    for _ in range(KEPT_ERRORS * 2):
        log(None, "error", {"event": "again", "level": "error"})
    assert len(log.errors_since(NOON)) == KEPT_ERRORS


def test_a_record_goes_on_as_it_is_and_large_values_are_shortened() -> None:
    log = RecentLog()
    record = {"event": "x" * 5000, "level": "odd", "a": "y" * 5000, "exception": "1\n2\nBad: no"}
    assert log(None, "info", record) is record
    [line] = log.lines()
    assert len(line.text) == len(line.values["a"]) == MAX_CHARS
    assert line.values["exception"] == "Bad: no"


def test_who_follows_hears_of_each_line_until_they_stop() -> None:
    log = RecentLog()
    heard: list[str] = []
    stop = log.follow(lambda line: heard.append(line.text))
    log(None, "info", {"event": "one", "level": "info"})
    stop()
    log(None, "info", {"event": "two", "level": "info"})
    assert heard == ["one"]
