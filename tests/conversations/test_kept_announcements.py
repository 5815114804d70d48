"""Announcements that outlive the hub, over a real database."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import orjson
import pytest
from sqlalchemy import select

from hub.announcing import Announcement, Fate
from hub.rooms import kept_announcements
from hub.rooms.announcements import Announcements
from hub.rooms.directory import Directory
from hub.rooms.kept_announcements import KeptAnnouncements, TooMany
from hub.rooms.opening import Begin
from hub.rooms.saying import Saying
from hub.store import database
from hub.store.announcements import AnnouncementRow
from hub.store.database import Store
from protocol.live_setting import LiveSetting
from protocol.schema import Message

LIMIT_S = 60.0
DINNER = Announcement("dinner is ready")


@pytest.fixture(autouse=True)
def patient_store(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a write take as long as it takes, on a disk that others keep busy."""
    for limit in ("WAIT_S", "BUSY_S", "CLOSE_S"):
        monkeypatch.setattr(database, limit, 60.0)


class Room:
    """A session that says what it is told to, when it is let."""

    status = None
    at_rest = True
    person = None
    hears_wake_words = True

    def __init__(self, satellite: str, *, busy: bool = False) -> None:
        self.satellite = self.name = satellite
        self.area: str | None = satellite.partition("-")[0]
        self.said: list[str] = []
        self.free = asyncio.Event()
        if not busy:
            self.free.set()

    def begin(self, begin: Begin) -> None:
        raise AssertionError(begin)

    async def rest(self) -> None:
        await self.free.wait()

    async def say(self, saying: Saying) -> Fate | None:
        self.said.append(saying.text)
        return Fate.HEARD

    def stop(self) -> None:
        raise AssertionError

    settings: Sequence[LiveSetting] = ()

    async def set(self, values: Mapping[str, Any]) -> Mapping[str, Any]:
        raise AssertionError(values)

    async def identify(self, seconds: float) -> bool:
        raise AssertionError(seconds)

    async def tell(self, *messages: Message) -> None:
        raise AssertionError(messages)

    async def replace(self) -> None:
        raise AssertionError


class Hub:
    """One life of a hub: what it keeps is in `folder`."""

    def __init__(self, folder: Path, *rooms: Room, after: timedelta = timedelta()) -> None:
        self.folder = folder
        self.rooms = rooms
        self.over: dict[str, dict[str, Fate]] = {}
        self._after = after
        self._news = asyncio.Event()

    def _told(self, key: str, fates: object) -> None:
        assert isinstance(fates, dict)
        self.over[key] = dict(fates)
        self._news.set()

    async def live(self, life: Callable[["Hub"], Awaitable[None]]) -> None:
        """Run until `life` returns, then end as a crash does: nothing is taken leave of."""
        directory = Directory()
        for room in self.rooms:
            await directory.enter(room)
        announcements = Announcements(directory, asyncio.get_running_loop().time)
        async with Store(f"sqlite:///{self.folder}/hub.db") as self.store:
            self.kept = KeptAnnouncements(
                announcements,
                self.store,
                now=lambda: datetime.now(UTC) + self._after,
                over=self._told,
            )
            running = asyncio.create_task(self.kept.run())
            try:
                async with asyncio.timeout(LIMIT_S):
                    await life(self)
            finally:
                running.cancel()
                await asyncio.wait([running])

    async def until_over(self, count: int = 1) -> None:
        while len(self.over) < count:
            self._news.clear()
            await self._news.wait()

    async def rows(self) -> list[AnnouncementRow]:
        async with self.store.session() as session:
            return list(await session.scalars(select(AnnouncementRow)))


async def test_what_was_accepted_is_said_after_a_restart(tmp_path: Path) -> None:
    async def first(hub: Hub) -> None:
        assert await hub.kept.accept(DINNER, "a1")

    async def second(hub: Hub) -> None:
        await hub.until_over()

    await Hub(tmp_path, Room("kitchen-1", busy=True)).live(first)
    kitchen = Room("kitchen-1")
    hub = Hub(tmp_path, kitchen)
    await hub.live(second)
    assert kitchen.said == ["dinner is ready"]
    assert hub.over == {"a1": {"kitchen-1": Fate.HEARD}}


