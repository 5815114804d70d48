"""Wyoming's messages about the link, pipelines, satellites, timers, and what users make up."""

from dataclasses import dataclass
from typing import Annotated, Any, ClassVar

from protocol.schema import Message, OneOf
from protocol.wyoming_audio import AudioFormat, Turn

STAGES = ("wake", "asr", "intent", "handle", "tts")
Stage = Annotated[str, OneOf(STAGES)]


@dataclass(frozen=True, slots=True)
class Ping(Message):
    """Are you there?"""

    type_name: ClassVar[str] = "ping"
    text: str | None = None
    """Comes back in the pong."""


@dataclass(frozen=True, slots=True)
class Pong(Message):
    """I am here."""

    type_name: ClassVar[str] = "pong"
    text: str | None = None
    """The text of the ping."""


@dataclass(frozen=True, slots=True)
class Error(Message):
    """Something failed."""

    type_name: ClassVar[str] = "error"
    text: str
    """What failed, for people."""
    code: str | None = None
    """What failed, for programs."""
    turn: Turn | None = None
    """The turn that failed; absent when it concerns the link."""


@dataclass(frozen=True, slots=True)
class RunPipeline(Message):
    """Run the stages of a pipeline. Raises ValueError when it ends before it starts."""

    type_name: ClassVar[str] = "run-pipeline"
    start_stage: Stage
    """First stage."""
    end_stage: Stage
    """Last stage, not before the first."""
    restart_on_end: bool = False
    """Start again when it has ended."""
    wake_word_name: str | None = None
    """The wake word that was heard."""
    wake_word_names: tuple[str, ...] | None = None
    """Wake words to listen for, when it starts with `wake`."""
    announce_text: str | None = None
    """What to say, when it starts with `tts`."""
    name: str | None = None
    """Name of the pipeline; only older satellites send it."""
    snd_format: AudioFormat | None = None
    """Format that the speaker wants; only older satellites send it."""

    def __post_init__(self) -> None:
        if (
            self.start_stage in STAGES
            and self.end_stage not in STAGES[STAGES.index(self.start_stage) :]
        ):
            raise ValueError(
                f"end_stage {self.end_stage} is no stage after start_stage {self.start_stage}"
            )


@dataclass(frozen=True, slots=True)
class RunSatellite(Message):
    """The server is ready: the satellite may run pipelines."""

    type_name: ClassVar[str] = "run-satellite"


@dataclass(frozen=True, slots=True)
class PauseSatellite(Message):
    """The server is not ready: the satellite stops."""

    type_name: ClassVar[str] = "pause-satellite"


@dataclass(frozen=True, slots=True)
class StreamingStarted(Message):
    """The satellite has begun to stream audio."""

    type_name: ClassVar[str] = "streaming-started"


@dataclass(frozen=True, slots=True)
class StreamingStopped(Message):
    """The satellite has stopped streaming audio."""

    type_name: ClassVar[str] = "streaming-stopped"


@dataclass(frozen=True, slots=True)
class SatelliteConnected(Message):
    """A server has connected to the satellite."""

    type_name: ClassVar[str] = "satellite-connected"


@dataclass(frozen=True, slots=True)
class SatelliteDisconnected(Message):
    """The server has left the satellite."""

    type_name: ClassVar[str] = "satellite-disconnected"


@dataclass(frozen=True, slots=True)
class TimerStarted(Message):
    """A timer was set."""

    type_name: ClassVar[str] = "timer-started"
    id: str
    """Unique id."""
    total_seconds: int
    """Seconds that it runs for."""
    name: str | None = None
    """Name given by the user."""
    start_hours: int | None = None
    """Hours, as the user said them."""
    start_minutes: int | None = None
    """Minutes, as the user said them."""
    start_seconds: int | None = None
    """Seconds, as the user said them."""


@dataclass(frozen=True, slots=True)
class TimerUpdated(Message):
    """A timer was paused, resumed, made longer or made shorter."""

    type_name: ClassVar[str] = "timer-updated"
    id: str
    """Unique id."""
    is_active: bool
    """Whether it runs."""
    total_seconds: int
    """Seconds that are left."""


@dataclass(frozen=True, slots=True)
class TimerCancelled(Message):
    """A timer was given up."""

    type_name: ClassVar[str] = "timer-cancelled"
    id: str
    """Unique id."""


@dataclass(frozen=True, slots=True)
class TimerFinished(Message):
    """A timer has run out."""

    type_name: ClassVar[str] = "timer-finished"
    id: str
    """Unique id."""


@dataclass(frozen=True, slots=True)
class UserEvent(Message):
    """Whatever users agree on."""

    type_name: ClassVar[str] = "user-event"
    name: str
    """What it is."""
    data: dict[str, Any] | None = None
    """What it says."""
    context: dict[str, Any] | None = None
    """Opaque."""
