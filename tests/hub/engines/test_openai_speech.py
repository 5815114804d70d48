"""Speech services with OpenAI's HTTP interface, against a double of its documented protocol."""

import asyncio
import io
import json
import logging
import random
import wave
from contextlib import aclosing

import pytest
from pydantic import SecretStr

from hub.engines import openai_speech, speech_pace
from hub.engines.base import EngineError, SpeechChunk, SpeechRequest, Transcript, Utterance
from hub.engines.openai_speech import MAX_PROMPT_CHARS, OpenAiSpeechToText, OpenAiTextToSpeech
from hub.engines.speech_bounds import MAX_TEXT_CHARS, MAX_UTTERANCE_BYTES
from tests.hub.engines.http_double import HttpDouble, Script, answer, patience_s, refuse, silent

SPEECH = Utterance(bytes(range(256)) * 20, "en-GB")
REQUEST = SpeechRequest("The lamp is on.", "en")
KEY = SecretStr("sk-hidden-123")
AUDIO = random.Random(7).randbytes(2_000)


async def hear(
    double: HttpDouble,
    utterance: Utterance = SPEECH,
    hotwords: tuple[str, ...] = (),
    **more: object,
) -> Transcript:
    engine = OpenAiSpeechToText(f"{double.url}/v1", **more)  # type: ignore[arg-type]
    engine.hotwords = hotwords
    try:
        return await engine.transcribe(utterance)
    finally:
        await engine.close()


async def speak(
    double: HttpDouble, request: SpeechRequest = REQUEST, **more: object
) -> list[SpeechChunk]:
    engine = OpenAiTextToSpeech(f"{double.url}/v1", **more)  # type: ignore[arg-type]
    try:
        return [chunk async for chunk in engine.synthesize(request)]
    finally:
        await engine.close()


def transcript(text: str) -> Script:
    return answer(json.dumps({"text": text}).encode(), cuts=[1, 5])


def pcm(body: bytes = AUDIO, cuts: tuple[int, ...] = (), kind: str = "audio/pcm") -> Script:
    return answer(body, kind=kind, cuts=cuts)


def wav(audio: bytes, *, channels: int = 1, rate: int = 16_000) -> bytes:
    file = io.BytesIO()
    with wave.open(file, "wb") as writer:
        writer.setparams((channels, 2, rate, 0, "NONE", ""))
        writer.writeframes(audio)
    return file.getvalue()


async def test_an_utterance_is_sent_as_a_wav_file_with_what_is_known_of_it() -> None:
    async with HttpDouble(transcript(" Turn it on.\n")) as double:
        heard = await hear(double, hotwords=("Kitchen", "Bed lamp"), model="small", key=KEY)
    assert heard == Transcript("Turn it on.", "en-GB")
    (request,) = double.requests
    assert request.line == "POST /v1/audio/transcriptions HTTP/1.1"
    assert request.headers["authorization"] == "Bearer sk-hidden-123"
    form = request.form
    texts = {name: form[name].get_payload() for name in form if name != "file"}
    assert texts == {
        "model": "small",
        "language": "en",
        "response_format": "json",
        "temperature": "0",
        "prompt": "Bed lamp, Kitchen",
    }
    assert form["file"].get_filename() == "speech.wav"
    assert form["file"].get_content_type() == "audio/wav"
    content = form["file"].get_payload(decode=True)
    assert isinstance(content, bytes)
    with wave.open(io.BytesIO(content)) as file:
        assert file.getparams()[:3] == (1, 2, 16_000)
        assert file.readframes(10_000) == SPEECH.audio


async def test_a_service_without_a_key_gets_none() -> None:
    async with HttpDouble(transcript("yes")) as double:
        await hear(double, key=SecretStr(""))
    assert "authorization" not in double.requests[0].headers


async def test_the_likeliest_names_fit_into_the_prompt() -> None:
    names = tuple(f"Lamp number {number}" for number in range(200))
    async with HttpDouble(transcript("yes")) as double:
        await hear(double, hotwords=names)
    prompt = str(double.requests[0].form["prompt"].get_payload())
    assert len(prompt) <= MAX_PROMPT_CHARS
    assert prompt.endswith("Lamp number 1, Lamp number 0")


async def test_a_prompt_that_comes_back_is_not_what_was_said() -> None:
    async with HttpDouble(transcript("Bed lamp, Kitchen")) as double:
        assert (await hear(double, hotwords=("Kitchen", "Bed lamp"))).text == ""


