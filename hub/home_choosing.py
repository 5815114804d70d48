"""Choosing what rooms and devices are called, where they are, and what can be spoken of."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from hub.controlling import ControlError
from hub.furnishing import Furnishing
from hub.home.model import Area, AreaId, DeviceId, Home
from hub.home_choices import NOWHERE, AreaChoice, DeviceChoice, HomeChanges
from hub.owner_home import word

MAX_NAME_CHARS = 100
MAX_ALIASES = 20
MAX_AREAS = 1_000

Save = Callable[[HomeChanges], Awaitable[None]]
"""Keeps choices; raises what keeps them from being kept."""


class HomeChoosing:
    """Changes choices one after the other: kept first, then so. All raise ControlError."""

    def __init__(self, home: Home, furnishing: Furnishing, save: Save) -> None:
        self._home = home
        self._furnishing = furnishing
        self._save = save
        self._one_at_a_time = asyncio.Lock()

    async def change_device(self, device_id: str, values: Mapping[str, Any]) -> None:
        """Choose `name`, `area` (an id, or NOWHERE), `aliases` or `exposed` of a device.

        None: as the settings file or the device says.
        """
        async with self._one_at_a_time:
            device = self._home.device(DeviceId(device_id))
            if device is None:
                raise ControlError("unknown", f"There is no device {device_id!r:.100}.")
            choice = self._furnishing.choices.device(device_id)
            areas: dict[str, AreaChoice | None] = {}
            if "name" in values:
                choice = replace(choice, name=_name(values["name"]))
            if "aliases" in values:
                choice = replace(choice, aliases=_aliases(values["aliases"]))
            if "exposed" in values:
                choice = replace(choice, exposed=values["exposed"])
            if "area" in values:
                choice = replace(choice, area=values["area"])
                areas = self._kept(values["area"])
            chosen = None if choice.is_empty else choice
            await self._change(HomeChanges({device_id: chosen}, areas))

    async def add_area(
        self, name: str, aliases: Sequence[str] | None = None, floor: str | None = None
    ) -> AreaId:
        """Make a room, or have one again that was removed; return its id."""
        async with self._one_at_a_time:
            called = _name(name) or ""
            area_id = AreaId(word(called))
            choice = AreaChoice(called, _aliases(aliases), _floor(floor))
            self._check_free((called, *(choice.aliases or ())), None)
            if len(self._home.areas()) >= MAX_AREAS:
                raise ControlError("full", f"There are {MAX_AREAS} rooms already.")
            await self._change(HomeChanges(areas={area_id: choice}))
            return area_id

    async def change_area(self, area_id: str, values: Mapping[str, Any]) -> None:
        """Choose `name`, `aliases` or `floor` (a name, or NOWHERE) of a room.

        None: as the settings file or a device says.
        """
        async with self._one_at_a_time:
            area = self._area(area_id)
            choice = self._furnishing.choices.areas.get(area_id, AreaChoice(area.name))
            if "name" in values:
                name = _name(values["name"]) or self._furnishing.suggested(area.id) or area.name
                choice = replace(choice, name=name)
            if "aliases" in values:
                choice = replace(choice, aliases=_aliases(values["aliases"]))
            if "floor" in values:
                choice = replace(choice, floor=_floor(values["floor"]))
            self._check_free((choice.name or "", *(choice.aliases or ())), area.id)
            await self._change(HomeChanges(areas={area_id: choice}))

    async def remove_area(self, area_id: str) -> None:
        """Remove a room. What was put into it is where it says itself, or nowhere."""
        async with self._one_at_a_time:
            area = self._area(area_id)
            speaks = self._furnishing.suggested(area.id) is not None
            devices: dict[str, DeviceChoice | None] = {}
            for device_id, choice in self._furnishing.choices.devices.items():
                if choice.area == area_id:
                    left = replace(choice, area=None)
                    devices[device_id] = None if left.is_empty else left
            gone = AreaChoice(removed=True) if speaks else None
            await self._change(HomeChanges(devices, {area_id: gone}))

    async def _change(self, changes: HomeChanges) -> None:
        await self._save(changes)
        self._furnishing.choose(self._furnishing.choices.after(changes))

    def _area(self, area_id: str) -> Area:
        area = self._home.area(AreaId(area_id))
        if area is None:
            raise ControlError("unknown", f"There is no room {area_id!r:.100}.")
        return area

    def _kept(self, area_id: str | None) -> dict[str, AreaChoice | None]:
        """Return what keeps a room there for a device that is put into it."""
        if area_id is None or area_id == NOWHERE:
            return {}
        area = self._area(area_id)
        known = self._furnishing.choices.areas.get(area_id)
        return {area_id: AreaChoice(area.name) if known is None else known}

    def _check_free(self, names: Sequence[str], own: AreaId | None) -> None:
        wanted = {word(name): name for name in names}
        for area in self._home.areas():
            taken = wanted.keys() & {word(one) for one in (area.id, area.name, *area.aliases)}
            if area.id != own and taken:
                name = wanted[min(taken)]
                text = f"{name!r} is what the room {area.name!r} is called. Take another name."
                raise ControlError("name-taken", text)


def _name(name: str | None) -> str | None:
    """Return a name as it is kept."""
    if name is None:
        return None
    called = " ".join(name.split())
    if not word(called) or len(called) > MAX_NAME_CHARS:
        text = f"A name has a letter or a digit, and {MAX_NAME_CHARS} characters at most."
        raise ControlError("bad-value", text)
    return called


def _floor(name: str | None) -> str | None:
    return NOWHERE if name == NOWHERE else _name(name)


def _aliases(aliases: Sequence[str] | None) -> tuple[str, ...] | None:
    if aliases is None:
        return None
    if len(aliases) > MAX_ALIASES:
        raise ControlError("bad-value", f"There are {MAX_ALIASES} other names at most.")
    return tuple(dict.fromkeys(name for alias in aliases if (name := _name(alias))))
