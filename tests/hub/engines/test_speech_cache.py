"""Answers that come again are spoken from memory, within bounds."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Coroutine
from contextlib import aclosing
from functools import wraps

import pytest

from hub.engines.base import EngineError, SpeechChunk, SpeechRequest, WordTime
from hub.engines.speech_cache import WORD_BYTES, CachedTextToSpeech
from tests.virtual_time import run_virtual

PIECE_S = 1.0
PIECE_BYTES = 1000


class SlowVoice:
    """Says a text in two pieces, one a second; "fail" fails after the first."""

    def __init__(self) -> None:
        self.asked: list[SpeechRequest] = []
        self.closed = 0

    async def synthesize(self, request: SpeechRequest) -> AsyncGenerator[SpeechChunk]:
        self.asked.append(request)
        try:
            await asyncio.sleep(PIECE_S)
            yield SpeechChunk(bytes(PIECE_BYTES), 22_050, (WordTime(0, 3, 0.0),))
            await asyncio.sleep(PIECE_S)
            if request.text == "fail":
                raise EngineError("engine-failed", "it failed")
            yield SpeechChunk(bytes(PIECE_BYTES), 22_050)
        finally:
            self.closed += 1


SIZE = 2 * PIECE_BYTES + WORD_BYTES


def virtual(test: Callable[[], Coroutine[None, None, None]]) -> Callable[[], None]:
    @wraps(test)
    def run() -> None:
        run_virtual(test())

    del run.__wrapped__  # pytest would take it for a coroutine
    return run


def say(text: str, language: str = "en", voice: str | None = None) -> SpeechRequest:
    return SpeechRequest(text, language, voice)


async def speak(cache: CachedTextToSpeech, request: SpeechRequest) -> list[SpeechChunk]:
    return [chunk async for chunk in cache.synthesize(request)]


def now() -> float:
    return asyncio.get_running_loop().time()


@virtual
async def test_an_answer_is_made_once_and_then_comes_at_once_with_its_words() -> None:
    voice = SlowVoice()
    cache = CachedTextToSpeech(voice)
    first = await speak(cache, say("Done."))
    began = now()
    second = await speak(cache, say("Done."))
    assert now() - began < 0.001
    assert second == first
    assert second[0].words == (WordTime(0, 3, 0.0),)
    assert len(voice.asked) == 1
    assert (cache.hits, cache.misses, cache.size_bytes) == (1, 1, SIZE)


@virtual
async def test_the_first_time_is_streamed_through() -> None:
    async with aclosing(CachedTextToSpeech(SlowVoice()).synthesize(say("Done."))) as chunks:
        await anext(chunks)
        assert now() == pytest.approx(PIECE_S, abs=0.001)


@virtual
async def test_another_language_or_voice_is_another_answer() -> None:
    voice = SlowVoice()
    cache = CachedTextToSpeech(voice)
    for request in (say("Stop."), say("Stop.", "de"), say("Stop.", "en", "anna")):
        await speak(cache, request)
        await speak(cache, request)
    assert len(voice.asked) == 3


@virtual
async def test_what_failed_is_not_remembered() -> None:
    voice = SlowVoice()
    cache = CachedTextToSpeech(voice)
    for _ in range(2):
        with pytest.raises(EngineError):
            await speak(cache, say("fail"))
    assert len(voice.asked) == voice.closed == 2
    assert cache.size_bytes == 0


@virtual
async def test_what_was_closed_early_is_not_remembered_and_ends_the_engines_work() -> None:
    voice = SlowVoice()
    cache = CachedTextToSpeech(voice)
    async with aclosing(cache.synthesize(say("Done."))) as chunks:
        await anext(chunks)
    assert voice.closed == 1
    assert len(await speak(cache, say("Done."))) == 2
    assert len(voice.asked) == 2


@virtual
async def test_what_was_cancelled_is_not_remembered() -> None:
    voice = SlowVoice()
    cache = CachedTextToSpeech(voice)
    task = asyncio.create_task(speak(cache, say("Done.")))
    await asyncio.sleep(1.5 * PIECE_S)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    assert (voice.closed, cache.size_bytes) == (1, 0)


@virtual
async def test_two_who_ask_at_the_same_time_are_both_served() -> None:
    voice = SlowVoice()
    cache = CachedTextToSpeech(voice)
    one, other = await asyncio.gather(*(speak(cache, say("Done.")) for _ in range(2)))
    assert one == other
    assert now() == pytest.approx(2 * PIECE_S, abs=0.001)
    assert cache.size_bytes == SIZE


@virtual
async def test_the_one_that_was_not_used_for_longest_is_forgotten() -> None:
    voice = SlowVoice()
    cache = CachedTextToSpeech(voice, max_bytes=2 * SIZE)
    for text in ("a", "b", "a", "c"):
        await speak(cache, say(text))
    assert cache.size_bytes == 2 * SIZE
    voice.asked.clear()
    for text in ("a", "c", "b"):
        await speak(cache, say(text))
    assert [request.text for request in voice.asked] == ["b"]


@virtual
async def test_what_is_too_long_to_be_said_twice_is_not_remembered() -> None:
    cache = CachedTextToSpeech(SlowVoice(), max_text_chars=3)
    await speak(cache, say("abcd"))
    assert cache.size_bytes == 0
    await speak(cache, say("abc"))
    assert cache.size_bytes == SIZE


@virtual
async def test_what_is_larger_than_the_memory_does_not_empty_it() -> None:
    cache = CachedTextToSpeech(SlowVoice(), max_bytes=SIZE - 1)
    assert len(await speak(cache, say("Done."))) == 2
    assert cache.size_bytes == 0


@virtual
async def test_what_was_begun_before_clearing_is_not_remembered() -> None:
    cache = CachedTextToSpeech(SlowVoice())
    await speak(cache, say("old"))
    task = asyncio.create_task(speak(cache, say("begun")))
    await asyncio.sleep(PIECE_S)
    cache.clear()
    await task
    assert cache.size_bytes == 0
    await speak(cache, say("new"))
    assert cache.size_bytes == SIZE


@virtual
async def test_a_voice_that_can_only_be_iterated_is_enough() -> None:
    class Bare:
        def synthesize(self, request: SpeechRequest) -> AsyncIterator[SpeechChunk]:
            return Pieces()

    class Pieces:
        def __init__(self) -> None:
            self.left = 2

        def __aiter__(self) -> "Pieces":
            return self

        async def __anext__(self) -> SpeechChunk:
            if not self.left:
                raise StopAsyncIteration
            self.left -= 1
            return SpeechChunk(b"\0\0", 16_000)

    cache = CachedTextToSpeech(Bare())
    assert await speak(cache, say("a")) == await speak(cache, say("a"))
    assert cache.hits == 1
