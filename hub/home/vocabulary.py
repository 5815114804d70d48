"""What can be said of a home: the words of its rooms and devices, for the phrases grammar."""

from hub.home.model import Home
from hub.home.phrases import Name, Vocabulary


def vocabulary_of(home: Home) -> Vocabulary:
    """Return every name and alias of the home's devices, rooms and floors, sorted."""
    names = {
        Name(text, device.domain, device.features)
        for device in home.devices()
        for text in (device.name, *device.aliases)
    }
    areas = {text for area in home.areas() for text in (area.name, *area.aliases)}
    floors = {text for floor in home.floors() for text in (floor.name, *floor.aliases)}
    return Vocabulary(
        names=tuple(sorted(names, key=lambda name: (name.text, name.domain))),
        areas=tuple(sorted(areas)),
        floors=tuple(sorted(floors)),
        cover_classes=frozenset(
            device.device_class or "" for device in home.devices() if device.domain == "cover"
        ),
    )
