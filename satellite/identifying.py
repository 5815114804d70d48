"""Shows which satellite this is, when the hub asks: light and sound for some seconds."""

import asyncio
import time
from collections.abc import Callable

from protocol import Identify, Message
from satellite import events
from satellite.events import Event

SOUND_EVERY_S = 1.5


class Identifying:
    """Begins and ends it; lights and sounds follow the events."""

    def __init__(
        self,
        sound: Callable[[], None],
        tell: Callable[[Event], None],
        *,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """`sound` is called again and again while it lasts."""
        self._sound = sound
        self._tell = tell
        self._clock = clock
        self._until: float | None = None
        self._changed = asyncio.Event()

    def receive(self, message: Message) -> None:
        """Take what the hub says."""
        if isinstance(message, Identify) and (message.seconds > 0 or self._until is not None):
            self._until = self._clock() + message.seconds
            self._changed.set()

    async def run(self) -> None:
        """Show it when asked to, until cancelled."""
        while True:
            await self._changed.wait()
            self._changed.clear()
            self._tell(events.Identifying(self._clock(), identifying=True))
            try:
                await self._show()
            finally:
                self._until = None
                self._tell(events.Identifying(self._clock(), identifying=False))

    async def _show(self) -> None:
        while self._until is not None and (left_s := self._until - self._clock()) > 0:
            self._sound()
            try:
                async with asyncio.timeout(min(left_s, SOUND_EVERY_S)):
                    await self._changed.wait()
            except TimeoutError:
                continue
            self._changed.clear()
