"""ElevenLabs, against a double of its documented protocol."""

import asyncio
import base64
import json
import logging
import random
from contextlib import aclosing

import pytest
from pydantic import SecretStr

from hub.engines import elevenlabs
from hub.engines.base import EngineError, SpeechChunk, SpeechRequest, WordTime
from hub.engines.elevenlabs import ElevenLabsTextToSpeech
from tests.hub.engines.http_double import HttpDouble, Script, answer, patience_s, refuse, silent

KEY = SecretStr("xi-hidden-123")
TEXT = "The lamp is on."
REQUEST = SpeechRequest(TEXT, "en-GB")
AUDIO = random.Random(7).randbytes(22_050)  # half a second


async def speak(
    double: HttpDouble, request: SpeechRequest = REQUEST, **more: object
) -> list[SpeechChunk]:
    engine = ElevenLabsTextToSpeech(KEY, voice="anna1", base_url=double.url, **more)  # type: ignore[arg-type]
    try:
        return [chunk async for chunk in engine.synthesize(request)]
    finally:
        await engine.close()


def line(audio: bytes, text: str | None = None, start_s: float = 0.0) -> bytes:
    """One piece of an answer; each character takes 20 ms."""
    table = None
    if text is not None:
        times = [round(start_s + 0.02 * index, 3) for index in range(len(text))]
        table = {
            "characters": list(text),
            "character_start_times_seconds": times,
            "character_end_times_seconds": [round(time + 0.02, 3) for time in times],
        }
    encoded = base64.b64encode(audio).decode()
    piece = {"audio_base64": encoded, "alignment": table, "normalized_alignment": table}
    return json.dumps(piece).encode() + b"\n"


def timed(*lines: bytes, cuts: tuple[int, ...] = (), then: str = "end") -> Script:
    return answer(b"".join(lines), cuts=cuts, then=then)


def words(chunks: list[SpeechChunk]) -> list[tuple[str, float]]:
    return [
        (TEXT[word.start : word.end], round(word.offset_ms))
        for chunk in chunks
        for word in chunk.words
    ]


async def test_a_text_is_asked_for_with_the_times_of_its_characters() -> None:
    async with HttpDouble(timed(line(AUDIO, TEXT))) as double:
        chunks = await speak(double)
    (request,) = double.requests
    path = "/v1/text-to-speech/anna1/stream/with-timestamps?output_format=pcm_22050"
    assert request.line == f"POST {path} HTTP/1.1"
    assert request.headers["xi-api-key"] == KEY.get_secret_value()
    assert request.json == {"text": TEXT, "model_id": "eleven_flash_v2_5", "language_code": "en"}
    assert [(chunk.audio, chunk.rate_hz) for chunk in chunks] == [(AUDIO, 22_050)]
    assert words(chunks) == [("The", 0), ("lamp", 80), ("is", 180), ("on.", 240)]


async def test_a_language_is_not_told_to_models_that_refuse_to_be_told() -> None:
    async with HttpDouble(timed(line(AUDIO))) as double:
        await speak(double, model="eleven_multilingual_v2")
    assert "language_code" not in double.requests[0].json


async def test_plain_samples_are_asked_for_where_no_word_times_are_wanted() -> None:
    async with HttpDouble(answer(AUDIO, kind="audio/pcm", cuts=[1, 2, 5, 777])) as double:
        chunks = await speak(double, SpeechRequest(TEXT, "en", "bob2"), word_times=False)
    assert b"".join(chunk.audio for chunk in chunks) == AUDIO
    assert all(len(chunk.audio) % 2 == 0 for chunk in chunks)
    assert double.requests[0].line.split()[1].startswith("/v1/text-to-speech/bob2/stream?")


@pytest.mark.parametrize("seed", range(20))
async def test_audio_and_words_are_the_same_wherever_the_network_cuts(seed: int) -> None:
    chance = random.Random(seed)
    # Pieces of audio end inside samples, and tables inside words.
    lines = [line(AUDIO[:4001], "The la"), line(AUDIO[4001:4002]), line(b"", "mp is", 0.12)]
    lines += [line(AUDIO[4002:], " on.", 0.22)]
    size = sum(map(len, lines))
    cuts = tuple(sorted(chance.sample(range(1, size), 50)))
    async with HttpDouble(timed(*lines, cuts=cuts)) as double:
        chunks = await speak(double)
    assert b"".join(chunk.audio for chunk in chunks) == AUDIO
    assert all(chunk.audio and len(chunk.audio) % 2 == 0 for chunk in chunks)
    assert words(chunks) == [("The", 0), ("lamp", 80), ("is", 180), ("on.", 240)]


async def test_words_come_with_the_audio_that_they_begin_in() -> None:
    lines = [line(AUDIO[:8820], TEXT), line(AUDIO[8820:])]  # 200 ms, and the rest
    async with HttpDouble(timed(*lines)) as double:
        first, second = await speak(double)
    assert [TEXT[word.start : word.end] for word in first.words] == ["The", "lamp", "is"]
    assert second.words == (WordTime(12, 15, 240.0),)


async def test_times_that_begin_anew_in_each_piece_count_from_that_piece() -> None:
    lines = [line(AUDIO[:8820], "The lamp "), line(AUDIO[8820:], "is on.")]
    async with HttpDouble(timed(*lines)) as double:
        chunks = await speak(double)
    assert words(chunks) == [("The", 0), ("lamp", 80), ("is", 200), ("on.", 260)]


