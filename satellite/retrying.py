"""How long to wait before the next try, and what is said of the last one."""

import asyncio
from collections.abc import Awaitable, Callable

from protocol import SottoError
from satellite.backoff import Backoff
from satellite.handshake import HubRefused

FIRST_RETRY_S = 0.1
MOST_RETRY_S = 1.2
"""A hub that is back is found within 2 s, however long it was away."""
REFUSED_RETRY_S = 10.0
LONGEST_RETRY_S = 60.0
LEAST_WAIT_S = 0.05
REMIND_S = 300.0
"""How often it is said that the hub is still away."""


class Retrying:
    """Waits between tries, and tells of them: each reason once in a while."""

    def __init__(
        self,
        tell: Callable[[SottoError, float], None],
        changed: Callable[[], Awaitable[object]],
        *,
        backoff: Backoff | None = None,
        clock: Callable[[], float],
        sleep: Callable[[float], Awaitable[object]],
    ) -> None:
        """`tell` hears why a try failed and when the next one is; `changed` ends every wait."""
        self._tell = tell
        self._changed = changed
        self._backoff = backoff or Backoff(first_s=FIRST_RETRY_S, most_s=MOST_RETRY_S)
        self._clock = clock
        self._sleep = sleep
        self._told: dict[str, float] = {}  # when, by code

    def reset(self) -> None:
        """Begin again with the shortest wait: the last link was good."""
        self._backoff.reset()

    def succeeded(self) -> bool:
        """Note that there is a link; return whether there was none before, and that was told."""
        told = bool(self._told)
        self._told.clear()
        return told

    def next_s(self, error: SottoError) -> float:
        """Return how long to wait after a failure."""
        retry_in_s = self._backoff.next_s()
        if isinstance(error, HubRefused):
            after_ms = error.retry_after_ms
            wanted_s = REFUSED_RETRY_S if after_ms is None else after_ms / 1000
            retry_in_s = max(retry_in_s, min(wanted_s, LONGEST_RETRY_S))
        return retry_in_s

    def tell(self, error: SottoError, retry_in_s: float) -> None:
        """Say that there is no link, if that is news."""
        now = self._clock()
        told_at = self._told.get(error.code)
        if told_at is None or now - told_at >= REMIND_S:
            self._told[error.code] = now
            self._tell(error, retry_in_s)

    async def wait(self, seconds: float) -> None:
        """Wait, but no longer than until a hub announces itself."""
        await self._sleep(min(seconds, LEAST_WAIT_S))
        if seconds <= LEAST_WAIT_S:
            return
        naps = [
            asyncio.ensure_future(self._sleep(seconds - LEAST_WAIT_S)),
            asyncio.ensure_future(self._changed()),
        ]
        try:
            await asyncio.wait(naps, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for nap in naps:
                nap.cancel()
            await asyncio.wait(naps)
