"""Speech to text by services that are built with the wyoming package."""

import asyncio

import pytest
from wyoming.asr import Transcript as TheirTranscript
from wyoming.asr import TranscriptChunk, TranscriptStart, TranscriptStop
from wyoming.audio import AudioChunk
from wyoming.error import Error
from wyoming.event import Event
from wyoming.info import Info
from wyoming.ping import Ping
from wyoming.server import AsyncEventHandler
from wyoming.vad import VoiceStarted

from hub.engines import wyoming_service, wyoming_speech
from hub.engines.base import EngineError, Transcript, Utterance
from hub.engines.speech_bounds import MAX_UTTERANCE_BYTES
from hub.engines.wyoming_speech import MAX_HOTWORDS_CHARS, WyomingSpeechToText
from tests.hub.engines.kept_port import kept_port
from tests.hub.engines.wyoming_service import Service, after, asr, silent, tts

SPEECH = Utterance(bytes(range(256)) * 40, "en")


async def hear(service: Service, utterance: Utterance = SPEECH, **options: object) -> Transcript:
    return await WyomingSpeechToText("127.0.0.1", service.port, **options).transcribe(utterance)  # type: ignore[arg-type]


async def failure(
    service: Service, utterance: Utterance = SPEECH, **options: object
) -> EngineError:
    with pytest.raises(EngineError) as caught:
        await hear(service, utterance, **options)
    return caught.value


async def test_a_service_that_hangs_up_after_its_answer_is_understood() -> None:
    script = after("audio-stop", TheirTranscript(" Turn on the lamp. "), stay=False)
    async with Service(asr("tiny"), script) as service:
        assert await hear(service) == Transcript("Turn on the lamp.", "en")
    assert service.types == ["describe", "transcribe", "audio-start", "audio-chunk", "audio-stop"]
    chunks = [AudioChunk.from_event(event) for event in service.events if event.payload]
    assert b"".join(chunk.audio for chunk in chunks) == SPEECH.audio
    assert {(chunk.rate, chunk.width, chunk.channels) for chunk in chunks} == {(16_000, 2, 1)}


async def test_the_connection_ends_once_the_transcript_is_there() -> None:
    async with Service(asr("tiny"), after("audio-stop", TheirTranscript("yes"))) as service:
        await hear(service)
        async with asyncio.timeout(60):
            await service.gone.wait()


async def test_what_a_service_can_do_is_asked_once() -> None:
    async with Service(asr("tiny"), after("audio-stop", TheirTranscript("yes"))) as service:
        engine = WyomingSpeechToText("127.0.0.1", service.port)
        for _ in range(3):
            assert (await engine.transcribe(SPEECH)).text == "yes"
    assert service.connections == 3
    assert [event.type for event in service.events].count("describe") == 1


async def test_what_a_service_can_do_is_asked_again_when_it_does_not_know_a_language() -> None:
    async with Service(
        asr("tiny", languages=("en",)), after("audio-stop", TheirTranscript("ja"))
    ) as service:
        engine = WyomingSpeechToText("127.0.0.1", service.port)
        await engine.transcribe(SPEECH)
        service.info = asr("tiny", languages=("en", "de"))
        assert (await engine.transcribe(Utterance(SPEECH.audio, "de"))).text == "ja"


async def test_a_transcript_in_pieces_is_put_together() -> None:
    pieces = [TranscriptChunk("turn on "), TranscriptChunk("the lamp"), TranscriptStop()]
    script = after("audio-stop", TranscriptStart(language="fr-CA"), *pieces)
    async with Service(asr("tiny", streaming=True), script) as service:
        heard = await hear(service, languages=("en", "fr"))
    assert heard == Transcript("turn on the lamp", "fr")


async def test_the_whole_transcript_counts_where_pieces_come_first() -> None:
    answers = [TranscriptStart(), TranscriptChunk("turn of"), TheirTranscript("turn off")]
    async with Service(asr("tiny"), after("audio-stop", *answers, TranscriptStop())) as service:
        assert (await hear(service)).text == "turn off"


