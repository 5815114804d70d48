"""The tool audit as it is kept."""

from datetime import datetime

from sqlalchemy import Float, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from hub.store.tables import Moment, Table


class ToolAuditRow(Table):
    """One entry; what its fields mean is told in hub/tools/audit.py."""

    __tablename__ = "tool_audit"

    id: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=True)
    at: Mapped[datetime] = mapped_column(Moment, index=True)
    satellite: Mapped[str | None] = mapped_column(Text)
    area: Mapped[str | None] = mapped_column(Text)
    person: Mapped[str | None] = mapped_column(Text)
    conversation: Mapped[str | None] = mapped_column(Text)
    turn: Mapped[int | None] = mapped_column(Integer)
    language: Mapped[str] = mapped_column(String(16))
    tool: Mapped[str] = mapped_column(Text)
    arguments: Mapped[str] = mapped_column(Text)
    verdict: Mapped[str] = mapped_column(String(16))
    code: Mapped[str] = mapped_column(Text)
    took_ms: Mapped[float] = mapped_column(Float)
