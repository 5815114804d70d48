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
class LevelTold:
    """A satellite told how loud it is there, while somebody looks."""

    satellite: str
    level_dbfs: float | None
    """None: its microphone is off, or away."""
    noise_dbfs: float | None
    signal_dbm: float | None
    """None: it is on a cable, or does not know."""
    signal: float | None
    """The same as a share of what is of use, from 0 to 1."""


@dataclass(frozen=True, slots=True)
class TimerHeard:
    """Somebody stopped a timer that rang at a satellite by itself."""

    satellite: str
    timer: str
    """Its id."""


@dataclass(frozen=True, slots=True)
class TurnStarted:
    """A turn begins: a satellite listens, says something, or something written is answered."""

    satellite: str
    """Empty: it was written, and at none."""
    turn: int
    name: str | None = None
    """The satellite's."""
    area: str | None = None
    person: str | None = None
    conversation: str | None = None
    """The id of the conversation that it belongs to."""
    opening: str = "wake"
    """What it began with: "wake", "interruption", "follow-up", "announcement" or "text"."""
    ref: str = ""
    """What whoever asked for it calls it."""


@dataclass(frozen=True, slots=True)
class TranscriptGrew:
    """More was heard of a sentence that goes on."""

    satellite: str
    turn: int
    text: str
    """All of it so far; what is heard in the end may be something else."""


@dataclass(frozen=True, slots=True)
class AnswerGrew:
    """More of an answer was written, which is said or read."""

    satellite: str
    turn: int
    text: str
    """All of it so far."""


@dataclass(frozen=True, slots=True)
class SpokenWord:
    """A word of an answer, and when it sounds."""

    text: str
    at_ms: float
    """In the answer's audio."""


@dataclass(frozen=True, slots=True)
class WordsTimed:
    """Some more words of an answer have a sound, which is on its way."""

    satellite: str
    turn: int
    words: tuple[SpokenWord, ...]


@dataclass(frozen=True, slots=True)
class ToolCalled:
    """Something is being done: a tool of a model, or what a sentence asks of the home."""

    satellite: str | None
    """None: it was written, and at no satellite."""
    turn: int | None
    call: str
    """Names the call in `ToolAnswered`."""
    tool: str
    """The name of the tool, or of the intent."""
    arguments: str
    """JSON, shortened, secrets masked."""


@dataclass(frozen=True, slots=True)
class ToolAnswered:
    """What was being done is done, or was not."""

    satellite: str | None
    turn: int | None
    call: str
    ok: bool
    text: str
    """What came of it, shortened."""
    took_ms: float
    asked: bool = False
    """Whether it waits for a yes: it is neither done nor failed."""


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


@dataclass(frozen=True, slots=True)
class SomethingHappened:
    """Something happened at a device at this moment: a button was pressed, a bell was rung."""

    device: str
    names: tuple[str, ...]
    """What the device is called, first the name that counts; also its id."""
    area: str | None
    type: str
    """What happened, in the device's own word."""
    subtype: str | None = None
    """Where at the device, such as "button_1"."""


Fact = (
    SatelliteConnected
    | SatelliteGone
    | SatelliteChanged
    | LevelTold
    | TimerHeard
    | TurnStarted
    | TranscriptGrew
    | AnswerGrew
    | WordsTimed
    | ToolCalled
    | ToolAnswered
    | TurnEnded
    | EngineChanged
    | HomeChanged
    | SomethingHappened
)
