"""Homes to measure with: the one that the recordings speak of, and larger ones around it."""

from collections.abc import Iterator
from itertools import product

from hub.demo.simulated_home_devices import HOME, KINDS
from hub.home.model import Area, AreaId, Device, DeviceId, Home

KITCHEN = AreaId("kitchen")
"""Where the recordings are spoken."""

_LIGHT = frozenset({"state", "brightness", "color"})
_ROOMS = (
    *("Living Room", "Bedroom", "Guest Bedroom", "Bathroom", "Upstairs Bathroom", "Garage"),
    *("Garden", "Hallway", "Attic", "Basement", "Dining Room", "Laundry Room", "Nursery"),
    *("Terrace", "Workshop", "Pantry", "Studio", "Entrance", "Wohnzimmer", "Playroom"),
)
_PLACES = (
    *("Ceiling", "Floor", "Table", "Corner", "Window", "Wall", "Reading", "Night", "Main", "Desk"),
    *("Counter", "Shelf", "Closet", "Mirror", "Copper", "Ikea Tradfri", "Zigbee2MQTT", "Antique"),
)
_THINGS = (
    *(("Lamp", "light"), ("Spot", "light"), ("Plug", "switch"), ("Heater", "climate")),
    *(("Blind", "cover"), ("Temperature", "sensor"), ("Speaker", "media_player"), ("Fan", "fan")),
)


def spoken_home() -> Home:
    """Return the home that the recordings speak of."""
    home = Home()
    for name in dict.fromkeys(device.area for device in HOME if device.area):
        home.put_area(Area(AreaId(name.lower()), name))
    for device in HOME:
        component = KINDS[device.kind].component
        home.put(
            Device(
                DeviceId(device.name),
                device.name,
                component,
                area=AreaId(device.area.lower()) if device.area else None,
                device_class=device.config.get("dev_cla"),
                features=frozenset({"state"}) if device.kind == "plain light" else _LIGHT,
            )
        )
    return home


def large_home(devices: int) -> Home:
    """Return the same home grown to a number of devices, in 22 rooms."""
    home = spoken_home()
    for room in _ROOMS:
        home.put_area(Area(AreaId(room.lower()), room))
    fresh = _devices()
    while len(home.devices()) < devices:
        home.put(next(fresh))
    return home


def _devices() -> Iterator[Device]:
    """Yield devices whose names share most of their words with other names."""
    for number, (place, (thing, domain), room) in enumerate(product(_PLACES, _THINGS, _ROOMS)):
        # Every third name goes without its room, as people name the things of one room.
        name = f"{place} {thing} {number}" if number % 3 == 0 else f"{room} {place} {thing}"
        yield Device(
            DeviceId(name), name, domain, area=AreaId(room.lower()), features=_LIGHT | {"position"}
        )
