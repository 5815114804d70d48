"""The audit as a person reads it: the latest commands and uses of tools."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from rich.markup import escape
from rich.table import Table

from hub.settings import HubSettings
from hub.store.database import Store
from hub.tools.audit import AuditEntry
from hub.tools.stored_audit import StoredAudit

MAX_SHOWN_CHARS = 80
"""Of arguments, in the table."""
_STYLES = {"refused": "red", "declined": "yellow", "asked": "yellow"}


async def latest(settings: HubSettings, last: int) -> Sequence[AuditEntry]:
    """Return the latest entries, the latest first. Raises StoreError."""
    async with Store(settings.store.place) as store:
        return await StoredAudit(store).recent(last)


def table_of(entries: Sequence[AuditEntry]) -> Table:
    """Return the entries as a table, the latest last."""
    table = Table(box=None, header_style="bold", pad_edge=False)
    for column in ("when", "who", "where", "what", "with", "verdict", "result", "ms"):
        table.add_column(column, justify="right" if column == "ms" else "left")
    for entry in reversed(entries):
        origin = entry.origin
        arguments = entry.arguments
        if len(arguments) > MAX_SHOWN_CHARS:
            arguments = f"{arguments[: MAX_SHOWN_CHARS - 1]}…"
        style = _STYLES.get(entry.verdict, "" if entry.code == "ok" else "red")
        cells = (
            f"{entry.at.astimezone():%Y-%m-%d %H:%M:%S}",
            origin.person or "-",
            origin.area or origin.satellite or "-",
            entry.tool,
            arguments,
            entry.verdict,
            entry.code,
            f"{entry.took_ms:.0f}",
        )
        table.add_row(*(escape(cell) for cell in cells), style=style)
    return table


def json_of(entries: Sequence[AuditEntry]) -> list[dict[str, Any]]:
    """Return the entries as they are written in JSON, the latest last."""
    found = []
    for entry in reversed(entries):
        values = asdict(entry)
        found.append({"at": values.pop("at").isoformat(), **values.pop("origin"), **values})
    return found
