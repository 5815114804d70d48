"""A device that may be away: at the start, or later, for any time."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import Generic, Literal, TypeVar

from satellite import events
from satellite.backoff import Backoff
from satellite.errors import SatelliteError

GOOD_S = 10.0
"""A device that has worked for so long is tried again soon when it is lost."""
SETTLED_S = 1.0
"""A device that has worked for so long is said to be there."""
OPEN_S = 30.0
"""Longer than a sound system takes that works at all."""
_AWAY_CODES = ("microphone-lost", "speaker-lost", "no-microphone", "no-speaker")

D = TypeVar("D")


class KeptDevice(Generic[D]):
    """Opens a device, and opens it again for as long as it takes when it is lost."""

    def __init__(
        self,
        kind: Literal["microphone", "speaker"],
        open_device: Callable[[], D],
        emit: Callable[[events.Event], None],
    ) -> None:
        """`open_device` may take long; it is called on a thread of its own, one at a time."""
        self._kind = kind
        self._open = open_device
        self._emit = emit
        self._device: D | None = None
        self._opening: asyncio.Future[D] | None = None
        self._told: str | None = None

    async def open(self) -> D | None:
        """Open it; where it is away say so, and return None.

        What takes too long goes on, and the next call waits for the same.

        Raises SatelliteError where it is not a matter of waiting.
        """
        if self._opening is None:
            self._opening = asyncio.get_running_loop().run_in_executor(None, self._open)
            # Who is cancelled meanwhile does not hear what comes of it.
            self._opening.add_done_callback(lambda done: done.cancelled() or done.exception())
        try:
            async with asyncio.timeout(OPEN_S):
                self._device = await asyncio.shield(self._opening)
        except SatelliteError as error:
            self._tell(error)
        except TimeoutError:
            text = f"the sound system took more than {OPEN_S:g} s to open the {self._kind}"
            self._tell(SatelliteError(f"no-{self._kind}", text))
        finally:
            if self._opening.done():
                self._opening = None
        return self._device

    async def run(self, use: Callable[[D], Awaitable[None]]) -> None:
        """Use it until cancelled. Raises SatelliteError where it is not a matter of waiting."""
        backoff, loop = Backoff(), asyncio.get_running_loop()
        while True:
            started = time.monotonic()
            if self._device is not None or await self.open() is not None:
                assert self._device is not None
                telling = loop.call_later(SETTLED_S, self._tell_settled, self._device)
                try:
                    await use(self._device)
                except SatelliteError as error:
                    self._tell(error)
                finally:
                    telling.cancel()
            self._device = None
            if time.monotonic() - started > GOOD_S:
                backoff.reset()
            await asyncio.sleep(backoff.next_s())

    def _tell_settled(self, device: D) -> None:
        name = getattr(device, "device_name", None)
        if name is not None:
            self._emit(events.DeviceOpened(time.monotonic(), self._kind, name))
        self._told = None

    def _tell(self, error: SatelliteError) -> None:
        """Say why it is away, once until the reason is another."""
        if error.code not in _AWAY_CODES:
            raise error
        if error.text != self._told:
            self._told = error.text
            # Of the sound system, which both share, nobody knows which of them asked for it.
            code = error.code.replace("microphone", self._kind).replace("speaker", self._kind)
            self._emit(events.Failed(time.monotonic(), code, error.text))
