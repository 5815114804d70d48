"""One thing of a home as MQTT shows it: which topics tell its state, which messages move it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from hub.mqtt.config import Render
from hub.mqtt.publication import Publication

VALUE = "value"
"""The key of a reading that is the state itself; all other keys are attributes."""
UNKNOWN = "unknown"
UNAVAILABLE = "unavailable"
NOW = "sotto-now"
"""The value of an attribute that is to be the time at which the message came."""

Changes = Mapping[str, Any]
"""What a payload tells: VALUE and attributes. An attribute that is None is unknown again."""
Resolve = Callable[[str, Mapping[str, Any]], str]
"""Makes of a told state and the attributes the state that counts."""
Command = Callable[[Mapping[str, Any]], tuple[Publication, ...]]
"""Makes the messages of a command from its values."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What one topic tells about an entity."""

    topic: str
    render: Render
    read: Callable[[str], Changes]
    """Takes the rendered value; an empty mapping means "nothing that can be understood"."""
    live: bool = False
    """Whether only a message of this moment tells anything; a retained one is long past."""


@dataclass(frozen=True, slots=True)
class AvailabilityReading:
    """What one topic tells about whether an entity can be reached."""

    topic: str
    render: Render
    available: str
    not_available: str


def as_told(value: str, _attributes: Mapping[str, Any]) -> str:
    """Take a state as it was told."""
    return value


@dataclass(frozen=True, slots=True)
class Lapse:
    """A state that is only true for a time after it was told."""

    after_s: float
    value: str
    """What it becomes then."""
    of: str | None = None
    """The state that lapses; None: any."""


@dataclass(frozen=True, slots=True)
class Parts:
    """What is particular to a component: how it is read and moved."""

    features: frozenset[str] = frozenset()
    readings: tuple[Reading, ...] = ()
    commands: Mapping[str, Command] = field(default_factory=dict)
    unit: str | None = None
    resolve: Resolve = as_told
    facts: Mapping[str, Any] = field(default_factory=dict)
    """Attributes that never change: the options of a selection, the range of a number, ..."""
    lapses: tuple[Lapse, ...] = ()
    recalls: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """By verb, values that are as they were last where the command does not say them."""


@dataclass(frozen=True, slots=True)
class Entity:
    """A discovered entity."""

    id: str
    """Stable over restarts: the component and the device's own unique id."""
    component: str
    name: str
    area: str | None
    """Name of the room that the device suggests."""
    device_class: str | None
    unit: str | None
    features: frozenset[str]
    """What it can do ("brightness", "position", ...); "state" if it tells its state."""
    readings: tuple[Reading, ...]
    commands: Mapping[str, Command]
    resolve: Resolve
    availability: tuple[AvailabilityReading, ...]
    availability_mode: str
    """"all", "any" or "latest"."""
    source: str
    """The topic it announced itself on."""
    facts: Mapping[str, Any] = field(default_factory=dict)
    """Attributes that never change."""
    lapses: tuple[Lapse, ...] = ()
    recalls: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """By verb, attributes that a command takes as they were last, where it does not say them."""
    encoding: str = "utf-8"
    """How its payloads are written."""
    origin: str | None = None
    """The program that announced it, with its version."""
    device: str | None = None
    """By what the device is known that it is a part of."""

    @property
    def topics(self) -> frozenset[str]:
        """Every topic that must be read to know its state."""
        states = {reading.topic for reading in self.readings}
        return frozenset(states | {reading.topic for reading in self.availability})
