"""What was audited, kept where a test sees it."""

from collections.abc import Sequence
from datetime import datetime

from hub.tools.audit import AuditEntry


class AuditInMemory:
    """An AuditRepository without a store."""

    def __init__(self) -> None:
        self.entries: list[AuditEntry] = []

    async def add(self, entries: Sequence[AuditEntry]) -> None:
        """Keep them."""
        self.entries += entries

    async def prune(self, before: datetime, most: int) -> None:
        """Forget what is old."""
        self.entries = [one for one in self.entries if one.at >= before][-most:]

    async def recent(self, limit: int) -> Sequence[AuditEntry]:
        """Return the latest ones."""
        return tuple(reversed(self.entries[-limit:]))
