"""What happens until a satellite that knows no token is let in."""

from dataclasses import dataclass
from typing import ClassVar

from satellite.event import Event


@dataclass(frozen=True, slots=True)
class PairingCode(Event):
    """The satellite waits for the owner of a hub, which shows the same code."""

    name: ClassVar[str] = "pairing"
    code: str
    """Six digits."""
    hub: str
    """The hub's name, as it says."""


@dataclass(frozen=True, slots=True)
class Paired(Event):
    """The owner has approved the satellite: it knows a token of its own now."""

    name: ClassVar[str] = "paired"
    kept: bool
    """False where it could not be written down: after a restart it asks again."""
