"""What the owner says of the home: its floors and rooms, and what things are called.

It is said in the settings file, and in the dashboard, which counts more.
"""

import re
from dataclasses import replace

from hub.home.model import Area, AreaId, Floor, FloorId
from hub.home_choices import HomeChoices
from hub.home_settings import OwnDevice, OwnHome
from hub.secret_file import read_secret

_NO_WORD = re.compile(r"[\W_]+")
_AS_IT_IS = OwnDevice()


class OwnerHome:
    """The owner's words, looked up. Names that are said alike are one."""

    def __init__(self, said: OwnHome | None = None, choices: HomeChoices | None = None) -> None:
        """Read the files with codes, too. Raises SettingsError."""
        said = said or OwnHome()
        floors = {name: floor.aliases for name, floor in said.floors.items()}
        called = {word(one) for name, others in floors.items() for one in (name, *others)}
        floors |= {
            room.floor: ()
            for room in said.rooms.values()
            if room.floor and word(room.floor) not in called
        }
        self._floors_in_file = tuple(
            Floor(FloorId(word(name)), name, aliases)
            for name, aliases in floors.items()
            if word(name)
        )
        self.floors = self._floors_in_file
        self.in_file = tuple(
            Area(AreaId(word(name)), name, room.aliases, _floor(room.floor, self.floors))
            for name, room in said.rooms.items()
            if word(name)
        )
        """The rooms of the settings file."""
        self.areas: tuple[Area, ...] = ()
        self._removed: frozenset[str] = frozenset()
        self.choices = HomeChoices()
        self._devices = said.devices
        self._codes = {
            device_id: code
            for device_id, device in said.devices.items()
            if (code := _code(device_id, device)) is not None
        }

        self.choose(choices or HomeChoices())

    def choose(self, choices: HomeChoices) -> None:
        """Take what is chosen in the dashboard."""
        self.choices = choices
        self.floors = self._floors_in_file
        for area_choice in choices.areas.values():
            name = area_choice.floor
            if name and not area_choice.removed and _floor(name, self.floors) is None:
                self.floors += (Floor(FloorId(word(name)), name),)
        known = {area.id: area for area in self.in_file}
        areas = []
        for id_ in {**known, **{AreaId(id_): None for id_ in choices.areas}}:
            area, choice = known.get(id_, Area(id_, id_)), choices.areas.get(id_)
            if choice is None:
                areas.append(area)
            elif not choice.removed:
                aliases = area.aliases if choice.aliases is None else choice.aliases
                floor = area.floor if choice.floor is None else _floor(choice.floor, self.floors)
                name = choice.name or area.name
                areas.append(replace(area, name=name, aliases=aliases, floor=floor))
        self.areas = tuple(areas)
        self._removed = frozenset(
            called
            for id_, choice in choices.areas.items()
            if choice.removed
            for called in (id_, *map(word, _names(known.get(AreaId(id_)))))
        )

    def said_in_file(self, device_id: str) -> OwnDevice:
        """Return what the settings file says of a device; of most, nothing."""
        return self._devices.get(device_id, _AS_IT_IS)

    def device(self, device_id: str) -> OwnDevice:
        """Return what is said of a device; of most, nothing. A room may be NOWHERE, or an id."""
        said, choice = self.said_in_file(device_id), self.choices.device(device_id)
        chosen = {
            "name": choice.name,
            "aliases": choice.aliases,
            "room": choice.area,
            "hidden": None if choice.exposed is None else not choice.exposed,
        }
        update = {key: value for key, value in chosen.items() if value is not None}
        return said.model_copy(update=update) if update else said

    def code(self, device_id: str) -> str | None:
        """Return the code of a device, where the owner has given it."""
        return self._codes.get(device_id)

    def area(self, name: str | None) -> Area | None:
        """Return the room that is called so: one of the owner's, or a new one; None where the owner
        does not want it."""
        called = word(name)
        if name is None or not called:
            return None
        for area in self.areas:
            if called in {area.id, *map(word, _names(area))}:
                return area
        if called in self._removed:
            return None
        return Area(AreaId(called), name)


def word(name: str | None) -> str:
    """Return a name as it is compared: without case, punctuation and emoji."""
    return _NO_WORD.sub("_", (name or "").casefold()).strip("_")


def _names(area: Area | None) -> tuple[str, ...]:
    return () if area is None else (area.name, *area.aliases)


def _code(device_id: str, device: OwnDevice) -> str | None:
    if device.code_file is not None:
        return read_secret(f"home.devices, {device_id}, code_file", device.code_file)
    return None if device.code is None else device.code.get_secret_value().strip()


def _floor(name: str | None, floors: tuple[Floor, ...]) -> FloorId | None:
    called = word(name)
    for floor in floors:
        if called and called in {word(known) for known in (floor.name, *floor.aliases)}:
            return floor.id
    return None
