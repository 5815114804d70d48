"""The home as the hub knows it: rooms, devices and their states, however they were told."""

import asyncio
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, NewType, Protocol

FloorId = NewType("FloorId", str)
AreaId = NewType("AreaId", str)
DeviceId = NewType("DeviceId", str)

UNKNOWN = "unknown"
UNAVAILABLE = "unavailable"


@dataclass(frozen=True, slots=True)
class Floor:
    """A storey of the home."""

    id: FloorId
    name: str
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Area:
    """A room, or another part of the home."""

    id: AreaId
    name: str
    aliases: tuple[str, ...] = ()
    floor: FloorId | None = None


@dataclass(frozen=True, slots=True)
class Device:
    """Something in the home that can be named."""

    id: DeviceId
    name: str
    domain: str
    """What kind of thing it is: "light", "cover", "sensor", ..., as in home-assistant-intents."""
    aliases: tuple[str, ...] = ()
    area: AreaId | None = None
    device_class: str | None = None
    features: frozenset[str] = frozenset()
    """What it can do ("brightness", "color", "position", ...); "state" if it tells its state."""
    unit: str | None = None
    exposed: bool = True
    """Whether it can be spoken of. One that is not can be switched by hand."""


@dataclass(frozen=True, slots=True)
class DeviceState:
    """What is known of a device now."""

    value: str = UNKNOWN
    """In the intents' words: "on", "off", "open", "closed", "locked", "21.5", ..."""
    attributes: Mapping[str, Any] = field(default_factory=dict)

    @property
    def known(self) -> bool:
        """Whether the device has told its state and can be reached."""
        return self.value not in {UNKNOWN, UNAVAILABLE}


@dataclass(frozen=True, slots=True)
class HomeCommand:
    """One device told to do one thing."""

    device: DeviceId
    verb: str
    """A name of `hub.home.verbs.VERBS`."""
    values: Mapping[str, Any] = field(default_factory=dict)


class CommandFailed(Exception):
    """A command did not reach its device.

    Codes: "unavailable" (nothing reaches the home now), "unknown-device", "unsupported",
    "bad-config", "out-of-range" (a value that the device does not know), "needs-code",
    "wrong-code".
    """

    def __init__(self, code: str, text: str) -> None:
        super().__init__(text)
        self.code = code


class CommandSink(Protocol):
    """Where commands go."""

    async def perform(self, command: HomeCommand) -> None:
        """Send a command. Returns when it is on its way, not when it has come true.

        Raises CommandFailed.
        """


StateTest = Callable[[DeviceState], bool]


class Home:
    """Rooms, devices and states of one home. For one event loop; nothing here blocks."""

    def __init__(self) -> None:
        self.version = 0
        """Raised whenever a floor, room or device comes, goes or is renamed; never for a state."""
        self.reachable = True
        """Whether the home can be told and asked anything at all now."""
        self._floors: dict[FloorId, Floor] = {}
        self._areas: dict[AreaId, Area] = {}
        self._devices: dict[DeviceId, Device] = {}
        self._states: dict[DeviceId, DeviceState] = {}
        self._waiting: dict[DeviceId, list[tuple[StateTest, asyncio.Future[None]]]] = {}
        self._listeners: list[Callable[[], None]] = []
        self._followers: list[Callable[[DeviceId], None]] = []

    def floors(self) -> tuple[Floor, ...]:
        """Return every floor."""
        return tuple(self._floors.values())

    def areas(self) -> tuple[Area, ...]:
        """Return every room."""
        return tuple(self._areas.values())

    def devices(self) -> tuple[Device, ...]:
        """Return every device that can be spoken of."""
        return tuple(device for device in self._devices.values() if device.exposed)

    def all_devices(self) -> tuple[Device, ...]:
        """Return every device, those that nobody speaks of too."""
        return tuple(self._devices.values())

    def floor(self, floor_id: FloorId) -> Floor | None:
        """Return a floor by its id."""
        return self._floors.get(floor_id)

    def area(self, area_id: AreaId) -> Area | None:
        """Return a room by its id."""
        return self._areas.get(area_id)

    def area_named(self, name: str) -> Area | None:
        """Return the room that is called so, in whatever case."""
        wanted = name.strip().casefold()
        for area in self._areas.values():
            if wanted in {called.casefold() for called in (area.id, area.name, *area.aliases)}:
                return area
        return None

    def device(self, device_id: DeviceId) -> Device | None:
        """Return a device by its id."""
        return self._devices.get(device_id)

    def state(self, device_id: DeviceId) -> DeviceState:
        """Return what is known of a device; of one that is not there, nothing."""
        return self._states.get(device_id, DeviceState())

    def put_floor(self, floor: Floor) -> None:
        """Add or replace a floor."""
        if self._floors.get(floor.id) != floor:
            self._floors[floor.id] = floor
            self._changed()

    def remove_floor(self, floor_id: FloorId) -> None:
        """Remove a floor; its rooms stay, on none."""
        if self._floors.pop(floor_id, None) is not None:
            self._changed()

    def put_area(self, area: Area) -> None:
        """Add or replace a room."""
        if self._areas.get(area.id) != area:
            self._areas[area.id] = area
            self._changed()

    def remove_area(self, area_id: AreaId) -> None:
        """Remove a room; its devices stay, in no room."""
        if self._areas.pop(area_id, None) is not None:
            self._changed()

    def put(self, device: Device) -> None:
        """Add or replace a device; its state, if there is one, is kept."""
        if self._devices.get(device.id) != device:
            self._devices[device.id] = device
            self._changed()

    def remove(self, device_id: DeviceId) -> None:
        """Remove a device and what is known of it."""
        if self._devices.pop(device_id, None) is not None:
            self._states.pop(device_id, None)
            self._changed()

    def update_state(self, device_id: DeviceId, state: DeviceState) -> None:
        """Take note of a device's state, and wake who waits for it."""
        if device_id not in self._devices:
            return
        before = self._states.get(device_id)
        self._states[device_id] = state
        if state != before:
            for follower in self._followers:
                follower(device_id)
        for test, future in self._waiting.get(device_id, ()):
            if not future.done() and test(state):
                future.set_result(None)

    async def wait_for(self, device_id: DeviceId, test: StateTest, timeout_s: float) -> bool:
        """Wait until a device's state passes a test; return whether it did in time."""
        if test(self.state(device_id)):
            return True
        future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        entry = (test, future)
        self._waiting.setdefault(device_id, []).append(entry)
        try:
            with suppress(TimeoutError):
                async with asyncio.timeout(timeout_s):
                    await future
            return future.done() and not future.cancelled()
        finally:
            waiting = self._waiting[device_id]
            waiting.remove(entry)
            if not waiting:
                del self._waiting[device_id]

    def on_structure_changed(self, listener: Callable[[], None]) -> None:
        """Call `listener` after every change that raises `version`. It must not block or raise."""
        self._listeners.append(listener)

    def on_state_changed(self, follower: Callable[[DeviceId], None]) -> None:
        """Call `follower` whenever a device's state is another. It must not block or raise."""
        self._followers.append(follower)

    def _changed(self) -> None:
        self.version += 1
        for listener in self._listeners:
            listener()
