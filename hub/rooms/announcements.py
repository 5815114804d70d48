"""Announcements: who says what where, in which order, and never over a conversation.

At each satellite one thing is said at a time: what is more important first, then what is older. It
waits until nobody talks with the hub there; what is urgent does not wait, and what it interrupts is
said again after it.
"""

import asyncio
import bisect
import itertools
from collections.abc import Awaitable, Callable, Collection, Coroutine, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from hub.announcing import Announcement, Fate, Priority
from hub.rooms.directory import Connected, Directory, is_in
from hub.rooms.saying import Saying

MAX_WAITING = 32
"""Announcements that wait at one satellite; more than that nobody wants to hear."""
LOST_S = 0.2
"""A satellite that was lost is tried again after this."""
GATHER_S = 2.0
"""Where nobody was connected: after the first satellite came, the others have this long."""

Note = Callable[[str, Fate], Awaitable[None]]
"""Told a satellite, and what became of an announcement there."""


@dataclass(order=True, slots=True)
class _Place:
    """A place in the queue of a satellite."""

    rank: tuple[int, int]
    """Less important is more; then the number, which rises."""
    first: asyncio.Event = field(default_factory=asyncio.Event, compare=False)
    speaking: bool = field(default=False, compare=False)


class _Queue:
    """What waits at one satellite; the first one may speak."""

    def __init__(self) -> None:
        self._places: list[_Place] = []
        self._numbers = itertools.count()

    def __len__(self) -> int:
        return len(self._places)

    def enter(self, priority: Priority) -> _Place:
        """Take a place. One that speaks already stays first, unless the new one is urgent."""
        place = _Place((-priority, next(self._numbers)))
        speaking = self._places[:1] if priority is not Priority.URGENT else []
        least = 1 if any(one.speaking for one in speaking) else 0
        self._places.insert(max(bisect.bisect(self._places, place), least), place)
        self._call_first()
        return place

    def leave(self, place: _Place) -> None:
        """Give a place up."""
        self._places.remove(place)
        self._call_first()

    def _call_first(self) -> None:
        for number, place in enumerate(self._places):
            (place.first.clear if number else place.first.set)()


