"""Shopping and to-do lists by voice.

The shopping list has intents of its own. Every other list is a thing of the home, of the domain
"todo", so that it can be called by its name.
"""

from collections.abc import Mapping

from hub.home.actions import ActionResult, Deed
from hub.home.model import Device, DeviceId, Home
from hub.home.targets import named
from hub.timekeeping.lists import SHOPPING, ListFull, Lists
from hub.timekeeping.telling import Asked, deed

DOMAIN = "todo"
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
    home.put(Device(DeviceId(f"{DOMAIN}:usual"), usual, DOMAIN, aliases=tuple(aliases)))
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
        item = _item(asked)
        try:
            await self._lists.add(_list(asked)[0], item)
        except ListFull:
            return asked.refuse("full")
        return asked.package({"item": item}, "item_added")

    async def _complete(self, asked: Asked) -> ActionResult:
        item = _item(asked)
        found = await self._lists.complete(_list(asked)[0], item)
        if found is None:
            return asked.refuse("no_item", item=item)
        return asked.package({"item": found}, "item_completed")

    async def _remove(self, asked: Asked) -> ActionResult:
        item = _item(asked)
        found = await self._lists.remove(_list(asked)[0], item)
        if found is None:
            return asked.refuse("no_item", item=item)
        return asked.package({"item": found}, "item_deleted")

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
    """Return the id of the list that is meant, and what it is called. Raises Refusal."""
    if asked.slot("name") is None:
        return SHOPPING, asked.words("shopping")
    device = named(asked.request)
    return device.id, device.name


def _item(asked: Asked) -> str:
    """Return what is put on or off, without the signs of a written sentence."""
    return str(asked.slot("item") or "").strip(" .,!?")