async def test_pieces_that_come_while_the_speech_is_still_sent_are_not_lost() -> None:
    async def script(handler: AsyncEventHandler, event: Event) -> bool:
        if event.type == "audio-chunk":
            await handler.write_event(TranscriptChunk("a").event())
        if event.type == "audio-stop":
            await handler.write_event(TranscriptStop().event())
        return True

    minute = Utterance(bytes(2 * 16_000 * 60), "en")
    async with Service(asr("tiny"), script) as service:
        text = (await hear(service, minute)).text
    assert len(text) == [event.type for event in service.events].count("audio-chunk") > 900


async def test_what_was_not_asked_for_is_passed_over() -> None:
    answers = [VoiceStarted(), asr("tiny"), Ping("still here"), TheirTranscript("yes")]
    async with Service(asr("tiny"), after("audio-stop", *answers)) as service:
        assert (await hear(service)).text == "yes"


async def test_an_empty_transcript_means_that_nothing_was_understood() -> None:
    async with Service(asr("tiny"), after("audio-stop", TheirTranscript("  "))) as service:
        assert await hear(service) == Transcript("", "en")


async def test_no_audio_is_no_question() -> None:
    async with Service(asr("tiny"), silent) as service:
        assert await hear(service, Utterance(b"", "en")) == Transcript("", "en")
    assert service.connections == 0


async def test_the_model_the_language_and_the_names_of_the_home_are_told() -> None:
    async with Service(
        asr("tiny", "large", languages=("en_US", "fr")), after("audio-stop", TheirTranscript("hi"))
    ) as service:
        engine = WyomingSpeechToText("127.0.0.1", service.port, model="large")
        engine.hotwords = ["Kitchen", "Bed lamp"]
        await engine.transcribe(SPEECH)
    asked = next(event.data for event in service.events if event.type == "transcribe")
    assert asked["name"] == "large"
    assert asked["language"] == "en_US"
    assert asked["transcript_names"] == ["Kitchen", "Bed lamp"]


@pytest.mark.parametrize(
    ("options", "language", "code", "text"),
    [
        ({"model": "huge"}, "en", "bad-request", "no model 'huge'. There are: large, tiny."),
        ({}, "ja", "bad-request", "no model for the language 'ja'. There are: en, fr."),
    ],
)
async def test_what_a_service_does_not_have_is_said_with_what_it_has(
    options: dict[str, str], language: str, code: str, text: str
) -> None:
    async with Service(asr("tiny", "large"), silent) as service:
        error = await failure(service, Utterance(SPEECH.audio, language), **options)
    assert error.code == code
    assert text in str(error)


async def test_a_service_that_speaks_is_not_asked_to_hear() -> None:
    async with Service(tts(anna="en"), silent) as service:
        error = await failure(service)
    assert error.code == "engine-missing"
    assert service.types == ["describe"]


async def test_the_second_of_two_programs_is_selected_by_name() -> None:
    both = Info(asr=[*asr("a", languages=("fr",)).asr, *asr("b", languages=("en",)).asr])
    both.asr[1].name = "english"
    async with Service(both, after("audio-stop", TheirTranscript("hi"))) as service:
        await hear(service)
    assert [e.data["name"] for e in service.events if e.type == "select-program"] == ["english"]


@pytest.mark.parametrize(
    ("answers", "stay", "code", "text"),
    [
        ([Error("out of\nmemory")], True, "engine-failed", "reports: out of memory."),
        ([], False, "engine-failed", "ended the connection"),
        ([TranscriptChunk("turn o")], False, "engine-failed", "ended the connection"),
        ([b"HTTP/1.1 400 Bad Request\r\n\r\n"], True, "engine-failed", "no JSON"),
        ([b'{"type":"transcript","data":{"text":7}}\n'], True, "engine-failed", "text"),
        ([b'{"type":"transcript","data_length":999999999}\n'], True, "engine-failed", "ended"),
        ([TheirTranscript("a" * 30_000)], True, "engine-failed", "no recording"),
        ([TranscriptChunk("a" * 9_999)] * 3, True, "engine-failed", "no recording"),
    ],
)
async def test_a_bad_answer_is_an_error_that_says_what_was_wrong(
    answers: list[object], stay: bool, code: str, text: str
) -> None:
    async with Service(asr("tiny"), after("audio-stop", *answers, stay=stay)) as service:  # type: ignore[arg-type]
        error = await failure(service)
    assert error.code == code
    assert text in str(error)
    assert str(service.port) in str(error)


