"""Wyoming's messages about services: what a peer can do, and which of its programs shall do it."""

from dataclasses import dataclass
from typing import ClassVar

from protocol.schema import Message, Part
from protocol.wyoming_audio import AudioFormat


@dataclass(frozen=True, slots=True)
class Describe(Message):
    """What can you do?"""

    type_name: ClassVar[str] = "describe"


@dataclass(frozen=True, slots=True)
class SelectProgram(Message):
    """Use this program for the rest of the connection."""

    type_name: ClassVar[str] = "select-program"
    name: str
    """Name of a program in the info."""


@dataclass(frozen=True, slots=True)
class Attribution(Part):
    """Who made something."""

    name: str
    """Who made it."""
    url: str
    """Where it is from."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Artifact(Part):
    """A program, a model or a voice."""

    # Readers of older Wyoming releases expect every key.
    writes_null: ClassVar[bool] = True

    name: str
    """Unique name."""
    attribution: Attribution
    """Who made it."""
    installed: bool
    """Whether it can be used right now."""
    description: str | None = None
    """What it is, for people."""
    version: str | None = None
    """Its version."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LanguageModel(Artifact):
    """A model that knows some languages."""

    languages: tuple[str, ...]
    """Languages, such as `en`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AsrProgram(Artifact):
    """Speech to text."""

    models: tuple[LanguageModel, ...]
    """Its models."""
    supports_transcript_streaming: bool = False
    """Whether transcripts may come in pieces."""
    requires_external_vad: bool = True
    """Whether it needs to be told when speech has ended."""
    prefers_auto_gain_enabled: bool = True
    """Whether it likes levelled audio."""
    prefers_noise_reduction_enabled: bool = True
    """Whether it likes denoised audio."""


@dataclass(frozen=True, slots=True)
class TtsVoiceSpeaker(Part):
    """One of the speakers of a voice."""

    name: str
    """Unique name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TtsVoice(LanguageModel):
    """A voice."""

    speakers: tuple[TtsVoiceSpeaker, ...] | None = None
    """Its speakers, if it has several."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TtsProgram(Artifact):
    """Text to speech."""

    voices: tuple[TtsVoice, ...]
    """Its voices."""
    supports_synthesize_streaming: bool = False
    """Whether text may come in pieces."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HandleProgram(Artifact):
    """Acts on texts or intents."""

    models: tuple[LanguageModel, ...]
    """Its models."""
    supports_handled_streaming: bool = False
    """Whether answers may come in pieces."""
    supports_home_control: bool = False
    """Whether it may change things at home."""


@dataclass(frozen=True, slots=True, kw_only=True)
class IntentProgram(Artifact):
    """Finds intents."""

    models: tuple[LanguageModel, ...]
    """Its models."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WakeModel(LanguageModel):
    """A wake word."""

    phrase: str | None = None
    """What to say."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WakeProgram(Artifact):
    """Hears wake words."""

    models: tuple[WakeModel, ...]
    """Its wake words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MicProgram(Artifact):
    """A microphone."""

    mic_format: AudioFormat
    """What it records."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SndProgram(Artifact):
    """A speaker."""

    snd_format: AudioFormat
    """What it plays."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SatelliteProgram(Artifact):
    """A satellite."""

    area: str | None = None
    """The room that it is in."""
    has_vad: bool | None = None
    """Whether it finds the end of speech by itself."""
    active_wake_words: tuple[str, ...] | None = None
    """Wake words that it listens for."""
    max_active_wake_words: int | None = None
    """How many it can listen for at once."""
    supports_trigger: bool | None = None
    """Whether a pipeline can be started from afar."""


@dataclass(frozen=True, slots=True)
class Info(Message):
    """What the peer can do."""

    type_name: ClassVar[str] = "info"
    asr: tuple[AsrProgram, ...] = ()
    """Speech to text."""
    tts: tuple[TtsProgram, ...] = ()
    """Text to speech."""
    handle: tuple[HandleProgram, ...] = ()
    """What acts on texts or intents."""
    intent: tuple[IntentProgram, ...] = ()
    """What finds intents."""
    wake: tuple[WakeProgram, ...] = ()
    """What hears wake words."""
    mic: tuple[MicProgram, ...] = ()
    """Microphones."""
    snd: tuple[SndProgram, ...] = ()
    """Speakers."""
    satellite: SatelliteProgram | None = None
    """Set when the peer is a satellite."""
