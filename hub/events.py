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
class SatelliteChanged:
    """A satellite told that its state, volume or microphone is another now."""

    satellite: str


@dataclass(frozen=True, slots=True)
class TimerHeard:
    """Somebody stopped a timer that rang at a satellite by itself."""

    satellite: str
    timer: str
    """Its id."""


@dataclass(frozen=True, slots=True)
class TurnStarted:
    """A satellite was told to listen."""

    satellite: str
    turn: int


@dataclass(frozen=True, slots=True)
class TranscriptGrew:
    """More was heard of a sentence that goes on."""

    satellite: str
    turn: int
    text: str
    """All of it so far; what is heard in the end may be something else."""


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
    language: str | None = None
    """Of the transcript."""
    answer: str | None = None
    intent: str | None = None
    stages: tuple[Stage, ...] = ()
    details: Mapping[str, Any] = field(default_factory=dict)
    """Of a turn in which somebody spoke, among others: `tries` at what was said, `thoughts` (tries
    that thought ahead), whether that `paid`, and `ahead_ms`, the time that it gained."""
    heard: str | None = None
    """What was heard of the answer."""


@dataclass(frozen=True, slots=True)
class EngineChanged:
    """An engine became ready, failed or was given up, or is not needed at the moment."""

    role: str
    """"speech-to-text", "text-to-speech", "language-model" or "turn-detector"."""
    engine: str
    """Its name in the settings."""
    ready: bool
    text: str
    """What there is, in a line; where it is not ready, why, and what to do."""
    memory_bytes: int = 0
    """What its processes take."""


@dataclass(frozen=True, slots=True)
class HomeChanged:
    """Devices or rooms came, went or were renamed."""

    areas: int
    devices: int


Fact = (
    SatelliteConnected
    | SatelliteGone
    | SatelliteChanged
    | TimerHeard
    | TurnStarted
    | TranscriptGrew
    | TurnEnded
    | EngineChanged
    | HomeChanged
)
