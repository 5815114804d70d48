"""Ringing: an appointment is announced where it was set, or as near as possible, until heard."""

import asyncio
from collections.abc import Callable, Iterable
from contextlib import suppress
from datetime import datetime, tzinfo
from enum import Enum

import structlog

from hub.announcing import Announcement, Announcer, Fate, Priority
from hub.timekeeping.appointment import Appointment, Kind
from hub.timekeeping.sayings import Sayings
from hub.timekeeping.whereabouts import Listening, nearest

log = structlog.get_logger(__name__)

ALARM_S = 15 * 60.0
TIMER_S = 5 * 60.0
"""What nobody stops ends after this long."""
SAID_S = 15 * 60.0
"""What is said once is tried for this long: somebody may be talking there."""
INSISTENT_S = 30 * 60.0
"""What is later than this is said once, and does not ring: the moment has gone."""
GAP_S = 2.0
"""Between two rings."""
WITHIN_S = 120.0
"""A ring that can not begin within this time is tried anew, perhaps elsewhere."""
RETRY_S = 5.0
SPEECH_S = 90.0
"""The longest ring."""
REST_S = 60.0
"""Where no satellite is connected, this often it is looked whether one is."""


class Outcome(Enum):
    """How ringing ended."""

    HEARD = "heard"
    IN_VAIN = "in vain"


class Ringer:
    """Rings whatever is due, each at one satellite at a time."""

    def __init__(
        self,
        announcer: Announcer,
        connected: Callable[[], Iterable[Listening]],
        now: Callable[[], datetime],
        steady: Callable[[], float],
        zone: tzinfo | None,
    ) -> None:
        self._announcer = announcer
        self._connected = connected
        self._now = now
        self._steady = steady
        self._zone = zone
        self._at: dict[str, str | None] = {}
        self._arrived = asyncio.Event()

    def at(self, satellite: str | None) -> set[str]:
        """Return the ids of what rings at a satellite, or anywhere."""
        return {key for key, at in self._at.items() if satellite is None or at == satellite}

    def satellite_arrived(self) -> None:
        """Let those that wait for a satellite look again."""
        arrived, self._arrived = self._arrived, asyncio.Event()
        arrived.set()

    async def ring(self, one: Appointment) -> Outcome:
        """Ring until it is stopped, or heard where that is enough; or until it is in vain."""
        late_s = one.late_s(self._now())
        insistent = one.kind in {Kind.TIMER, Kind.ALARM} and late_s <= INSISTENT_S
        limit_s = SAID_S
        if insistent:
            limit_s = ALARM_S if one.kind is Kind.ALARM else TIMER_S
        first: float | None = None
        self._at[one.id] = None
        try:
            while first is None or self._steady() - first < limit_s:
                satellite = nearest(one.place, self._connected())
                self._at[one.id] = satellite
                if satellite is None:
                    await self._somebody(REST_S)
                    continue
                began = self._steady()
                fate = await self._announce(one, satellite, insistent=insistent)
                if fate is Fate.STOPPED or (fate is Fate.HEARD and not insistent):
                    return Outcome.HEARD
                if fate is Fate.UNREACHABLE:
                    await self._somebody(RETRY_S)
                    continue
                first = began if first is None else first
                await asyncio.sleep(GAP_S)
            return Outcome.IN_VAIN
        finally:
            self._at.pop(one.id, None)

    async def _announce(self, one: Appointment, satellite: str, *, insistent: bool) -> Fate:
        text = Sayings(one.place.language).due(one, self._now(), self._zone)
        announcement = Announcement(
            text,
            satellites=(satellite,),
            priority=Priority.HIGH,
            chime="alarm" if insistent else "chime",
            language=one.place.language,
            within_s=WITHIN_S,
        )
        try:
            async with asyncio.timeout(WITHIN_S + SPEECH_S):
                fates = await self._announcer.announce(announcement)
        except TimeoutError:
            log.error("a ring did not end", satellite=satellite, kind=one.kind)
            return Fate.UNREACHABLE
        return fates.get(satellite, Fate.UNREACHABLE)

    async def _somebody(self, limit_s: float) -> None:
        """Wait for a satellite to connect, but not for ever."""
        with suppress(TimeoutError):
            async with asyncio.timeout(limit_s):
                await self._arrived.wait()
