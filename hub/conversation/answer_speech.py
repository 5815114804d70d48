"""From a stream of text to a stream of speech: sentences are split, spoken and kept ahead."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import aclosing
from dataclasses import dataclass, replace

import structlog

from audio.pcm import duration_ms
from audio.voiced import first_voiced_sample
from hub.conversation.sentences import Sentence, SentenceSplitter
from hub.engines.base import EngineError, Rank, SpeechRequest, TextToSpeech, WordTime
from hub.engines.closable import closable
from hub.words import worded

log = structlog.get_logger(__name__)

MAX_PIECES = 8
"""Pieces of audio that wait to be played; then the voice waits, and with it the model."""
MAX_CHARS = 3000
"""The longest answer: over three minutes. What a model writes beyond that nobody hears."""
MAX_AUDIO_MS = 5 * 60_000.0
"""The longest sound of an answer: a voice that goes on does not speak this text."""
LEAD_IN_MS = 10.0
"""Kept of the silence before the first sound of an answer: the rest would be waited for."""
GAP_MS = 200.0
"""Kept of the silence before each later sentence."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of an answer's audio."""

    sentence: Sentence
    audio: bytes
    """pcm16, mono."""
    rate_hz: int
    words: tuple[WordTime, ...]
    """Words of `sentence.spoken` that start here; times from the start of the sentence's audio."""


class AnswerSpeech:
    """An answer on its way to being heard. `fill` makes it, `pieces` takes it."""

    def __init__(
        self, text_to_speech: TextToSpeech, language: str, voice: str | None = None
    ) -> None:
        """`voice` is one of the engine's; None: the one that it has for the language."""
        self.committed = asyncio.Event()
        """Until it is set no more than the first sentence is spoken."""
        self.text = ""
        """What was written so far."""
        self.on_text: Callable[[], None] = lambda: None
        """Called when more was written."""
        self._text_to_speech = text_to_speech
        self._language = language
        self._voice = voice
        self._queue: asyncio.Queue[Piece | EngineError | None] = asyncio.Queue(MAX_PIECES)
        self._sentences = 0
        self._audio_ms = 0.0
        self._broke_off: EngineError | None = None  # why a sentence ended in the middle

    async def fill(self, text: AsyncIterator[str]) -> None:
        """Speak a stream of text to its end. Errors of the engines are raised by `pieces`.

        One sentence may break off once it sounds: the next ones are spoken all the same, by a voice
        that may be another one now, and then the error is raised.
        """
        splitter = SentenceSplitter(self._language)
        try:
            async with aclosing(closable(text)) as stream:
                async for part in stream:
                    fitting = part[: MAX_CHARS - len(self.text)]
                    self.text += fitting
                    self.on_text()
                    for sentence in splitter.feed(fitting):
                        await self._speak(sentence)
                    if len(self.text) >= MAX_CHARS:
                        log.warning("an answer that does not stop", chars=len(self.text))
                        break
            for sentence in splitter.finish():
                await self._speak(sentence)
        except Exception as error:
            if not isinstance(error, EngineError):
                log.exception("an answer broke off")
            await self.fail(error)
        else:
            await self._queue.put(self._broke_off)

    async def fail(self, error: Exception) -> None:
        """Have `pieces` end with an error."""
        if not isinstance(error, EngineError):
            error = EngineError("engine-failed", f"{type(error).__name__}: {error}")
        await self._queue.put(error)

    async def pieces(self) -> AsyncIterator[Piece]:
        """Yield the audio in order. Raises EngineError where there is no more because of one."""
        while True:
            piece = await self._queue.get()
            if piece is None:
                return
            if isinstance(piece, EngineError):
                raise piece
            yield piece

    async def _speak(self, sentence: Sentence) -> None:
        if self._sentences:
            await self.committed.wait()
        self._sentences += 1
        trimmer = _Trimmer(LEAD_IN_MS if self._sentences == 1 else GAP_MS)
        rank = self._rest if self._sentences > 1 else self._first
        sounded = False
        request = SpeechRequest(sentence.spoken, self._language, self._voice, rank)
        try:
            async with aclosing(closable(self._text_to_speech.synthesize(request))) as chunks:
                async for chunk in chunks:
                    audio = trimmer.trim(chunk.audio, chunk.rate_hz)
                    words = tuple(trimmer.shifted(word) for word in chunk.words)
                    self._audio_ms += duration_ms(len(audio), rate_hz=chunk.rate_hz)
                    if self._audio_ms > MAX_AUDIO_MS:
                        raise EngineError(
                            "engine-failed",
                            worded("voice-does-not-stop", "The voice does not stop speaking."),
                        )
                    sounded = sounded or bool(audio)
                    if audio or words:
                        await self._queue.put(Piece(sentence, audio, chunk.rate_hz, words))
        except EngineError as error:
            if not sounded or self._broke_off is not None or self._audio_ms > MAX_AUDIO_MS:
                raise
            log.warning("a sentence broke off", code=error.code, error=str(error))
            self._broke_off = error
            return
        if not sounded and any(map(str.isalnum, sentence.spoken)):
            raise EngineError(
                "engine-failed",
                worded("no-sound-for", "There is no sound for '{text}'.", text=sentence.spoken),
            )

    def _first(self) -> Rank:
        return Rank.FIRST_SENTENCE if self.committed.is_set() else Rank.SPECULATION

    @staticmethod
    def _rest() -> Rank:
        return Rank.REST


class _Trimmer:
    """Takes away the silence before the first sound of a sentence, and keeps samples whole."""

    def __init__(self, keep_ms: float) -> None:
        self._keep_ms = keep_ms
        self._sounding = False
        self._half = b""  # a sample, of a voice that cuts its audio anywhere
        self._held = b""  # silence that is kept if a sound follows
        self._trimmed_ms = 0.0

    def trim(self, audio: bytes, rate_hz: int) -> bytes:
        audio = self._half + audio
        whole = len(audio) // 2 * 2
        audio, self._half = audio[:whole], audio[whole:]
        if self._sounding:
            return audio
        audio = self._held + audio
        first = first_voiced_sample(audio)
        self._sounding = first is not None
        silent = len(audio) // 2 if first is None else first
        start = max(0, silent - int(self._keep_ms * rate_hz / 1000)) * 2
        self._trimmed_ms += duration_ms(start, rate_hz=rate_hz)
        self._held = b"" if self._sounding else audio[start:]
        return audio[start:] if self._sounding else b""

    def shifted(self, word: WordTime) -> WordTime:
        return replace(word, offset_ms=max(0.0, word.offset_ms - self._trimmed_ms))
