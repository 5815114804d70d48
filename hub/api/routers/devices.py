"""The devices of the home: what they are like, what they can be told, and what they are called."""

from dataclasses import dataclass
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Query
from pydantic import BaseModel, Field, JsonValue, SecretStr

from hub.api.access import Owner, Panel, Principal, Role, needs
from hub.api.device_acts import Act, DeviceActs
from hub.api.home_views import device_value, is_thing, offered, schema_of, shown
from hub.api.paging import After, Limit, Page, cursor, place
from hub.api.parts import Hub, Parts
from hub.api.problems import Problem
from hub.api.routers.areas import Aliases, Name, Source
from hub.home.model import Device, DeviceId
from hub.home.verbs import VERBS
from hub.words import worded

router = APIRouter(prefix="/devices", tags=["rooms and devices"])

Switcher = Annotated[Principal, Depends(needs(Role.GUEST, "home"))]

_LAMP: dict[str, JsonValue] = {
    "id": "light.desk_lamp",
    "name": "Desk Lamp",
    "area": "study",
    "kind": "light",
    "device_class": None,
    "unit": None,
    "state": "on",
    "attributes": {"brightness": 60, "color": [255, 180, 90]},
    "features": ["brightness", "color", "state"],
    "verbs": ["turn_off", "turn_on"],
    "needs_code": False,
    "exposed": True,
    "changed": "2026-03-01T12:00:00.000+00:00",
}


_ALL_OF_LAMP: dict[str, JsonValue] = {
    **_LAMP,
    "aliases": ["Reading Lamp"],
    "all_attributes": {"brightness": 60, "linkquality": 120},
    "can": [{"name": "turn_off", "schema": {"type": "object", "properties": {}}, "risk": "low"}],
    "told": {"name": "Desk Lamp", "area": "Study", "program": "Zigbee2MQTT 2.1"},
    "sources": dict.fromkeys(("name", "area", "aliases", "exposed"), "dashboard"),
    "choice": {
        "name": "Desk Lamp",
        "area": "study",
        "aliases": ["Reading Lamp"],
        "exposed": True,
    },
}


class DeviceView(BaseModel):
    """A device, as its control shows it."""

    id: str
    name: str
    area: str | None
    """The id of its room."""
    kind: str
    device_class: str | None
    unit: str | None
    state: str
    """In the words of home-assistant-intents: "on", "closed", "21.5"; or "unknown" or
    "unavailable"."""
    attributes: dict[str, Any]
    features: list[str]
    verbs: list[str]
    """What it can be told."""
    needs_code: bool
    """Whether it wants a code for what is risky."""
    exposed: bool
    """Whether it can be spoken of."""
    changed: str | None
    """When its state became another; null: not since the hub runs."""

    model_config = {"json_schema_extra": {"examples": [_LAMP]}}


class VerbView(BaseModel):
    """Something that a device can be told."""

    name: str
    schema_: dict[str, Any] = Field(alias="schema")
    """The JSON schema of its arguments."""
    risk: Literal["low", "confirm"]
    """"confirm": somebody is asked before, unless a rule of the owner says otherwise."""


class Told(BaseModel):
    """What a device says of itself."""

    name: str
    area: str | None
    """The name of the room that it suggests."""
    program: str | None
    """The program that announced it, with its version."""


class Sources(BaseModel):
    """Where each thing that is known comes from."""

    name: Source
    area: Source | Literal["name", "nobody"]
    """"name": there is a room in its name."""
    aliases: Literal["dashboard", "settings", "nobody"]
    exposed: Literal["dashboard", "settings", "nobody"]


class Choice(BaseModel):
    """What is chosen here, in place of what the settings file or the device says."""

    name: str | None
    area: str | None
    """The id of a room; empty: in no room."""
    aliases: list[str] | None
    exposed: bool | None


class DeviceDetails(DeviceView):
    """All that is known of a device."""

    aliases: list[str]
    all_attributes: dict[str, Any]
    """Empty for guests and panels."""
    can: list[VerbView]
    told: Told
    sources: Sources
    choice: Choice

    model_config = {"json_schema_extra": {"examples": [_ALL_OF_LAMP]}}


class DeviceChanges(BaseModel):
    """What of a device is to be another; null: as the settings file or the device says."""

    name: Name | None = None
    area: Annotated[str, Field(max_length=400)] | None = None
    """The id of a room; empty: in no room."""
    aliases: Aliases | None = None
    exposed: bool | None = None
    """Whether it can be spoken of."""

    model_config = {
        "json_schema_extra": {
            "examples": [{"name": "Reading Lamp", "area": "study", "aliases": ["Grandma"]}]
        }
    }


class Action(BaseModel):
    """What a device is told."""

    verb: Annotated[str, Field(max_length=100)]
    arguments: dict[str, Any] = Field(default_factory=dict, max_length=20)
    code: Annotated[SecretStr, Field(min_length=1, max_length=100)] | None = None
    """The code of a lock or an alarm panel."""
    confirm: Annotated[str, Field(max_length=64)] | None = None
    """What the problem "needs-confirmation" or "needs-code" gave: yes, do it."""
    language: Annotated[str, Field(max_length=16)] | None = None
    """Of questions and refusals."""

    model_config = {
        "json_schema_extra": {"examples": [{"verb": "turn_on", "arguments": {"brightness": 60}}]}
    }


