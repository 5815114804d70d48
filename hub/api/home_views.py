"""How rooms and devices of the home look from outside."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from hub.home.keypad import wants_said
from hub.home.model import Area, Device, Home
from hub.home.verbs import VERBS
from hub.household import Household

MAX_TEXT_CHARS = 255
MAX_ENTRIES = 100
"""Of a list, and of all attributes of a device."""
_SHOWN = frozenset({
    "action", "areas", "battery_level", "brightness", "color", "color_temperature",
    "color_temperature_max", "color_temperature_min",
    "current_humidity", "current_temperature", "direction", "effect", "effects", "fan_mode",
    "fan_modes", "fan_speed", "fan_speeds", "humidity", "in_progress", "max", "min", "mode",
    "muted", "options", "oscillating", "percentage", "position", "preset", "presets", "step",
    "swing_mode", "swing_modes", "temperature", "temperature_high", "temperature_low", "tilt",
    "title", "tone", "tones", "volume",
})  # fmt: skip
"""The attributes that controls show; a device may have any others beside."""


def area_value(area: Area, home: Home) -> dict[str, Any]:
    """Return a room."""
    floor = None if area.floor is None else home.floor(area.floor)
    return {
        "id": area.id,
        "name": area.name,
        "aliases": list(area.aliases),
        "floor": None if floor is None else floor.name,
    }


def device_value(
    device: Device, home: Home, household: Household, changed: datetime | None
) -> dict[str, Any]:
    """Return what a control of a device needs, and no more: it is sent at every change."""
    state = home.state(device.id)
    known = device.area is not None and home.area(device.area) is not None
    return {
        "id": device.id,
        "name": device.name,
        "area": device.area if known else None,
        "kind": device.domain,
        "device_class": device.device_class,
        "unit": device.unit,
        "state": state.value[:MAX_TEXT_CHARS],
        "attributes": {
            name: one for name, one in shown(state.attributes).items() if name in _SHOWN
        },
        "features": sorted(device.features),
        "verbs": offered(device, household),
        "needs_code": wants_said(device),
        "exposed": device.exposed,
        "changed": None if changed is None else changed.isoformat(timespec="milliseconds"),
    }


def is_thing(device: Device, household: Household) -> bool:
    """Return whether a device is a thing of the home; lists are spoken of as if they were."""
    return household.furnishing.entity_of(device.id) is not None


def offered(device: Device, household: Household) -> list[str]:
    """Return what a device can be told."""
    return sorted(
        verb
        for verb in household.verbs(device.id)
        if verb in VERBS and device.domain in VERBS[verb].domains
    )


def schema_of(verb: str, device: Device) -> dict[str, Any]:
    """Return the JSON schema of a verb's values, with those alone that a device knows."""
    schema = VERBS[verb].schema
    properties = {
        name: {key: value for key, value in one.items() if key != "optional"}
        for name, one in schema["properties"].items()
        if not one.get("optional") or verb != "turn_on" or name in device.features
    }
    return {**schema, "properties": properties}


def shown(attributes: Mapping[str, Any]) -> dict[str, Any]:
    """Return attributes in bounds, for they are whatever a device says."""
    return {
        str(name)[:MAX_TEXT_CHARS]: _bounded(value)
        for name, value in list(attributes.items())[:MAX_ENTRIES]
        if value is not None
    }


def _bounded(value: Any) -> Any:
    if isinstance(value, bool | int | float):
        return value
    if isinstance(value, Sequence) and not isinstance(value, str | bytes):
        return [
            one if isinstance(one, int | float) else str(one)[:MAX_TEXT_CHARS]
            for one in value[:MAX_ENTRIES]
        ]
    return str(value)[:MAX_TEXT_CHARS]
