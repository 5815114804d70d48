"""Tells satellites which timers are set where they stand, so that these ring without the hub."""

import asyncio
import math
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from weakref import WeakKeyDictionary

import structlog

from hub.bus import Bus
from hub.events import SatelliteConnected, TimerHeard
from hub.rooms.directory import Connected, Directory
from hub.store.errors import StoreError
from hub.timekeeping.appointment import Appointment, Kind, State
from hub.timekeeping.timekeeping import Timekeeping
from hub.timekeeping.whereabouts import Listening, nearest
from protocol.errors import WireError
from protocol.schema import Message
from protocol.wyoming_control import (
    TimerCancelled,
    TimerFinished,
    TimerStarted,
    TimerUpdated,
)

log = structlog.get_logger(__name__)

MOST_AT_ONE = 64
"""A satellite takes no more."""
_RINGING = (Kind.TIMER, Kind.ALARM)


@dataclass(frozen=True, slots=True)
class _View:
    """What a satellite is told of an appointment."""

    name: str
    due: datetime
    active: bool
    finished: bool
    left_s: int


class TimerBoard:
    """Keeps every satellite told, and hears which timers were stopped there."""

    def __init__(self, timekeeping: Timekeeping, directory: Directory) -> None:
        self._time = timekeeping
        self._directory = directory
        self._changed = asyncio.Event()
        self._told: WeakKeyDictionary[Connected, dict[str, _View]] = WeakKeyDictionary()

    async def run(self, bus: Bus) -> None:
        """Follow timers and satellites until cancelled."""
        self._time.follow(self._changed.set)
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._follow(bus))
            while True:
                await self._changed.wait()
                self._changed.clear()
                await self._tell_all()

    async def _follow(self, bus: Bus) -> None:
        with bus.subscribe() as facts:
            async for fact in facts:
                match fact:
                    case SatelliteConnected():
                        self._changed.set()
                    case TimerHeard(satellite=satellite, timer=timer):
                        await self._heard(satellite, timer)
                    case _:
                        pass

    async def _heard(self, satellite: str, timer: str) -> None:
        """Somebody stopped a timer at a satellite: it need not ring any more, nor come late."""
        session = self._directory.get(satellite)
        if session is None or timer not in self._here(satellite):
            return
        self._told.setdefault(session, {}).pop(timer, None)
        try:
            await self._time.heard(timer)
        except StoreError as error:
            log.error("a timer that was stopped may ring again", error=str(error))

    async def _tell_all(self) -> None:
        for session in self._directory:
            before = self._told.setdefault(session, {})
            now = self._here(session.satellite)
            messages = [message for one in now for message in _news(one, now[one], before.get(one))]
            messages += [TimerCancelled(one) for one in before.keys() - now.keys()]
            self._told[session] = now
            with suppress(WireError):  # it is told all of it anew when it is back
                await session.tell(*messages)

    def _here(self, satellite: str) -> dict[str, _View]:
        """Return the timers and alarms that ring at a satellite, those that come first."""
        connected = [Listening(one.satellite, one.area, one.person) for one in self._directory]
        here = [
            one for one in self._time.all(*_RINGING) if nearest(one.place, connected) == satellite
        ]
        return {one.id: _view(one, self._time.now) for one in here[:MOST_AT_ONE]}


def _view(one: Appointment, now: datetime) -> _View:
    return _View(
        one.name,
        one.due,
        active=one.state is not State.PAUSED,
        finished=one.state is State.RINGING,
        left_s=math.ceil(one.left_s(now)),
    )


def _news(key: str, now: _View, before: _View | None) -> list[Message]:
    """Return what a satellite has to be told of a timer."""
    news: list[Message] = []
    if before is None:
        news.append(TimerStarted(key, now.left_s, name=now.name or None))
    if (before is None and not now.active) or (
        before is not None and (before.due, before.active) != (now.due, now.active)
    ):
        news.append(TimerUpdated(key, is_active=now.active, total_seconds=now.left_s))
    if now.finished and (before is None or not before.finished):
        news.append(TimerFinished(key))
    return news
