"""Ports of the engines: what the conversation asks of speech and language, and nothing of how it is done."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Protocol


class EngineError(Exception):
    """An engine could not do its work.

    `code` is stable: "engine-missing", "engine-failed", "engine-timeout", "engine-busy",
    "bad-request".
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


@dataclass(frozen=True, slots=True)
class SpeechRequest:
    """One sentence to be spoken."""

    text: str
    language: str
    voice: str | None = None


@dataclass(frozen=True, slots=True)
class SpeechChunk:
    """A piece of spoken audio: PCM, 16 bit signed little-endian, mono, at `rate_hz`."""

    audio: bytes
    rate_hz: int


class SpeechToText(Protocol):
    """Turns speech into text."""

    async def transcribe(self, utterance: Utterance) -> Transcript:
        """Return the final transcript. Raises EngineError."""


class TextToSpeech(Protocol):
    """Turns text into speech."""

    def synthesize(self, request: SpeechRequest) -> AsyncIterator[SpeechChunk]:
        """Yield audio as it is made; closing the iterator cancels. Raises EngineError."""
