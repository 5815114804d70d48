"""What all services over HTTP have in common."""

import asyncio
import re
from contextlib import aclosing

import pytest

from hub.engines.base import EngineError, SpeechRequest, Utterance
from hub.engines.http_service import MAX_CONNECTIONS
from hub.engines.openai_speech import OpenAiSpeechToText, OpenAiTextToSpeech
from hub.words import told
from tests.hub.engines.http_double import HttpDouble, answer, refuse, silent

REQUEST = SpeechRequest("The lamp is on.", "en")


async def test_answers_that_nobody_reads_hold_no_connections() -> None:
    async with HttpDouble(answer(b"{", then="hang")) as double:
        engine = OpenAiTextToSpeech(double.url)
        async with asyncio.timeout(60):  # a pool that is full is an error long before
            for _ in range(2 * MAX_CONNECTIONS):
                with pytest.raises(EngineError, match="instead of audio"):
                    async for _ in engine.synthesize(REQUEST):
                        pass
        await engine.close()
    assert len(double.requests) == 2 * MAX_CONNECTIONS


async def test_requests_that_are_stopped_hold_no_connections() -> None:
    async with HttpDouble(answer(bytes(100), kind="audio/pcm", then="hang")) as double:
        engine = OpenAiTextToSpeech(double.url)
        async with asyncio.timeout(60):
            for _ in range(2 * MAX_CONNECTIONS):
                async with aclosing(engine.synthesize(REQUEST)) as chunks:
                    await anext(chunks)
        await engine.close()


async def test_requests_that_are_cancelled_hold_no_connections() -> None:
    async with HttpDouble(silent) as double:
        engine = OpenAiSpeechToText(double.url)
        async with asyncio.timeout(60):
            for number in range(1, 2 * MAX_CONNECTIONS):
                task = asyncio.create_task(engine.transcribe(Utterance(bytes(320), "en")))
                while len(double.requests) < number:
                    await asyncio.sleep(0)
                task.cancel()
                with pytest.raises(asyncio.CancelledError):
                    await task
        await engine.close()


async def test_requests_at_the_same_time_are_answered_side_by_side() -> None:
    async with HttpDouble(answer(b'{"text": "yes"}')) as double:
        engine = OpenAiSpeechToText(double.url)
        asked = [engine.transcribe(Utterance(bytes(320), "en")) for _ in range(20)]
        assert [heard.text for heard in await asyncio.gather(*asked)] == ["yes"] * 20
        await engine.close()


@pytest.mark.parametrize(
    "body",
    [[], None, 7, {"error": 7}, {"error": {"message": {"a": 1}}}, {"detail": []}, {"x": "\0"}],
)
async def test_an_error_in_any_shape_is_an_error(body: object) -> None:
    async with HttpDouble(refuse("400 No", body)) as double:
        engine = OpenAiTextToSpeech(double.url)
        with pytest.raises(EngineError, match="refuses \\(400") as caught:
            async for _ in engine.synthesize(REQUEST):
                pass
        await engine.close()
    assert caught.value.code == "bad-request"


async def test_a_refusal_and_what_to_do_then_can_be_said_in_other_languages() -> None:
    error = {"error": {"code": "insufficient_quota", "message": "No money."}}
    async with HttpDouble(refuse("429 No", error)) as double:
        engine = OpenAiTextToSpeech(double.url)
        with pytest.raises(EngineError) as caught:
            await anext(engine.synthesize(REQUEST))
        await engine.close()
    named = told(str(caught.value))
    assert named is not None
    assert named["values"]["advice"]["key"] == "advice-credit"
    did = named["values"]["what"]["values"]
    assert did["service"]["key"] == "speech-service"
    assert did["what"]["values"] == {"why": "429: No money"}


async def test_a_service_that_is_away_is_told_in_one_sentence() -> None:
    async with HttpDouble(silent) as double:
        pass
    engine = OpenAiTextToSpeech(double.url)
    with pytest.raises(EngineError, match="can not be reached") as caught:
        await anext(engine.synthesize(REQUEST))
    await engine.close()
    assert re.search(r"\w\.$", str(caught.value))
