"""What the owner says of the home: its floors and rooms, and what things are called."""

import re

from hub.home.model import Area, AreaId, Floor, FloorId
from hub.home_settings import OwnDevice, OwnHome
from hub.secret_file import read_secret

_NO_WORD = re.compile(r"[\W_]+")
_AS_IT_IS = OwnDevice()


class OwnerHome:
    """The owner's words, looked up. Names that are said alike are one."""

    def __init__(self, said: OwnHome | None = None) -> None:
        """Read the files with codes, too. Raises SettingsError."""
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
        self._codes = {
            device_id: code
            for device_id, device in said.devices.items()
            if (code := _code(device_id, device)) is not None
        }

    def device(self, device_id: str) -> OwnDevice:
        """Return what is said of a device; of most, nothing."""
        return self._devices.get(device_id, _AS_IT_IS)

    def code(self, device_id: str) -> str | None:
        """Return the code of a device, where the owner has given it."""
        return self._codes.get(device_id)

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
