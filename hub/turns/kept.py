"""Turns and conversations, as they are kept and looked up."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from hub.events import Stage


@dataclass(frozen=True, slots=True)
class KeptTurn:
    """One turn that is over."""

    id: str
    conversation: str
    """The id of the conversation that it belongs to."""
    number: int
    """As satellites and the log know it; unique only within one run of the hub."""
    satellite: str
    """The satellite's id; empty for what was written."""
    satellite_name: str
    area: str | None
    person: str | None
    opening: str
    """What it began with: "wake", "interruption", "follow-up", "announcement" or "text"."""
    started: datetime
    took_ms: float
    outcome: str
    """As in `hub.events.TurnEnded`, and so are those below."""
    transcript: str | None = None
    language: str | None = None
    answer: str | None = None
    heard: str | None = None
    intent: str | None = None
    stages: tuple[Stage, ...] = ()
    details: Mapping[str, Any] = field(default_factory=dict)
    audio: bool = False
    """Whether there is a recording of what was said."""


@dataclass(frozen=True, slots=True)
class KeptConversation:
    """One conversation, at a glance."""

    id: str
    satellite: str
    """Where it began."""
    satellite_name: str
    area: str | None
    person: str | None
    started: datetime
    last: datetime
    """When its newest turn began."""
    turns: int
    failed: int
    """Turns that were not understood or failed."""
    turn: str
    """The id of the turn that is shown: the first that was looked for."""
    transcript: str | None
    answer: str | None
    outcome: str
    """Of that turn."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which turns are looked for; None: any."""

    text: str | None = None
    """Words of the transcript or the answer, the last one perhaps only begun."""
    area: str | None = None
    satellite: str | None = None
    person: str | None = None
    outcome: str | None = None
    since: datetime | None = None
    until: datetime | None = None

    @property
    def anything(self) -> bool:
        """Whether all turns are wanted."""
        return self == Wanted()
