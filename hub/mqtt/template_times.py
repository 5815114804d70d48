"""Points in time in templates, as devices write them: seconds since 1970, or ISO 8601."""

import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from jinja2.exceptions import SecurityError

_FORMAT = re.compile(r"(?:[^%]|%-?[aAbBdHIjmMpSUwWyYzZcxX%]){0,64}")
"""No widths: they pad a number to any length."""
_MISSING = object()


def as_datetime(value: Any, default: Any = _MISSING) -> Any:
    """Return a point in time; one without a time zone is in that of the home."""
    try:
        if isinstance(value, datetime):
            return value
        if isinstance(value, int | float):
            return datetime.fromtimestamp(value, UTC)
        text = str(value).strip()
        try:
            return datetime.fromtimestamp(float(text), UTC)
        except ValueError:
            return datetime.fromisoformat(text).astimezone()
    except (ValueError, TypeError, OverflowError, OSError):
        if default is not _MISSING:
            return default
        raise ValueError(f"{value!r:.80} is no point in time") from None


def as_timestamp(value: Any, default: Any = _MISSING) -> Any:
    """Return the seconds since 1970."""
    known = as_datetime(value, None)
    if known is None:
        if default is not _MISSING:
            return default
        raise ValueError(f"{value!r:.80} is no point in time")
    return known.timestamp()


def _local(value: Any, default: Any = _MISSING) -> Any:
    known = as_datetime(value, default)
    return known.astimezone().isoformat() if isinstance(known, datetime) else known


def _utc(value: Any, default: Any = _MISSING) -> Any:
    known = as_datetime(value, default)
    return known.astimezone(UTC).isoformat() if isinstance(known, datetime) else known


def _custom(
    value: Any,
    format_string: str = "%Y-%m-%d %H:%M:%S",
    local: bool = True,
    default: Any = _MISSING,
) -> Any:
    if not _FORMAT.fullmatch(str(format_string)):
        raise SecurityError("a format of a time holds more than the usual letters")
    known = as_datetime(value, default)
    if not isinstance(known, datetime):
        return known
    return known.astimezone(None if local else UTC).strftime(str(format_string))


TIME_FILTERS: dict[str, Callable[..., Any]] = {
    "as_datetime": as_datetime,
    "as_timestamp": as_timestamp,
    "as_local": lambda value: as_datetime(value).astimezone(),
    "timestamp_local": _local,
    "timestamp_utc": _utc,
    "timestamp_custom": _custom,
}
TIME_FUNCTIONS: dict[str, Callable[..., Any]] = {
    "as_datetime": as_datetime,
    "as_timestamp": as_timestamp,
    "now": lambda: datetime.now().astimezone(),
    "utcnow": lambda: datetime.now(UTC),
}