async def test_where_it_was_said_already_it_is_not_said_again(tmp_path: Path) -> None:
    kitchen, hall = Room("kitchen-1"), Room("hall-1", busy=True)

    async def first(hub: Hub) -> None:
        await hub.kept.accept(DINNER, "a1")
        while "kitchen-1" not in (await hub.rows())[0].fates:
            await asyncio.sleep(0.01)

    async def second(hub: Hub) -> None:
        await hub.until_over()

    await Hub(tmp_path, kitchen, hall).live(first)
    kitchen, hall = Room("kitchen-1"), Room("hall-1")
    await Hub(tmp_path, kitchen, hall).live(second)
    assert (kitchen.said, hall.said) == ([], ["dinner is ready"])


async def test_what_is_accepted_again_while_what_was_left_is_read_is_said_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def first(hub: Hub) -> None:
        await hub.kept.accept(DINNER, "a1")

    async def second(hub: Hub) -> None:
        left, keep, read = hub.kept._left, hub.kept._keep, asyncio.Event()

        async def read_left() -> list[AnnouncementRow]:
            rows = await left()
            read.set()
            return rows

        async def keep_later(announcement: Announcement, key: str) -> bool:
            await read.wait()
            return await keep(announcement, key)

        monkeypatch.setattr(hub.kept, "_left", read_left)
        monkeypatch.setattr(hub.kept, "_keep", keep_later)
        assert not await hub.kept.accept(DINNER, "a1")
        await hub.until_over()
        assert not await hub.kept.accept(DINNER, "a1")
        await hub.kept.accept(Announcement("tea"), "a2")
        await hub.until_over(2)

    await Hub(tmp_path, Room("kitchen-1", busy=True)).live(first)
    kitchen = Room("kitchen-1")
    await Hub(tmp_path, kitchen).live(second)
    assert kitchen.said == ["dinner is ready", "tea"]


async def test_what_comes_twice_is_said_once_also_after_a_restart(tmp_path: Path) -> None:
    kitchen = Room("kitchen-1")

    async def first(hub: Hub) -> None:
        assert await hub.kept.accept(DINNER, "a1")
        assert not await hub.kept.accept(DINNER, "a1")
        await hub.until_over()

    async def second(hub: Hub) -> None:
        assert not await hub.kept.accept(DINNER, "a1")
        assert await hub.kept.accept(DINNER, "a2")
        await hub.until_over()

    await Hub(tmp_path, kitchen).live(first)
    await Hub(tmp_path, kitchen).live(second)
    assert kitchen.said == ["dinner is ready"] * 2


async def test_what_is_too_late_after_a_restart_is_not_said(tmp_path: Path) -> None:
    async def first(hub: Hub) -> None:
        await hub.kept.accept(DINNER, "a1")

    async def second(hub: Hub) -> None:
        await hub.until_over()
        assert [row.over for row in await hub.rows()] == [True]

    await Hub(tmp_path, Room("kitchen-1", busy=True)).live(first)
    kitchen = Room("kitchen-1")
    await Hub(tmp_path, kitchen, after=timedelta(hours=1)).live(second)
    assert kitchen.said == []


async def test_old_ones_are_forgotten(tmp_path: Path) -> None:
    async def first(hub: Hub) -> None:
        await hub.kept.accept(DINNER, "a1")
        await hub.until_over()

    async def second(hub: Hub) -> None:
        await hub.kept.accept(DINNER, "a2")
        await hub.until_over()
        assert [row.id for row in await hub.rows()] == ["a2"]

    await Hub(tmp_path, Room("kitchen-1")).live(first)
    await Hub(tmp_path, Room("kitchen-1"), after=timedelta(days=2)).live(second)


