"""Text to speech by services that are built with the wyoming package."""

import asyncio
from contextlib import aclosing

import numpy as np
import pytest
from wyoming.audio import AudioChunk, AudioStart, AudioStop
from wyoming.error import Error
from wyoming.event import Event
from wyoming.info import Info
from wyoming.server import AsyncEventHandler
from wyoming.tts import Synthesize, SynthesizeStopped, SynthesizeVoice

from hub.engines import wyoming_speech
from hub.engines.base import EngineError, SpeechChunk, SpeechRequest
from hub.engines.speech_bounds import MAX_TEXT_CHARS
from hub.engines.wyoming_speech import WyomingTextToSpeech
from tests.hub.engines.wyoming_service import Script, Service, after, asr, silent, tts

REQUEST = SpeechRequest("The lamp is on. So is the heating.", "en")
RATE = 22_050
AUDIO = bytes(range(200)) * 11


def start(rate: int = RATE) -> AudioStart:
    return AudioStart(rate, 2, 1)


def piece(audio: bytes, width: int = 2, channels: int = 1) -> AudioChunk:
    return AudioChunk(RATE, width, channels, audio)


def spoken(*pieces: AudioChunk, stay: bool = True) -> Script:
    return after("synthesize", start(), *pieces, AudioStop(), stay=stay)


async def speak(
    service: Service, request: SpeechRequest = REQUEST, **options: object
) -> list[SpeechChunk]:
    engine = WyomingTextToSpeech("127.0.0.1", service.port, **options)  # type: ignore[arg-type]
    return [chunk async for chunk in engine.synthesize(request)]


async def failure(
    service: Service, request: SpeechRequest = REQUEST, **options: object
) -> EngineError:
    with pytest.raises(EngineError) as caught:
        await speak(service, request, **options)
    return caught.value


def asked(service: Service) -> Synthesize:
    return Synthesize.from_event(next(e for e in service.events if e.type == "synthesize"))


def streaming(info: Info) -> Info:
    info.tts[0].supports_synthesize_streaming = True
    return info


async def test_a_text_is_spoken_piece_by_piece() -> None:
    async with Service(tts(anna="en"), spoken(piece(AUDIO), piece(AUDIO[:64]))) as service:
        assert await speak(service) == [SpeechChunk(AUDIO, RATE), SpeechChunk(AUDIO[:64], RATE)]
    assert service.types == ["describe", "synthesize"]
    assert asked(service).text == REQUEST.text


async def test_pieces_are_handed_on_before_the_last_one_is_there() -> None:
    script = after("synthesize", start(), piece(AUDIO))
    async with Service(tts(anna="en"), script) as service:
        engine = WyomingTextToSpeech("127.0.0.1", service.port)
        async with aclosing(engine.synthesize(REQUEST)) as chunks, asyncio.timeout(60):
            assert (await anext(chunks)).audio == AUDIO
        await service.gone.wait()  # closing the iterator has ended the connection


async def test_stereo_becomes_mono() -> None:
    frames = np.array([[100, 300], [-100, -300]], dtype="<i2").tobytes()
    script = after("synthesize", AudioStart(RATE, 2, 2), piece(frames, channels=2), AudioStop())
    async with Service(tts(anna="en"), script) as service:
        (chunk,) = await speak(service)
    assert np.frombuffer(chunk.audio, dtype="<i2").tolist() == [200, -200]


async def test_a_service_that_takes_pieces_gets_them_and_the_whole_between() -> None:
    first, second = (start(), piece(AUDIO), AudioStop()), (start(), piece(AUDIO[:8]), AudioStop())
    script = after("synthesize-stop", *first, *second, SynthesizeStopped())
    async with Service(streaming(tts(anna="en")), script) as service:
        chunks = await speak(service)
    assert [chunk.audio for chunk in chunks] == [AUDIO, AUDIO[:8]]
    asked_for = ["synthesize-start", "synthesize-chunk", "synthesize", "synthesize-stop"]
    assert service.types == ["describe", *asked_for]
    assert asked(service).text == REQUEST.text


