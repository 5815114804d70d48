"""Shopping and to-do lists by voice.

The shopping list has intents of its own. Every other list is a thing of the home, of the domain
"todo", so that it can be called by its name.
"""

import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace

from hub.home.actions import ActionResult, Deed
from hub.home.model import Device, DeviceId, Home
from hub.home.targets import named
from hub.timekeeping.lists import SHOPPING, ListFull, Lists
from hub.timekeeping.spoken_items import as_said, parted
from hub.timekeeping.spoken_spans import listed
from hub.timekeeping.telling import Asked, deed

DOMAIN = "todo"
TASKS = DeviceId(f"{DOMAIN}:usual")
"""The list of things to do, which every home has."""
_IS_LIST = re.compile(r"list", re.IGNORECASE)
"""What is called a list already: "Wunschliste"."""
USUAL: Mapping[str, tuple[str, ...]] = {
    "en": ("to-do", "to do", "todo", "task"),
    "de": ("Aufgaben", "To-do", "Todo"),
    "fr": ("tâches", "choses à faire", "à faire"),
    "es": ("tareas", "pendientes", "cosas por hacer"),
}
"""What the list is called that every home has."""


def put_lists(home: Home, language: str, names: tuple[str, ...]) -> None:
    """Make lists known to the home: the usual one, and those of the owner."""
    usual, *aliases = USUAL.get(language, USUAL["en"])
    home.put(Device(TASKS, usual, DOMAIN, aliases=tuple(aliases)))
    for name in names:
        home.put(Device(DeviceId(f"{DOMAIN}:{name.casefold()}"), name, DOMAIN))


class ListDeeds:
    """Carries out what is said about lists."""

    def __init__(self, lists: Lists) -> None:
        self._lists = lists

    def deeds(self) -> Mapping[str, Deed]:
        """Return what is done, by intent."""
        return {
            "HassShoppingListAddItem": deed(self._add),
            "HassShoppingListCompleteItem": deed(self._complete),
            "HassListAddItem": deed(self._add),
            "HassListCompleteItem": deed(self._complete),
            "HassListRemoveItem": deed(self._remove),
            "SottoListStatus": deed(self._status),
            "SottoListClear": deed(self._clear),
        }

    async def _add(self, asked: Asked) -> ActionResult:
        key, _ = _list(asked)
        items = parted(_said(asked), asked.language, tasks=key == TASKS)
        try:
            for item in items:
                await self._lists.add(key, item)
        except ListFull:
            return asked.refuse("full")
        return asked.package({"item": listed(items, asked.language)}, "item_added")

    async def _complete(self, asked: Asked) -> ActionResult:
        return await self._off(asked, self._lists.complete, "item_completed")

    async def _remove(self, asked: Asked) -> ActionResult:
        return await self._off(asked, self._lists.remove, "item_deleted")

    async def _off(
        self, asked: Asked, take: Callable[[str, str], Awaitable[str | None]], response: str
    ) -> ActionResult:
        """Take things off a list: the one that is called so, else each that was told."""
        key, _ = _list(asked)
        said = _said(asked)
        if (found := await take(key, said)) is not None:
            return asked.package({"item": found}, response)
        taken, missing = [], []
        for item in parted(said, asked.language, tasks=key == TASKS):
            if (found := await take(key, item)) is None:
                missing.append(item)
            else:
                taken.append(found)
        if not missing:
            return asked.package({"item": listed(taken, asked.language)}, response)
        refusal = asked.refuse("no_item", item=listed(missing, asked.language))
        if not taken:
            return refusal
        done = asked.package({"item": listed(taken, asked.language)}, response)
        return replace(refusal, speech=f"{done.speech}. {refusal.speech}")

    async def _status(self, asked: Asked) -> ActionResult:
        key, name = _list(asked)
        items = await self._lists.items(key)
        if not items:
            return asked.tell("list_empty", name=name)
        # All of it: somebody stands in front of a shelf.
        told = ", ".join(item.text for item in items)
        return asked.tell("list", name=name, count=len(items), list=told)

    async def _clear(self, asked: Asked) -> ActionResult:
        key, name = _list(asked)
        await self._lists.clear(key)
        return asked.tell("list_cleared", name=name)


def _list(asked: Asked) -> tuple[str, str]:
    """Return the id of the list that is meant, and how it is spoken of. Raises Refusal."""
    if asked.slot("name") is None:
        return SHOPPING, asked.words("shopping")
    device = named(asked.request)
    if device.id == TASKS:
        return device.id, asked.words("tasks")
    key = "list_called" if _IS_LIST.search(device.name) else "list_named"
    return device.id, asked.words(key, name=device.name)


def _said(asked: Asked) -> str:
    """Return what is put on or off, with its commas."""
    return as_said(asked.request.match.text, str(asked.slot("item") or ""))