async def test_more_than_can_be_said_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kept_announcements, "MAX_KEPT", 3)

    async def life(hub: Hub) -> None:
        for number in range(3):
            await hub.kept.accept(DINNER, f"a{number}")
        with pytest.raises(TooMany):
            await hub.kept.accept(DINNER, "a3")

    await Hub(tmp_path, Room("kitchen-1", busy=True)).live(life)


async def test_one_that_can_not_be_read_keeps_no_other_from_being_said(tmp_path: Path) -> None:
    async def first(hub: Hub) -> None:
        await hub.kept.accept(DINNER, "a1")
        await hub.kept.accept(DINNER, "a2")
        async with hub.store.session() as session:
            damaged = await session.get(AnnouncementRow, "a1")
            assert damaged is not None
            damaged.announcement = '{"priority": 99}'
            session.add(lost(damaged))

    async def second(hub: Hub) -> None:
        await hub.until_over()
        async with hub.store.session() as session:
            left.extend(await session.scalars(select(AnnouncementRow.id)))

    left: list[str] = []

    await Hub(tmp_path, Room("kitchen-1", busy=True)).live(first)
    hub = Hub(tmp_path, Room("kitchen-1"))
    await hub.live(second)
    assert list(hub.over) == ["a2"]
    assert left == ["a2"]  # those that nobody can read are not looked at again


def lost(other: AnnouncementRow) -> AnnouncementRow:
    """Return a row whose fates are no object."""
    return AnnouncementRow(
        id="a3", kept=other.kept, until=other.until, over=False,
        announcement='{"text": "x", "satellites": [], "rooms": [], "priority": 1, "chime": null, '
        '"language": null}', fates="[]",
    )  # fmt: skip


async def test_one_that_fails_keeps_no_other_from_being_said(tmp_path: Path) -> None:
    class Broken(Room):
        async def say(self, saying: Saying) -> Fate | None:
            if saying.text == "broken":
                raise RuntimeError("nobody thought of this")
            return await super().say(saying)

    async def life(hub: Hub) -> None:
        await hub.kept.accept(Announcement("broken"), "a1")
        await hub.kept.accept(DINNER, "a2")
        await hub.until_over()

    hub = Hub(tmp_path, Broken("kitchen-1"))
    await hub.live(life)
    assert list(hub.over) == ["a2"]


async def test_volume_and_repeating_outlive_a_restart_and_what_is_confirmed_is_over(
    tmp_path: Path,
) -> None:
    often = Announcement("the door is open", volume=0.8, times=3, pause_s=600, within_s=3000)
    said: list[Saying] = []

    class Listening(Room):
        async def say(self, saying: Saying) -> Fate | None:
            said.append(saying)
            return await super().say(saying)

    async def first(hub: Hub) -> None:
        await hub.kept.accept(often, "a1")

    async def second(hub: Hub) -> None:
        while not said:
            await asyncio.sleep(0.01)
        assert hub.kept.confirm("other") == 0
        assert hub.kept.confirm() == 1, "all that are said several times"
        await hub.until_over()
        assert hub.kept.confirm("a1") == 0

    await Hub(tmp_path, Room("kitchen-1", busy=True)).live(first)
    hub = Hub(tmp_path, Listening("kitchen-1"))
    await hub.live(second)
    assert [one.volume for one in said] == [0.8]
    assert hub.over == {"a1": {"kitchen-1": Fate.CONFIRMED}}


async def test_what_an_older_hub_has_kept_is_said_once_and_as_loud_as_it_is(tmp_path: Path) -> None:
    async def first(hub: Hub) -> None:
        await hub.kept.accept(DINNER, "a1")
        async with hub.store.session() as session:
            row = await session.get(AnnouncementRow, "a1")
            assert row is not None
            fields = orjson.loads(row.announcement)
            for name in ("volume", "times", "pause_s"):
                del fields[name]
            row.announcement = orjson.dumps(fields).decode()

    async def second(hub: Hub) -> None:
        await hub.until_over()

    await Hub(tmp_path, Room("kitchen-1", busy=True)).live(first)
    kitchen = Room("kitchen-1")
    await Hub(tmp_path, kitchen).live(second)
    assert kitchen.said == ["dinner is ready"]
