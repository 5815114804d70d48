"""Shopping and to-do lists as they are kept."""

from datetime import datetime

from sqlalchemy import String, Text
from sqlalchemy.orm import Mapped, mapped_column

from hub.store.tables import Moment, Table


class ListItemRow(Table):
    """One item of a list."""

    __tablename__ = "list_items"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    list: Mapped[str] = mapped_column(Text, index=True)
    item: Mapped[str] = mapped_column(Text)
    done: Mapped[bool]
    added: Mapped[datetime] = mapped_column(Moment)