async def test_no_audio_is_no_question() -> None:
    async with HttpDouble(silent) as double:
        assert await hear(double, Utterance(b"", "en")) == Transcript("", "en")
    assert double.requests == []


@pytest.mark.parametrize("audio", [bytes(MAX_UTTERANCE_BYTES + 2), bytes(3)])
async def test_audio_that_no_microphone_records_is_refused_before_it_is_sent(audio: bytes) -> None:
    async with HttpDouble(silent) as double:
        with pytest.raises(EngineError) as caught:
            await hear(double, Utterance(audio, "en"))
    assert caught.value.code == "bad-request"
    assert double.requests == []


@pytest.mark.parametrize(
    ("script", "code", "text"),
    [
        (answer(b"<html>"), "engine-failed", "not JSON"),
        (answer(b"[1]"), "engine-failed", "no transcript"),
        (answer(b'{"text": null}'), "engine-failed", "no transcript"),
        (answer(b'{"text": "' + b"a" * 300_000 + b'"}'), "engine-failed", "more than"),
        (answer(b'{"text": "' + b"a" * 30_000 + b'"}'), "engine-failed", "no transcript"),
        (answer(b'{"text": "tu', then="break"), "engine-failed", "broke off"),
        (answer(b'{"text": "tu', then="hang"), "engine-timeout", "in time"),
        (silent, "engine-timeout", "in time"),
        (
            refuse("401 Unauthorized", {"error": {"message": "Bad key: sk-hidden-123."}}),
            "engine-failed",
            "refuses (401: Bad key: ***). Set the service's API key.",
        ),
        (
            refuse("404 Not Found", {"detail": "Not Found"}),
            "engine-missing",
            "refuses (404: Not Found). Look at the address",
        ),
        (
            refuse(
                "429 Too Many", {"error": {"message": "None left", "code": "insufficient_quota"}}
            ),
            "engine-busy",
            "The account's credit is used up",
        ),
        (refuse("422 No", {"detail": [{"msg": "bad\nfield"}]}), "bad-request", "422: bad field"),
        (refuse("500 Oh", "<h1>oh</h1>"), "engine-failed", "refuses (500)."),
        (refuse("500 Oh", "x" * 1_000_000), "engine-failed", "refuses (500)."),
        (refuse("503 Busy", {"error": "loading"}), "engine-busy", "503: loading"),
        (refuse("301 Moved", {}), "bad-request", "refuses (301)"),
    ],
)
async def test_a_bad_answer_is_an_error_that_says_what_to_do(
    script: Script, code: str, text: str
) -> None:
    async with HttpDouble(script) as double:
        with pytest.raises(EngineError) as caught:
            await hear(double, Utterance(bytes(320), "en"), key=KEY, timeout_s=patience_s(code))
        await double.gone.wait()
    assert caught.value.code == code
    assert text in str(caught.value)


async def test_a_service_that_is_away_is_an_error() -> None:
    async with HttpDouble(silent) as double:
        pass
    with pytest.raises(EngineError, match="can not be reached") as caught:
        await hear(double)
    assert caught.value.code == "engine-failed"


