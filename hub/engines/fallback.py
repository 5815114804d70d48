"""What hears or speaks in place of an engine that is not ready, fails, or takes too long.

The embedded engines need no download and no network, so there is always one to fall back to. An
engine that failed is left alone for a while: not every turn must wait for it in vain.
"""

import asyncio
import time
from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing
from dataclasses import replace

from hub.engines.base import (
    EngineError,
    Rank,
    SpeechChunk,
    SpeechRequest,
    SpeechToText,
    TextToSpeech,
    Transcript,
    Utterance,
)
from hub.engines.circuit_breaker import CircuitBreaker
from hub.engines.closable import closable
from hub.words import worded

TRANSCRIPT_S = 3.0
"""For the transcript of a sentence; a turn waits for 4 s in all."""
FIRST_AUDIO_S = 1.2
"""For the first sound of an answer; a turn gives a voice 1.5 s."""
LATER_AUDIO_S = 10.0
"""For the first sound of a later sentence: while one plays there is time."""

MAX_AMISS = 64
"""Refusals that are kept in mind, so as not to be told with every request: one for each voice."""


class Trust:
    """Whether the first engine is asked, and who is told when that changes."""

    def __init__(
        self,
        ready: Callable[[], bool],
        failed: Callable[[EngineError], None],
        recovered: Callable[[], None],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """`failed` is told why the second one takes over, `recovered` that it need not any more."""
        self._ready = ready
        self._failed = failed
        self._recovered = recovered
        self._breaker = CircuitBreaker(clock)
        self._well = True
        self._amiss: set[str] = set()  # why it refused what it was asked, of what was told

    def __bool__(self) -> bool:
        return self._ready() and not self._breaker.open

    def failed(self, error: EngineError) -> None:
        """Take note that it failed.

        What it was asked amiss says nothing about it, and is told once.
        """
        if error.code == "bad-request":
            if str(error) in self._amiss:
                return
            if len(self._amiss) < MAX_AMISS:
                self._amiss.add(str(error))
        else:
            self._breaker.failed()
        self._well = False
        self._failed(error)

    def worked(self) -> None:
        """Take note that it did its work."""
        self._breaker.succeeded()
        if not self._well:
            self._well = True
            self._recovered()


class FallbackSpeechToText:
    """The speech-to-text port: one engine, and another in its place."""

    def __init__(
        self,
        first: SpeechToText,
        second: SpeechToText | None,
        trust: Trust,
        *,
        second_language: str = "en",
    ) -> None:
        """The second one hears `second_language` alone."""
        self._first = first
        self._second = second
        self._trust = trust
        self._second_language = second_language

    async def transcribe(self, utterance: Utterance) -> Transcript:
        """Return the final transcript. Raises EngineError."""
        error = EngineError(
            "engine-missing", worded("ears-not-ready", "What hears is not ready yet.")
        )
        if self._trust:
            try:
                async with asyncio.timeout(TRANSCRIPT_S):
                    transcript = await self._first.transcribe(utterance)
            except TimeoutError:
                error = EngineError(
                    "engine-timeout",
                    worded(
                        "no-transcript-within",
                        "No transcript within {seconds:g} s.",
                        seconds=TRANSCRIPT_S,
                    ),
                )
            except EngineError as raised:
                error = raised
            else:
                self._trust.worked()
                return transcript
            if utterance.rank() is Rank.PARTIAL:
                raise error  # it was not worth more, and says little about the engine
            self._trust.failed(error)
        if self._second is None or utterance.rank() is Rank.PARTIAL:
            raise error
        return await self._second.transcribe(replace(utterance, language=self._second_language))


class FallbackTextToSpeech:
    """The text-to-speech port: one engine, and another in its place, in a voice of its own."""

    def __init__(self, first: TextToSpeech, second: TextToSpeech | None, trust: Trust) -> None:
        self._first = first
        self._second = second
        self._trust = trust

    async def synthesize(self, request: SpeechRequest) -> AsyncGenerator[SpeechChunk]:
        """Yield audio as it is made; closing the iterator cancels. Raises EngineError.

        What broke off after its first sound is not begun again.
        """
        failure = EngineError(
            "engine-missing", worded("voice-not-ready", "What speaks is not ready yet.")
        )
        if self._trust:
            begun = False
            try:
                async with aclosing(closable(self._first.synthesize(request))) as chunks:
                    chunk = await _first(chunks, request)
                    while chunk is not None:
                        begun = True
                        yield chunk
                        chunk = await anext(chunks, None)
                    self._trust.worked()
                    return
            except EngineError as error:
                self._trust.failed(error)
                if begun:
                    raise
                failure = error
        if self._second is None:
            raise failure
        spoken = self._second.synthesize(replace(request, voice=None))
        async with aclosing(closable(spoken)) as chunks:
            async for chunk in chunks:
                yield chunk


async def _first(chunks: AsyncGenerator[SpeechChunk], request: SpeechRequest) -> SpeechChunk | None:
    """Return the first piece of audio; None of a text without words. Raises EngineError."""
    limit_s = LATER_AUDIO_S if request.rank() is Rank.REST else FIRST_AUDIO_S
    try:
        async with asyncio.timeout(limit_s):
            chunk = await anext(chunks, None)
    except TimeoutError:
        raise EngineError(
            "engine-timeout",
            worded("no-sound-within", "No sound within {seconds:g} s.", seconds=limit_s),
        ) from None
    if chunk is None and any(map(str.isalnum, request.text)):
        raise EngineError(
            "engine-failed",
            worded("no-sound-for", "There is no sound for '{text}'.", text=request.text),
        )
    return chunk
