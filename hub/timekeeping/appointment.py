"""Appointments: what the hub is to do at a time. Timers, alarms, reminders, delayed commands.

Pure: whoever asks passes the time.
"""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, time, timedelta, tzinfo
from enum import StrEnum

from hub.origin import Origin

MAX_AHEAD = timedelta(days=400)
"""Nothing is promised for later than this."""
EVERY_DAY = frozenset(range(7))
WORKDAYS = frozenset(range(5))


class Kind(StrEnum):
    """What kind of appointment it is."""

    TIMER = "timer"
    ALARM = "alarm"
    REMINDER = "reminder"
    COMMAND = "command"
    """A sentence that is to be carried out."""
    NOTICE = "notice"
    """Something that somebody has to be told, once: what became of one of the others."""


class State(StrEnum):
    """Where an appointment stands."""

    WAITING = "waiting"
    PAUSED = "paused"
    RINGING = "ringing"
    """It is due, and nobody has stopped it."""
    STARTED = "started"
    """Of a command: it is being carried out; after a crash nobody knows whether it was."""
    MISSED = "missed"
    """Of a notice: nobody was there to hear it; it is told when somebody is."""


@dataclass(frozen=True, slots=True)
class Appointment:
    """One appointment."""

    kind: Kind
    due: datetime
    """When; a point in time, in UTC."""
    created: datetime
    place: Origin
    """Where it was set, by whom, and in which language."""
    id: str = field(default_factory=lambda: uuid.uuid4().hex)
    name: str = ""
    """What it is called: "pasta"."""
    text: str = ""
    """What to remind of, the sentence to carry out, or what to tell."""
    duration_s: float | None = None
    """For how long it was set in the beginning; None where a time of day was named."""
    remaining_s: float | None = None
    """What is left of it while it is paused."""
    at: time | None = None
    """The time of day at home that was named."""
    weekdays: frozenset[int] = frozenset()
    """Days on which it comes again, Monday is 0; none for one that comes once."""
    state: State = State.WAITING
    repeatable: bool = False
    """Of a command that was started: whether doing it twice does no more than doing it once."""

    def left_s(self, now: datetime) -> float:
        """Return what is left of it; nothing of one that is due."""
        if self.state is State.PAUSED and self.remaining_s is not None:
            return self.remaining_s
        return max(0.0, (self.due - now).total_seconds())

    def late_s(self, now: datetime) -> float:
        """Return for how long it has been due."""
        return max(0.0, (now - self.due).total_seconds())

    def paused(self, now: datetime) -> "Appointment":
        """Return it as it is when it is paused now."""
        if self.state is not State.WAITING:
            return self
        return replace(self, state=State.PAUSED, remaining_s=self.left_s(now))

    def resumed(self, now: datetime) -> "Appointment":
        """Return it as it is when it goes on now."""
        if self.state is not State.PAUSED:
            return self
        due = now + timedelta(seconds=self.remaining_s or 0.0)
        return replace(self, state=State.WAITING, remaining_s=None, due=due)

    def changed_by(self, seconds: float, now: datetime) -> "Appointment":
        """Return it with so much more time, or less; there is never less than nothing left."""
        left = max(0.0, self.left_s(now) + seconds)
        if self.state is State.PAUSED:
            return replace(self, remaining_s=left)
        return replace(self, state=State.WAITING, due=now + timedelta(seconds=left))

    def put_off(self, seconds: float, now: datetime) -> "Appointment":
        """Return it as it is when it is to come again in so many seconds."""
        return replace(self, state=State.WAITING, due=now + timedelta(seconds=seconds))

    def next(self, now: datetime, zone: tzinfo | None) -> "Appointment | None":
        """Return it as it comes the next time; None for one that comes once."""
        if not self.weekdays or self.at is None:
            return None
        # A clock that was set back does not have it come twice.
        due = next_time(self.at, self.weekdays, max(now, self.due), zone, folds=(0,))
        return replace(self, state=State.WAITING, due=due, remaining_s=None)


def local(moment: datetime, zone: tzinfo | None) -> datetime:
    """Return a point in time as the clocks at home show it; `zone` None: those of this machine."""
    return moment.astimezone(zone)


def at_home(day: datetime, at: time, zone: tzinfo | None, fold: int = 0) -> datetime:
    """Return when the clocks at home show `at` on a day, in UTC.

    What they leave out when summer begins is an hour later; of what they show twice when it ends,
    `fold` says which one is meant.
    """
    naive = datetime.combine(day.date(), at).replace(fold=fold)
    there = naive.astimezone() if zone is None else naive.replace(tzinfo=zone)
    return there.astimezone(UTC)


def next_time(
    at: time,
    weekdays: frozenset[int],
    now: datetime,
    zone: tzinfo | None,
    *,
    folds: Sequence[int] = (0, 1),
) -> datetime:
    """Return when the clocks at home show `at` next, on one of the days; none: on any day."""
    today = local(now, zone)
    for ahead in range(9):
        day = today + timedelta(days=ahead)
        for fold in folds:
            due = at_home(day, at, zone, fold)
            if due > now and (not weekdays or day.weekday() in weekdays):
                # What the clocks leave out has no second time: its fold is an hour earlier.
                return max(due, at_home(day, at, zone)) if fold else due
    raise ValueError(f"there is no such day among {sorted(weekdays)}")
