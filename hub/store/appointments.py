"""Appointments as they are kept: timers, alarms, reminders and delayed commands."""

from datetime import datetime

from sqlalchemy import Float, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from hub.store.tables import Moment, Table


class AppointmentRow(Table):
    """One appointment; what its fields mean is told in hub/timekeeping/appointment.py."""

    __tablename__ = "appointments"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    kind: Mapped[str] = mapped_column(String(16))
    state: Mapped[str] = mapped_column(String(16))
    due: Mapped[datetime] = mapped_column(Moment)
    created: Mapped[datetime] = mapped_column(Moment)
    name: Mapped[str] = mapped_column(Text)
    text: Mapped[str] = mapped_column(Text)
    duration_s: Mapped[float | None] = mapped_column(Float)
    remaining_s: Mapped[float | None] = mapped_column(Float)
    at: Mapped[str | None] = mapped_column(String(8))
    weekdays: Mapped[str] = mapped_column(String(7))
    satellite: Mapped[str | None] = mapped_column(Text)
    area: Mapped[str | None] = mapped_column(Text)
    person: Mapped[str | None] = mapped_column(Text)
    language: Mapped[str] = mapped_column(String(16))
    repeatable: Mapped[bool]
