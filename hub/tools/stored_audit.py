"""The audit in the store."""

from collections.abc import Sequence
from datetime import datetime
from typing import cast

from sqlalchemy import delete, select

from hub.origin import Origin
from hub.store.database import Store
from hub.store.tool_audit import ToolAuditRow
from hub.tools.audit import AuditEntry, Verdict


class StoredAudit:
    """The repository over the store. All raise StoreError."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def add(self, entries: Sequence[AuditEntry]) -> None:
        """Keep them."""
        async with self._store.session() as session:
            session.add_all([_row(entry) for entry in entries])

    async def prune(self, before: datetime, most: int) -> None:
        """Forget what is old."""
        async with self._store.session() as session:
            await session.execute(delete(ToolAuditRow).where(ToolAuditRow.at < before))
            last = await session.scalar(
                select(ToolAuditRow.id).order_by(ToolAuditRow.id.desc()).offset(most).limit(1)
            )
            if last is not None:
                await session.execute(delete(ToolAuditRow).where(ToolAuditRow.id <= last))

    async def recent(self, limit: int) -> Sequence[AuditEntry]:
        """Return the latest ones."""
        async with self._store.session() as session:
            rows = await session.scalars(
                select(ToolAuditRow).order_by(ToolAuditRow.id.desc()).limit(limit)
            )
            return [_entry(row) for row in rows]


def _row(entry: AuditEntry) -> ToolAuditRow:
    origin = entry.origin
    return ToolAuditRow(
        at=entry.at,
        satellite=origin.satellite,
        area=origin.area,
        person=origin.person,
        conversation=origin.conversation,
        turn=origin.turn,
        language=origin.language,
        tool=entry.tool,
        arguments=entry.arguments,
        verdict=entry.verdict,
        code=entry.code,
        took_ms=entry.took_ms,
    )


def _entry(row: ToolAuditRow) -> AuditEntry:
    origin = Origin(row.area, row.language, row.satellite, row.person, row.conversation, row.turn)
    return AuditEntry(
        row.at,
        origin,
        row.tool,
        row.arguments,
        cast("Verdict", row.verdict),
        row.code,
        row.took_ms,
    )
