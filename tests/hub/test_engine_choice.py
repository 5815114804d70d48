"""A choice of engines: kept in a file, and laid over the settings."""

import stat
from pathlib import Path

import pytest

from hub.engine_choice import (
    CanNotBeChosen,
    EngineChoice,
    choice_file,
    chosen_settings,
    laid_over,
    read_choice,
    write_choice,
)
from hub.engine_kinds import kinds
from hub.settings import HubSettings, load


def settings(**sections: object) -> HubSettings:
    return HubSettings.model_validate(sections)


def test_a_choice_is_kept_beside_the_store_and_read_again(tmp_path: Path) -> None:
    here = settings(store={"url": f"sqlite:///{tmp_path}/state/hub.db"})
    file = choice_file(here)
    assert file == tmp_path / "state" / "engines.json"
    assert read_choice(file) == EngineChoice()
    choice = EngineChoice(speech_to_text="whisper", voices={"en": "en_US-lessac-medium"})
    write_choice(file, choice)
    assert read_choice(file) == choice
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700
    assert [one.name for one in file.parent.iterdir()] == ["engines.json"]


@pytest.mark.parametrize(
    "content", ["", "{", '{"speech_to_text": "siri"}', '{"colour": 1}', "[]", "x" * 70_000]
)
def test_a_file_that_can_not_be_used_is_left_aside(tmp_path: Path, content: str) -> None:
    file = tmp_path / "engines.json"
    file.write_text(content)
    assert read_choice(file) == EngineChoice()


def test_settings_with_a_choice_over_them_know_the_file_that_they_are_from(tmp_path: Path) -> None:
    file = tmp_path / "hub.toml"
    file.touch()
    for choice in (EngineChoice(), EngineChoice(text_to_speech="espeak")):
        assert laid_over(load(file), choice).file == file


def test_what_was_chosen_is_named_as_the_settings_are() -> None:
    choice = EngineChoice(whisper_model="base", voices={"en": "en_US-lessac-medium"})
    assert chosen_settings(choice) == {
        "whisper.model": "base",
        "voices.languages": {"en": "en_US-lessac-medium"},
    }


def test_what_is_not_chosen_is_as_the_settings_say() -> None:
    before = settings(
        engines={"text_to_speech": "piper", "fallback": False},
        voices={"languages": {"de": "de_DE-thorsten-high"}},
        mqtt={"embedded_port": 1999},
    )
    choice = EngineChoice(
        speech_to_text="whisper",
        whisper_model="small",
        voices={"en": "en_GB-alba-medium"},
        ollama_model="tiny",
    )
    after = laid_over(before, choice)
    assert after.engines.speech_to_text == "whisper"
    assert (after.engines.text_to_speech, after.engines.fallback) == ("piper", False)
    assert (after.whisper.model, after.ollama.model) == ("small", "tiny")
    assert after.voices.languages == {"de": "de_DE-thorsten-high", "en": "en_GB-alba-medium"}
    assert after.mqtt is before.mqtt
    assert laid_over(before, EngineChoice()) == before


def test_what_the_settings_do_not_allow_is_told_in_a_sentence() -> None:
    with pytest.raises(CanNotBeChosen, match=r"^Elevenlabs needs a key and a voice\.$"):
        laid_over(settings(), EngineChoice(text_to_speech="elevenlabs"))
    german = settings(language="de")
    with pytest.raises(CanNotBeChosen, match="English only"):
        laid_over(german, EngineChoice(speech_to_text="phrases"))


def test_engines_say_where_they_work_and_what_keeps_them_from_being_chosen() -> None:
    away = settings(
        openai_speech_to_text={"url": "https://api.example.org/v1"},
        openai_text_to_speech={"url": "http://192.168.1.7:8000/v1"},
    )
    hears = {kind.name: kind for kind in kinds(away, "speech-to-text")}
    speaks = {kind.name: kind for kind in kinds(away, "text-to-speech")}
    assert hears["phrases"].place == "embedded"
    assert hears["openai"].place == "cloud"
    assert speaks["openai"].place == "service"
    assert (speaks["elevenlabs"].place, speaks["elevenlabs"].usable) == ("cloud", False)
    assert "needs a key" in speaks["elevenlabs"].why_not
    assert speaks["espeak"].usable
