import json
import logging
from collections.abc import Iterator

import pytest
import structlog

from satellite import events, log


@pytest.fixture(autouse=True)
def restored_logging() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    yield
    root.handlers[:] = handlers
    root.setLevel(level)
    structlog.reset_defaults()


class Records:
    """Stands in for a structlog logger."""

    def __init__(self) -> None:
        self.lines: list[tuple[str, str]] = []

    def __getattr__(self, level: str) -> object:
        return lambda name, **fields: self.lines.append((level, name))


def write(*told: events.Event) -> list[tuple[str, str]]:
    records = Records()
    event_log = log.EventLog(records)
    for event in told:
        event_log.write(event)
    return records.lines


def away(code: str = "unreachable") -> events.Disconnected:
    return events.Disconnected(1.0, "gone", code, 250)


def test_a_hub_that_stays_away_is_reported_once() -> None:
    assert [level for level, _ in write(away(), away(), away())] == ["warning", "debug", "debug"]


def test_another_reason_and_another_absence_are_reported_again() -> None:
    connected = events.Connected(1.0, "Sotto", "here:1", "s")
    told = write(away(), away("bad-token"), connected, away("bad-token"))
    assert [level for level, _ in told] == ["warning", "warning", "info", "warning"]


def test_what_was_said_is_for_debugging_only() -> None:
    told = write(events.Heard(1.0, 1, "open the door"), events.Answered(1.0, 1, "Opened."))
    assert [level for level, _ in told] == ["debug", "debug"]


def test_failures_are_warnings() -> None:
    assert write(events.Failed(1.0, "hub-lost", "gone")) == [("warning", "error")]


def test_records_go_to_standard_error_as_key_and_value(
    capsys: pytest.CaptureFixture[str],
) -> None:
    log.set_up("info", "text")
    structlog.get_logger().info("connected", hub="Sotto", token="very secret indeed")
    structlog.get_logger().debug("unseen")
    out, err = capsys.readouterr()
    assert out == ""
    assert "event=connected" in err
    assert "hub=Sotto" in err
    assert "secret" not in err
    assert "unseen" not in err


def test_records_can_be_json(capsys: pytest.CaptureFixture[str]) -> None:
    log.set_up("debug", "json")
    structlog.get_logger().debug("state", state="idle")
    record = json.loads(capsys.readouterr().err)
    assert (record["event"], record["state"], record["level"]) == ("state", "idle", "debug")


def test_libraries_are_heard_from_warnings_on(capsys: pytest.CaptureFixture[str]) -> None:
    log.set_up("debug", "text")
    logging.getLogger("library").info("chatter")
    logging.getLogger("library").warning("trouble")
    err = capsys.readouterr().err
    assert "trouble" in err
    assert "chatter" not in err


@pytest.mark.parametrize("key", ["token", "mac", "nonce", "proof"])
def test_no_secret_is_logged(key: str) -> None:
    assert log.hide_secrets(None, "info", {key: "hunter2", "other": 1}) == {key: "***", "other": 1}


def test_what_fails_again_and_again_is_told_once_a_minute_with_how_often() -> None:
    told = write(*(events.Failed(float(at), "hook-failed", "no") for at in range(0, 130, 10)))
    assert [level for level, _ in told].count("warning") == 3
    other = write(events.Failed(1.0, "a", "no"), events.Failed(1.0, "b", "no"))
    assert [level for level, _ in other] == ["warning", "warning"]
