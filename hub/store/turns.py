"""Conversations and their turns as they are kept, and what the owner chose about keeping them."""

from datetime import datetime

from sqlalchemy import Float, ForeignKey, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from hub.store.tables import Moment, Table


class ConversationRow(Table):
    """One conversation: turns that followed each other in a room, or went from room to room."""

    __tablename__ = "conversations"

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    satellite: Mapped[str] = mapped_column(Text)
    """Where it began."""
    satellite_name: Mapped[str] = mapped_column(Text)
    area: Mapped[str | None] = mapped_column(Text)
    person: Mapped[str | None] = mapped_column(Text)
    started: Mapped[datetime] = mapped_column(Moment)
    last: Mapped[datetime] = mapped_column(Moment, index=True)
    """When its newest turn began."""


class TurnRow(Table):
    """One turn; what its fields mean is told in hub/turns/kept.py."""

    __tablename__ = "turns"

    key: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=True)
    """What the index of words knows it by."""
    id: Mapped[str] = mapped_column(String(64), unique=True)
    conversation: Mapped[str] = mapped_column(
        ForeignKey("conversations.id", ondelete="CASCADE"), index=True
    )
    number: Mapped[int]
    satellite: Mapped[str] = mapped_column(Text)
    satellite_name: Mapped[str] = mapped_column(Text)
    area: Mapped[str | None] = mapped_column(Text)
    person: Mapped[str | None] = mapped_column(Text)
    opening: Mapped[str] = mapped_column(String(16))
    started: Mapped[datetime] = mapped_column(Moment, index=True)
    took_ms: Mapped[float] = mapped_column(Float)
    outcome: Mapped[str] = mapped_column(String(16))
    transcript: Mapped[str | None] = mapped_column(Text)
    language: Mapped[str | None] = mapped_column(String(16))
    answer: Mapped[str | None] = mapped_column(Text)
    heard: Mapped[str | None] = mapped_column(Text)
    intent: Mapped[str | None] = mapped_column(Text)
    stages: Mapped[str] = mapped_column(Text)
    """JSON: a list of [name, start_ms, end_ms]."""
    details: Mapped[str] = mapped_column(Text)
    """JSON."""
    audio: Mapped[bool]


class RetentionRow(Table):
    """What the owner chose; there is one row, or none."""

    __tablename__ = "turn_retention"

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    days: Mapped[int | None]
    """None: as the settings say."""
    audio: Mapped[bool | None]
