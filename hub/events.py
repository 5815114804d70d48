"""Facts that happened in the hub. They go up, over the bus, to whoever keeps or shows them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class SatelliteConnected:
    """A satellite proved itself and is ready."""

    satellite: str
    name: str
    area: str | None


@dataclass(frozen=True, slots=True)
class SatelliteGone:
    """A satellite's link ended."""

    satellite: str
    reason: str


@dataclass(frozen=True, slots=True)
class TurnStarted:
    """A satellite was told to listen."""

    satellite: str
    turn: int


@dataclass(frozen=True, slots=True)
class Stage:
    """One stage of a turn; times are ms since the turn started."""

    name: str
    start_ms: float
    end_ms: float


@dataclass(frozen=True, slots=True)
class TurnEnded:
    """A turn is over, however it ended."""

    satellite: str
    turn: int
    outcome: str
    """"answered", "interrupted", "stopped" (only silence was asked for), "handed-over" (it goes on
    in another room), "nothing-heard", "not-understood", "cancelled" or "failed"."""
    transcript: str | None = None
    answer: str | None = None
    intent: str | None = None
    stages: tuple[Stage, ...] = ()
    details: Mapping[str, Any] = field(default_factory=dict)
    heard: str | None = None
    """What was heard of the answer."""


@dataclass(frozen=True, slots=True)
class HomeChanged:
    """Devices or rooms came, went or were renamed."""

    areas: int
    devices: int


Fact = SatelliteConnected | SatelliteGone | TurnStarted | TurnEnded | HomeChanged
