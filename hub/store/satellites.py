"""Satellites as they are remembered: also those that are not connected."""

from datetime import datetime

from sqlalchemy import String, Text
from sqlalchemy.orm import Mapped, mapped_column

from hub.store.tables import Moment, Table


class SatelliteRow(Table):
    """One satellite; what its fields mean is told in hub/rooms/registry.py."""

    __tablename__ = "satellites"

    id: Mapped[str] = mapped_column(String(200), primary_key=True)
    name: Mapped[str] = mapped_column(Text)
    area: Mapped[str | None] = mapped_column(Text)
    given_name: Mapped[str | None] = mapped_column(Text)
    given_area: Mapped[str | None] = mapped_column(Text)
    person: Mapped[str | None] = mapped_column(Text)
    software: Mapped[str] = mapped_column(Text)
    address: Mapped[str] = mapped_column(Text)
    first_seen: Mapped[datetime] = mapped_column(Moment)
    last_seen: Mapped[datetime] = mapped_column(Moment)
    salt: Mapped[str | None] = mapped_column(String(64))
    removed: Mapped[bool]