@pytest.mark.parametrize(
    "table",
    [
        [],
        {"characters": "The"},
        {"characters": ["T"], "character_start_times_seconds": ["x"]},
        {"characters": [1], "character_start_times_seconds": [0]},
        {"characters": ["T"], "character_start_times_seconds": [-1]},
        {"characters": ["", "#"], "character_start_times_seconds": [0, 1, 2]},
    ],
)
async def test_a_table_that_makes_no_sense_costs_words_and_no_audio(table: object) -> None:
    body = {"audio_base64": base64.b64encode(AUDIO).decode(), "alignment": table}
    async with HttpDouble(answer(json.dumps(body).encode())) as double:
        assert await speak(double) == [SpeechChunk(AUDIO, 22_050)]


@pytest.mark.parametrize(
    ("status", "detail", "code", "text"),
    [
        ("401 No", {"status": "invalid_api_key", "message": "Bad"}, "engine-failed", "API keys."),
        ("401 No", {"status": "quota_exceeded", "message": "0 left"}, "engine-failed", "top it up"),
        (
            "404 No",
            {"status": "voice_not_found", "message": "x"},
            "engine-missing",
            "Choose a voice",
        ),
        ("429 No", {"status": "too_many_concurrent_requests"}, "engine-busy", "at once"),
        ("429 No", {"status": "system_busy", "message": "Busy"}, "engine-busy", "Wait a little"),
        ("422 No", [{"msg": "field required"}], "bad-request", "field required"),
        ("500 Oh", "oh no", "engine-failed", "oh no"),
    ],
)
async def test_a_refusal_says_what_to_do(status: str, detail: object, code: str, text: str) -> None:
    async with HttpDouble(refuse(status, {"detail": detail})) as double:
        with pytest.raises(EngineError) as caught:
            await speak(double)
    assert caught.value.code == code
    assert text in str(caught.value)


QUOTA = b'{"detail": {"status": "quota_exceeded", "message": "none left"}}\n'


@pytest.mark.parametrize(
    ("script", "code", "text"),
    [
        (timed(line(AUDIO, TEXT), QUOTA), "engine-failed", "none left). The account's credit"),
        (timed(line(AUDIO, TEXT), b"<html>"), "engine-failed", "middle of a line"),
        (timed(line(AUDIO)[:-40]), "engine-failed", "middle of a line"),
        (timed(b'{"audio_base64": "***"}\n'), "engine-failed", "can not be read"),
        (timed(b'{"audio_base64": 7}\n'), "engine-failed", "can not be read"),
        (timed(b"\n\n"), "engine-failed", "no audio"),
        (timed(b"x" * 5_000_000), "engine-failed", "without end"),
        (timed(line(AUDIO), then="break"), "engine-failed", "broke off"),
        (timed(line(AUDIO), then="hang"), "engine-timeout", "in time"),
        (silent, "engine-timeout", "in time"),
    ],
)
async def test_a_stream_that_fails_is_an_error_that_says_why(
    script: Script, code: str, text: str
) -> None:
    limit_s = patience_s(code)
    async with HttpDouble(script) as double:
        with pytest.raises(EngineError) as caught:
            await speak(double, first_audio_timeout_s=limit_s, gap_timeout_s=limit_s)
        await double.gone.wait()
    assert caught.value.code == code
    assert text in str(caught.value)


async def test_half_a_character_does_not_keep_the_rest_from_being_spoken() -> None:
    async with HttpDouble(timed(line(AUDIO))) as double:
        assert await speak(double, SpeechRequest("The lamp \ud800 is on.", "en"))
    assert double.requests[0].json["text"] == "The lamp ? is on."


async def test_a_service_that_sends_empty_lines_is_given_up() -> None:
    async def dribble(writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
        while True:
            writer.write(b"1\r\n\n\r\n")
            await writer.drain()
            await asyncio.sleep(0.01)

    async with HttpDouble(dribble) as double, asyncio.timeout(60):
        with pytest.raises(EngineError, match="in time"):
            await speak(double, first_audio_timeout_s=1.0, gap_timeout_s=1.0)
        await double.gone.wait()


async def test_a_service_that_does_not_stop_speaking_is_given_up(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(elevenlabs, "MAX_SPEECH_MS", 1000)
    async with HttpDouble(timed(*[line(AUDIO)] * 3, then="hang")) as double:
        with pytest.raises(EngineError, match="does not stop"):
            await speak(double)
        await double.gone.wait()


@pytest.mark.parametrize("voice", ["../../user", "anna one", "", "a" * 65])
async def test_what_is_no_voice_never_becomes_an_address(voice: str) -> None:
    async with HttpDouble(silent) as double:
        engine = ElevenLabsTextToSpeech(KEY, voice=voice, base_url=double.url)
        with pytest.raises(EngineError) as caught:
            async for _ in engine.synthesize(REQUEST):
                pass
        await engine.close()
    assert caught.value.code == "bad-request"
    assert double.requests == []


async def test_the_key_is_shown_nowhere(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    secret = KEY.get_secret_value()
    engine = ElevenLabsTextToSpeech(KEY, voice="a")
    shown = [repr(engine), repr(vars(engine)), repr(vars(engine._service))]
    await engine.close()
    async with HttpDouble(refuse("401 No", {"detail": {"message": f"{secret}?"}})) as double:
        with pytest.raises(EngineError) as caught:
            await speak(double)
    assert secret not in "".join([*shown, caplog.text, str(caught.value)])
    assert secret not in double.requests[0].line


async def test_closing_the_iterator_ends_the_connection() -> None:
    async with HttpDouble(timed(line(AUDIO, TEXT), then="hang")) as double:
        engine = ElevenLabsTextToSpeech(KEY, voice="a", base_url=double.url)
        async with asyncio.timeout(60):
            async with aclosing(engine.synthesize(REQUEST)) as chunks:
                assert (await anext(chunks)).audio == AUDIO
            await double.gone.wait()
        await engine.close()
