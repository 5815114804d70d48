"""The hub's own topics: what drives it, and what it tells of itself and its satellites."""

import hashlib
import re
from dataclasses import dataclass

_PLAIN = re.compile(r"[a-zA-Z0-9_-]{1,64}")
_NOT_PLAIN = re.compile(r"[^a-zA-Z0-9_-]+")


def topic_id(satellite: str) -> str:
    """Return a satellite's id as a level of a topic: as it is, where that is possible.

    Others lose what topics and discovery can not carry, and get a digest that tells them apart.
    """
    if _PLAIN.fullmatch(satellite):
        return satellite
    digest = hashlib.sha256(satellite.encode()).hexdigest()[:8]
    return f"{_NOT_PLAIN.sub('_', satellite)[:48]}-{digest}"


@dataclass(frozen=True, slots=True)
class Order:
    """Which command a topic stands for."""

    name: str
    satellite: str | None = None
    """As it is in the topic; None: it is for the hub."""


@dataclass(frozen=True, slots=True)
class OwnTopics:
    """The topics below `base`."""

    base: str

    @property
    def status(self) -> str:
        """Whether the hub is there: "online" or "offline", retained."""
        return f"{self.base}/status"

    @property
    def state(self) -> str:
        """How the hub is, retained."""
        return f"{self.base}/state"

    @property
    def timers(self) -> str:
        """Timers, alarms, reminders and delayed commands, retained."""
        return f"{self.base}/timers"

    @property
    def commands(self) -> tuple[str, str]:
        """Filters of everything that drives the hub."""
        return f"{self.base}/command/+", f"{self.base}/satellite/+/command/+"

    def of_satellite(self, level: str, name: str) -> str:
        """Return the topic on which something is told of a satellite."""
        return f"{self.base}/satellite/{level}/{name}"

    def command(self, name: str, level: str | None = None) -> str:
        """Return the topic of a command."""
        return f"{self._owner(level)}/command/{name}"

    def result(self, order: Order) -> str:
        """Return where it is told what came of a command."""
        return f"{self._owner(order.satellite)}/result/{order.name}"

    def order(self, topic: str) -> Order | None:
        """Return which command a topic stands for."""
        levels = topic.removeprefix(f"{self.base}/").split("/")
        match levels:
            case ["command", name]:
                return Order(name)
            case ["satellite", satellite, "command", name]:
                return Order(name, satellite)
        return None

    def satellite_of(self, topic: str) -> str | None:
        """Return the satellite that a state topic is about, as it is in the topic."""
        match topic.removeprefix(f"{self.base}/").split("/"):
            case ["satellite", satellite, "state"]:
                return satellite
        return None

    def _owner(self, level: str | None) -> str:
        return self.base if level is None else f"{self.base}/satellite/{level}"
