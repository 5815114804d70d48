"""All appointments, in memory: what is due, and which one a person means. Pure."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta, tzinfo

from hub.timekeeping.appointment import Appointment, Kind, State, next_time

NEVER_SET = datetime(2024, 1, 1, tzinfo=UTC)
"""A clock that shows less was never set: the hub is younger than that."""


class Agenda:
    """Appointments by their ids."""

    def __init__(self) -> None:
        self._all: dict[str, Appointment] = {}
        self._fresh: set[str] = set()

    def __len__(self) -> int:
        return len(self._all)

    def get(self, appointment_id: str) -> Appointment | None:
        """Return one, if it is there."""
        return self._all.get(appointment_id)

    def put(self, appointment: Appointment, *, fresh: bool = True) -> None:
        """Take one in; `fresh` unless its time was worked out by a clock of long ago."""
        self._all[appointment.id] = appointment
        if fresh:
            self._fresh.add(appointment.id)

    def remove(self, appointment_id: str) -> None:
        """Forget one."""
        self._all.pop(appointment_id, None)
        self._fresh.discard(appointment_id)

    def all(self, kinds: Collection[Kind] = ()) -> tuple[Appointment, ...]:
        """Return those of some kinds, or of all; what is due first comes first."""
        found = [one for one in self._all.values() if not kinds or one.kind in kinds]
        return tuple(sorted(found, key=lambda one: (one.due, one.created, one.id)))

    def due(self, now: datetime) -> tuple[Appointment, ...]:
        """Return those for which something is to be done now."""
        return tuple(
            one
            for one in self.all()
            if one.state in {State.RINGING, State.STARTED}
            or (one.state is State.WAITING and one.due <= now)
        )

    def next_due(self, now: datetime) -> datetime | None:
        """Return when the next one is due that is not due yet."""
        waiting = (one.due for one in self._all.values() if one.state is State.WAITING)
        return min((due for due in waiting if due > now), default=None)

    def set_clock(
        self, before: datetime, now: datetime, seconds: float, zone: tzinfo | None
    ) -> tuple[Appointment, ...]:
        """Take note that the clock was set by so much; return the appointments that moved.

        What was set for a while still takes as long; what was set for a time of day stays there.
        Two things are special about the first time that the clock is set forward after a start.
        What is older than the start stays where it is, for the clock may have been right when it
        was set. And what was set for a time of day while the clock had never been set at all is
        for the next such time.
        """
        old = set(self._all) - self._fresh if seconds > 0 else set()
        moved = []
        for one in self._all.values():
            if one.state is not State.WAITING or one.id in old:
                continue
            if one.at is None:
                moved.append(replace(one, due=one.due + timedelta(seconds=seconds)))
            elif before < NEVER_SET <= now and one.due < now:
                due = next_time(one.at, one.weekdays, now, zone)
                moved.append(replace(one, due=due, created=now))
        for one in moved:
            self._all[one.id] = one
        if seconds > 0:
            self._fresh.update(self._all)
        return tuple(moved)


Which = Callable[[Appointment], bool]


def narrowed(found: Sequence[Appointment], *preferred: Which) -> Sequence[Appointment]:
    """Return those that are meant: while there are several, those that fit what is preferred."""
    for fits in preferred:
        if len(found) > 1:
            found = [one for one in found if fits(one)] or found
    return found
