"""The log: quiet, one line a record on standard error, never a secret and never what was said.

What people say is logged at level debug only: logs are kept, and sent around.
"""

import logging
import sys
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Literal

import orjson

from satellite import events
from satellite.event_lines import to_fields
from satellite.events import Event

# The standard library's log instead of structlog, which the hub has: that brings Rich along, 6 MB.

Level = Literal["debug", "info", "warning", "error"]

FAILED_S = 60.0
"""What fails in the same way within this time is counted, not told."""
MOST_CODES = 64
"""Of failures that are told apart: the hub makes up its own."""
MOST_A_MINUTE = 10
"""Of events of one kind; more is a hub or a device that comes and goes, and is counted."""

_LEVELS: dict[Level, int] = {"debug": 10, "info": 20, "warning": 30, "error": 40}
_OTHERS = ""
_TOLD_APART = "hook-failed"
"""By their text: each hook is told of once a minute already, and each is another program."""
_SECRET_KEYS = frozenset({"token", "mac", "nonce", "proof"})
_NOTABLE = (
    events.Ready,
    events.Connected,
    events.PairingCode,
    events.Paired,
    events.Resumed,
    events.DeviceOpened,
    events.WakeWords,
    events.EchoMeasured,
    events.Woken,
    events.StoodDown,
    events.Muted,
    events.SettingChanged,
    events.KeptAgain,
)
_logger = logging.getLogger("satellite")


def set_up(level: Level, form: Literal["text", "json"]) -> None:
    """Send every record of this process to standard error; the last call is what holds."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_Json() if form == "json" else _Text())
    # What is below a warning in a library is its own business.
    logging.basicConfig(handlers=[handler], level=max(_LEVELS[level], logging.WARNING), force=True)
    _logger.setLevel(_LEVELS[level])


class _Json(logging.Formatter):
    """A record as a line of JSON, for programs."""

    def format(self, record: logging.LogRecord) -> str:
        return orjson.dumps(_fields(self, record), default=str).decode()


class _Text(logging.Formatter):
    """A record as `key=value`, for people."""

    def format(self, record: logging.LogRecord) -> str:
        return " ".join(f"{key}={_plain(value)}" for key, value in _fields(self, record).items())


def _fields(formatter: logging.Formatter, record: logging.LogRecord) -> dict[str, Any]:
    told = {
        "timestamp": datetime.fromtimestamp(record.created).astimezone().isoformat(),
        "level": record.levelname.lower(),
        "event": record.getMessage(),
        **hide_secrets(getattr(record, "fields", {})),
    }
    if record.exc_info:
        told["exception"] = formatter.formatException(record.exc_info)
    return told


def _plain(value: object) -> str:
    text = str(value)
    return text if text and not set(text) & set(' ="\n\t') else orjson.dumps(text).decode()


def hide_secrets(fields: Mapping[str, Any]) -> dict[str, Any]:
    """Return the fields of a record without the values of secrets."""
    return {key: "***" if key in _SECRET_KEYS else value for key, value in fields.items()}


def say(level: Level, event: str, **fields: object) -> None:
    """Log what happened."""
    _logger.log(_LEVELS[level], event, extra={"fields": fields})


def say_events_lost(reason: str) -> None:
    """Log that nobody takes the event lines any more."""
    say("warning", "event lines end", reason=reason)


class EventLog:
    """Logs events: a hub that stays away once, and what fails again and again once a minute.

    No kind of event fills the log, whatever is at the other end of the link.
    """

    def __init__(self) -> None:
        self._away: str | None = None
        self._failed: dict[str, tuple[float, int]] = {}  # when told, and how often since
        self._minutes: dict[str, tuple[float, int, int]] = {}  # begun, told, and left out

    def write(self, event: Event) -> None:
        """Log one event at the level that it deserves."""
        fields = to_fields(event)
        if isinstance(event, events.Failed):
            code = event.text if event.code == _TOLD_APART else event.code
            if code not in self._failed and len(self._failed) >= MOST_CODES:
                code = _OTHERS
            told_at, left_out = self._failed.get(code, (-FAILED_S, 0))
            if event.at - told_at < FAILED_S:
                self._failed[code] = (told_at, left_out + 1)
                say("debug", event.name, **fields)
                return
            self._failed[code] = (event.at, 0)
            if left_out:
                fields["left_out"] = left_out
            say("warning", event.name, **fields)
            return
        level = self._level(event)
        if level != "debug":
            before = self._admit(event)
            if before is None:
                level = "debug"
            elif before:
                fields["left_out"] = before
        say(level, event.name, **fields)

    def _admit(self, event: Event) -> int | None:
        """Return how many of its kind were left out before it, or None to leave it out too."""
        began, told, left_out = self._minutes.get(event.name, (event.at, 0, 0))
        if event.at - began >= FAILED_S:
            began, told = event.at, 0
        if told >= MOST_A_MINUTE:
            self._minutes[event.name] = (began, told, left_out + 1)
            return None
        self._minutes[event.name] = (began, told + 1, 0)
        return left_out

    def _level(self, event: Event) -> Level:
        match event:
            case events.Disconnected(code=code):
                known, self._away = self._away == code, code
                return "debug" if known else "warning"
            case events.Connected():
                self._away = None
                return "info"
            case events.SoundLost():
                return "warning"
            case _ if isinstance(event, _NOTABLE):
                return "info"
            case _:
                return "debug"
