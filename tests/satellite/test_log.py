import json
import logging
from collections.abc import Iterator

import pytest

from satellite import events, log


@pytest.fixture(autouse=True)
def restored_logging() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    yield
    root.handlers[:] = handlers
    root.setLevel(level)
    logging.getLogger("satellite").setLevel(logging.NOTSET)


def write(*told: events.Event) -> list[tuple[str, str]]:
    lines: list[tuple[str, str]] = []

    class Records(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            lines.append((record.levelname.lower(), record.getMessage()))

    log.set_up("debug", "text")
    logging.getLogger().handlers[:] = [Records()]
    event_log = log.EventLog()
    for event in told:
        event_log.write(event)
    return lines


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


def test_each_hook_that_fails_is_told_of() -> None:
    def failed(hook: str) -> events.Failed:
        return events.Failed(1.0, "hook-failed", f"the hook of {hook!r}: no such file")

    told = write(failed("wake"), failed("ready"), failed("wake"))
    assert [level for level, _ in told] == ["warning", "warning", "debug"]


def test_records_go_to_standard_error_as_key_and_value(
    capsys: pytest.CaptureFixture[str],
) -> None:
    log.set_up("info", "text")
    log.say("info", "connected", hub="Sotto", token="very secret indeed")
    log.say("debug", "unseen")
    out, err = capsys.readouterr()
    assert out == ""
    assert "event=connected" in err
    assert "hub=Sotto" in err
    assert "secret" not in err
    assert "unseen" not in err


def test_records_can_be_json(capsys: pytest.CaptureFixture[str]) -> None:
    log.set_up("debug", "json")
    log.say("debug", "state", state="idle")
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
    assert log.hide_secrets({key: "hunter2", "other": 1}) == {key: "***", "other": 1}


def test_what_fails_again_and_again_is_told_once_a_minute_with_how_often() -> None:
    told = write(*(events.Failed(float(at), "hook-failed", "no") for at in range(0, 130, 10)))
    assert [level for level, _ in told].count("warning") == 3
    other = write(events.Failed(1.0, "a", "no"), events.Failed(1.0, "b", "no"))
    assert [level for level, _ in other] == ["warning", "warning"]


def test_a_record_is_one_line_whatever_is_in_it(capsys: pytest.CaptureFixture[str]) -> None:
    log.set_up("info", "text")
    log.say("warning", "error", text='it said "no" =\nand left', name="")
    err = capsys.readouterr().err
    assert err.count("\n") == 1
    assert 'text="it said \\"no\\" =\\nand left"' in err
    assert 'name=""' in err


def test_an_exception_is_told_with_where_it_was(capsys: pytest.CaptureFixture[str]) -> None:
    log.set_up("info", "json")
    try:
        raise ValueError("broken")
    except ValueError:
        logging.getLogger("library").exception("trouble")
    record = json.loads(capsys.readouterr().err)
    assert "ValueError: broken" in record["exception"]


def test_a_hub_that_comes_and_goes_does_not_fill_the_log() -> None:
    told: list[events.Event] = []
    for second in range(59):
        told.append(events.Connected(second, "Sotto", "here:1", "s"))
        told.append(events.Disconnected(second, "gone", "link-closed", 250))
    loud = [name for level, name in write(*told) if level != "debug"]
    assert len(loud) == 2 * log.MOST_A_MINUTE


def test_what_was_left_out_is_counted_when_the_next_is_told(
    capsys: pytest.CaptureFixture[str],
) -> None:
    log.set_up("info", "text")
    event_log = log.EventLog()
    for _ in range(log.MOST_A_MINUTE + 3):
        event_log.write(events.Muted(1.0, True))
    event_log.write(events.Muted(1.0 + log.FAILED_S, False))
    lines = capsys.readouterr().err.splitlines()
    assert len(lines) == log.MOST_A_MINUTE + 1
    assert "left_out=3" in lines[-1]


def test_a_hub_that_makes_up_failures_does_not_fill_the_log() -> None:
    told = [events.Failed(1.0, f"code-{number}", "odd") for number in range(500)]
    loud = [level for level, _ in write(*told) if level == "warning"]
    assert len(loud) == log.MOST_CODES + 1
