"""Tells the hub how loud it is here and how good the Wi-Fi is, for as long as somebody looks."""

import asyncio
import time
from collections.abc import Awaitable, Callable

from protocol import Message, Meter, Watch
from satellite.levels import Levels
from satellite.wifi import signal_dbm, signal_share

EVERY_S = 0.25
"""Often enough to see oneself speak."""
SELDOM_S = 2.0
"""The room's noise and the Wi-Fi change slowly, and cost more to find out."""


async def _signal() -> float | None:
    """Ask for it aside: some drivers ask their chip, which may take its time."""
    return await asyncio.to_thread(signal_dbm)


class Metering:
    """Costs nothing while nobody looks."""

    def __init__(
        self,
        levels: Levels,
        hears: Callable[[], bool],
        send: Callable[[Message], None],
        *,
        signal: Callable[[], Awaitable[float | None]] = _signal,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """`hears` tells whether the microphone is there, and on."""
        self._levels = levels
        self._hears = hears
        self._send = send
        self._signal = signal
        self._clock = clock
        self._until = 0.0
        self._asked = asyncio.Event()

    def receive(self, message: Message) -> None:
        """Take what the hub says."""
        if isinstance(message, Watch):
            self._until = self._clock() + message.seconds
            self._asked.set()

    async def run(self) -> None:
        """Tell it when asked to, until cancelled."""
        while True:
            await self._asked.wait()
            self._asked.clear()
            looked_at = -SELDOM_S
            noise, signal = 0.0, None
            while (now := self._clock()) < self._until:
                if now - looked_at >= SELDOM_S:
                    looked_at, noise = now, self._levels.noise_dbfs
                    signal = await self._signal()
                self._send(self._meter(noise, signal))
                await asyncio.sleep(EVERY_S)

    def _meter(self, noise_dbfs: float, dbm: float | None) -> Meter:
        hears = self._hears()
        return Meter(
            round(self._levels.level_dbfs(EVERY_S), 1) if hears else None,
            round(noise_dbfs, 1) if hears else None,
            dbm,
            None if dbm is None else round(signal_share(dbm), 2),
        )
