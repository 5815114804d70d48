"""What happens at a device at a moment: a button is pressed, a bell is rung."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from hub.home.model import DeviceId, DeviceState
from hub.mqtt.entities import EntityState
from hub.mqtt.entity import Entity

TRIGGER, EVENT = "device_automation", "event"


@dataclass(frozen=True, slots=True)
class Kind:
    """One thing that can happen at a device."""

    type: str
    """What, such as "button_short_press"."""
    subtype: str | None = None
    """Where at the device, such as "button_1"; None where it does not tell."""


@dataclass(frozen=True, slots=True)
class Happening:
    """Something that happened just now at a device."""

    source: "Source"
    kind: Kind


@dataclass(frozen=True, slots=True)
class Source:
    """A device at which things happen, whether people speak of it or not."""

    device: DeviceId
    names: tuple[str, ...]
    """What it is called, first the name that counts; also its id."""
    room: str | None
    kinds: tuple[Kind, ...]
    """All that can happen at it."""


def kinds(entity: Entity) -> tuple[Kind, ...]:
    """Return all that can happen at an entity; nothing happens at most of them."""
    if entity.component == TRIGGER:
        return (Kind(entity.facts["type"], entity.facts["subtype"]),)
    if entity.component == EVENT:
        return tuple(Kind(name) for name in entity.facts["options"])
    return ()


def latest(entity: Entity, state: EntityState) -> Kind:
    """Return what happened last at an entity."""
    return kinds(entity)[0] if entity.component == TRIGGER else Kind(state.value)


@dataclass(slots=True)
class _Device:
    triggers: dict[str, Kind] = field(default_factory=dict)
    """By the id of the entity."""
    state: EntityState = field(default_factory=EntityState)


class TriggerDevices:
    """Devices that announce triggers, one by one: all triggers of a device are one thing."""

    def __init__(self) -> None:
        self._devices: dict[DeviceId, _Device] = {}
        self._of: dict[str, DeviceId] = {}

    def put(self, entity: Entity) -> DeviceId:
        """Take a trigger in, new or changed; return the device that it belongs to."""
        device_id = _device_id(entity)
        self._of[entity.id] = device_id
        self._devices.setdefault(device_id, _Device()).triggers[entity.id] = kinds(entity)[0]
        return device_id

    def keeps(self, entity: Entity) -> bool:
        """Return whether a trigger belongs to the device that it belonged to before."""
        return self._of.get(entity.id) == _device_id(entity)

    def remove(self, entity_id: str) -> DeviceId | None:
        """Forget a trigger; return its device if that was the last one."""
        device_id = self._of.pop(entity_id)
        triggers = self._devices[device_id].triggers
        del triggers[entity_id]
        if triggers:
            return None
        del self._devices[device_id]
        return device_id

    def knows(self, entity_id: str) -> bool:
        """Return whether an entity is a trigger."""
        return entity_id in self._of

    def device_of(self, entity_id: str) -> DeviceId:
        """Return the device of a trigger."""
        return self._of[entity_id]

    def one_of(self, device_id: DeviceId) -> str | None:
        """Return a trigger of a device, None where it has none."""
        device = self._devices.get(device_id)
        return next(iter(device.triggers)) if device is not None else None

    def kinds(self, device_id: DeviceId) -> tuple[Kind, ...]:
        """Return all that can happen at a device."""
        return tuple(self._devices[device_id].triggers.values())

    def note(self, entity_id: str, state: EntityState) -> None:
        """Take note of what happened at a trigger; the latest of all counts."""
        latest_at = self._devices[self._of[entity_id]].state.attributes.get("time", "")
        if state.attributes.get("time", "") > latest_at:
            self._devices[self._of[entity_id]].state = state

    def state(self, device_id: DeviceId) -> DeviceState:
        """Return what happened last at a device, and when."""
        device = self._devices[device_id]
        told: Mapping[str, object] = device.state.attributes
        options = tuple(f"{kind.subtype} {kind.type}" for kind in device.triggers.values())
        return DeviceState(device.state.value, {**told, "options": options})


def _device_id(entity: Entity) -> DeviceId:
    return DeviceId(f"{TRIGGER}.{entity.device}")
