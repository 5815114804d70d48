"""Announcements as they are kept until they have been said."""

from datetime import datetime

from sqlalchemy import String, Text
from sqlalchemy.orm import Mapped, mapped_column

from hub.store.tables import Moment, Table


class AnnouncementRow(Table):
    """One announcement. What its fields mean is told in hub/announcing.py."""

    __tablename__ = "announcements"

    id: Mapped[str] = mapped_column(String(400), primary_key=True)
    kept: Mapped[datetime] = mapped_column(Moment, index=True)
    until: Mapped[datetime] = mapped_column(Moment)
    """It is not said any more after this."""
    over: Mapped[bool]
    announcement: Mapped[str] = mapped_column(Text)
    """The rest of it, as JSON."""
    fates: Mapped[str] = mapped_column(Text)
    """What became of it so far, by satellite, as JSON."""
