"""What the hub does to what plays, as facts."""

from dataclasses import dataclass
from typing import ClassVar

from satellite.event import Event


@dataclass(frozen=True, slots=True)
class PlaybackDucked(Event):
    """The hub makes the answer quieter, or as loud as before."""

    name: ClassVar[str] = "playback-ducked"
    turn: int
    """The turn."""
    gain_db: float
    """The new gain; 0 is unchanged."""
    ramp_ms: int
    """Time in which it changes."""


@dataclass(frozen=True, slots=True)
class PlaybackPaused(Event):
    """The answer is held. `at` is when the last sample before that was heard."""

    name: ClassVar[str] = "playback-paused"
    turn: int
    """The turn."""
    position_ms: int
    """How much of the turn's audio was heard."""


@dataclass(frozen=True, slots=True)
class PlaybackResumed(Event):
    """The hub lets the answer go on after a pause."""

    name: ClassVar[str] = "playback-resumed"
    turn: int
    """The turn."""


@dataclass(frozen=True, slots=True)
class PlaybackFlushed(Event):
    """What is left of the answer is dropped; `playback-finished` follows when it is quiet."""

    name: ClassVar[str] = "playback-flushed"
    turn: int
    """The turn."""
