"""What the owner says of the home: its floors and rooms, and what things are called."""

import re

from hub.home.model import Area, AreaId, Floor, FloorId
from hub.home_settings import OwnDevice, OwnHome

_NO_WORD = re.compile(r"[\W_]+")
_AS_IT_IS = OwnDevice()


class OwnerHome:
    """The owner's words, looked up. Names that are said alike are one."""

    def __init__(self, said: OwnHome | None = None) -> None:
        said = said or OwnHome()
        floors = {name: floor.aliases for name, floor in said.floors.items()}
        called = {word(one) for name, others in floors.items() for one in (name, *others)}
        floors |= {
            room.floor: ()
            for room in said.rooms.values()
            if room.floor and word(room.floor) not in called
        }
        self.floors = tuple(
            Floor(FloorId(word(name)), name, aliases)
            for name, aliases in floors.items()
            if word(name)
        )
        self.areas = tuple(
            Area(AreaId(word(name)), name, room.aliases, _floor(room.floor, self.floors))
            for name, room in said.rooms.items()
            if word(name)
        )
        self._devices = said.devices

    def device(self, device_id: str) -> OwnDevice:
        """Return what is said of a device; of most, nothing."""
        return self._devices.get(device_id, _AS_IT_IS)

    def area(self, name: str | None) -> Area | None:
        """Return the room that is called so: one of the owner's, or a new one."""
        called = word(name)
        if name is None or not called:
            return None
        for area in self.areas:
            if called in {word(known) for known in (area.name, *area.aliases)}:
                return area
        return Area(AreaId(called), name)


def word(name: str | None) -> str:
    """Return a name as it is compared: without case, punctuation and emoji."""
    return _NO_WORD.sub("_", (name or "").casefold()).strip("_")


def _floor(name: str | None, floors: tuple[Floor, ...]) -> FloorId | None:
    called = word(name)
    for floor in floors:
        if called and called in {word(known) for known in (floor.name, *floor.aliases)}:
            return floor.id
    return None
