"""What the state machine wants done. It decides, the program does."""

from dataclasses import dataclass
from typing import Any

from protocol import AudioFormat, Message
from satellite.events import Event


@dataclass(frozen=True, slots=True)
class Send:
    """Send a message to the hub."""

    message: Message


@dataclass(frozen=True, slots=True)
class SendStatus:
    """Tell the hub how the satellite is."""


@dataclass(frozen=True, slots=True)
class StartStreaming:
    """The microphone is heard from now on: show it."""

    turn: int


@dataclass(frozen=True, slots=True)
class StopStreaming:
    """The microphone is not heard any more."""


@dataclass(frozen=True, slots=True)
class StartPlayback:
    """Prepare the speaker for the audio of a turn."""

    turn: int


@dataclass(frozen=True, slots=True)
class Play:
    """Add audio to the turn's playback."""

    turn: int
    audio: bytes
    format: AudioFormat


@dataclass(frozen=True, slots=True)
class EndPlayback:
    """No more audio comes for now; when all is played, playback has finished."""


@dataclass(frozen=True, slots=True)
class FlushPlayback:
    """Be silent at once and drop what is left."""


@dataclass(frozen=True, slots=True)
class SetGain:
    """Play louder or quieter, on top of the volume."""

    gain_db: float
    ramp_ms: int


@dataclass(frozen=True, slots=True)
class SetTurnVolume:
    """Play the turn as loud as this, from 0 to 1, instead of the satellite's volume."""

    volume: float


@dataclass(frozen=True, slots=True)
class PausePlayback:
    """Hold the playback."""


@dataclass(frozen=True, slots=True)
class ResumePlayback:
    """Go on with the playback."""


@dataclass(frozen=True, slots=True)
class Configure:
    """Take over settings from the hub."""

    values: dict[str, Any]
    request: int | None = None
    """What the hub wants to be answered by."""


@dataclass(frozen=True, slots=True)
class Emit:
    """Tell the log and whoever listens what happened."""

    event: Event


Effect = (
    Send
    | SendStatus
    | StartStreaming
    | StopStreaming
    | StartPlayback
    | Play
    | EndPlayback
    | FlushPlayback
    | SetGain
    | SetTurnVolume
    | PausePlayback
    | ResumePlayback
    | Configure
    | Emit
)
