"""The last lines of the log, kept in memory for whoever looks after the hub."""

from collections import deque
from collections.abc import Callable, Mapping, MutableMapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import count, islice
from typing import Any

KEPT = 500
KEPT_ERRORS = 200
"""Errors and warnings are kept longer: many lines of no account must not push them out."""
MAX_CHARS = 500
"""Of one value."""
MAX_VALUES = 30
LEVELS = ("debug", "info", "warning", "error", "critical")
_HEAD = {"event", "level", "timestamp", "exception"}


@dataclass(frozen=True, slots=True)
class LogLine:
    """One record."""

    number: int
    at: datetime
    level: str
    text: str
    values: Mapping[str, str]


Follow = Callable[[LogLine], None]


class RecentLog:
    """The newest lines. Taking one in never fails, and costs little."""

    def __init__(self, now: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self._now = now
        self._lines: deque[LogLine] = deque(maxlen=KEPT)
        self._errors: deque[LogLine] = deque(maxlen=KEPT_ERRORS)
        self._numbers = count(1)
        self._followers: list[Follow] = []

    def __call__(
        self, _logger: Any, _method: str, record: MutableMapping[str, Any]
    ) -> MutableMapping[str, Any]:
        """Take a record in, as a processor of structlog."""
        level = str(record.get("level", "info"))
        values = {
            str(name): str(value)[:MAX_CHARS]
            for name, value in islice(record.items(), MAX_VALUES)
            if name not in _HEAD and not str(name).startswith("_")
        }
        if "exception" in record:  # its last line says what it is
            values["exception"] = str(record["exception"]).strip().rsplit("\n", 1)[-1][:MAX_CHARS]
        text = str(record.get("event", ""))[:MAX_CHARS]
        line = LogLine(next(self._numbers), self._now(), level, text, values)
        self._lines.append(line)
        if _rank(line) >= LEVELS.index("warning"):
            self._errors.append(line)
        for follow in tuple(self._followers):
            follow(line)
        return record

    def lines(self, least: str = "debug", limit: int = KEPT) -> Sequence[LogLine]:
        """Return the newest lines of a level and those above it, the newest first."""
        rank = LEVELS.index(least)
        found = (line for line in reversed(tuple(self._lines)) if _rank(line) >= rank)
        return list(islice(found, limit))

    def errors_since(self, since: datetime) -> Sequence[LogLine]:
        """Return warnings and errors since a time, the newest first."""
        return [line for line in reversed(tuple(self._errors)) if line.at >= since]

    def follow(self, follower: Follow) -> Callable[[], None]:
        """Call `follower` with every line from now on, on the thread that writes it; returns what
        ends that."""
        self._followers.append(follower)
        return lambda: self._followers.remove(follower)


def _rank(line: LogLine) -> int:
    return LEVELS.index(line.level) if line.level in LEVELS else 1


recent_log = RecentLog()
"""That of this program."""
