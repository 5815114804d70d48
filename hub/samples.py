"""The last hour of the machine and of the queues, looked at every few seconds."""

import asyncio
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import psutil

EVERY_S = 15.0
KEPT = 240
"""An hour."""


@dataclass(frozen=True, slots=True)
class Sample:
    """One look."""

    at: datetime
    cpu_percent: float
    memory_used_bytes: int
    waiting: int
    """What waits in all queues together."""


class Samples:
    """The last hour. `run` looks."""

    def __init__(self, now: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self.waiting: Callable[[], int] = lambda: 0
        """Tells how much waits in all queues."""
        self.started_at = now()
        self._now = now
        self._kept: deque[Sample] = deque(maxlen=KEPT)

    @property
    def all(self) -> Sequence[Sample]:
        """Return them, the oldest first."""
        return tuple(self._kept)

    async def run(self) -> None:
        """Look until cancelled."""
        psutil.cpu_percent()  # the first call has nothing to compare with
        while True:
            await asyncio.sleep(EVERY_S)
            self.take()

    def take(self) -> None:
        """Look once; it takes well under a millisecond."""
        memory = psutil.virtual_memory()
        self._kept.append(
            Sample(
                self._now(), psutil.cpu_percent(), memory.total - memory.available, self.waiting()
            )
        )
