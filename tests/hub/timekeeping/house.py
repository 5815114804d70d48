"""A house with satellites that ring, and a home that obeys: what Timekeeping needs around it."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from hub.announcing import Announcement, Fate
from hub.origin import Origin
from hub.timekeeping.appointment import Appointment, Kind
from hub.timekeeping.performing import Performed
from hub.timekeeping.repository import StoredAppointments
from hub.timekeeping.timekeeping import Timekeeping
from hub.timekeeping.whereabouts import Listening
from tests.hub.timekeeping.patient_loop import Clock, PatientStore, run_patiently

RING_S = 3.0
"""How long a ring sounds."""
BERLIN = ZoneInfo("Europe/Berlin")
KITCHEN = Listening("kitchen-1", "Kitchen", "ann")
COUNTER = Listening("kitchen-2", "Kitchen")
BEDROOM = Listening("bedroom-1", "Bedroom", "ann")
ATTIC = Listening("attic-1", "Attic")
HERE = Origin("Kitchen", "en", "kitchen-1", "ann")


@dataclass
class Rings:
    """An announcer that writes down what it was told to say; a test decides what comes of it."""

    clock: Clock
    said: list[tuple[float, str, str]] = field(default_factory=list)
    """Seconds since the start, satellite and text."""
    announced: list[Announcement] = field(default_factory=list)
    fate: Fate = Fate.HEARD
    stop_at: int | None = None
    """The ring at which somebody says "stop"."""
    cut: int = 0
    """Rings that were taken back."""

    async def announce(self, announcement: Announcement) -> Mapping[str, Fate]:
        (satellite,) = announcement.satellites
        self.announced.append(announcement)
        self.said.append((round(self.clock.steady(), 1), satellite, announcement.text))
        try:
            await asyncio.sleep(RING_S)
        except asyncio.CancelledError:
            self.cut += 1
            raise
        stopped = self.stop_at == len(self.said)
        return {satellite: Fate.STOPPED if stopped else self.fate}


@dataclass
class Hands:
    """Carries out sentences; one with "toggle" may not be repeated, "fail" fails, "hang" hangs."""

    done: list[str] = field(default_factory=list)

    async def perform(self, text: str, origin: Origin) -> Performed:
        self.done.append(text)
        if "hang" in text:
            await asyncio.Event().wait()
        if "raise" in text:
            raise RuntimeError(text)
        return Performed(f"Did {text}.", ok="fail" not in text)

    def repeatable(self, text: str, origin: Origin) -> bool:
        return "toggle" not in text


class House:
    """One hub's timekeeping over a store in a folder."""

    def __init__(self, folder: Path, clock: Clock) -> None:
        self.folder = folder
        self.clock = clock
        self.connected = [KITCHEN, BEDROOM, ATTIC]
        self.rings = Rings(clock)
        self.hands = Hands()
        self.time: Timekeeping
        self.store: PatientStore

    async def live(self, scene: Callable[["House"], Awaitable[None]]) -> None:
        """Start the hub, play a scene and kill the hub."""
        async with PatientStore(f"sqlite:///{self.folder}/hub.db") as self.store:
            self.time = Timekeeping(
                StoredAppointments(self.store),
                self.rings,
                lambda: tuple(self.connected),
                self.hands,
                now=self.clock.now,
                steady=self.clock.steady,
                zone=BERLIN,
            )
            await self.time.load()
            running = asyncio.create_task(self.time.run())
            try:
                await scene(self)
            finally:
                running.cancel()
                with suppress(asyncio.CancelledError):
                    await running

    async def timer(self, seconds: float, name: str = "", place: Origin = HERE) -> Appointment:
        now = self.clock.now()
        due = now + timedelta(seconds=seconds)
        return await self.time.add(
            Appointment(Kind.TIMER, due, now, place, name=name, duration_s=seconds)
        )

    async def command(self, seconds: float, text: str) -> Appointment:
        now = self.clock.now()
        due = now + timedelta(seconds=seconds)
        return await self.time.add(
            Appointment(Kind.COMMAND, due, now, HERE, text=text, duration_s=seconds)
        )

    async def at(self, due: datetime, kind: Kind, **values: object) -> Appointment:
        local = due.astimezone(BERLIN).time()
        return await self.time.add(
            Appointment(kind, due.astimezone(UTC), self.clock.now(), HERE, at=local, **values)  # type: ignore[arg-type]
        )

    @property
    def texts(self) -> list[str]:
        return [text for _, _, text in self.rings.said]

    @property
    def places(self) -> list[str]:
        return [satellite for _, satellite, _ in self.rings.said]


def lives(folder: Path, *scenes: Callable[[House], Awaitable[None]], away_s: float = 0.0) -> House:
    """Play scenes one after the other, the hub killed between them and away for some time."""
    clock = Clock()

    async def play() -> House:
        house = House(folder, clock)
        for number, scene in enumerate(scenes):
            if number:
                clock.set(away_s)
                rings, hands, connected = house.rings, house.hands, house.connected
                house = House(folder, clock)
                house.rings, house.hands, house.connected = rings, hands, connected
            await house.live(scene)
        return house

    return run_patiently(play())