async def test_the_key_is_shown_nowhere(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    engine = OpenAiSpeechToText("http://127.0.0.1:1/v1", key=KEY)
    shown = [repr(engine), repr(vars(engine)), repr(vars(engine._service))]
    async with HttpDouble(
        refuse("401 No", {"error": {"message": KEY.get_secret_value()}})
    ) as double:
        with pytest.raises(EngineError) as caught:
            await hear(double, key=KEY)
    assert KEY.get_secret_value() not in "".join([*shown, caplog.text, str(caught.value)])
    assert KEY.get_secret_value() not in double.requests[0].line
    await engine.close()


@pytest.mark.parametrize("key", ["two words", "line\r\nHost: evil", "clé"])
def test_what_can_not_be_a_key_is_refused_without_showing_it(key: str) -> None:
    with pytest.raises(EngineError) as caught:
        OpenAiSpeechToText("http://hub/v1", key=SecretStr(key))
    assert caught.value.code == "bad-request"
    assert key not in str(caught.value)


@pytest.mark.parametrize(
    "url",
    [
        "",
        "speaches:8000",
        "ftp://hub/v1",
        "http://me:pass@hub/v1",
        "http://hub/v1?key=1",
        "http:///v1",
    ],
)
def test_what_can_not_be_an_address_is_refused_without_showing_it(url: str) -> None:
    with pytest.raises(EngineError) as caught:
        OpenAiTextToSpeech(url)
    assert caught.value.code == "bad-request"
    assert "pass" not in str(caught.value)


async def test_a_text_is_asked_for_as_plain_samples() -> None:
    async with HttpDouble(pcm()) as double:
        chunks = await speak(double, SpeechRequest("Hi.", "en", "nova"), speed=1.2, key=KEY)
    assert b"".join(chunk.audio for chunk in chunks) == AUDIO
    assert {chunk.rate_hz for chunk in chunks} == {24_000}
    (request,) = double.requests
    assert request.line == "POST /v1/audio/speech HTTP/1.1"
    wanted = {"model": "tts-1", "input": "Hi.", "voice": "nova", "response_format": "pcm"}
    assert request.json == {**wanted, "speed": 1.2}


@pytest.mark.parametrize("seed", range(20))
async def test_samples_are_whole_wherever_the_network_cuts(seed: int) -> None:
    chance = random.Random(seed)
    cuts = tuple(sorted(chance.sample(range(1, len(AUDIO)), 40)))
    stereo = wav(AUDIO, channels=2)
    async with HttpDouble(pcm(cuts=cuts)) as double:
        chunks = await speak(double)
    async with HttpDouble(pcm(stereo, cuts=(*range(1, 60), *cuts[5:]), kind="audio/wav")) as double:
        mixed = await speak(double, audio="wav")
    assert all(chunk.audio and len(chunk.audio) % 2 == 0 for chunk in [*chunks, *mixed])
    assert b"".join(chunk.audio for chunk in chunks) == AUDIO
    assert sum(len(chunk.audio) for chunk in mixed) == len(AUDIO) // 2
    assert {chunk.rate_hz for chunk in mixed} == {16_000}


@pytest.mark.parametrize("size", [0, 0xFFFFFFFF, 0x7FFFFFFF])
async def test_a_wav_file_that_was_begun_before_its_length_was_known_is_heard(size: int) -> None:
    body = bytearray(wav(AUDIO))
    body[40:44] = size.to_bytes(4, "little")
    async with HttpDouble(pcm(bytes(body))) as double:
        chunks = await speak(double)
    assert b"".join(chunk.audio for chunk in chunks) == AUDIO


async def test_names_before_and_after_the_samples_are_not_heard() -> None:
    body = wav(AUDIO)
    body = body[:36] + b"LIST\x05\x00\x00\x00hello\x00" + body[36:] + b"LIST\x04\x00\x00\x00date"
    async with HttpDouble(pcm(body)) as double:
        chunks = await speak(double)
    assert b"".join(chunk.audio for chunk in chunks) == AUDIO


async def test_a_rate_that_the_service_tells_is_believed() -> None:
    async with HttpDouble(pcm(kind="audio/pcm; rate=16000")) as double:
        assert {chunk.rate_hz for chunk in await speak(double)} == {16_000}
    async with HttpDouble(pcm()) as double:
        assert {chunk.rate_hz for chunk in await speak(double, pcm_rate_hz=22_050)} == {22_050}


@pytest.mark.parametrize("sample", [-1, -2, -16, -256, 0, 1, 255, 511])
async def test_samples_near_silence_are_not_taken_for_a_compressed_file(sample: int) -> None:
    audio = sample.to_bytes(2, "little", signed=True) * 100
    async with HttpDouble(pcm(audio, kind="audio/pcm")) as double:
        assert b"".join(chunk.audio for chunk in await speak(double)) == audio


async def test_a_wav_file_under_another_name_is_understood() -> None:
    async with HttpDouble(pcm(wav(AUDIO), kind="audio/mpeg")) as double:
        assert b"".join(chunk.audio for chunk in await speak(double)) == AUDIO


@pytest.mark.parametrize(
    ("script", "code", "text"),
    [
        (answer(b'{"ok": true}'), "engine-failed", "application/json instead of audio"),
        (pcm(b""), "engine-failed", "no audio"),
        (pcm(b"ID3\x04" + AUDIO), "engine-failed", "MP3"),
        (pcm(b"\xff\xfb\x90\x64" + AUDIO, kind="audio/mpeg"), "engine-failed", "audio/mpeg,"),
        (pcm(b"\xff\xfb\x90\x64" + AUDIO, kind=""), "engine-failed", "MP3 or AAC,"),
        (pcm(b"\xff\xf3\x44\xc4" + AUDIO, kind="x/y"), "engine-failed", "MP3 or AAC,"),
        (pcm(b"\xff\xf1\x50\x80" + AUDIO, kind=""), "engine-failed", "MP3 or AAC,"),
        (pcm(kind="Audio/Ogg; codecs=opus"), "engine-failed", "audio/ogg, though pcm"),
        (pcm(kind="audio/flac"), "engine-failed", "audio/flac, though pcm"),
        (pcm(b"RIFF\x00\x00\x00\x00AVI LIST"), "engine-failed", "not a WAV"),
        (pcm(wav(b"")[:20] + b"\x07\x00" + wav(AUDIO)[22:]), "engine-failed", "compressed"),
        (
            pcm(wav(b"")[:12] + b"LIST\xff\xff\xff\x00" + bytes(70_000)),
            "engine-failed",
            "no audio in",
        ),
        (pcm(kind="audio/pcm;rate=1"), "engine-failed", "can not be played"),
        (answer(AUDIO, kind="audio/pcm", then="break"), "engine-failed", "broke off"),
        (answer(AUDIO, kind="audio/pcm", then="hang"), "engine-timeout", "in time"),
        (answer(kind="audio/pcm", then="hang"), "engine-timeout", "in time"),
        (silent, "engine-timeout", "in time"),
        (refuse("400 Bad", {"error": {"message": "No voice x"}}), "bad-request", "No voice x"),
    ],
)
async def test_speech_that_fails_is_an_error_that_says_why(
    script: Script, code: str, text: str
) -> None:
    limit_s = patience_s(code)
    async with HttpDouble(script) as double:
        with pytest.raises(EngineError) as caught:
            await speak(double, first_audio_timeout_s=limit_s, gap_timeout_s=limit_s)
        await double.gone.wait()
    assert caught.value.code == code
    assert text in str(caught.value)


async def test_a_service_that_does_not_stop_speaking_is_given_up(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(openai_speech, "MAX_SPEECH_MS", 1000)
    async with HttpDouble(answer(bytes(200_000), kind="audio/pcm", then="hang")) as double:
        with pytest.raises(EngineError, match="does not stop"):
            await speak(double)
        await double.gone.wait()


async def test_half_a_character_does_not_keep_the_rest_from_being_spoken() -> None:
    async with HttpDouble(pcm()) as double:
        assert await speak(double, SpeechRequest("The lamp \ud800 is on.", "en"))
    assert double.requests[0].json["input"] == "The lamp ? is on."


async def test_half_a_character_in_a_name_does_not_keep_the_rest_from_being_heard() -> None:
    async with HttpDouble(transcript("yes")) as double:
        assert (await hear(double, hotwords=("Lamp \ud800",))).text == "yes"
    assert double.requests[0].form["prompt"].get_payload() == "Lamp ?"


async def test_a_service_that_dribbles_samples_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(speech_pace, "S_PER_CHAR", 0.0)

    async def dribble(writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
        while True:
            writer.write(b"2\r\n\0\0\r\n")
            await writer.drain()
            await asyncio.sleep(0.01)

    async with HttpDouble(dribble) as double, asyncio.timeout(60):
        with pytest.raises(EngineError, match="in time"):
            await speak(double, first_audio_timeout_s=1.0, gap_timeout_s=1.0)
        await double.gone.wait()


async def test_closing_the_iterator_ends_the_connection() -> None:
    async with HttpDouble(answer(AUDIO, kind="audio/pcm", then="hang")) as double:
        engine = OpenAiTextToSpeech(double.url)
        async with asyncio.timeout(60):
            async with aclosing(engine.synthesize(REQUEST)) as chunks:
                assert (await anext(chunks)).audio
            await double.gone.wait()
        await engine.close()


async def test_cancelling_ends_the_request() -> None:
    async with HttpDouble(silent) as double:
        task = asyncio.create_task(hear(double))
        async with asyncio.timeout(60):
            while not double.requests:
                await asyncio.sleep(0)
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
            await double.gone.wait()


async def test_nothing_to_say_and_a_text_without_end_ask_nobody() -> None:
    async with HttpDouble(silent) as double:
        assert await speak(double, SpeechRequest("  ", "en")) == []
        with pytest.raises(EngineError) as caught:
            await speak(double, SpeechRequest("a" * (MAX_TEXT_CHARS + 1), "en"))
    assert caught.value.code == "bad-request"
    assert double.requests == []
