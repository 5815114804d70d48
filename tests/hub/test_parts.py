"""The engines that the settings choose."""

import asyncio
from pathlib import Path

import pytest

from hub import app, changeable
from hub.conversation.home_mind import HomeMind
from hub.conversation.model_mind import ModelMind
from hub.ears import Ears
from hub.engines.base import EngineError, SpeechChunk, SpeechRequest
from hub.engines.elevenlabs import ElevenLabsTextToSpeech
from hub.engines.hosted import HostedSpeechToText, HostedTextToSpeech
from hub.engines.litellm_chat import LiteLlmChat
from hub.engines.openai_speech import OpenAiSpeechToText, OpenAiTextToSpeech
from hub.engines.wyoming_speech import WyomingSpeechToText, WyomingTextToSpeech
from hub.events import EngineChanged
from hub.hearing import Hearing
from hub.home.actions import Actions
from hub.home.intents import IntentRecognizer
from hub.home.model import Area, AreaId, Home
from hub.hub_errors import HubError
from hub.settings import HubSettings, SettingsError, load
from hub.speaking import Speaking
from hub.thinker import Thinker, language_model
from hub.tools.home_tools import HomeTools
from tests.hub.engines.http_double import HttpDouble, answer, refuse
from tests.hub.engines.wyoming_service import Service, asr, silent
from tests.ports import free_port


def settings(tmp_path: Path, toml: str) -> HubSettings:
    file = tmp_path / "hub.toml"
    file.write_text(toml, encoding="utf-8")
    return load(file)


def engines(tmp_path: Path, choice: str, rest: str = "") -> HubSettings:
    return settings(tmp_path, f"[engines]\n{choice}\n{rest}")


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("phrases", HostedSpeechToText),
        ("whisper", HostedSpeechToText),
        ("whisperx", HostedSpeechToText),
        ("wyoming", WyomingSpeechToText),
        ("openai", OpenAiSpeechToText),
    ],
)
def test_the_settings_choose_what_hears(tmp_path: Path, name: str, kind: type) -> None:
    assert isinstance(Hearing(engines(tmp_path, ""), name).port, kind)


def test_a_hub_whose_engines_can_not_be_made_says_why(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise EngineError("bad-request", "The address must be another one.")

    monkeypatch.setattr(changeable, "Ears", refuse)
    with pytest.raises(HubError, match="another one"):
        app.Hub(engines(tmp_path, ""), print)


async def test_services_that_hear_are_told_the_names_of_the_home(tmp_path: Path) -> None:
    home = Home()
    home.put_area(Area(AreaId("attic"), "Attic"))
    async with Service(asr("tiny"), silent) as service:
        table = f"[wyoming_speech_to_text]\nport = {service.port}"
        ears = Hearing(settings(tmp_path, table), "wyoming")
        await ears.learn(home)
    assert isinstance(ears.port, WyomingSpeechToText)
    assert ears.port.hotwords == ["Attic"]


def test_wyoming_services_are_believed_the_languages_of_the_household(tmp_path: Path) -> None:
    port = Hearing(settings(tmp_path, 'other_languages = ["de"]'), "wyoming").port
    assert isinstance(port, WyomingSpeechToText)
    assert port._spoken("de-AT") == "de"
    assert port._spoken("zh") is None


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("espeak", HostedTextToSpeech),
        ("piper", HostedTextToSpeech),
        ("wyoming", WyomingTextToSpeech),
        ("openai", OpenAiTextToSpeech),
    ],
)
def test_the_settings_choose_what_speaks(tmp_path: Path, name: str, kind: type) -> None:
    assert isinstance(Speaking(engines(tmp_path, ""), name).port, kind)


async def test_the_sound_of_openai_compatible_speech_can_be_set(tmp_path: Path) -> None:
    samples = bytes(range(200))
    async with HttpDouble(answer(samples, kind="audio/pcm")) as double:
        table = f'[openai_text_to_speech]\nurl = "{double.url}"\nspeed = 1.5\n'
        for more, rate_hz in (("", 24_000), ("pcm_rate_hz = 16000", 16_000)):
            port = Speaking(settings(tmp_path, table + more), "openai").port
            assert isinstance(port, OpenAiTextToSpeech)
            spoken = port.synthesize(SpeechRequest("Hello.", "en"))
            assert [chunk async for chunk in spoken] == [SpeechChunk(samples, rate_hz)]
            await port.close()
        port = Speaking(settings(tmp_path, f'{table}format = "wav"'), "openai").port
        assert isinstance(port, OpenAiTextToSpeech)
        with pytest.raises(EngineError, match="not a WAV file"):
            await anext(port.synthesize(SpeechRequest("Hello.", "en")))
        await port.close()
    assert [request.json["response_format"] for request in double.requests] == ["pcm", "pcm", "wav"]
    assert {request.json["speed"] for request in double.requests} == {1.5}


def test_elevenlabs_wants_a_key_and_a_voice(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="needs a key and a voice"):
        engines(tmp_path, 'text_to_speech = "elevenlabs"')
    account = '[elevenlabs]\nkey = "secret-key"\nvoice = "v"'
    chosen = engines(tmp_path, 'text_to_speech = "elevenlabs"', account)
    assert "secret-key" not in repr(chosen)
    assert isinstance(Speaking(chosen, "elevenlabs").port, ElevenLabsTextToSpeech)


