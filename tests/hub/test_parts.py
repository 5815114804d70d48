"""The engines that the settings choose."""

import asyncio
from pathlib import Path

import pytest

from hub.conversation.home_mind import HomeMind
from hub.conversation.model_mind import ModelMind
from hub.ears import Ears
from hub.engines.host import HostedSpeechToText, HostedTextToSpeech
from hub.engines.openai_speech import OpenAiSpeechToText
from hub.engines.speech_cache import CachedTextToSpeech
from hub.engines.wyoming_speech import WyomingSpeechToText
from hub.home.actions import Actions
from hub.home.intents import IntentRecognizer
from hub.home.model import Area, AreaId, Home
from hub.settings import HubSettings, SettingsError, load
from hub.thinker import Thinker
from hub.voice import Voice


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
        ("wyoming", WyomingSpeechToText),
        ("openai", OpenAiSpeechToText),
    ],
)
def test_the_settings_choose_what_hears(tmp_path: Path, name: str, kind: type) -> None:
    assert isinstance(Ears(engines(tmp_path, f'speech_to_text = "{name}"')).port, kind)


async def test_services_that_hear_are_told_the_names_of_the_home(tmp_path: Path) -> None:
    ears = Ears(engines(tmp_path, 'speech_to_text = "wyoming"'))
    home = Home()
    home.put_area(Area(AreaId("attic"), "Attic"))
    await ears.learn(home)
    assert isinstance(ears.port, WyomingSpeechToText)
    assert ears.port.hotwords == ["Attic"]


@pytest.mark.parametrize("name", ["piper", "wyoming", "openai"])
def test_short_answers_of_all_but_the_embedded_voice_are_kept(tmp_path: Path, name: str) -> None:
    voice = Voice(engines(tmp_path, f'text_to_speech = "{name}"'))
    assert isinstance(voice.port, CachedTextToSpeech)
    assert isinstance(Voice(engines(tmp_path, "")).port, HostedTextToSpeech)


def test_elevenlabs_wants_a_key_and_a_voice(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="needs a key and a voice"):
        engines(tmp_path, 'text_to_speech = "elevenlabs"')
    account = '[elevenlabs]\nkey = "secret-key"\nvoice = "v"'
    chosen = engines(tmp_path, 'text_to_speech = "elevenlabs"', account)
    assert "secret-key" not in repr(chosen)
    assert isinstance(Voice(chosen).port, CachedTextToSpeech)


def test_the_embedded_recogniser_hears_english_only(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="English only"):
        settings(tmp_path, 'language = "de"')
    german = settings(tmp_path, 'language = "de"\n[engines]\nspeech_to_text = "whisper"')
    assert german.language == "de"


def test_engines_other_than_the_embedded_one_get_more_time(tmp_path: Path) -> None:
    assert engines(tmp_path, "").transcript_s == 1.4
    assert engines(tmp_path, 'speech_to_text = "whisper"').transcript_s == 4.0
    assert settings(tmp_path, "[listening]\ntranscript_ms = 3000").transcript_s == 3.0


@pytest.mark.parametrize(
    ("name", "kind"), [("none", HomeMind), ("ollama", ModelMind), ("openai", ModelMind)]
)
def test_the_settings_choose_what_thinks(tmp_path: Path, name: str, kind: type) -> None:
    home = Home()

    class Nobody:
        async def publish(self, *_: object) -> None:
            raise AssertionError

    actions = Actions(home, Nobody())  # type: ignore[arg-type]
    home_mind = HomeMind(home, IntentRecognizer(home, "en"), actions)
    chosen = engines(tmp_path, f'language_model = "{name}"')
    assert isinstance(Thinker(chosen, home, home_mind, actions).mind, kind)


async def test_a_model_that_is_away_is_waited_for_without_harm(tmp_path: Path) -> None:
    home = Home()
    actions = Actions(home, None)  # type: ignore[arg-type]
    home_mind = HomeMind(home, IntentRecognizer(home, "en"), actions)
    chosen = engines(tmp_path, 'language_model = "ollama"', '[ollama]\nurl = "http://127.0.0.1:9"')
    thinker = Thinker(chosen, home, home_mind, actions)
    running = asyncio.create_task(thinker.run())
    thinker.home_changed()
    done, _ = await asyncio.wait({running}, timeout=0.2)
    assert not done
    running.cancel()
    await asyncio.wait({running})
