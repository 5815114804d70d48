"""Keeps the lights at the sign that holds."""

import asyncio
import time
from collections.abc import Callable, Mapping

from satellite import events
from satellite.backoff import Backoff
from satellite.events import Event
from satellite.lights.light import Light, LightLost
from satellite.lights.look import LOOKS, Look
from satellite.sign import Sign, SignFollower

AGAIN_S = 30.0
"""A light in the network may have been switched off and on: it is told again this often."""


class LightShow:
    """Follows the events and shows their sign. Lights that fail cost nothing but light."""

    def __init__(
        self,
        light: Light,
        tell: Callable[[Event], None],
        *,
        looks: Mapping[Sign, Look] = LOOKS,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """`tell` hears when the lights are lost."""
        self._looks = looks
        self._light = light
        self._tell = tell
        self._clock = clock
        self._signs = SignFollower()
        self._changed = asyncio.Event()

    def follow(self, event: Event) -> None:
        """Take an event."""
        before = self._signs.sign
        self._signs.follow(event)
        if self._signs.sign is not before:
            self._changed.set()

    def use(self, looks: Mapping[Sign, Look]) -> None:
        """Show the signs otherwise, or the same at another brightness, from now on."""
        self._looks = looks
        self._changed.set()

    async def run(self) -> None:
        """Show the sign until cancelled."""
        shown: Sign | None = None
        began = self._clock()
        backoff = Backoff()
        lost = False
        try:
            while True:
                self._changed.clear()
                sign, now = self._signs.sign, self._clock()
                if sign is not shown:
                    shown, began = sign, now
                try:
                    wait_s = await self._light.show(self._looks[sign], now - began)
                except LightLost as error:
                    if not lost:
                        self._tell(events.Failed(now, "lights-lost", str(error)))
                    lost, shown = True, None
                    # Until they are back nothing is seen: a new sign is no reason to ask earlier.
                    await asyncio.sleep(backoff.next_s())
                    continue
                lost = False
                backoff.reset()
                await self._wait(AGAIN_S if wait_s is None else wait_s)
        finally:
            self._close()

    async def _wait(self, seconds: float) -> None:
        try:
            async with asyncio.timeout(seconds):
                await self._changed.wait()
        except TimeoutError:
            pass

    def _close(self) -> None:
        try:
            self._light.close()
        except LightLost:
            return
