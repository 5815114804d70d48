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
RETRY_S = 30.0
LAST_WRITE_S = 1.0
"""When the hub ends."""
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


class AuditInMemory:
    """The repository of a hub without a store."""

    def __init__(self, most: int = MAX_WAITING) -> None:
        self.entries: list[AuditEntry] = []
        self._most = most

    async def add(self, entries: Sequence[AuditEntry]) -> None:
        """Keep them."""
        self.entries = [*self.entries, *entries][-self._most :]

    async def prune(self, before: datetime, most: int) -> None:
        """Forget what is old."""
        self.entries = [one for one in self.entries if one.at >= before][-most:]

    async def recent(self, limit: int) -> Sequence[AuditEntry]:
        """Return the latest ones."""
        return tuple(reversed(self.entries[-limit:]))


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
        self._waiting: asyncio.Queue[AuditEntry] = asyncio.Queue(MAX_WAITING)
        self.lost = 0
        """Entries that the store did not take in time."""

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
            self._now(), origin, tool, _bounded(arguments), verdict, code or "ok", round(took_ms, 1)
        )
        try:
            self._waiting.put_nowait(entry)
        except asyncio.QueueFull:
            self.lost += 1
            log.error("not audited: the store is too slow", tool=tool, lost=self.lost)

    def stopped(self, wish: Wish, code: str) -> None:
        """Take note of what the policy did not let through, or not yet."""
        verdict: Verdict = "asked" if code == ASKED else "refused"
        self.note(wish.origin, wish.tool, wish.arguments, verdict, code=code)

    async def run(self) -> None:
        """Write entries down until cancelled; then what is left, in LAST_WRITE_S."""
        loop = asyncio.get_running_loop()
        pruned_at = -PRUNE_EVERY_S
        batch: list[AuditEntry] = []
        try:
            while True:
                batch = batch or [await self._waiting.get()]
                self._fill(batch)
                if not await self._written(batch):
                    await asyncio.sleep(RETRY_S)
                    continue
                batch = []
                if loop.time() - pruned_at >= PRUNE_EVERY_S:
                    pruned_at = loop.time()
                    await self._prune()
        finally:
            while batch or not self._waiting.empty():
                self._fill(batch)
                if not await self._last(batch):
                    break
                batch = []

    async def recent(self, limit: int = 100) -> Sequence[AuditEntry]:
        """Return the latest entries that were written down, the latest first."""
        return await self._repository.recent(limit)

    def _fill(self, batch: list[AuditEntry]) -> None:
        while len(batch) < MAX_BATCH and not self._waiting.empty():
            batch.append(self._waiting.get_nowait())

    async def _written(self, batch: Sequence[AuditEntry]) -> bool:
        try:
            await self._repository.add(batch)
        except Exception as error:  # noqa: BLE001 - a store that fails must not end the hub
            log.error("the audit can not be written", entries=len(batch), error=str(error))
            return False
        return True

    async def _last(self, batch: Sequence[AuditEntry]) -> bool:
        try:
            async with asyncio.timeout(LAST_WRITE_S):
                return await self._written(batch)
        except TimeoutError:
            log.error("the audit can not be written", entries=len(batch), error="too slow")
            return False

    async def _prune(self) -> None:
        try:
            await self._repository.prune(self._now() - KEPT, MAX_ROWS)
        except Exception as error:  # noqa: BLE001 - likewise
            log.warning("the audit can not be shortened", error=str(error))


def _bounded(arguments: Any) -> str:
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
