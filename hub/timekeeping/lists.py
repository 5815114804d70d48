"""Shopping and to-do lists, kept in the store."""

import re
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import delete, select, update

from hub.store.database import Store
from hub.store.list_items import ListItemRow

SHOPPING = "shopping"
"""The id of the shopping list."""
MAX_ITEMS = 500
MAX_ITEM_CHARS = 200
DONE_KEPT = timedelta(days=30)
"""What was checked off this long ago is forgotten."""


class ListFull(Exception):
    """There are too many items on a list."""


@dataclass(frozen=True, slots=True)
class Item:
    """Something on a list."""

    id: str
    text: str
    done: bool


class Lists:
    """All lists, by their ids. All methods raise StoreError."""

    def __init__(
        self, store: Store, *, now: Callable[[], datetime] = lambda: datetime.now(UTC)
    ) -> None:
        self._store = store
        self._now = now
        self._followers: list[Callable[[str], None]] = []

    def follow(self, follower: Callable[[str], None]) -> None:
        """Have `follower` called with the id of a list whenever something on it changes."""
        self._followers.append(follower)

    async def items(self, name: str, *, done: bool = False) -> Sequence[Item]:
        """Return what is on a list, the oldest first; with `done` what was checked off, too."""
        wanted = select(ListItemRow).where(ListItemRow.list == name).order_by(ListItemRow.added)
        if not done:
            wanted = wanted.where(ListItemRow.done.is_(False))
        async with self._store.session() as session:
            return [Item(row.id, row.item, row.done) for row in await session.scalars(wanted)]

    async def add(self, name: str, text: str) -> Item:
        """Put something on a list; what is there already is there once. Raises ListFull."""
        text = _plain(text)
        async with self._store.session() as session:
            await session.execute(
                delete(ListItemRow).where(
                    ListItemRow.list == name,
                    ListItemRow.done.is_(True),
                    ListItemRow.added < self._now() - DONE_KEPT,
                )
            )
            rows = list(await session.scalars(select(ListItemRow).where(ListItemRow.list == name)))
            for row in rows:
                if _key(row.item) == _key(text) and not row.done:
                    return Item(row.id, row.item, done=False)
            if len(rows) >= MAX_ITEMS:
                raise ListFull
            item = Item(uuid.uuid4().hex, text, done=False)
            session.add(
                ListItemRow(id=item.id, list=name, item=text, done=False, added=self._now())
            )
        self._tell_followers(name)
        return item

    async def complete(self, name: str, text: str) -> str | None:
        """Check something off; return it as it stands there, None if it does not."""
        found = _meant(await self.items(name), text)
        if found is None:
            return None
        async with self._store.session() as session:
            await session.execute(
                update(ListItemRow).where(ListItemRow.id == found.id).values(done=True)
            )
        self._tell_followers(name)
        return found.text

    async def remove(self, name: str, text: str) -> str | None:
        """Take something off a list; return it as it stood there, None if it did not."""
        found = _meant(await self.items(name, done=True), text)
        if found is None:
            return None
        async with self._store.session() as session:
            await session.execute(delete(ListItemRow).where(ListItemRow.id == found.id))
        self._tell_followers(name)
        return found.text

    async def clear(self, name: str, *, done: bool = False) -> None:
        """Take everything off a list; with `done` only what was checked off."""
        meant = delete(ListItemRow).where(ListItemRow.list == name)
        if done:
            meant = meant.where(ListItemRow.done.is_(True))
        async with self._store.session() as session:
            await session.execute(meant)
        self._tell_followers(name)

    async def change(
        self, name: str, item: str, *, text: str | None = None, done: bool | None = None
    ) -> Item | None:
        """Change something by its id; return it as it is now, None if it is not on the list."""
        async with self._store.session() as session:
            row = await session.get(ListItemRow, item)
            if row is None or row.list != name:
                return None
            if text is not None:
                row.item = _plain(text)
            if done is not None:
                row.done = done
            changed = Item(row.id, row.item, row.done)
        self._tell_followers(name)
        return changed

    async def take(self, name: str, item: str) -> Item | None:
        """Take something off a list by its id; return it, None if it is not there."""
        async with self._store.session() as session:
            row = await session.get(ListItemRow, item)
            if row is None or row.list != name:
                return None
            await session.delete(row)
        self._tell_followers(name)
        return Item(row.id, row.item, row.done)

    def _tell_followers(self, name: str) -> None:
        for follower in self._followers:
            follower(name)


def _plain(text: str) -> str:
    return " ".join(text.split())[:MAX_ITEM_CHARS]


def _meant(items: Sequence[Item], text: str) -> Item | None:
    """Return the item that is meant: the same words, or the only one with these words."""
    wanted = _key(text)
    same = [item for item in items if _key(item.text) == wanted]
    if same:
        return min(same, key=lambda item: item.done)
    words = set(wanted.split())
    near = [item for item in items if words and words <= set(_key(item.text).split())]
    return near[0] if len(near) == 1 else None


def _key(text: str) -> str:
    """Return an item as it is compared: no case, no signs, no plural of the plainest kind."""
    words = re.sub(r"[^\w\s]", " ", text.casefold()).split()
    return " ".join(word.removesuffix("s") if len(word) > 3 else word for word in words)
