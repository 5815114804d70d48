"""What discovery tells, as devices of a home: called and placed as their owner wants it."""

from collections.abc import Callable
from dataclasses import dataclass

from hub.happenings import EVENT, TRIGGER, TriggerDevices
from hub.home.keypad import CODE_KNOWN
from hub.home.model import AreaId, Device, DeviceId, Home
from hub.home_choices import DeviceChoice, HomeChoices
from hub.home_settings import OwnDevice
from hub.mqtt.entities import Entities
from hub.mqtt.entity import Entity
from hub.owner_home import OwnerHome, word
from hub.placing import Placing


@dataclass(frozen=True, slots=True)
class Said:
    """Who says what of a device."""

    name: str
    """What it calls itself."""
    area: str | None
    """Name of the room that it suggests."""
    program: str | None
    """The program that announced it, with its version."""
    file: OwnDevice
    """What the settings file says."""
    choice: DeviceChoice
    """What is chosen in the dashboard."""

    def source(self, said: str, otherwise: str) -> str:
        """Return who says it: a name of OwnDevice; "dashboard", "settings" or whoever otherwise."""
        chosen = {"room": self.choice.area, "hidden": self.choice.exposed}
        if chosen.get(said, getattr(self.choice, said, None)) is not None:
            return "dashboard"
        return "settings" if said in self.file.model_fields_set else otherwise


class Furnishing:
    """Puts devices into a home, and takes them out again."""

    def __init__(
        self,
        home: Home,
        owner: OwnerHome,
        entities: Entities,
        triggers: TriggerDevices,
        show_state: Callable[[str], None],
    ) -> None:
        """`show_state` is called with an entity whose device was put."""
        self._home = home
        self._owner = owner
        self._placing = Placing(home, owner)
        self._entities = entities
        self._triggers = triggers
        self._show_state = show_state

    @property
    def choices(self) -> HomeChoices:
        """What is chosen in the dashboard."""
        return self._owner.choices

    def choose(self, choices: HomeChoices) -> None:
        """Take what is chosen in the dashboard; it counts more than what else is said."""
        before = self._owner.choices
        self._owner.choose(choices)
        entities = list(self._entities)
        if choices.areas == before.areas:
            entities = [
                entity
                for entity in entities
                if before.device(self.device_of(entity.id))
                != choices.device(self.device_of(entity.id))
            ]
        else:
            self._placing.renew()
        for entity in entities:
            self.put(entity)
        self.settle_rooms()
        self._placing.sweep()

    def said_of(self, device_id: DeviceId) -> Said | None:
        """Return who says what of a device; None where there is no such device."""
        entity = self.entity_of(device_id)
        if entity is None:
            return None
        return Said(
            entity.name,
            entity.area,
            entity.origin,
            self._owner.said_in_file(device_id),
            self._owner.choices.device(device_id),
        )

    def suggested(self, area_id: AreaId) -> str | None:
        """Return what the settings file calls a room, or else a device; None: nobody does."""
        names = (entity.area for entity in self._entities if word(entity.area) == area_id)
        return next(
            (area.name for area in self._owner.in_file if area.id == area_id), None
        ) or next(names, None)

    def source_of(self, area_id: AreaId) -> str:
        """Return who speaks of a room: "dashboard", "settings" or "device"."""
        if area_id in self._owner.choices.areas:
            return "dashboard"
        known = any(area.id == area_id for area in self._owner.in_file)
        return "settings" if known else "device"

    def remove(self, entity_id: str) -> None:
        """Take a device out, or a button of a remote."""
        device_id: DeviceId | None = DeviceId(entity_id)
        if self._triggers.knows(entity_id):
            device_id = self._triggers.remove(entity_id)
        if device_id is not None:
            self._home.remove(device_id)
            self._placing.forget(device_id)

    def put(self, entity: Entity) -> None:
        """Add or replace a device, as it calls itself and as its owner calls it."""
        is_trigger = entity.component == TRIGGER
        device_id = DeviceId(entity.id)
        if is_trigger:
            if self._triggers.knows(entity.id) and not self._triggers.keeps(entity):
                self.remove(entity.id)
            device_id = self._triggers.put(entity)
        own = self._owner.device(device_id)
        name = own.name or entity.name
        told = entity.area if own.room is None else own.room
        if own.hidden:  # of a room that nobody else is in nobody speaks, either
            self._placing.forget(device_id)
            hidden_in = self._owner.area(told)
            area = None if hidden_in is None else hidden_in.id
        else:
            area = self._placing.place(device_id, name, told)
        device = Device(
            id=device_id,
            name=name,
            domain=EVENT if is_trigger else entity.component,
            aliases=own.aliases,
            area=area,
            device_class=entity.device_class,
            features=self._features(entity, is_trigger=is_trigger),
            unit=entity.unit,
            exposed=not own.hidden,
        )
        self._home.put(device)
        self._show_state(entity.id)

    def settle_rooms(self) -> None:
        """Place things whose names speak of rooms that came or went."""
        for entity_id in self._placing.unsettled():
            device_id = DeviceId(entity_id)
            entity = self.entity_of(device_id)
            if entity is not None:
                self.put(entity)

    def device_of(self, entity_id: str) -> DeviceId:
        """Return as what people know an entity: triggers are parts of one thing."""
        if self._triggers.knows(entity_id):
            return self._triggers.device_of(entity_id)
        return DeviceId(entity_id)

    def entity_of(self, device_id: DeviceId) -> Entity | None:
        """Return the entity of a device; of a remote, one of its buttons."""
        return self._entities.get(self._triggers.one_of(device_id) or device_id)

    def room_of(self, device_id: DeviceId, entity: Entity) -> str | None:
        """Return the name of a device's room, also of one that nobody speaks of."""
        device = self._home.device(device_id)
        area = None if device is None or device.area is None else self._home.area(device.area)
        own = self._owner.device(device_id).room
        told = entity.area if own is None else own
        return (told or None) if area is None else area.name

    def _features(self, entity: Entity, *, is_trigger: bool) -> frozenset[str]:
        if is_trigger:
            return frozenset({"state"})
        return entity.features | ({CODE_KNOWN} if self._owner.code(entity.id) else set())
