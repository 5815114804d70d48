"""Appointments in the store."""

from collections.abc import Sequence
from datetime import time
from typing import Protocol

from sqlalchemy import delete, select

from hub.origin import Origin
from hub.store.appointments import AppointmentRow
from hub.store.database import Store
from hub.timekeeping.appointment import Appointment, Kind, State


class Repository(Protocol):
    """Keeps appointments. All raise StoreError."""

    async def all(self) -> Sequence[Appointment]:
        """Return what is kept."""

    async def put(self, *appointments: Appointment) -> None:
        """Keep them, all or none, in the place of older ones with their ids."""

    async def remove(self, *ids: str) -> None:
        """Forget them."""


class StoredAppointments:
    """The repository over the store."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def all(self) -> Sequence[Appointment]:
        """Return what is kept, what is due first comes first."""
        async with self._store.session() as session:
            rows = await session.scalars(select(AppointmentRow).order_by(AppointmentRow.due))
            return [_appointment(row) for row in rows]

    async def put(self, *appointments: Appointment) -> None:
        """Keep them."""
        async with self._store.session() as session:
            for appointment in appointments:
                await session.merge(_row(appointment))

    async def remove(self, *ids: str) -> None:
        """Forget them."""
        async with self._store.session() as session:
            await session.execute(delete(AppointmentRow).where(AppointmentRow.id.in_(ids)))


def _row(one: Appointment) -> AppointmentRow:
    place = one.place
    return AppointmentRow(
        id=one.id,
        kind=one.kind.value,
        state=one.state.value,
        due=one.due,
        created=one.created,
        name=one.name,
        text=one.text,
        duration_s=one.duration_s,
        remaining_s=one.remaining_s,
        at=None if one.at is None else one.at.isoformat(timespec="seconds"),
        weekdays="".join(str(day) for day in sorted(one.weekdays)),
        satellite=place.satellite,
        area=place.area,
        person=place.person,
        language=place.language,
        repeatable=one.repeatable,
    )


def _appointment(row: AppointmentRow) -> Appointment:
    return Appointment(
        kind=Kind(row.kind),
        due=row.due,
        created=row.created,
        place=Origin(row.area, row.language, row.satellite, row.person),
        id=row.id,
        name=row.name,
        text=row.text,
        duration_s=row.duration_s,
        remaining_s=row.remaining_s,
        at=None if row.at is None else time.fromisoformat(row.at),
        weekdays=frozenset(int(day) for day in row.weekdays),
        state=State(row.state),
        repeatable=row.repeatable,
    )