class Announcements:
    """Says announcements at the satellites of one hub. For one event loop."""

    def __init__(self, directory: Directory, clock: Callable[[], float]) -> None:
        self._directory = directory
        self._clock = clock
        self._queues: dict[str, _Queue] = {}

    async def announce(
        self,
        announcement: Announcement,
        *,
        note: Note | None = None,
        but: Collection[str] = (),
        confirmed: asyncio.Event | None = None,
    ) -> Mapping[str, Fate]:
        """Say it when its turn has come; return what became of it, by satellite.

        Empty where there is no satellite in time. Cancelling it takes back what was not said yet,
        and falls silent. `note` is told of each satellite at once; those in `but` have heard it.
        What is said several times ends everywhere when it is stopped somewhere, or `confirmed`.
        """
        deadline = self._clock() + announcement.within_s
        fates: dict[str, Fate] = {}
        known = asyncio.Event() if confirmed is None else confirmed

        async def announce_at(satellite: str) -> None:
            saying = self._say_often(satellite, announcement, deadline, known)
            fates[satellite] = await _unless(known, saying, Fate.CONFIRMED)
            if note is not None:
                await note(satellite, fates[satellite])

        async with asyncio.TaskGroup() as tasks:
            for satellite in await self._targets(announcement, deadline, but):
                tasks.create_task(announce_at(satellite))
        return fates

    async def ask(self, satellite: str, question: Announcement) -> tuple[Fate, str | None]:
        """Ask something at a satellite; return what became of it, and the answer if one came."""
        deadline = self._clock() + question.within_s
        return await self._say_at(satellite, question, deadline, asks=True)

    async def _targets(
        self, announcement: Announcement, deadline: float, but: Collection[str]
    ) -> Collection[str]:
        """Return the satellites that are meant. Those that are named need not be connected yet."""
        named = {name: None for name in announcement.satellites if name not in but}
        if announcement.satellites and not announcement.rooms:
            return named
        rooms = {room.casefold() for room in announcement.rooms}

        def meant() -> dict[str, None]:
            return {
                session.satellite: None
                for session in self._directory
                if session.satellite not in but and (not rooms or is_in(session, rooms))
            }

        if not meant() and not named and not but:
            with suppress(TimeoutError):
                async with asyncio.timeout(deadline - self._clock()):
                    while not meant():
                        await self._directory.wait_entered()
            await asyncio.sleep(max(0.0, min(GATHER_S, deadline - self._clock())))
        return named | meant()

    async def _say_often(
        self, satellite: str, announcement: Announcement, deadline: float, known: asyncio.Event
    ) -> Fate:
        """Say it as often as it is to be said, while nobody has stopped it; set `known` then."""
        fate, _ = await self._say_at(satellite, announcement, deadline)
        for _again in range(announcement.times - 1):
            left_s = deadline - self._clock()
            if fate is not Fate.HEARD or left_s <= announcement.pause_s:
                break
            await asyncio.sleep(announcement.pause_s)
            again, _ = await self._say_at(satellite, announcement, deadline)
            fate = Fate.STOPPED if again is Fate.STOPPED else fate  # it was heard before
        if fate is Fate.STOPPED and announcement.times > 1:
            known.set()
        return fate

    async def _say_at(
        self, satellite: str, announcement: Announcement, deadline: float, *, asks: bool = False
    ) -> tuple[Fate, str | None]:
        """Say it at one satellite, again where it was lost or something else came first."""
        queue = self._queues.setdefault(satellite, _Queue())
        if len(queue) >= MAX_WAITING:
            return Fate.EXPIRED, None
        place = queue.enter(announcement.priority)
        try:
            while (left_s := deadline - self._clock()) > 0:
                try:
                    async with asyncio.timeout(left_s):
                        session = await self._turn_of(place, satellite, announcement.priority)
                except TimeoutError:
                    break
                saying = _saying(announcement, asks=asks)
                place.speaking = True
                fate = await session.say(saying)
                place.speaking = False
                if fate is not None and fate is not Fate.UNREACHABLE:
                    return fate, saying.answer
                # One that is lost is still in the directory for a moment.
                await asyncio.sleep(0 if fate is None else LOST_S)
            here = self._directory.get(satellite) is not None
            return (Fate.EXPIRED if here else Fate.UNREACHABLE), None
        finally:
            queue.leave(place)
            if not queue:
                self._queues.pop(satellite, None)

    async def _turn_of(self, place: _Place, satellite: str, priority: Priority) -> Connected:
        """Wait until it is the first that waits, and its satellite has nothing else to do."""
        while True:
            await place.first.wait()
            session = self._directory.get(satellite)
            if session is None:
                await self._directory.wait_entered()
                continue
            if priority is not Priority.URGENT:
                await session.rest()
            if place.first.is_set() and self._directory.get(satellite) is session:
                return session


async def _unless(known: asyncio.Event, work: Coroutine[Any, Any, Fate], otherwise: Fate) -> Fate:
    """Return what comes of `work`, or `otherwise` where the event comes first and ends it."""
    working, waiting = asyncio.ensure_future(work), asyncio.ensure_future(known.wait())
    try:
        await asyncio.wait({working, waiting}, return_when=asyncio.FIRST_COMPLETED)
        return working.result() if working.done() else otherwise
    finally:
        for task in (working, waiting):
            task.cancel()
        await asyncio.gather(working, waiting, return_exceptions=True)


def _saying(announcement: Announcement, *, asks: bool = False) -> Saying:
    return Saying(
        announcement.text,
        announcement.chime,
        announcement.language,
        asks=asks,
        urgent=announcement.priority is Priority.URGENT,
        volume=announcement.volume,
    )
