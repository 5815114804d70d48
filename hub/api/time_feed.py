"""Keeps the live view of timers and lists."""

import asyncio
from collections.abc import Mapping

import structlog

from hub.announcing import Fate
from hub.api.access import Role
from hub.api.list_views import known_lists
from hub.api.parts import Parts
from hub.api.timer_views import timer
from hub.store.errors import StoreError

log = structlog.get_logger(__name__)


class TimeFeed:
    """The topics "timers", "lists" and "list_items", and what became of "announcements"."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        live = parts.live
        self._timers = live.topic("timers", Role.PANEL)
        self._lists = live.topic("lists", Role.PANEL)
        self._items = live.topic("list_items", Role.PANEL)
        self._announcements = live.topic("announcements", Role.MEMBER)
        self._changed_lists: dict[str, None] = {}
        self._timers_changed = False
        self._changed = asyncio.Event()

    async def run(self) -> None:
        """Follow until cancelled."""
        parts = self._parts
        parts.clockwork.time.follow(self._note_timers)
        parts.clockwork.lists.follow(self._note_list)
        parts.kept.follow(self._over)
        for name in known_lists(parts):
            self._note_list(name)
        self._note_timers()
        while True:
            await self._changed.wait()
            self._changed.clear()
            if self._timers_changed:
                self._timers_changed = False
                self._show_timers()
            changed, self._changed_lists = self._changed_lists, {}
            for name in changed:
                try:
                    await self._show_list(name)
                except StoreError as error:
                    log.error("a list can not be shown", list=name, error=str(error))

    def _note_timers(self) -> None:
        self._timers_changed = True
        self._changed.set()

    def _note_list(self, name: str) -> None:
        self._changed_lists[name] = None
        self._changed.set()

    def _show_timers(self) -> None:
        time = self._parts.clockwork.time
        self._timers.replace(
            {one.id: timer(time, one).model_dump(mode="json") for one in time.all()}
        )

    async def _show_list(self, name: str) -> None:
        called = known_lists(self._parts).get(name)
        if called is None:
            return
        items = await self._parts.clockwork.lists.items(name, done=True)
        done = sum(item.done for item in items)
        self._lists.put(name, {"name": called, "open": len(items) - done, "done": done})
        here = {item.id for item in items}
        for key, value in list(self._items.values.items()):
            if value["list"] == name and key not in here:
                self._items.drop(key)
        for place, item in enumerate(items):
            before = self._items.values.get(item.id)
            # Things keep their place when others go: only what is another is told.
            last = -1 if not place else self._items.values[items[place - 1].id]["place"]
            kept = before["place"] if before is not None and before["place"] > last else last + 1
            self._items.put(
                item.id, {"list": name, "text": item.text, "done": item.done, "place": kept}
            )

    def _over(self, key: str, fates: Mapping[str, Fate]) -> None:
        """Tell what became of an announcement that came over the API."""
        named = key.partition(":")[2]
        before = self._announcements.values.get(named)
        if before is not None:
            told = {satellite: fate.value for satellite, fate in fates.items()}
            self._announcements.put(named, {**before, "over": True, "fates": told})
