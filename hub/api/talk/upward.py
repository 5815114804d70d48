"""What a client of the talk socket says. Each is a JSON object; `type` says which one it is."""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from hub.api.wake_words import MAX_WAKE_WORDS

MAX_TEXT_CHARS = 2000
"""Of what is typed: two minutes of speech."""
MAX_REPLAY_CHARS = 4000
"""Of an answer that is said once more."""

Name = Annotated[str, Field(min_length=1, max_length=64)]
Turn = Annotated[int, Field(ge=0, le=2**53)]
Ms = Annotated[float, Field(ge=0, le=2**53)]
Reference = Annotated[str, Field(max_length=64)]


class Up(BaseModel):
    """Something that a client says."""

    model_config = ConfigDict(extra="ignore", frozen=True, use_attribute_docstrings=True)
    type: Any


class Greeting(Up):
    """The client introduces itself: its first message."""

    type: Literal["hello"]
    version: int
    """Version of this vocabulary that the client speaks."""
    device: Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{4,64}$")]
    """The client's id, the same after a lost connection; two windows have two."""
    name: Name
    """Its name, for people."""
    area: Name | None = None
    """The room that it is in."""
    language: Annotated[str, Field(max_length=16)] | None = None
    """What is spoken and typed there; null: the household's."""
    microphone: bool = False
    """Whether there is one that may be used."""
    echo_cancelled: bool = False
    """Whether the client's own sound is taken out of what its microphone hears. Then people can
    talk over an answer."""
    volume: Annotated[float, Field(ge=0, le=1)] | None = None
    """How loud it plays, from 0 to 1."""


class SetUp(Up):
    """Something of the greeting is another now; what is not named stays."""

    type: Literal["set"]
    area: Name | None = None
    """The room; absent: as before."""
    language: Annotated[str, Field(max_length=16)] | None = None
    """The language; absent: as before."""
    microphone: bool | None = None
    """Whether there is a microphone that may be used."""
    volume: Annotated[float, Field(ge=0, le=1)] | None = None
    """How loud it plays."""


class BeginSpeech(Up):
    """Listen. Frames of audio may follow at once."""

    type: Literal["begin"]
    mode: Literal["hold", "hands-free"] = "hold"
    """`hold`: until `end`, or until the person has finished. `hands-free`: the microphone stays
    open, and each sentence that somebody begins is a turn."""
    wake: Annotated[tuple[Name, ...], Field(max_length=MAX_WAKE_WORDS)] = ()
    """Of `hands-free`: only what follows one of these wake words is listened to; 3 at most."""


class EndSpeech(Up):
    """The microphone is closed: what was said is all. Hands-free listening ends too."""

    type: Literal["end"]


class Typed(Up):
    """Something typed."""

    type: Literal["text"]
    text: Annotated[str, Field(min_length=1, max_length=MAX_TEXT_CHARS)]
    """What was typed."""
    ref: Reference = ""
    """Comes back in the `turn-started` that answers it."""
    again: bool = False
    """Whether it was sent on a socket that was lost. What was done there is not done twice:
    `taken-before`."""
    speak: bool = False
    """Whether the answer is spoken, too."""


class Replay(Up):
    """Say an answer once more."""

    type: Literal["replay"]
    text: Annotated[str, Field(min_length=1, max_length=MAX_REPLAY_CHARS)]
    """The answer."""
    ref: Reference = ""
    """Comes back in the `turn-started`."""


class GiveUp(Up):
    """Stop: whatever goes on ends, and nothing more of it is played."""

    type: Literal["cancel"]


class Position(Up):
    """How far the speaker is: every 100 ms while audio plays, and once at the end."""

    type: Literal["playback"]
    turn: Turn
    """The turn whose audio plays."""
    position_ms: Ms
    """Audio of this turn that was really heard, also across flushes; it never falls."""
    buffered_ms: Ms = 0
    """Audio of this turn that waits to be played."""
    finished: bool = False
    """Whether the speaker is done with this turn."""


class Ping(Up):
    """Answered by `pong`."""

    type: Literal["ping"]
    n: int = 0
    """Comes back."""


UPS: tuple[type[Up], ...] = (
    Greeting,
    SetUp,
    BeginSpeech,
    EndSpeech,
    Typed,
    Replay,
    GiveUp,
    Position,
    Ping,
)
