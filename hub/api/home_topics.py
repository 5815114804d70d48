"""The home, live: a topic of its rooms, and one of its devices."""

from datetime import UTC, datetime

from hub.api.access import Role
from hub.api.home_views import area_value, device_value, is_thing
from hub.api.live import Live
from hub.home.model import Device, DeviceId, Home
from hub.household import Household


class HomeTopics:
    """Keeps the topics true to the home."""

    def __init__(self, live: Live, home: Home, household: Household) -> None:
        self._home = home
        self._household = household
        self._areas = live.topic("areas")
        self._devices = live.topic("devices")
        self._hidden = live.topic("hidden_devices", Role.MEMBER)
        """Those that nobody speaks of."""
        self._itself = live.topic("home")
        self._changed: dict[DeviceId, datetime] = {}

    def start(self) -> None:
        """Follow the home from now on."""
        self._refresh()
        self._home.on_state_changed(self._show)
        self._household.on_structure_changed(self._refresh)
        self._household.link.on_connection(self._reached)

    def changed(self, device: DeviceId) -> datetime | None:
        """Return when the state of a device became another; None: not since the hub runs."""
        return self._changed.get(device)

    def _refresh(self) -> None:
        household = self._household
        devices = [one for one in self._home.all_devices() if is_thing(one, household)]
        known = {device.id for device in devices}
        self._changed = {one: at for one, at in self._changed.items() if one in known}
        areas = self._home.areas()
        self._areas.replace({area.id: area_value(area, self._home) for area in areas})
        for topic, exposed in ((self._devices, True), (self._hidden, False)):
            topic.replace({one.id: self._value(one) for one in devices if one.exposed is exposed})
        self._reached(self._home.reachable)

    def _reached(self, reachable: bool) -> None:
        self._itself.put("home", {"reachable": reachable})

    def _show(self, device_id: DeviceId) -> None:
        device = self._home.device(device_id)
        if device is None:
            return
        if self._home.state(device_id).known:
            self._changed[device_id] = datetime.now(UTC)
        topic = self._devices if device.exposed else self._hidden
        if device_id in topic.values:  # a new one comes with all of its burst
            topic.put(device_id, self._value(device))

    def _value(self, device: Device) -> dict[str, object]:
        return device_value(device, self._home, self._household, self._changed.get(device.id))
