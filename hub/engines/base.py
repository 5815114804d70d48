"""Ports of the engines: what the conversation asks of them, and nothing of how it is done."""

from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from typing import Any, Protocol


class EngineError(Exception):
    """An engine could not do its work.

    `code` is stable: "engine-missing" (a library or its data is not there), "engine-failed",
    "engine-timeout", "engine-busy" (its queue is full), "bad-request".
    """

    def __init__(self, code: str, text: str) -> None:
        super().__init__(text)
        self.code = code


@dataclass(frozen=True, slots=True)
class Utterance:
    """One stretch of speech, cut by voice activity, with a little silence around it."""

    audio: bytes
    """PCM, 16 kHz, 16 bit signed little-endian, mono."""
    language: str
    """What the speaker is expected to speak, as a BCP 47 tag ("en")."""


@dataclass(frozen=True, slots=True)
class Transcript:
    """What was said. An empty text means "nothing understood", never a guess."""

    text: str
    language: str
    confidence: float | None = None
    """0 to 1 where the engine knows it."""
    partial: str = ""
    """Words that begin a sentence which is not over ("turn on the"), of engines that know which
    sentences there are; `text` is empty then."""


@dataclass(frozen=True, slots=True)
class SpeechRequest:
    """One sentence to be spoken."""

    text: str
    language: str
    voice: str | None = None


@dataclass(frozen=True, slots=True)
class WordTime:
    """When a word starts to sound."""

    start: int
    """Index of the word's first character in the request's text."""
    end: int
    """Index after its last character."""
    offset_ms: float
    """Time of its start, from the start of the request's audio."""


@dataclass(frozen=True, slots=True)
class SpeechChunk:
    """A piece of spoken audio: PCM, 16 bit signed little-endian, mono, at `rate_hz`."""

    audio: bytes
    rate_hz: int
    words: tuple[WordTime, ...] = ()
    """Words that start in this piece, where the engine knows; none where it does not."""


class SpeechToText(Protocol):
    """Turns speech into text."""

    async def transcribe(self, utterance: Utterance) -> Transcript:
        """Return the final transcript. Raises EngineError."""


class TextToSpeech(Protocol):
    """Turns text into speech."""

    def synthesize(self, request: SpeechRequest) -> AsyncIterator[SpeechChunk]:
        """Yield audio as it is made; closing the iterator cancels. Raises EngineError."""


class Engine(Protocol):
    """What runs in an engine process: one engine, one request at a time, blocking."""

    def load(self) -> None:
        """Import the heavy library and make ready. Raises EngineError."""

    def configure(self, values: dict[str, Any]) -> None:
        """Take a configuration; the first one comes before any request. Raises EngineError."""


class TranscribingEngine(Engine, Protocol):
    """A speech-to-text engine inside its process."""

    def transcribe(self, audio: bytes, language: str) -> Transcript:
        """Return the transcript of 16 kHz, 16 bit, mono PCM. Raises EngineError."""


class SpeakingEngine(Engine, Protocol):
    """A text-to-speech engine inside its process."""

    def synthesize(self, request: SpeechRequest) -> Iterator[SpeechChunk]:
        """Yield audio as it is made. Raises EngineError."""
