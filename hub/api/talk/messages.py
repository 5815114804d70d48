"""What the hub says on the talk socket. Each is a JSON object; `type` says which one it is."""

from typing import Any, ClassVar, Literal

import orjson
from pydantic import BaseModel, ConfigDict

TALK_VERSION = 1
"""Raised when an older client could misread a newer hub."""


class Down(BaseModel):
    """Something that the hub says."""

    model_config = ConfigDict(frozen=True, use_attribute_docstrings=True)
    name: ClassVar[str]

    def to_json(self) -> str:
        """Return it as it is sent."""
        return orjson.dumps({"type": self.name, **self.model_dump()}).decode()


class Present(Down):
    """The hub is there, and waits for a hello: its first message."""

    name = "hub"
    version: int
    """Version of this vocabulary that it speaks."""


class WakeWord(BaseModel):
    """A wake word that the hub can listen for."""

    model_config = ConfigDict(frozen=True, use_attribute_docstrings=True)
    name: str
    """What it is called in `begin`."""
    phrase: str
    """What is said."""


class Welcome(Down):
    """The hub takes the client."""

    name = "welcome"
    satellite: str
    """What the client is called where satellites are listed."""
    hub: str
    """The hub's name, for people."""
    person: str
    """Who is logged in."""
    language: str
    """What is spoken there."""
    languages: tuple[str, ...]
    """Those that may be chosen."""
    rooms: tuple[str, ...]
    """Those that may be chosen."""
    wake_words: tuple[WakeWord, ...] = ()
    """Those that may be chosen: each has a `name` and a `phrase`."""


class State(Down):
    """What goes on."""

    name = "state"
    state: Literal["idle", "listening", "thinking", "speaking"]
    """As the satellites' states."""


class TurnStarted(Down):
    """A turn begins."""

    name = "turn-started"
    turn: int
    """Its number; higher than every one before."""
    ref: str = ""
    """Of what was typed, where that is answered."""


class Listen(Down):
    """The hub listens. Audio that is sent belongs to this turn."""

    name = "listen"
    turn: int
    """The turn."""
    max_ms: int
    """It listens no longer than this."""
    keep_open: bool
    """Whether the microphone stays open while the answer plays."""


class StandDown(Down):
    """Another satellite answers."""

    name = "stand-down"
    reason: str
    """Why, for logs."""


class Speech(Down):
    """Somebody begins to speak, or has finished."""

    name = "speech"
    turn: int | None
    """The turn."""
    started: bool
    """Which of the two."""


class Transcript(Down):
    """What was heard."""

    name = "transcript"
    turn: int | None
    """The turn."""
    text: str
    """All of it so far."""
    final: bool
    """Whether this is what counts; before, it may change."""


class Answer(Down):
    """More of the answer's text, as it is written."""

    name = "answer"
    turn: int
    """The turn."""
    at: int
    """Where it goes on: characters before it."""
    text: str
    """What comes there."""


class Saying(Down):
    """What sounds next: a sentence."""

    name = "saying"
    turn: int | None
    """The turn."""
    text: str
    """The sentence."""


class Word(BaseModel):
    """A word that sounds."""

    model_config = ConfigDict(frozen=True, use_attribute_docstrings=True)
    text: str
    """As it is spoken."""
    at_ms: float
    """When, in the answer's audio."""


class Words(Down):
    """When the next words sound."""

    name = "words"
    turn: int
    """The turn."""
    words: tuple[Word, ...]
    """In order."""


class Tool(Down):
    """Something is being done, or is done: a model's tool, or what a sentence asks of the home."""

    name = "tool"
    turn: int | None
    """The turn."""
    call: str
    """The same when it runs and when it is done."""
    tool: str = ""
    """Its name; empty once it is done."""
    arguments: str = ""
    """JSON, shortened, secrets masked; empty once it is done."""
    status: Literal["running", "done", "failed", "asked"]
    """How far it is; "asked": it waits for a yes."""
    result: str = ""
    """What came of it, shortened."""
    took_ms: float = 0
    """How long it took."""


class AudioBegins(Down):
    """Audio of the answer begins: binary frames follow."""

    name = "audio-start"
    turn: int | None
    """The turn."""
    rate: int
    """Samples a second: 16 bit, little-endian, mono."""


class AudioEnds(Down):
    """No more audio of this turn follows."""

    name = "audio-stop"
    turn: int | None
    """The turn."""


class Flush(Down):
    """Drop the audio that was not played yet, and tell the position with `finished`."""

    name = "flush"
    turn: int
    """The turn whose audio is dropped."""


class Pause(Down):
    """Stop playing where you are, and keep the rest."""

    name = "pause"
    turn: int
    """The turn whose audio it concerns."""


class Resume(Down):
    """Go on playing after a pause."""

    name = "resume"
    turn: int
    """The turn whose audio it concerns."""


class Duck(Down):
    """Play more quietly, or as loud as before with 0 dB."""

    name = "duck"
    turn: int
    """The turn whose audio it concerns."""
    gain_db: float
    """0 is unchanged, negative is quieter."""
    ramp_ms: int
    """Time in which it changes."""


class Cancel(Down):
    """All of this turn and of the turns before is stale: drop it."""

    name = "cancel"
    turn: int
    """The highest turn that is stale."""
    reason: str
    """Why, for logs."""


class TurnEnded(Down):
    """A turn is over. Audio that was sent before is still played."""

    name = "turn-ended"
    turn: int
    """The turn."""
    outcome: str
    """What came of it, such as `answered`."""
    transcript: str | None
    """What was heard or typed."""
    language: str | None
    """What was spoken."""
    answer: str | None
    """All that was written."""
    heard: str | None
    """What was heard or read of it."""
    intent: str | None
    """What was understood, where it was a command."""
    stages: dict[str, tuple[float, float]]
    """Milliseconds from the turn's start, by stage."""


class Settings(Down):
    """Somebody changes this client from elsewhere: `volume`, from 0 to 1; `muted`."""

    name = "settings"
    values: dict[str, Any]
    """New values."""


class Identify(Down):
    """Show which one you are."""

    name = "identify"
    seconds: float
    """For so long; 0 ends it."""


class Fault(Down):
    """Something can not be done."""

    name = "error"
    code: str
    """Why, for programs: one of those under "Faults"."""
    text: str
    """Why, for people, and what to do."""
    ref: str = ""
    """Of what was typed, where it is about that."""


class Pong(Down):
    """Answers `ping`."""

    name = "pong"
    n: int
    """As in the ping."""


DOWNS: tuple[type[Down], ...] = (
    Present,
    Welcome,
    State,
    TurnStarted,
    Listen,
    StandDown,
    Speech,
    Transcript,
    Answer,
    Saying,
    Words,
    Tool,
    AudioBegins,
    AudioEnds,
    Flush,
    Pause,
    Resume,
    Duck,
    Cancel,
    TurnEnded,
    Settings,
    Identify,
    Fault,
    Pong,
)
