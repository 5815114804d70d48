import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import aclosing
from dataclasses import dataclass, field
from typing import Any

import pytest

from hub.engines.base import (
    EngineError,
    Rank,
    SpeechChunk,
    SpeechRequest,
    Transcript,
    Utterance,
)
from hub.engines.circuit_breaker import FIRST_REST_S
from hub.engines.fallback import (
    FIRST_AUDIO_S,
    TRANSCRIPT_S,
    FallbackSpeechToText,
    FallbackTextToSpeech,
    Trust,
)
from tests.conversations.scenes import virtual
from tests.virtual_house import now

AWAY = EngineError("engine-missing", "nobody answers at 127.0.0.1:9")


@dataclass
class Engine:
    """Hears and speaks, or does as `act` does."""

    name: str
    act: Callable[[], Any] | None = None
    asked: list[Any] = field(default_factory=list)
    chunks: int = 1

    async def transcribe(self, utterance: Utterance) -> Transcript:
        self.asked.append(utterance)
        if self.act is not None:
            await self.act()
        return Transcript(self.name, utterance.language)

    async def synthesize(self, request: SpeechRequest) -> AsyncIterator[SpeechChunk]:
        self.asked.append(request)
        for number in range(self.chunks):
            if self.act is not None and number == self.chunks - 1:
                await self.act()
            yield SpeechChunk(self.name.encode(), 16_000)


async def away() -> None:
    raise AWAY


async def refuse() -> None:
    raise EngineError("bad-request", "there is no voice 'x'")


async def hang() -> None:
    await asyncio.Event().wait()


@dataclass
class Scene:
    """An engine and the one in its place."""

    first: Engine
    second: Engine = field(default_factory=lambda: Engine("second"))
    ready: bool = True
    failures: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.ears = FallbackSpeechToText(self.first, self.second, self._trust())
        self.voice = FallbackTextToSpeech(self.first, self.second, self._trust())

    def _trust(self) -> Trust:
        told = self.failures.append
        return Trust(
            lambda: self.ready, lambda error: told(error.code), lambda: told("well"), clock=now
        )

    async def hear(self, rank: Rank = Rank.FINAL, language: str = "en") -> str:
        return (await self.ears.transcribe(Utterance(b"", language, lambda: rank))).text

    async def say(self, voice: str | None = None) -> str:
        chunks = self.voice.synthesize(SpeechRequest("Hello.", "en", voice))
        async with aclosing(chunks):
            return " ".join([chunk.audio.decode() async for chunk in chunks])


@virtual
async def test_the_chosen_engine_hears_and_speaks_while_it_can() -> None:
    scene = Scene(Engine("first"))
    assert [await scene.hear(), await scene.say()] == ["first", "first"]
    assert (scene.second.asked, scene.failures) == ([], [])


@virtual
async def test_until_the_chosen_engine_is_ready_the_other_one_does_it() -> None:
    scene = Scene(Engine("first"), ready=False)
    assert [await scene.hear(), await scene.say()] == ["second", "second"]
    assert scene.first.asked == []
    scene.ready = True
    assert [await scene.hear(), await scene.say()] == ["first", "first"]


@virtual
async def test_an_engine_that_fails_costs_nobody_a_word_and_is_left_alone_for_a_while() -> None:
    scene = Scene(Engine("first", away))
    assert [await scene.hear() for _ in range(3)] == ["second"] * 3
    assert (len(scene.first.asked), scene.failures) == (1, ["engine-missing"])
    scene.first.act = None
    await asyncio.sleep(FIRST_REST_S + 0.1)
    assert [await scene.hear(), await scene.hear()] == ["first", "first"]
    assert scene.failures == ["engine-missing", "well"]


@virtual
async def test_an_engine_that_hangs_is_waited_for_no_longer_than_a_turn_can() -> None:
    scene = Scene(Engine("first", hang))
    began = now()
    assert await scene.hear() == "second"
    assert now() - began == pytest.approx(TRANSCRIPT_S, abs=0.01)
    other = Scene(Engine("first", hang))
    began = now()
    assert await other.say() == "second"
    assert now() - began == pytest.approx(FIRST_AUDIO_S, abs=0.01)
    assert scene.failures + other.failures == ["engine-timeout"] * 2


@virtual
async def test_an_unknown_voice_is_replaced_by_one_that_there_is_and_only_this_once() -> None:
    scene = Scene(Engine("first", refuse))
    assert await scene.say("x") == "second"
    assert scene.second.asked[0].voice is None
    scene.first.act = None
    assert await scene.say() == "first"
    assert scene.failures == ["bad-request", "well"]


@virtual
async def test_a_voice_that_is_asked_for_again_and_again_in_vain_is_told_once() -> None:
    async def refuse_x() -> None:
        if scene.first.asked[-1].voice == "x":
            await refuse()

    scene = Scene(Engine("first", refuse_x))
    assert [await scene.say(voice) for voice in ("x", None) * 3] == ["second", "first"] * 3
    assert scene.failures == ["bad-request", "well"]


@virtual
async def test_an_engine_without_a_sound_for_words_is_replaced_but_not_for_signs() -> None:
    scene = Scene(Engine("first", chunks=0))
    assert await scene.say() == "second"
    assert scene.failures == ["engine-failed"]
    other = Scene(Engine("first", chunks=0))
    signs = other.voice.synthesize(SpeechRequest("...", "en"))
    assert [chunk async for chunk in signs] == []
    assert (other.second.asked, other.failures) == ([], [])


@virtual
async def test_speech_that_broke_off_is_not_begun_again_in_another_voice() -> None:
    scene = Scene(Engine("first", away, chunks=2))
    chunks = scene.voice.synthesize(SpeechRequest("Hello.", "en"))
    assert (await anext(chunks)).audio == b"first"
    with pytest.raises(EngineError, match="nobody answers"):
        await anext(chunks)
    assert scene.second.asked == []
    assert await scene.say() == "second"


@virtual
async def test_a_look_at_what_is_being_said_is_not_worth_another_engine() -> None:
    scene = Scene(Engine("first", away))
    with pytest.raises(EngineError):
        await scene.hear(Rank.PARTIAL)
    assert (scene.second.asked, scene.failures) == ([], [])
    scene.first.act = None
    assert await scene.hear() == "first"


@virtual
async def test_the_other_recogniser_is_asked_in_the_language_that_it_hears() -> None:
    scene = Scene(Engine("first", away))
    await scene.hear(language="fr")
    assert scene.second.asked[0].language == "en"


@virtual
async def test_without_another_recogniser_the_reason_is_told() -> None:
    trust = Trust(lambda: True, lambda _: None, lambda: None, clock=now)
    ears = FallbackSpeechToText(Engine("first", away), None, trust)
    with pytest.raises(EngineError, match="nobody answers"):
        await ears.transcribe(Utterance(b"", "de"))
    with pytest.raises(EngineError, match="not ready"):
        await ears.transcribe(Utterance(b"", "de"))


@virtual
async def test_without_another_voice_the_reason_is_told() -> None:
    trust = Trust(lambda: True, lambda _: None, lambda: None, clock=now)
    voice = FallbackTextToSpeech(Engine("first", away), None, trust)
    for reason in ("nobody answers", "not ready"):
        with pytest.raises(EngineError, match=reason):
            await anext(voice.synthesize(SpeechRequest("Hello.", "en")))
