"""The rooms of the home."""

from typing import Annotated, Literal

from fastapi import APIRouter, Response
from pydantic import BaseModel, Field, JsonValue

from hub.api.access import Owner, Panel
from hub.api.home_views import area_value
from hub.api.parts import Hub, Parts
from hub.api.problems import Problem
from hub.home.model import AreaId
from hub.home_choosing import MAX_ALIASES, MAX_NAME_CHARS
from hub.words import worded

router = APIRouter(prefix="/areas", tags=["rooms and devices"])

Name = Annotated[str, Field(min_length=1, max_length=MAX_NAME_CHARS)]
Aliases = Annotated[list[Name], Field(max_length=MAX_ALIASES)]
FloorName = Annotated[str, Field(max_length=MAX_NAME_CHARS)]
"""Of one that there is, or of a new one; empty: the room is on no floor."""
Source = Literal["dashboard", "settings", "device"]

_KITCHEN: dict[str, JsonValue] = {
    "id": "kitchen",
    "name": "Kitchen",
    "aliases": ["Cookery"],
    "floor": "Ground Floor",
    "devices": 7,
    "source": "device",
}


class AreaView(BaseModel):
    """A room."""

    id: str
    name: str
    aliases: list[str]
    floor: str | None
    devices: int
    """How many devices are in it, of those that can be spoken of."""
    source: Source
    """Who speaks of it: somebody here, the settings file, or a device."""

    model_config = {"json_schema_extra": {"examples": [_KITCHEN]}}


class Areas(BaseModel):
    """All rooms."""

    items: list[AreaView]


class NewArea(BaseModel):
    """A room that is to be there."""

    name: Name
    aliases: Aliases | None = None
    floor: FloorName | None = None

    model_config = {"json_schema_extra": {"examples": [{"name": "Study", "aliases": ["Office"]}]}}


class AreaChanges(BaseModel):
    """What of a room is to be another; null: as the settings file or a device says."""

    name: Name | None = None
    aliases: Aliases | None = None
    floor: FloorName | None = None

    model_config = {"json_schema_extra": {"examples": [{"name": "Cookery"}]}}


@router.get("")
async def areas(hub: Hub, _: Panel) -> Areas:
    """Return all rooms, by their names."""
    found = [_view(hub, area.id) for area in hub.home.areas()]
    return Areas(items=sorted(found, key=lambda one: (one.name.casefold(), one.id)))


@router.post("", status_code=201)
async def add_area(new: NewArea, hub: Hub, _: Owner) -> AreaView:
    """Make a room, or have one again that was removed."""
    return _view(hub, await hub.choosing.add_area(new.name, new.aliases, new.floor))


@router.get("/{area_id}")
async def area(area_id: str, hub: Hub, _: Panel) -> AreaView:
    """Return a room."""
    return _view(hub, area_id)


@router.patch("/{area_id}")
async def change_area(area_id: str, changes: AreaChanges, hub: Hub, _: Owner) -> AreaView:
    """Change what a room is called, and its floor. Engines learn it within a moment."""
    await hub.choosing.change_area(area_id, changes.model_dump(exclude_unset=True))
    return _view(hub, area_id)


@router.delete("/{area_id}", status_code=204)
async def remove_area(area_id: str, hub: Hub, _: Owner) -> Response:
    """Remove a room; its devices stay. Made again by its name, it is as it was."""
    await hub.choosing.remove_area(area_id)
    return Response(status_code=204)


def _view(hub: Parts, area_id: str) -> AreaView:
    area = hub.home.area(AreaId(area_id))
    if area is None:
        raise Problem(404, "unknown", worded("no-room", "There is no room '{room}'.", room=area_id))
    devices = sum(device.area == area.id for device in hub.home.devices())
    source = hub.household.furnishing.source_of(area.id)
    return AreaView.model_validate(
        {**area_value(area, hub.home), "devices": devices, "source": source}
    )