async def test_a_service_that_hangs_up_between_two_sentences_has_not_said_all() -> None:
    script = after("synthesize-stop", start(), piece(AUDIO), AudioStop(), stay=False)
    async with Service(streaming(tts(anna="en")), script) as service:
        assert (await failure(service)).code == "engine-failed"


@pytest.mark.parametrize(
    ("language", "wanted", "default", "name", "speaker"),
    [
        ("fr", None, None, "claire", None),
        ("en-GB", None, None, "bob", None),
        ("en", "claire", None, "claire", None),
        ("en", None, "bob", "bob", None),
        ("en", "bob#2", None, "bob", "2"),
    ],
)
async def test_the_voice_is_chosen_by_name_or_because_no_other_speaks_the_language(
    language: str, wanted: str | None, default: str | None, name: str, speaker: str | None
) -> None:
    info = tts(anna="en_US", bob=("en_GB", "1", "2"), claire="fr_FR")
    async with Service(info, spoken(piece(AUDIO))) as service:
        await speak(service, SpeechRequest("Hello.", language, wanted), voice=default)
    assert asked(service).voice == SynthesizeVoice(name=name, speaker=speaker)


@pytest.mark.parametrize(("language", "told"), [("en", "en_US"), ("en-GB", "en_GB")])
async def test_the_service_chooses_between_the_voices_of_a_language(
    language: str, told: str
) -> None:
    info = tts(anna="en_US", bob="en_GB", cleo="en_GB")
    async with Service(info, spoken(piece(AUDIO))) as service:
        await speak(service, SpeechRequest("Hello.", language))
    assert asked(service).voice == SynthesizeVoice(language=told)


@pytest.mark.parametrize(
    ("request_", "text"),
    [
        (SpeechRequest("Hi.", "en", "dora"), "no voice 'dora'. There are: anna, bob."),
        (SpeechRequest("Hi.", "en", "bob#9"), "no speaker in the voice 'bob' '9'. There are: 1."),
        (SpeechRequest("Hi.", "ja"), "no voice for the language 'ja'. There are: en, en_GB."),
    ],
)
async def test_a_voice_that_does_not_exist_is_refused_with_those_that_do(
    request_: SpeechRequest, text: str
) -> None:
    async with Service(tts(anna="en", bob=("en_GB", "1")), silent) as service:
        error = await failure(service, request_)
    assert error.code == "bad-request"
    assert text in str(error)


async def test_a_voice_that_was_installed_meanwhile_is_found() -> None:
    async with Service(tts(anna="en"), spoken(piece(AUDIO))) as service:
        engine = WyomingTextToSpeech("127.0.0.1", service.port)
        for info, voice in ((tts(anna="en"), "anna"), (tts(anna="en", bob="en"), "bob")):
            service.info = info
            request = SpeechRequest("Hi.", "en", voice)
            assert [chunk.audio async for chunk in engine.synthesize(request)] == [AUDIO]


async def test_the_second_of_two_programs_is_selected_by_name() -> None:
    both = Info(tts=[*tts(anna="en").tts, *tts(bob="fr").tts])
    both.tts[1].name = "french"
    async with Service(both, spoken(piece(AUDIO))) as service:
        await speak(service, SpeechRequest("Bonjour.", "fr"))
    assert [e.data["name"] for e in service.events if e.type == "select-program"] == ["french"]


async def test_a_service_that_hangs_up_when_asked_what_it_is_is_an_error() -> None:
    async with Service(None, after("describe", stay=False)) as service:
        error = await failure(service)
    assert error.code == "engine-failed"


async def test_a_service_that_names_no_voices_speaks_with_its_own() -> None:
    async with Service(tts(), spoken(piece(AUDIO))) as service:
        assert await speak(service) == [SpeechChunk(AUDIO, RATE)]
    assert asked(service).voice is None


async def test_a_service_that_hears_is_not_asked_to_speak() -> None:
    async with Service(asr("tiny"), silent) as service:
        assert (await failure(service)).code == "engine-missing"


