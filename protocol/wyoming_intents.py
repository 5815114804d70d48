"""Wyoming's messages about meaning: finding an intent in a text, and handling it."""

from dataclasses import dataclass
from typing import Any, ClassVar

from protocol.schema import Message, Part
from protocol.wyoming_audio import Turn


@dataclass(frozen=True, slots=True)
class Recognize(Message):
    """Find the intent of a text."""

    type_name: ClassVar[str] = "recognize"
    text: str
    """What was said or written."""
    context: dict[str, Any] | None = None
    """Opaque, for the answer."""
    turn: Turn | None = None
    """The turn that the text belongs to."""


@dataclass(frozen=True, slots=True)
class Entity(Part):
    """A named value in an intent."""

    name: str
    """Name of the slot."""
    value: Any = None
    """Its value."""


@dataclass(frozen=True, slots=True)
class Intent(Message):
    """The intent of a text."""

    type_name: ClassVar[str] = "intent"
    name: str
    """Name of the intent."""
    entities: tuple[Entity, ...] = ()
    """Its values."""
    text: str | None = None
    """An answer for people."""
    context: dict[str, Any] | None = None
    """Opaque, from the request."""
    turn: Turn | None = None
    """The turn that the text belongs to."""


@dataclass(frozen=True, slots=True)
class NotRecognized(Message):
    """No intent was found."""

    type_name: ClassVar[str] = "not-recognized"
    text: str | None = None
    """An answer for people."""
    context: dict[str, Any] | None = None
    """Opaque, from the request."""
    turn: Turn | None = None
    """The turn that the text belongs to."""


@dataclass(frozen=True, slots=True)
class IntentsStart(Message):
    """Several intents follow."""

    type_name: ClassVar[str] = "intents-start"
    context: dict[str, Any] | None = None
    """Opaque, from the request."""
    turn: Turn | None = None
    """The turn that the text belongs to."""


@dataclass(frozen=True, slots=True)
class IntentsStop(Message):
    """All intents have been sent."""

    type_name: ClassVar[str] = "intents-stop"
    context: dict[str, Any] | None = None
    """Opaque, from the request."""
    turn: Turn | None = None
    """The turn that the text belongs to."""


@dataclass(frozen=True, slots=True)
class Handled(Message):
    """A text or an intent was acted on."""

    type_name: ClassVar[str] = "handled"
    text: str | None = None
    """The answer for people."""
    context: dict[str, Any] | None = None
    """Opaque, from the request."""
    turn: Turn | None = None
    """The turn that is answered."""


@dataclass(frozen=True, slots=True)
class NotHandled(Message):
    """A text or an intent could not be acted on."""

    type_name: ClassVar[str] = "not-handled"
    text: str | None = None
    """The answer for people."""
    context: dict[str, Any] | None = None
    """Opaque, from the request."""
    turn: Turn | None = None
    """The turn that is answered."""


@dataclass(frozen=True, slots=True)
class HandledStart(Message):
    """An answer begins to come in pieces."""

    type_name: ClassVar[str] = "handled-start"
    context: dict[str, Any] | None = None
    """Opaque, from the request."""
    turn: Turn | None = None
    """The turn that is answered."""


@dataclass(frozen=True, slots=True)
class HandledChunk(Message):
    """A piece of an answer."""

    type_name: ClassVar[str] = "handled-chunk"
    text: str
    """The next words."""
    turn: Turn | None = None
    """The turn that is answered."""


@dataclass(frozen=True, slots=True)
class HandledStop(Message):
    """An answer that came in pieces is complete."""

    type_name: ClassVar[str] = "handled-stop"
    turn: Turn | None = None
    """The turn that is answered."""