async def test_a_service_that_hangs_up_before_it_has_heard_all_is_an_error() -> None:
    script = after("audio-start", Error("busy"), stay=False)
    async with Service(asr("tiny"), script) as service:
        error = await failure(service, Utterance(bytes(2 * 16_000 * 60), "en"))
    assert error.code == "engine-failed"


async def test_a_service_that_never_answers_is_given_up() -> None:
    async with Service(asr("tiny"), silent) as service:
        error = await failure(service, timeout_s=0.05)
        await service.gone.wait()
    assert error.code == "engine-timeout"


async def test_a_service_that_does_not_say_what_it_is_is_given_up(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(wyoming_service, "INFO_TIMEOUT_S", 0.05)
    async with Service(None, silent) as service:
        error = await failure(service)
    assert error.code == "engine-timeout"
    assert "description" in str(error)


async def test_a_service_that_was_away_is_asked_anew_what_it_can_do() -> None:
    script = after("audio-stop", TheirTranscript("yes"))
    with kept_port() as port:
        engine = WyomingSpeechToText("127.0.0.1", port)
        async with Service(asr("tiny"), script, port):
            await engine.transcribe(SPEECH)
        with pytest.raises(EngineError, match="away") as caught:
            await engine.transcribe(SPEECH)
        assert caught.value.code == "engine-failed"
        async with Service(asr("tiny"), script, port) as service:
            assert (await engine.transcribe(SPEECH)).text == "yes"
    assert service.types[0] == "describe"


@pytest.mark.parametrize("audio", [bytes(MAX_UTTERANCE_BYTES + 2), bytes(3)])
async def test_audio_that_no_microphone_records_is_refused_before_it_is_sent(audio: bytes) -> None:
    async with Service(asr("tiny"), silent) as service:
        error = await failure(service, Utterance(audio, "en"))
    assert error.code == "bad-request"
    assert service.connections == 0


async def test_five_minutes_of_audio_arrive_whole() -> None:
    async with Service(asr("tiny"), after("audio-stop", TheirTranscript("long"))) as service:
        assert (await hear(service, Utterance(bytes(MAX_UTTERANCE_BYTES), "en"))).text == "long"
    assert sum(len(event.payload or b"") for event in service.events) == MAX_UTTERANCE_BYTES


async def test_cancelling_ends_the_connection() -> None:
    async with Service(asr("tiny"), silent) as service:
        task = asyncio.create_task(hear(service))
        async with asyncio.timeout(60):
            while "audio-stop" not in service.types:
                await asyncio.sleep(0)
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
            await service.gone.wait()


async def test_names_that_can_not_be_sent_as_they_are_do_not_keep_speech_from_being_heard() -> None:
    async with Service(asr("tiny"), after("audio-stop", TheirTranscript("yes"))) as service:
        engine = WyomingSpeechToText("127.0.0.1", service.port)
        engine.hotwords = ["Lamp \ud800", *["x" * 2_000] * 500]
        async with asyncio.timeout(60):
            assert (await engine.transcribe(SPEECH)).text == "yes"
    (asked,) = (event for event in service.events if event.type == "transcribe")
    names = asked.data["transcript_names"]
    assert names[0] == "Lamp ?"
    assert sum(map(len, names)) <= MAX_HOTWORDS_CHARS


async def test_a_request_that_can_not_be_sent_is_told_at_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(wyoming_speech, "MAX_HOTWORDS_CHARS", 10_000_000)
    async with Service(asr("tiny"), silent) as service:
        engine = WyomingSpeechToText("127.0.0.1", service.port)
        engine.hotwords = ["x" * 1_000_000]
        async with asyncio.timeout(60):
            with pytest.raises(EngineError, match="can not be sent") as caught:
                await engine.transcribe(SPEECH)
    assert caught.value.code == "bad-request"


@pytest.mark.parametrize(
    ("told", "language"),
    [("de", "de"), ("de-AT", "de"), ("EN_us", "en"), ("zh", "en"), ("klingon", "en"), ("", "en")],
)
async def test_only_languages_that_are_spoken_here_are_believed(told: str, language: str) -> None:
    for answers in (
        [TheirTranscript("yes", language=told)],
        [TranscriptStart(language=told), TranscriptChunk("yes"), TranscriptStop()],
    ):
        async with Service(asr("tiny"), after("audio-stop", *answers)) as service:
            heard = await hear(service, languages=("en", "de"))
        assert heard == Transcript("yes", language)
