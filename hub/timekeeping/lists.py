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

    async def items(self, name: str, *, done: bool = False) -> Sequence[Item]:
        """Return what is on a list, the oldest first; with `done` what was checked off, too."""
        wanted = select(ListItemRow).where(ListItemRow.list == name).order_by(ListItemRow.added)
        if not done:
            wanted = wanted.where(ListItemRow.done.is_(False))
        async with self._store.session() as session:
            return [Item(row.id, row.item, row.done) for row in await session.scalars(wanted)]

    async def add(self, name: str, text: str) -> None:
        """Put something on a list; what is there already is there once. Raises ListFull."""
        text = " ".join(text.split())[:MAX_ITEM_CHARS]
        async with self._store.session() as session:
            await session.execute(
                delete(ListItemRow).where(
                    ListItemRow.list == name,
                    ListItemRow.done.is_(True),
                    ListItemRow.added < self._now() - DONE_KEPT,
                )
            )
            rows = list(await session.scalars(select(ListItemRow).where(ListItemRow.list == name)))
            if any(_key(row.item) == _key(text) and not row.done for row in rows):
                return
            if len(rows) >= MAX_ITEMS:
                raise ListFull
            session.add(
                ListItemRow(
                    id=uuid.uuid4().hex, list=name, item=text, done=False, added=self._now()
                )
            )

    async def complete(self, name: str, text: str) -> str | None:
        """Check something off; return it as it stands there, None if it does not."""
        found = _meant(await self.items(name), text)
        if found is None:
            return None
        async with self._store.session() as session:
            await session.execute(
                update(ListItemRow).where(ListItemRow.id == found.id).values(done=True)
            )
        return found.text

    async def remove(self, name: str, text: str) -> str | None:
        """Take something off a list; return it as it stood there, None if it did not."""
        found = _meant(await self.items(name, done=True), text)
        if found is None:
            return None
        async with self._store.session() as session:
            await session.execute(delete(ListItemRow).where(ListItemRow.id == found.id))
        return found.text

    async def clear(self, name: str) -> None:
        """Take everything off a list."""
        async with self._store.session() as session:
            await session.execute(delete(ListItemRow).where(ListItemRow.list == name))


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
