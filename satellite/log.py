"""The log: quiet, one line a record on standard error, never a secret and never what was said.

What people say is logged at level debug only: logs are kept, and sent around.
"""

import logging
import sys
from collections.abc import Callable, MutableMapping
from typing import Any, Literal

import structlog

from satellite import events
from satellite.events import Event, to_fields

Level = Literal["debug", "info", "warning", "error"]

_LEVELS: dict[Level, int] = {"debug": 10, "info": 20, "warning": 30, "error": 40}
_SECRET_KEYS = frozenset({"token", "mac", "nonce", "proof"})
_NOTABLE = (
    events.Ready,
    events.Connected,
    events.DeviceOpened,
    events.EchoMeasured,
    events.Muted,
    events.StoodDown,
    events.Woken,
)


def set_up(level: Level, form: Literal["text", "json"]) -> None:
    """Send every record of this process to standard error. Called once, by `main`."""
    renderer: structlog.typing.Processor = (
        structlog.processors.JSONRenderer()
        if form == "json"
        else structlog.processors.LogfmtRenderer(key_order=["timestamp", "level", "event"])
    )
    shared: list[structlog.typing.Processor] = [
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=False),
        hide_secrets,
        structlog.processors.format_exc_info,
    ]
    structlog.configure(
        processors=[*shared, renderer],
        wrapper_class=structlog.make_filtering_bound_logger(_LEVELS[level]),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )
    # Libraries log through the standard module; what is below a warning there is their business.
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(processor=renderer, foreign_pre_chain=shared)
    )
    logging.basicConfig(handlers=[handler], level=max(_LEVELS[level], logging.WARNING), force=True)


def hide_secrets(
    logger: object, method: str, record: MutableMapping[str, Any]
) -> MutableMapping[str, Any]:
    """Take the values of secrets out of a record."""
    del logger, method
    for key in record.keys() & _SECRET_KEYS:
        record[key] = "***"
    return record


def say_events_lost(reason: str) -> None:
    """Log that nobody takes the event lines any more."""
    structlog.get_logger("satellite").warning("event lines end", reason=reason)


class EventLog:
    """Logs events. A hub that stays away is reported once, not at every try."""

    def __init__(self, log: Any = None) -> None:
        self._log = log if log is not None else structlog.get_logger("satellite")
        self._away: str | None = None

    def write(self, event: Event) -> None:
        """Log one event at the level that it deserves."""
        fields = to_fields(event)
        self._choose(event)(event.name, **fields)

    def _choose(self, event: Event) -> Callable[..., Any]:
        match event:
            case events.Disconnected(code=code):
                known, self._away = self._away == code, code
                return self._say("debug" if known else "warning")
            case events.Connected():
                self._away = None
                return self._say("info")
            case events.Failed() | events.SoundLost():
                return self._say("warning")
            case _ if isinstance(event, _NOTABLE):
                return self._say("info")
            case _:
                return self._say("debug")

    def _say(self, level: Level) -> Callable[..., Any]:
        said: Callable[..., Any] = getattr(self._log, level)
        return said
