"""Shopping and to-do lists: what is on them, putting on, checking off, taking off."""

from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query
from pydantic import BaseModel, Field, StringConstraints

from hub.api.access import Panel, Principal, Role, needs
from hub.api.list_views import ListItem, TodoList, known_lists
from hub.api.parts import Hub, Parts
from hub.api.problems import Problem
from hub.timekeeping.lists import MAX_ITEM_CHARS, ListFull
from hub.words import worded

router = APIRouter(prefix="/lists", tags=["lists"])

MOST_AT_ONCE = 50
Name = Annotated[str, Path(max_length=100, examples=["shopping"])]
Id = Annotated[str, Path(max_length=64)]
Member = Annotated[Principal, Depends(needs(Role.MEMBER, "home"))]
Text = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=MAX_ITEM_CHARS)
]


class TodoLists(BaseModel):
    """All lists."""

    items: list[TodoList]


class ListItems(BaseModel):
    """What is on a list, the oldest first."""

    items: list[ListItem]


class NewItems(BaseModel):
    """What to put on a list; what is there already is there once."""

    items: list[Text] = Field(min_length=1, max_length=MOST_AT_ONCE)

    model_config = {
        "extra": "forbid",
        "json_schema_extra": {"examples": [{"items": ["milk", "bread"]}]},
    }


class ItemChange(BaseModel):
    """What to change; what is left out stays."""

    text: Text | None = None
    done: bool | None = None

    model_config = {"extra": "forbid", "json_schema_extra": {"examples": [{"done": True}]}}


@router.get("")
async def list_lists(parts: Hub, _: Panel) -> TodoLists:
    """Return all lists with how much is on them."""
    found = []
    for name, called in known_lists(parts).items():
        items = await parts.clockwork.lists.items(name, done=True)
        done = sum(item.done for item in items)
        found.append(TodoList(id=name, name=called, open=len(items) - done, done=done))
    return TodoLists(items=found)


@router.get("/{name}/items")
async def list_items(name: Name, parts: Hub, _: Panel) -> ListItems:
    """Return all that is on a list, with what was checked off."""
    _check(parts, name)
    items = await parts.clockwork.lists.items(name, done=True)
    return ListItems(items=[ListItem(id=one.id, text=one.text, done=one.done) for one in items])


@router.post("/{name}/items", status_code=201)
async def add_items(name: Name, new: NewItems, parts: Hub, _: Member) -> ListItems:
    """Put things on a list."""
    _check(parts, name)
    added: list[ListItem] = []
    for text in new.items:
        try:
            one = await parts.clockwork.lists.add(name, text)
        except ListFull:
            raise Problem(
                409,
                "full",
                worded(
                    "list-full",
                    "The list is full; {count} were put on it. Take things off.",
                    count=len(added),
                ),
            ) from None
        added.append(ListItem(id=one.id, text=one.text, done=one.done))
    return ListItems(items=added)


@router.patch("/{name}/items/{item_id}")
async def change_item(
    name: Name, item_id: Id, change: ItemChange, parts: Hub, _: Member
) -> ListItem:
    """Check something off, or not any more, or write it otherwise."""
    _check(parts, name)
    one = await parts.clockwork.lists.change(name, item_id, text=change.text, done=change.done)
    if one is None:
        raise _not_there()
    return ListItem(id=one.id, text=one.text, done=one.done)


@router.delete("/{name}/items/{item_id}", status_code=204)
async def remove_item(name: Name, item_id: Id, parts: Hub, _: Member) -> None:
    """Take something off a list."""
    _check(parts, name)
    if await parts.clockwork.lists.take(name, item_id) is None:
        raise _not_there()


@router.delete("/{name}/items", status_code=204)
async def clear_list(
    name: Name,
    parts: Hub,
    _: Member,
    done: Annotated[bool, Query(description="Only what was checked off.")] = True,
) -> None:
    """Take what was checked off, or everything, off a list."""
    _check(parts, name)
    await parts.clockwork.lists.clear(name, done=done)


def _check(parts: Parts, name: str) -> None:
    if name not in known_lists(parts):
        raise Problem(
            404,
            "unknown-list",
            worded(
                "no-list",
                "There is no list '{list}'. store.lists names those there are.",
                list=name,
            ),
        )


def _not_there() -> Problem:
    return Problem(404, "unknown-item", "This is not on the list. Somebody may have taken it off.")
