"""What the owner makes in the dashboard: MQTT tools, automations, rules, and MCP servers.

Programs of MCP servers run as the hub does: all of this is for owners, and for tokens of the scope
`admin`.
"""

from collections.abc import Generator
from contextlib import contextmanager
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Path
from pydantic import BaseModel, Field

from hub.api.access import Principal, Role, needs
from hub.api.addition_views import AdditionView, Change, Entry, change, refused, view
from hub.api.parts import Hub, Parts
from hub.origin import Origin
from hub.tools.additions import MOST
from hub.tools.mistakes import Mistaken

ADMIN = needs(Role.OWNER, "admin")
router = APIRouter(tags=["tools"], dependencies=[Depends(ADMIN)])

Owner = Annotated[Principal, Depends(ADMIN)]
Id = Annotated[str, Path(max_length=64)]
Made = Literal["tool", "when", "rule", "server"]


class AdditionList(BaseModel):
    """All that was made, kind by kind, each in its order."""

    items: list[AdditionView]


class NewAddition(BaseModel):
    """Something that is to be there."""

    kind: Made
    value: Entry
    enabled: bool = True

    model_config = {
        "json_schema_extra": {
            "examples": [
                {
                    "kind": "tool",
                    "value": {
                        "name": "start_coffee",
                        "description": "Starts the coffee machine.",
                        "topic": "kitchen/coffee/set",
                        "payload": "{{ cups }}",
                        "parameters": {"cups": {"type": "integer", "minimum": 1, "default": 2}},
                        "sentences": {"en": ["make [{cups} cups of] coffee"]},
                    },
                },
                {"kind": "when", "value": {"device": "Bell", "type": "press", "listen": True}},
            ]
        }
    }


class AdditionChanges(BaseModel):
    """What of it is to be another; what is left out stays."""

    value: Entry | None = None
    enabled: bool | None = None

    model_config = {"json_schema_extra": {"examples": [{"enabled": False}]}}


class Order(BaseModel):
    """All of a kind, in the order that they are to have."""

    kind: Made
    ids: Annotated[list[str], Field(max_length=max(MOST.values()))]

    model_config = {
        "json_schema_extra": {"examples": [{"kind": "rule", "ids": ["rule-2", "rule-1"]}]}
    }


class Hidden(BaseModel):
    """Tools of a server that are not to be offered, as the server calls them."""

    tools: Annotated[list[str], Field(max_length=200)]

    model_config = {"json_schema_extra": {"examples": [{"tools": ["delete_file"]}]}}


@router.get("/additions")
async def additions(hub: Hub) -> AdditionList:
    """List what was made in the dashboard. Secrets are told as `***`."""
    every = hub.acting.adding.all
    return AdditionList(items=[view(hub, one) for kind in MOST for one in every.of_kind(kind)])


@router.post("/additions", status_code=201)
async def add(new: NewAddition, hub: Hub, who: Owner) -> Change:
    """Make something. It is in force at once."""
    with _refusing():
        done = await hub.acting.adding.add(
            new.kind, new.value, origin(hub, who), enabled=new.enabled
        )
    return change(hub, done)


@router.patch("/additions/{id_}")
async def change_one(id_: Id, changes: AdditionChanges, hub: Hub, who: Owner) -> Change:
    """Change something, or switch it on or off. `***` in a server's entry: as it was."""
    with _refusing():
        done = await hub.acting.adding.change(
            id_, origin(hub, who), entry=changes.value, enabled=changes.enabled
        )
    return change(hub, done)


@router.delete("/additions/{id_}")
async def remove(id_: Id, hub: Hub, who: Owner) -> Change:
    """Remove something."""
    return change(hub, await hub.acting.adding.remove(id_, origin(hub, who)))


@router.put("/additions/order")
async def arrange(order: Order, hub: Hub, who: Owner) -> Change:
    """Put all of a kind into an order: of rules, the first that fits decides."""
    done = await hub.acting.adding.arrange(order.kind, order.ids, origin(hub, who))
    return change(hub, done)


@router.post("/additions/undo/{step}")
async def undo(step: Id, hub: Hub, who: Owner) -> Change:
    """Take a change back, as long as nobody has changed the same since."""
    with _refusing():
        done = await hub.acting.adding.undo(step, origin(hub, who))
    return change(hub, done)


@router.put("/servers/{name}/hidden")
async def hide(name: Id, hidden: Hidden, hub: Hub, who: Owner) -> Change:
    """Offer all tools of a server but these, wherever the server is from."""
    with _refusing():
        done = await hub.acting.adding.hide(name, hidden.tools, origin(hub, who))
    return change(hub, done)


def origin(hub: Parts, who: Principal) -> Origin:
    """Return who does it, for the audit."""
    return Origin(language=hub.settings.language, person=who.name)


@contextmanager
def _refusing() -> Generator[None]:
    """Have mistakes told by key."""
    try:
        yield
    except Mistaken as error:
        raise refused(error) from None
