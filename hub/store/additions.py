"""What was made in the dashboard for tools, rules and automations, as it is kept."""

from datetime import datetime

from sqlalchemy import Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from hub.store.tables import Moment, Table


class AdditionRow(Table):
    """One addition; what its fields mean is told in hub/tools/additions.py."""

    __tablename__ = "additions"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    kind: Mapped[str] = mapped_column(String(16))
    place: Mapped[int] = mapped_column(Integer)
    enabled: Mapped[bool]
    value: Mapped[str] = mapped_column(Text)
    """JSON, with its secrets."""
    changed: Mapped[datetime] = mapped_column(Moment)


class AdditionStepRow(Table):
    """One change that can be taken back."""

    __tablename__ = "addition_steps"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    at: Mapped[datetime] = mapped_column(Moment)
    before: Mapped[str] = mapped_column(Text)
    """JSON: what each was by its id, with its secrets; null: it was not there."""
    after: Mapped[str] = mapped_column(Text)
    """Likewise, what each became."""
