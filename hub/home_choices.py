"""What is chosen of the home in the dashboard: it counts more than files and devices say."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TypeVar

T = TypeVar("T")

NOWHERE = ""
"""The room of a device that shall be in none, and the floor of a room."""


@dataclass(frozen=True, slots=True)
class DeviceChoice:
    """What is chosen of a device. None: as the settings file or the device says."""

    name: str | None = None
    aliases: tuple[str, ...] | None = None
    area: str | None = None
    """The id of a room, or NOWHERE."""
    exposed: bool | None = None
    """Whether it can be spoken of."""

    @property
    def is_empty(self) -> bool:
        """Whether nothing is chosen."""
        return self == DeviceChoice()


@dataclass(frozen=True, slots=True)
class AreaChoice:
    """What is chosen of a room. None: as the settings file says."""

    name: str | None = None
    aliases: tuple[str, ...] | None = None
    floor: str | None = None
    """The name of the floor that it is on, or NOWHERE."""
    removed: bool = False
    """Whether it shall not be there, whoever speaks of it."""


@dataclass(frozen=True, slots=True)
class HomeChoices:
    """All that is chosen, by id."""

    devices: Mapping[str, DeviceChoice] = field(default_factory=dict)
    areas: Mapping[str, AreaChoice] = field(default_factory=dict)

    def device(self, device_id: str) -> DeviceChoice:
        """Return what is chosen of a device; of most, nothing."""
        return self.devices.get(device_id, DeviceChoice())

    def after(self, changes: "HomeChanges") -> "HomeChoices":
        """Return the choices after some of them became others."""
        return replace(
            self,
            devices=_after(self.devices, changes.devices),
            areas=_after(self.areas, changes.areas),
        )


@dataclass(frozen=True, slots=True)
class HomeChanges:
    """Choices that become others, by id. None: nothing is chosen any more."""

    devices: Mapping[str, DeviceChoice | None] = field(default_factory=dict)
    areas: Mapping[str, AreaChoice | None] = field(default_factory=dict)


def _after(before: Mapping[str, T], changes: Mapping[str, T | None]) -> dict[str, T]:
    return {id_: one for id_, one in {**before, **changes}.items() if one is not None}
