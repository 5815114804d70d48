"""Telling what is set, and cancelling what is meant: the same of alarms, reminders and commands."""

from collections.abc import Sequence

from hub.home.actions import ActionResult
from hub.timekeeping.agenda import narrowed
from hub.timekeeping.appointment import Appointment, Kind
from hub.timekeeping.telling import Asked
from hub.timekeeping.timekeeping import Timekeeping


def called(asked: Asked, time: Timekeeping, one: Appointment) -> str:
    """Return an appointment in words: "tomorrow at 7:30 AM: work"."""
    when, what = asked.when(one, time), one.text or one.name
    return asked.words("called", when=when, what=what) if what else when


def listed(asked: Asked, time: Timekeeping, found: Sequence[Appointment]) -> str:
    """Return several appointments in words."""
    return asked.list([called(asked, time, one) for one in found])


def tell(asked: Asked, time: Timekeeping, kind: Kind, found: Sequence[Appointment]) -> ActionResult:
    """Tell which appointments of a kind there are."""
    if not found:
        return asked.tell(f"{kind.value}_none")
    key = kind.value if len(found) == 1 else f"{kind.value}s"
    return asked.tell(key, count=len(found), list=listed(asked, time, found))


async def cancel_one(
    asked: Asked, time: Timekeeping, kind: Kind, found: Sequence[Appointment]
) -> ActionResult:
    """Cancel the one that is meant; where it may be several, tell which ones."""
    place = asked.place
    meant = narrowed(
        found,
        lambda one: one.place.satellite == place.satellite,
        lambda one: one.place.area == place.area,
        lambda one: one.place.person == place.person,
    )
    if not meant:
        return asked.refuse(f"{kind.value}_unknown")
    if len(meant) > 1:
        return asked.refuse(f"{kind.value}_several", list=listed(asked, time, meant))
    await time.cancel(meant[0].id)
    return asked.tell(f"{kind.value}_cancelled", what=called(asked, time, meant[0]))


async def cancel_all(asked: Asked, time: Timekeeping, kind: Kind) -> ActionResult:
    """Cancel every appointment of a kind."""
    found = time.all(kind)
    if not found:
        return asked.tell(f"{kind.value}_none")
    await time.cancel(*(one.id for one in found))
    return asked.tell("all_cancelled")