class Outcome(BaseModel):
    """What came of it."""

    confirmed: bool
    """Whether the device told that it obeyed; some never tell."""
    device: DeviceView


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which devices are asked for."""

    area: Annotated[str | None, Query(max_length=400, description="The id of a room.")] = None
    kind: Annotated[str | None, Query(max_length=100, description="Such as `light`.")] = None
    q: Annotated[str | None, Query(max_length=100, description="Words of its names.")] = None
    exposed: Annotated[bool | None, Query(description="Whether it can be spoken of.")] = None

    def takes(self, device: Device) -> bool:
        """Return whether a device is one of them."""
        names = " ".join((device.name, *device.aliases, device.id)).casefold()
        return (
            (self.area is None or device.area == self.area)
            and (self.kind is None or device.domain == self.kind)
            and (self.exposed is None or device.exposed is self.exposed)
            and all(word in names for word in (self.q or "").casefold().split())
        )


@router.get("")
async def devices(
    hub: Hub,
    principal: Panel,
    wanted: Annotated[Wanted, Depends()],
    limit: Limit = 50,
    after: After = None,
) -> Page[DeviceView]:
    """Return devices, by their names."""
    found = [
        (device.name.casefold(), device.id, device)
        for device in hub.home.all_devices()
        if _may_see(hub, device, principal) and wanted.takes(device)
    ]
    found.sort(key=lambda one: one[:2])
    if after is not None:
        name, id_ = place(after, 2)
        found = [one for one in found if one[:2] > (name, id_)]
    more = len(found) > limit
    last = found[limit - 1] if more else None
    return Page(
        items=[_view(hub, device) for _, _, device in found[:limit]],
        next=None if last is None else cursor(last[0], last[1]),
    )


@router.get("/{device_id}")
async def device(device_id: str, hub: Hub, principal: Panel) -> DeviceDetails:
    """Return all that is known of a device; what it tells beside its state, members alone see."""
    details = _details(hub, _device(hub, device_id, principal))
    # It may hold where somebody is, or what opens a camera's picture.
    return (
        details
        if principal.role >= Role.MEMBER
        else details.model_copy(update={"all_attributes": {}})
    )


@router.patch("/{device_id}")
async def change_device(
    device_id: str, changes: DeviceChanges, hub: Hub, principal: Owner
) -> DeviceDetails:
    """Change what a device is called, where it is, or whether it can be spoken of.

    Engines learn it within a moment.
    """
    await hub.choosing.change_device(device_id, changes.model_dump(exclude_unset=True))
    return _details(hub, _device(hub, device_id, principal))


@router.post("/{device_id}/actions")
async def act(device_id: str, action: Action, hub: Hub, principal: Switcher) -> Outcome:
    """Tell a device something, by the rules that hold for what is said.

    What is risky is answered with the problem "needs-confirmation" or "needs-code" (409), whose
    `detail` is the question; the same request with its `confirm`, and the code, is the answer.
    """
    found = _device(hub, device_id, principal)
    if action.verb not in offered(found, hub.household):
        known = ", ".join(offered(found, hub.household)) or "nothing"
        text = worded(
            "device-can-not",
            "{device} can not be told to '{verb}'. It can be told: {known}.",
            device=found.name,
            verb=action.verb,
            known=known,
        )
        raise Problem(409, "unsupported", text)
    code = None if action.code is None else action.code.get_secret_value()
    wanted = Act(found, action.verb, action.arguments, code, action.confirm)
    language = action.language or hub.settings.language
    result = await DeviceActs(hub.acting).perform(wanted, principal.name, language)
    return Outcome(confirmed=result.confirmed, device=_view(hub, found))


def _may_see(hub: Parts, device: Device, principal: Principal) -> bool:
    allowed = device.exposed or principal.role >= Role.MEMBER
    return allowed and is_thing(device, hub.household)


def _device(hub: Parts, device_id: str, principal: Principal) -> Device:
    found = hub.home.device(DeviceId(device_id))
    if found is None or not _may_see(hub, found, principal):
        raise Problem(
            404, "unknown", worded("no-device", "There is no device '{device}'.", device=device_id)
        )
    return found


def _value(hub: Parts, device: Device) -> dict[str, Any]:
    live = hub.live.topic("devices" if device.exposed else "hidden_devices")
    changed = live.values.get(device.id, {}).get("changed")
    return {**device_value(device, hub.home, hub.household, None), "changed": changed}


def _view(hub: Parts, device: Device) -> DeviceView:
    return DeviceView.model_validate(_value(hub, device))


def _details(hub: Parts, device: Device) -> DeviceDetails:
    said = hub.household.furnishing.said_of(device.id)
    if said is None:
        raise Problem(
            404, "unknown", worded("device-gone", "{device} is gone.", device=device.name)
        )
    return DeviceDetails.model_validate(
        {
            **_value(hub, device),
            "aliases": list(device.aliases),
            "all_attributes": shown(hub.home.state(device.id).attributes),
            "can": [
                {
                    "name": verb,
                    "schema": schema_of(verb, device),
                    "risk": VERBS[verb].risk(device),
                }
                for verb in offered(device, hub.household)
            ],
            "told": {"name": said.name, "area": said.area, "program": said.program},
            "sources": {
                "name": said.source("name", "device"),
                "area": said.source(
                    "room", "device" if said.area else "name" if device.area else "nobody"
                ),
                "aliases": said.source("aliases", "nobody"),
                "exposed": said.source("hidden", "nobody"),
            },
            "choice": {
                "name": said.choice.name,
                "area": said.choice.area,
                "aliases": None if said.choice.aliases is None else list(said.choice.aliases),
                "exposed": said.choice.exposed,
            },
        }
    )
