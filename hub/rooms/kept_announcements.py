"""Announcements that outlive the hub: kept before they are acknowledged, until they were said.

What was said at a satellite is noted there and then. After a crash only what was not noted is said
again: at most the one that was being said when the hub ended.
"""

import asyncio
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import orjson
import structlog
from sqlalchemy import delete, select

from hub.announcing import Announcement, Fate, Priority
from hub.rooms.announcements import Announcements
from hub.store.announcements import AnnouncementRow
from hub.store.database import Store
from hub.store.errors import StoreError

log = structlog.get_logger(__name__)

MAX_KEPT = 256
"""Announcements that wait at once, over all satellites."""
WITHDRAW_S = 2.0
REMEMBERED = timedelta(days=1)
"""How long the ids of old ones are known: what comes twice is said once."""

Over = Callable[[str, Mapping[str, Fate]], None]
"""Told the id of an announcement that is over, and what became of it, by satellite."""


_Kept = tuple[str, Announcement, dict[str, Fate]]
"""An id, what is to be said, and where it was said already."""


class TooMany(Exception):
    """So much waits to be said that no more is taken."""


class KeptAnnouncements:
    """Takes announcements and sees to it that they are said. `run` says them."""

    def __init__(
        self,
        announcements: Announcements,
        store: Store,
        *,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        over: Over = lambda _id, _fates: None,
    ) -> None:
        self._announcements = announcements
        self._store = store
        self._now = now
        self._followers: list[Over] = [over]
        self._saying: dict[str, asyncio.Task[None]] = {}
        self._confirmed: dict[str, asyncio.Event] = {}
        self._repeated: set[str] = set()  # those that are said several times
        self._waiting: set[str] = set()
        self._accepted: asyncio.Queue[_Kept] = asyncio.Queue()
        self._accepting: set[str] = set()
        self._left_alone: dict[str, _Kept] = {}  # left from before, while it was accepted again

    def follow(self, follower: Over) -> None:
        """Have `follower` told of each announcement that is over."""
        self._followers.append(follower)

    async def accept(self, announcement: Announcement, key: str) -> bool:
        """Keep an announcement, to be said in its time; return whether it is a new one.

        `key` is its id; one whose id is known already is not said again. When this returns, the
        announcement outlives a crash. Raises StoreError and TooMany.
        """
        if len(self._waiting) >= MAX_KEPT:
            raise TooMany(f"{MAX_KEPT} announcements wait already.")
        if key in self._waiting:
            return False
        self._waiting.add(key)
        self._accepting.add(key)  # from now on: `run` may be looking at what was left
        kept: _Kept | None = None
        try:
            new = await self._keep(announcement, key)
            kept = (key, announcement, {}) if new else None
        finally:
            self._accepting.discard(key)
            kept = kept or self._left_alone.pop(key, None)
            if kept is None:
                self._waiting.discard(key)
            else:
                self._accepted.put_nowait(kept)
            self._left_alone.pop(key, None)
        return new

    async def _keep(self, announcement: Announcement, key: str) -> bool:
        now = self._now()
        async with self._store.session() as session:
            if await session.get(AnnouncementRow, key) is not None:
                return False
            forgotten = AnnouncementRow.over.is_(True) & (AnnouncementRow.kept < now - REMEMBERED)
            await session.execute(delete(AnnouncementRow).where(forgotten))
            session.add(
                AnnouncementRow(
                    id=key,
                    kept=now,
                    until=now + timedelta(seconds=announcement.within_s),
                    over=False,
                    announcement=orjson.dumps(_fields(announcement)).decode(),
                    fates="{}",
                )
            )
        return True

    async def run(self) -> None:
        """Say what was left from before, and what is accepted, until cancelled."""
        for row in await self._left():
            try:
                left_s = (row.until - self._now()).total_seconds()
                announcement = _announcement(orjson.loads(row.announcement), left_s)
                fates = {name: Fate(fate) for name, fate in orjson.loads(row.fates).items()}
            except (ValueError, LookupError, TypeError, AttributeError) as error:
                # Of another version, or damaged: it is not looked at again.
                log.error("an announcement can not be read", announcement=row.id, error=str(error))
                await self._drop(row.id)
                continue
            if row.id in self._accepting:  # again, or for the first time: `accept` knows
                self._left_alone[row.id] = (row.id, announcement, fates)
            elif row.id not in self._waiting:
                self._waiting.add(row.id)
                self._accepted.put_nowait((row.id, announcement, fates))
        async with asyncio.TaskGroup() as tasks:
            while True:
                kept = await self._accepted.get()
                self._confirmed[kept[0]] = asyncio.Event()
                if kept[1].times > 1:
                    self._repeated.add(kept[0])
                self._saying[kept[0]] = tasks.create_task(self._say(*kept))

    def confirm(self, key: str | None = None) -> int:
        """Say an announcement no more, or none that is said several times: somebody knows now.

        Return how many there were.
        """
        meant = self._repeated if key is None else {key} & self._confirmed.keys()
        for one in meant:
            self._confirmed[one].set()
        return len(meant)

    async def withdraw(self, key: str) -> bool:
        """Take an announcement back, or fall silent; return False where it is over.

        Raises StoreError: then it may be said after a restart.
        """
        saying = self._saying.get(key)
        if saying is None:
            return False
        saying.cancel()
        await asyncio.wait([saying], timeout=WITHDRAW_S)
        async with self._store.session() as session:
            row = await session.get(AnnouncementRow, key)
            if row is not None:
                row.over = True
        fates = {} if row is None else orjson.loads(row.fates)
        self._tell_over(key, {name: Fate(fate) for name, fate in fates.items()})
        return True

    async def _left(self) -> list[AnnouncementRow]:
        try:
            async with self._store.session() as session:
                waiting = select(AnnouncementRow).where(AnnouncementRow.over.is_(False))
                return list(await session.scalars(waiting.order_by(AnnouncementRow.kept)))
        except StoreError as error:
            log.error("announcements from before are not said", error=str(error))
            return []

    async def _drop(self, key: str) -> None:
        try:
            async with self._store.session() as session:
                await session.execute(delete(AnnouncementRow).where(AnnouncementRow.id == key))
        except StoreError as error:
            log.error("an announcement can not be dropped", announcement=key, error=str(error))

    async def _say(self, key: str, announcement: Announcement, fates: dict[str, Fate]) -> None:
        async def note(satellite: str, fate: Fate) -> None:
            fates[satellite] = fate
            await self._note(key, fates, over=False)

        try:
            if announcement.within_s > 0:
                await self._announcements.announce(
                    announcement, note=note, but=tuple(fates), confirmed=self._confirmed[key]
                )
            await self._note(key, fates, over=True)
            self._tell_over(key, fates)
        except Exception:  # one announcement must not cost the others, nor the hub
            log.exception("an announcement failed", announcement=key)
        finally:
            self._waiting.discard(key)
            self._saying.pop(key, None)
            self._confirmed.pop(key, None)
            self._repeated.discard(key)

    def _tell_over(self, key: str, fates: Mapping[str, Fate]) -> None:
        for follower in self._followers:
            follower(key, fates)

    async def _note(self, key: str, fates: Mapping[str, Fate], *, over: bool) -> None:
        try:
            async with self._store.session() as session:
                row = await session.get(AnnouncementRow, key)
                if row is not None:
                    row.fates, row.over = orjson.dumps(fates).decode(), over
        except StoreError as error:
            log.error("an announcement may come again", announcement=key, error=str(error))


def _fields(announcement: Announcement) -> dict[str, Any]:
    return {
        "text": announcement.text,
        "satellites": announcement.satellites,
        "rooms": announcement.rooms,
        "priority": int(announcement.priority),
        "chime": announcement.chime,
        "language": announcement.language,
        "volume": announcement.volume,
        "times": announcement.times,
        "pause_s": announcement.pause_s,
    }


def _announcement(fields: dict[str, Any], within_s: float) -> Announcement:
    return Announcement(
        fields["text"],
        tuple(fields["satellites"]),
        tuple(fields["rooms"]),
        Priority(fields["priority"]),
        fields["chime"],
        fields["language"],
        within_s,
        **{name: fields[name] for name in ("volume", "times", "pause_s") if name in fields},
    )
