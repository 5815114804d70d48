"""Shows how loud it is at satellites and how good their Wi-Fi is, while somebody looks."""

import asyncio

from hub.api.access import Role
from hub.api.live import Live
from hub.bus import Bus
from hub.events import LevelTold, SatelliteGone

STALE_S = 2.0
"""A satellite that tells nothing for so long is not looked at any more, or can not tell."""


class LevelFeed:
    """The topic "satellite_levels". How loud a room is, is nothing for a panel on the wall."""

    def __init__(self, live: Live, bus: Bus) -> None:
        self._levels = live.topic("satellite_levels", Role.MEMBER, fleeting=True)
        self._bus = bus
        self._drops: dict[str, asyncio.TimerHandle] = {}

    async def run(self) -> None:
        """Follow satellites until cancelled."""
        try:
            with self._bus.subscribe() as facts:
                async for fact in facts:
                    match fact:
                        case LevelTold():
                            self._show(fact)
                        case SatelliteGone(satellite=satellite):
                            self._drop(satellite)
                        case _:
                            pass
        finally:
            for satellite in list(self._drops):
                self._drop(satellite)

    def _show(self, told: LevelTold) -> None:
        self._cancel(told.satellite)
        loop = asyncio.get_running_loop()
        self._drops[told.satellite] = loop.call_later(STALE_S, self._drop, told.satellite)
        self._levels.put(
            told.satellite,
            {
                "level_dbfs": told.level_dbfs,
                "noise_dbfs": told.noise_dbfs,
                "signal_dbm": told.signal_dbm,
                "signal": told.signal,
            },
        )

    def _drop(self, satellite: str) -> None:
        self._cancel(satellite)
        self._levels.drop(satellite)

    def _cancel(self, satellite: str) -> None:
        timer = self._drops.pop(satellite, None)
        if timer is not None:
            timer.cancel()
