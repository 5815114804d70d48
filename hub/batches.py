"""Things that wait to be kept, and are kept many at a time.

Adding one never waits and never fails: a store that is slow or broken costs no turn its time.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from typing import Generic, TypeVar

import structlog

from protocol.time_limit import time_limit

log = structlog.get_logger(__name__)

RETRY_S = 30.0
LAST_WRITES_S = 2.0
"""When the hub ends, for all that is left."""

T = TypeVar("T")


class Batches(Generic[T]):
    """A bounded queue before a store. `run` empties it."""

    def __init__(
        self,
        what: str,
        keep: Callable[[Sequence[T]], Awaitable[None]],
        *,
        most_waiting: int,
        most_at_once: int,
    ) -> None:
        """`what` names the things in the log. `keep` keeps all of a batch, or raises."""
        self.most = most_waiting + most_at_once
        """How many things can wait, those that are being kept among them."""
        self.lost = 0
        """Things that found the queue full."""
        self._what = what
        self._keep = keep
        self._most_at_once = most_at_once
        self._waiting: asyncio.Queue[T] = asyncio.Queue(most_waiting)
        self._batch: list[T] = []
        self._failing = False
        self.still = asyncio.Lock()
        """Nothing is being kept while somebody else has it: to forget what is kept and waits."""

    @property
    def waiting(self) -> int:
        """How many things wait."""
        return len(self._batch) + self._waiting.qsize()

    def add(self, one: T) -> bool:
        """Have something kept; return whether there was room for it. What is lost is counted."""
        try:
            self._waiting.put_nowait(one)
        except asyncio.QueueFull:
            self.lost += 1
            return False
        return True

    def drop(self, which: Callable[[T], bool]) -> list[T]:
        """Let go of things that wait, and return them. Hold `still` meanwhile."""
        waiting = [self._waiting.get_nowait() for _ in range(self._waiting.qsize())]
        gone = [one for one in (*self._batch, *waiting) if which(one)]
        self._batch = [one for one in self._batch if not which(one)]
        for one in waiting:
            if not which(one):
                self._waiting.put_nowait(one)
        return gone

    async def run(self) -> None:
        """Keep things until cancelled; then what is left, in LAST_WRITES_S."""
        try:
            while True:
                if not self._batch:
                    one = await self._waiting.get()
                    self._batch.append(one)
                if not await self._kept():
                    await asyncio.sleep(RETRY_S)
        finally:
            with suppress(TimeoutError):
                async with time_limit(LAST_WRITES_S):
                    while self.waiting and await self._kept():
                        pass
            if self.waiting:
                log.error("not kept before the hub ended", what=self._what, count=self.waiting)

    async def _kept(self) -> bool:
        """Keep the next batch; return whether that went well."""
        async with self.still:
            while len(self._batch) < self._most_at_once and not self._waiting.empty():
                self._batch.append(self._waiting.get_nowait())
            if not self._batch:
                return True  # it was let go of while this waited
            try:
                await self._keep(self._batch)
            except Exception as error:  # noqa: BLE001 - a store that fails must not end the hub
                if not self._failing:
                    log.error("the store takes nothing for now", what=self._what, error=str(error))
                self._failing = True
                return False
            self._batch = []
        if self._failing:
            self._failing = False
            log.info("the store takes what waits again", what=self._what, lost=self.lost)
        return True
