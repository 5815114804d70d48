"""The audit in the store."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import cast

from sqlalchemy import delete, or_, select

from hub.origin import Origin
from hub.store.database import Store
from hub.store.tool_audit import ToolAuditRow
from hub.tools.audit import AuditEntry, Verdict


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which entries are looked for; what is empty does not matter."""

    tool: str = ""
    verdict: str = ""
    room: str = ""
    text: str = ""
    """In the tool's name, the arguments or who asked."""
    failed: bool = False
    since: datetime | None = None


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

    async def page(
        self, wanted: Wanted, limit: int, before: int | None = None
    ) -> Sequence[tuple[int, AuditEntry]]:
        """Return the latest entries that are `wanted`, with their numbers, the latest first;
        with `before`, those with lower numbers."""
        query = select(ToolAuditRow).order_by(ToolAuditRow.id.desc()).limit(limit)
        if before is not None:
            query = query.where(ToolAuditRow.id < before)
        if wanted.tool:
            query = query.where(ToolAuditRow.tool == wanted.tool)
        if wanted.verdict:
            query = query.where(ToolAuditRow.verdict == wanted.verdict)
        if wanted.room:
            query = query.where(ToolAuditRow.area == wanted.room)
        if wanted.failed:
            query = query.where(ToolAuditRow.code != "ok")
        if wanted.since is not None:
            query = query.where(ToolAuditRow.at >= wanted.since)
        if wanted.text:
            words = f"%{_escaped(wanted.text)}%"
            columns = (ToolAuditRow.tool, ToolAuditRow.arguments, ToolAuditRow.person)
            query = query.where(or_(*(one.ilike(words, escape="\\") for one in columns)))
        async with self._store.session() as session:
            rows = await session.scalars(query)
            return [(row.id, _entry(row)) for row in rows]


def _escaped(text: str) -> str:
    return re.sub(r"([\\%_])", r"\\\1", text)


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