def test_coqui_wants_a_model(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"coqui needs coqui\.model"):
        engines(tmp_path, 'text_to_speech = "coqui"')
    chosen = engines(tmp_path, 'text_to_speech = "coqui"', '[coqui]\nmodel = "voice"\nspeed = 1.2')
    voice = Speaking(chosen, "coqui")
    assert isinstance(voice.port, HostedTextToSpeech)
    assert voice._values() == {"model": "voice", "speed": 1.2, "threads": 0, "cuda": False}


def test_the_key_for_litellm_is_handed_on_and_not_shown(tmp_path: Path) -> None:
    chosen = engines(tmp_path, 'language_model = "litellm"', '[litellm]\nkey = "secret-key"')
    model = language_model(chosen)
    assert isinstance(model, LiteLlmChat)
    assert model._key.get_secret_value() == "secret-key"
    assert "secret-key" not in repr(chosen) + repr(vars(model))


def test_the_embedded_recogniser_hears_english_only(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="English only"):
        settings(tmp_path, 'language = "de"\n[engines]\nspeech_to_text = "phrases"')
    german = settings(tmp_path, 'language = "de"\n[engines]\nspeech_to_text = "whisper"')
    assert german.language == "de"


async def test_engines_other_than_the_embedded_one_get_more_time(tmp_path: Path) -> None:
    async with Service(asr("tiny"), silent) as service:
        table = f"[wyoming_speech_to_text]\nport = {service.port}"
        ears = Ears(engines(tmp_path, 'speech_to_text = "wyoming"', table))
        assert ears.transcript_s == 1.4
        running = asyncio.create_task(ears.run())
        async with asyncio.timeout(60):
            await ears.learn(Home())
            while ears.transcript_s != 4.0:
                await asyncio.sleep(0.01)
        running.cancel()
        await asyncio.wait([running])
    assert Ears(settings(tmp_path, "[listening]\ntranscript_ms = 3000")).transcript_s == 3.0


@pytest.mark.parametrize("name", ["wyoming", "openai"])
async def test_a_service_that_nobody_has_reached_is_not_ready(tmp_path: Path, name: str) -> None:
    port = free_port()
    table = "".join(
        f"[{name}_{role}]\nport = {port}\n"
        if name == "wyoming"
        else f'[{name}_{role}]\nurl = "http://127.0.0.1:{port}/v1"\n'
        for role in ("speech_to_text", "text_to_speech")
    )
    chosen = settings(tmp_path, table)
    with pytest.raises(EngineError, match=f"127.0.0.1(:{port})?") as caught:
        await Hearing(chosen, name).learn(Home())
    assert caught.value.code == "engine-failed"
    with pytest.raises(EngineError, match=f"127.0.0.1(:{port})?"):
        await Speaking(chosen, name).configure()


async def test_a_service_that_answers_is_ready_and_gets_no_key_for_that(tmp_path: Path) -> None:
    async with HttpDouble(refuse("404 Not Found", {})) as double:
        table = f'url = "{double.url}/v1"\nkey = "secret-key"\n'
        both = f"[openai_speech_to_text]\n{table}[openai_text_to_speech]\n{table}"
        chosen = settings(tmp_path, both)
        assert await Hearing(chosen, "openai").learn(Home()) == f"openai at {double.url}/v1"
        assert await Speaking(chosen, "openai").configure() == f"openai at {double.url}/v1"
    assert len(double.requests) == 2
    assert "secret-key" not in repr(double.requests)


@pytest.mark.parametrize(
    ("name", "kind"),
    [("none", HomeMind), ("ollama", ModelMind), ("openai", ModelMind), ("litellm", ModelMind)],
)
def test_the_settings_choose_what_thinks(tmp_path: Path, name: str, kind: type) -> None:
    home = Home()

    class Nobody:
        async def publish(self, *_: object) -> None:
            raise AssertionError

    actions = Actions(home, Nobody())  # type: ignore[arg-type]
    home_mind = HomeMind(home, [IntentRecognizer(home, "en")], actions)
    chosen = engines(tmp_path, f'language_model = "{name}"')
    assert isinstance(Thinker(chosen, home, home_mind, HomeTools(home, actions)).mind, kind)


async def test_a_model_that_is_away_is_waited_for_without_harm(tmp_path: Path) -> None:
    home = Home()
    actions = Actions(home, None)  # type: ignore[arg-type]
    home_mind = HomeMind(home, [IntentRecognizer(home, "en")], actions)
    chosen = engines(tmp_path, 'language_model = "ollama"', '[ollama]\nurl = "http://127.0.0.1:9"')
    facts: asyncio.Queue[EngineChanged] = asyncio.Queue(10)
    thinker = Thinker(chosen, home, home_mind, HomeTools(home, actions), facts.put_nowait)
    running = asyncio.create_task(thinker.run())
    thinker.home_changed()
    async with asyncio.timeout(60):
        fact = await facts.get()
    assert (fact.role, fact.engine, fact.ready) == ("language-model", "ollama", False)
    assert "ollama serve" in fact.text
    assert not running.done()
    running.cancel()
    await asyncio.wait({running})
