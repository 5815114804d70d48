"""What came of a turn."""

from dataclasses import dataclass, field
from typing import Any


@dataclass(slots=True)
class Record:
    """Filled in while the turn runs."""

    outcome: str = "failed"
    """As in `hub.events.TurnEnded`."""
    transcript: str | None = None
    language: str | None = None
    """Of the transcript."""
    answer: str | None = None
    heard: str | None = None
    """What was heard of the answer."""
    intent: str | None = None
    room: str | None = None
    """Where the person wants to continue, as they called it."""
    details: dict[str, Any] = field(default_factory=dict)
