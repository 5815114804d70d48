"""Which covers let somebody in, where they do not tell what they are but are called so."""

import re

from hub.home.model import Device

_WORDS = re.compile(
    r"\b(?:door|gate|garage|tor|portail|portillon|porte|puerta|port[oó]n|cochera|garaje)\b"
    r"|t(?:ü|ue)r\b|garagentor\b|hoftor\b|rolltor\b|einfahrtstor\b|doors\b",
    re.IGNORECASE,
)
"""In English, German, French and Spanish."""


def is_called_entrance(device: Device) -> bool:
    """Return whether a device of no class has the name of a door, a gate or a garage.

    Most bridges do not tell what a cover is; its name does.
    """
    called = (device.name, *device.aliases)
    return device.device_class is None and any(_WORDS.search(name) for name in called)