@pytest.mark.parametrize(
    ("answers", "stay", "text"),
    [
        ([Error("no memory")], True, "reports: no memory"),
        ([start(), piece(AUDIO), Error("no memory")], True, "reports: no memory"),
        ([], False, "ended the connection"),
        ([start(), piece(AUDIO)], False, "ended the connection"),
        ([b"\x00\xff\x00\xff\n"], True, "ended the connection"),
        ([start(rate=1000)], True, "can not be played"),
        ([AudioStart(RATE, 9, 1)], True, "ended the connection"),
        ([start(), piece(AUDIO[:3])], True, "no whole samples"),
    ],
)
async def test_a_bad_answer_is_an_error_that_says_what_was_wrong(
    answers: list[object], stay: bool, text: str
) -> None:
    async with Service(tts(anna="en"), after("synthesize", *answers, stay=stay)) as service:  # type: ignore[arg-type]
        error = await failure(service)
    assert error.code == "engine-failed"
    assert text in str(error)


@pytest.mark.parametrize("answers", [[], [start()], [start(), piece(AUDIO)]])
async def test_a_service_that_hangs_is_given_up(answers: list[AudioStart | AudioChunk]) -> None:
    async with Service(tts(anna="en"), after("synthesize", *answers)) as service:
        error = await failure(service, first_audio_timeout_s=0.05, gap_timeout_s=0.05)
        await service.gone.wait()
    assert error.code == "engine-timeout"


async def test_a_service_that_does_not_stop_speaking_is_given_up(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(wyoming_speech, "MAX_SPEECH_MS", 1000)

    async def script(handler: AsyncEventHandler, event: Event) -> bool:
        await handler.write_event(start().event())
        while True:
            await handler.write_event(piece(AUDIO).event())

    async with Service(tts(anna="en"), script) as service:
        error = await failure(service)
        await service.gone.wait()
    assert "does not stop" in str(error)


async def test_half_a_character_does_not_keep_the_rest_from_being_spoken() -> None:
    async with Service(tts(anna="en"), spoken(piece(AUDIO))) as service:
        assert await speak(service, SpeechRequest("The lamp \ud800 is on.", "en"))
    assert asked(service).text == "The lamp ? is on."


async def test_a_service_that_sends_pieces_without_sound_is_given_up() -> None:
    async def script(handler: AsyncEventHandler, event: Event) -> bool:
        await handler.write_event(start().event())
        while True:
            await handler.write_event(piece(b"").event())
            await asyncio.sleep(0.01)

    async with Service(tts(anna="en"), script) as service, asyncio.timeout(60):
        error = await failure(service, first_audio_timeout_s=0.1, gap_timeout_s=0.1)
        await service.gone.wait()
    assert error.code == "engine-timeout"
    assert "does not speak in time" in str(error)


async def test_a_minute_in_one_piece_is_taken() -> None:
    minute = bytes(2 * RATE * 60)
    async with Service(tts(anna="en"), spoken(piece(minute))) as service:
        chunks = await speak(service)
    assert sum(len(chunk.audio) for chunk in chunks) == len(minute)


async def test_nothing_to_say_asks_nobody() -> None:
    async with Service(tts(anna="en"), silent) as service:
        assert await speak(service, SpeechRequest(" \n", "en")) == []
    assert service.connections == 0


async def test_a_text_without_end_is_refused_before_it_is_sent() -> None:
    async with Service(tts(anna="en"), silent) as service:
        error = await failure(service, SpeechRequest("a" * (MAX_TEXT_CHARS + 1), "en"))
    assert error.code == "bad-request"
    assert service.connections == 0


async def test_cancelling_ends_the_connection() -> None:
    async with Service(tts(anna="en"), silent) as service:
        task = asyncio.create_task(speak(service))
        async with asyncio.timeout(60):
            while "synthesize" not in service.types:
                await asyncio.sleep(0)
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
            await service.gone.wait()
