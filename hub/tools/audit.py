"""The audit: what was done in the home, by whom, and what came of it.

Taking note never holds a turn up and never fails it: entries wait in a queue for the store.
"""

import asyncio
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Literal, Protocol

import orjson
import structlog

from hub.batches import Batches
from hub.home.confirmations import ASKED, Wish
from hub.origin import Origin

log = structlog.get_logger(__name__)

MAX_WAITING = 1_000
"""Entries that wait for the store; more are counted and lost."""
MAX_BATCH = 100
MAX_ARGUMENT_CHARS = 2_000
MAX_ROWS = 100_000
KEPT = timedelta(days=90)
PRUNE_EVERY_S = 3_600.0
_SECRET = re.compile(r"pass|secret|token|key|pin|code|credential", re.IGNORECASE)
_MASK = "***"

Verdict = Literal["allowed", "asked", "refused", "confirmed", "declined"]


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """One thing that somebody or a model wanted done."""

    at: datetime
    """When it was asked for."""
    origin: Origin
    tool: str
    """The name of the tool, or of the intent."""
    arguments: str
    """JSON, shortened, secrets masked."""
    verdict: Verdict
    code: str
    """"ok", or why it failed."""
    took_ms: float


class AuditRepository(Protocol):
    """Keeps entries. Whatever goes wrong is raised."""

    async def add(self, entries: Sequence[AuditEntry]) -> None:
        """Keep them, all or none."""

    async def prune(self, before: datetime, most: int) -> None:
        """Forget what is older, and the oldest of more than `most`."""

    async def recent(self, limit: int) -> Sequence[AuditEntry]:
        """Return the latest ones, the latest first."""


class Audit:
    """Takes note of what is done. `run` writes it down."""

    def __init__(
        self,
        repository: AuditRepository,
        *,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._repository = repository
        self._now = now
        self.batches = Batches(
            "audit", repository.add, most_waiting=MAX_WAITING, most_at_once=MAX_BATCH
        )
        """Entries that wait for the store."""

    def note(
        self,
        origin: Origin,
        tool: str,
        arguments: Any,
        verdict: Verdict,
        *,
        code: str | None = None,
        took_ms: float = 0.0,
    ) -> None:
        """Take note of a call that has ended. Never raises."""
        entry = AuditEntry(
            self._now(), origin, tool, shown(arguments), verdict, code or "ok", round(took_ms, 1)
        )
        if not self.batches.add(entry):
            log.error("not audited: the store is too slow", tool=tool, lost=self.batches.lost)

    def stopped(self, wish: Wish, code: str) -> None:
        """Take note of what the policy did not let through, or not yet."""
        verdict: Verdict = "asked" if code == ASKED else "refused"
        self.note(wish.origin, wish.tool, wish.arguments, verdict, code=code)

    async def run(self) -> None:
        """Write entries down and forget old ones, until cancelled."""
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self.batches.run())
            tasks.create_task(self._prune())

    async def recent(self, limit: int = 100) -> Sequence[AuditEntry]:
        """Return the latest entries that were written down, the latest first."""
        return await self._repository.recent(limit)

    async def _prune(self) -> None:
        while True:
            try:
                await self._repository.prune(self._now() - KEPT, MAX_ROWS)
            except Exception as error:  # noqa: BLE001 - a store that fails must not end the hub
                log.warning("the audit can not be shortened", error=str(error))
            await asyncio.sleep(PRUNE_EVERY_S)


def shown(arguments: Any) -> str:
    """Return arguments as JSON, without what nobody should read there."""
    try:
        text = orjson.dumps(_masked(arguments, 0), default=str).decode()
    except (orjson.JSONEncodeError, UnicodeDecodeError):
        text = orjson.dumps(repr(arguments)[:MAX_ARGUMENT_CHARS]).decode()
    return text if len(text) <= MAX_ARGUMENT_CHARS else f"{text[: MAX_ARGUMENT_CHARS - 1]}…"


def _masked(value: Any, depth: int) -> Any:
    if depth > 8:
        return "…"
    if isinstance(value, Mapping):
        return {
            str(key): _MASK if _SECRET.search(str(key)) else _masked(one, depth + 1)
            for key, one in list(value.items())[:100]
        }
    if isinstance(value, list | tuple):
        return [_masked(one, depth + 1) for one in value[:100]]
    return value
