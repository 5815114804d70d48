"""How lists look from outside."""

from collections.abc import Mapping

from pydantic import BaseModel, Field

from hub.api.parts import Parts
from hub.timekeeping.list_deeds import DOMAIN
from hub.timekeeping.lists import SHOPPING


class TodoList(BaseModel):
    """A list."""

    id: str = Field(examples=["shopping"])
    name: str = Field(description="Empty for the shopping list, which has none of its own.")
    open: int
    done: int


class ListItem(BaseModel):
    """Something on a list."""

    id: str
    text: str = Field(examples=["milk"])
    done: bool


def known_lists(parts: Parts) -> Mapping[str, str]:
    """Return how each list is called, by its id; the shopping list comes first."""
    others = [one for one in parts.home.devices() if one.domain == DOMAIN]
    return {SHOPPING: ""} | {str(one.id): one.name for one in others}
