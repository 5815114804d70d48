"""Wyoming's messages about speech: recognising it and making it."""

from dataclasses import dataclass
from typing import Any, ClassVar

from protocol.schema import Message, Part
from protocol.wyoming_audio import Turn


@dataclass(frozen=True, slots=True)
class Transcribe(Message):
    """Write down the speech in the audio that follows."""

    type_name: ClassVar[str] = "transcribe"
    name: str | None = None
    """Model to use."""
    language: str | None = None
    """Language that is spoken, such as `en`."""
    context: dict[str, Any] | None = None
    """Opaque, for the answer."""
    vad_sensitivity: str | None = None
    """How soon speech counts as ended: `default`, `relaxed` or `aggressive`."""
    transcript_names: tuple[str, ...] | None = None
    """Names that are likely to be said; they weigh more than terms."""
    transcript_terms: tuple[str, ...] | None = None
    """Terms that are likely to be said."""
    turn: Turn | None = None
    """The turn that the speech belongs to."""


@dataclass(frozen=True, slots=True)
class Transcript(Message):
    """What was said, complete."""

    type_name: ClassVar[str] = "transcript"
    text: str
    """The words; empty when nothing was understood."""
    language: str | None = None
    """Language of the text."""
    context: dict[str, Any] | None = None
    """Opaque, from the request."""
    turn: Turn | None = None
    """The turn that the speech belongs to."""


@dataclass(frozen=True, slots=True)
class TranscriptStart(Message):
    """A transcript begins to come in pieces."""

    type_name: ClassVar[str] = "transcript-start"
    language: str | None = None
    """Language of the text."""
    context: dict[str, Any] | None = None
    """Opaque, from the request."""
    turn: Turn | None = None
    """The turn that the speech belongs to."""


@dataclass(frozen=True, slots=True)
class TranscriptChunk(Message):
    """A piece of a transcript."""

    type_name: ClassVar[str] = "transcript-chunk"
    text: str
    """The next words."""
    turn: Turn | None = None
    """The turn that the speech belongs to."""


@dataclass(frozen=True, slots=True)
class TranscriptStop(Message):
    """A transcript that came in pieces is complete."""

    type_name: ClassVar[str] = "transcript-stop"
    turn: Turn | None = None
    """The turn that the speech belongs to."""


@dataclass(frozen=True, slots=True)
class SynthesizeVoice(Part):
    """The voice that is wanted: by name, or any of a language."""

    name: str | None = None
    """Name of the voice; `language` does not count beside it."""
    language: str | None = None
    """Language of the voice."""
    speaker: str | None = None
    """Speaker, of a named voice with several."""


@dataclass(frozen=True, slots=True)
class Synthesize(Message):
    """Speak a text."""

    type_name: ClassVar[str] = "synthesize"
    text: str
    """What to say."""
    voice: SynthesizeVoice | None = None
    """The voice that is wanted."""
    text_format: str | None = None
    """`text` or `ssml`."""
    context: dict[str, Any] | None = None
    """Opaque, for the answer."""
    turn: Turn | None = None
    """The turn that is answered."""


@dataclass(frozen=True, slots=True)
class SynthesizeStart(Message):
    """A text to speak begins to come in pieces."""

    type_name: ClassVar[str] = "synthesize-start"
    voice: SynthesizeVoice | None = None
    """The voice that is wanted."""
    text_format: str | None = None
    """`text` or `ssml`."""
    context: dict[str, Any] | None = None
    """Opaque, for the answer."""
    turn: Turn | None = None
    """The turn that is answered."""


@dataclass(frozen=True, slots=True)
class SynthesizeChunk(Message):
    """A piece of a text to speak."""

    type_name: ClassVar[str] = "synthesize-chunk"
    text: str
    """The next words."""
    turn: Turn | None = None
    """The turn that is answered."""


@dataclass(frozen=True, slots=True)
class SynthesizeStop(Message):
    """A text that came in pieces is complete."""

    type_name: ClassVar[str] = "synthesize-stop"
    turn: Turn | None = None
    """The turn that is answered."""


@dataclass(frozen=True, slots=True)
class SynthesizeStopped(Message):
    """All audio of a text that came in pieces has been sent."""

    type_name: ClassVar[str] = "synthesize-stopped"
    turn: Turn | None = None
    """The turn that is answered."""
