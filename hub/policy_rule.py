"""One rule of the owner's: what it speaks of, and what becomes of that."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import StrEnum
from typing import Literal

Ruling = Literal["allow", "confirm", "refuse"]


class Reason(StrEnum):
    """Why something is refused."""

    RULE = "rule"
    ROOM = "room"
    PERSON = "person"
    HOUR = "hour"
    NOBODY_TO_ASK = "nobody-to-ask"
    """It needs a yes, and there is nobody who could give it."""


@dataclass(frozen=True, slots=True)
class Hours:
    """A time of day, from and until; over midnight where `until` is not later."""

    start: time
    end: time

    @classmethod
    def parse(cls, text: str) -> "Hours":
        """Return the hours of a text such as "22:00-06:30". Raises ValueError."""
        start, dash, end = text.partition("-")
        if not dash:
            raise ValueError("hours are like 22:00-06:30")
        return cls(_time(start), _time(end))

    def began(self, now: datetime) -> datetime | None:
        """Return a moment of the day on which the hours began that `now` is in; None outside."""
        moment = now.time()
        if self.start < self.end:
            return now if self.start <= moment < self.end else None
        if moment >= self.start:
            return now
        return now - timedelta(days=1) if moment < self.end else None


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule. Empty conditions hold for everything; patterns know * and ?, and ! before one."""

    ruling: Ruling
    tools: tuple[str, ...] = ()
    verbs: tuple[str, ...] = ()
    domains: tuple[str, ...] = ()
    """Kinds of devices, or their classes: "lock", "garage"."""
    devices: tuple[str, ...] = ()
    rooms: tuple[str, ...] = ()
    """Where somebody asks."""
    persons: tuple[str, ...] = ()
    hours: Hours | None = None
    weekdays: frozenset[int] = frozenset(range(7))
    """Monday is 0; hours over midnight belong to the day on which they begin."""
    words: str = ""

    @property
    def reason(self) -> Reason:
        """What of the situation, rather than of the deed, the rule looks at."""
        if self.persons:
            return Reason.PERSON
        if self.rooms:
            return Reason.ROOM
        return Reason.HOUR if self.hours or len(self.weekdays) < 7 else Reason.RULE


def _time(text: str) -> time:
    try:
        return time.fromisoformat(text.strip())
    except ValueError:
        raise ValueError(
            f"{text.strip()!r} is no time of day; hours are like 22:00-06:30"
        ) from None
