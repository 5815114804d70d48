"""Ports of the engines: what the conversation asks of them, and nothing of how it is done."""

from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Any, Literal, Protocol, Self

from hub.origin import Origin


class EngineError(Exception):
    """An engine could not do its work.

    `code` is stable: "engine-missing" (a library or its data is not there), "engine-failed",
    "engine-timeout", "engine-busy" (its queue is full), "bad-request".
    """

    def __init__(self, code: str, text: str) -> None:
        super().__init__(text)
        self.code = code

    @classmethod
    def of(cls, error: Exception) -> "EngineError":
        """Return any error as an engine's: what nobody foresaw is "engine-failed"."""
        if isinstance(error, cls):
            return error
        return cls("engine-failed", f"{type(error).__name__}: {error}")


class Rank(IntEnum):
    """How urgent a request is where several share an engine; the least number comes first."""

    FINAL = 1
    """Somebody has spoken and waits."""
    FIRST_SENTENCE = 2
    """The beginning of an answer: until it sounds, somebody waits."""
    REST = 3
    """What an answer goes on with."""
    PARTIAL = 4
    """Somebody is speaking: what they have said so far."""
    SPECULATION = 5
    """They may have finished, or not."""


def _final() -> Rank:
    return Rank.FINAL


def _first_sentence() -> Rank:
    return Rank.FIRST_SENTENCE


@dataclass(frozen=True, slots=True)
class Utterance:
    """One stretch of speech, cut by voice activity, with a little silence around it."""

    audio: bytes
    """PCM, 16 kHz, 16 bit signed little-endian, mono."""
    language: str
    """What the speaker is expected to speak, as a BCP 47 tag ("en")."""
    rank: Callable[[], Rank] = field(default=_final, compare=False)
    """How urgent it is; asked whenever an engine is free, for it may change meanwhile."""


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
    """A voice of the engine's, by its name; None: the one that it has for the language."""
    rank: Callable[[], Rank] = field(default=_first_sentence, compare=False)
    """How urgent it is; asked whenever an engine is free, for it may change meanwhile."""


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


ChatRole = Literal["system", "user", "assistant", "tool"]


@dataclass(frozen=True, slots=True)
class ToolSpec:
    """A tool as a model is told of it."""

    name: str
    description: str
    parameters: Mapping[str, Any]
    """JSON schema of its arguments, an object."""


@dataclass(frozen=True, slots=True)
class ToolCall:
    """A model wants a tool used."""

    id: str
    """Told again with the result; unique within one answer."""
    name: str
    arguments: Mapping[str, Any] | str
    """What the model wrote, as it is, where that is no JSON object."""


@dataclass(frozen=True, slots=True)
class ChatMessage:
    """One message of what a model is asked."""

    role: ChatRole
    content: str
    tool_calls: tuple[ToolCall, ...] = ()
    """Of an assistant's message: a message of role "tool" follows for each."""
    tool_call_id: str = ""
    """Of a tool's message: which call this is the result of."""


@dataclass(frozen=True, slots=True)
class ChatRequest:
    """What a model is asked."""

    messages: tuple[ChatMessage, ...]
    tools: tuple[ToolSpec, ...] = ()
    max_tokens: int = 512
    """The longest answer."""


@dataclass(frozen=True, slots=True)
class TextPart:
    """A piece of an answer's text; never empty."""

    text: str


@dataclass(frozen=True, slots=True)
class ToolCallPart:
    """A tool call, whole."""

    call: ToolCall


@dataclass(frozen=True, slots=True)
class Finished:
    """The end of an answer; always the last part."""

    reason: Literal["stop", "length", "tool-calls"]
    prompt_tokens: int | None = None
    """What the model read and wrote, where its server tells."""
    completion_tokens: int | None = None


ChatPart = TextPart | ToolCallPart | Finished


@dataclass(frozen=True, slots=True)
class ModelInfo:
    """What is known of a language model."""

    name: str
    context_tokens: int | None
    """What fits into it, question and answer together; None where its server does not tell."""
    can_call_tools: bool


class LanguageModel(Protocol):
    """Writes answers.

    All raise EngineError: "engine-missing" (nobody answers there, or the model is not there; the
    text says what to do), "engine-timeout", "engine-failed", "bad-request" (the request is refused,
    for one because it does not fit into the model's context).
    """

    def stream(self, request: ChatRequest) -> AsyncIterator[ChatPart]:
        """Yield an answer as it is written; closing the iterator ends the writing."""

    async def warm_up(self, request: ChatRequest) -> None:
        """Load the model and have it read what every request begins with, so that it is known."""

    async def check(self) -> ModelInfo:
        """Ask whether the model is there, and what it can do."""


class ToolError(Exception):
    """A tool did not do what it was called for; the text tells the model why."""


class MustAsk(str):
    """A result that tells a model that somebody has to say yes first.

    The hub asks by itself, with the words of `question`: a model might ask for a yes to something
    else.
    """

    __slots__ = ("question",)
    question: str

    def __new__(cls, text: str, question: str) -> Self:
        """`text` is for the model."""
        asking = super().__new__(cls, text)
        asking.question = question
        return asking


class Toolbox(Protocol):
    """What a model may use."""

    def specs(self) -> Sequence[ToolSpec]:
        """Return the tools, in an order that does not change."""

    async def call(self, name: str, arguments: Mapping[str, Any], origin: Origin) -> str:
        """Use a tool for whoever asks; return what came of it.

        The arguments are as the model wrote them: not checked. Raises ToolError.
        """


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
