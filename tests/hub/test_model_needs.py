"""Which models the settings name, and the way of a fetched model into its engine."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from hub.engines.hardware import Machine
from hub.engines.smart_turn import SmartTurn
from hub.engines.whisper import WhisperEngine
from hub.hearing import Hearing
from hub.home.model import Home
from hub.model_needs import models_of, needs, turn_detector_file, wanted
from hub.settings import HubSettings
from hub.speaking import Speaking
from tests.hub.engines.model_hub import ModelHub, model_hub
from tests.hub.engines.test_smart_turn import write_model
from tests.hub.engines.tiny_whisper import make_whisper

MACHINE = Machine(cores=4, memory_bytes=4 << 30, architecture="x86_64")
NONE = {"speech_to_text": "phrases", "text_to_speech": "espeak", "language_model": "none"}


def made(tmp_path: Path, engines: dict[str, str], **sections: Any) -> HubSettings:
    models = {"folder": tmp_path / "models", **sections.pop("models", {})}
    return HubSettings.model_validate(
        {"engines": {**NONE, **engines}, "models": models, **sections}
    )


def names(settings: HubSettings) -> list[str]:
    return [each.name for each in wanted(settings, MACHINE)]


def test_engines_without_models_name_none(tmp_path: Path) -> None:
    assert names(made(tmp_path, {})) == []


@pytest.mark.parametrize(
    ("model", "name"),
    [("auto", "whisper/small"), ("turbo", "whisper/large-v3-turbo"), ("a/b", "whisper/a/b")],
)
def test_whisper_names_the_one_that_suits_or_is_set(tmp_path: Path, model: str, name: str) -> None:
    settings = made(tmp_path, {"speech_to_text": "whisper"}, whisper={"model": model})
    assert names(settings) == [name]


def test_a_folder_of_ones_own_is_no_model_to_fetch(tmp_path: Path) -> None:
    own = {"model": str(tmp_path)}
    assert names(made(tmp_path, {"speech_to_text": "whisper"}, whisper=own)) == []
    (tmp_path / "models" / "piper").mkdir(parents=True)
    (tmp_path / "models" / "piper" / "grandma.onnx").write_bytes(b"")
    for piper in (
        {"folder": tmp_path},
        {"voices": {"en": "grandma"}},
        {"voices": {"en": "/v.onnx"}},
    ):
        assert names(made(tmp_path, {"text_to_speech": "piper"}, piper=piper)) == []


def test_every_language_and_every_named_voice_counts(tmp_path: Path) -> None:
    settings = made(
        tmp_path,
        {"text_to_speech": "piper", "speech_to_text": "whisper"},
        language="fr",
        other_languages=["en", "de"],
        piper={"voices": {"en": "en_GB-alba-medium#3"}},
        voices={"rooms": {"Attic": "fr_FR-upmc-medium", "Hall": {"de": "de_DE-thorsten-high"}}},
    )
    assert set(names(settings)) == {
        "whisper/small",
        "piper/en_GB-alba-medium",
        "piper/fr_FR-upmc-medium",
        "piper/de_DE-thorsten-high",
        "piper/fr_FR-siwis-medium",
        "piper/de_DE-thorsten-medium",
    }


def test_a_language_with_any_voice_here_needs_no_other(tmp_path: Path) -> None:
    (tmp_path / "models" / "piper").mkdir(parents=True)
    (tmp_path / "models" / "piper" / "en_US-mine-low.onnx").write_bytes(b"")
    assert names(made(tmp_path, {"text_to_speech": "piper"})) == []


@pytest.mark.parametrize("folder", ["/nope", "~/nope", "./nope"])
async def test_a_folder_that_is_not_there_is_called_a_folder(tmp_path: Path, folder: str) -> None:
    settings = made(tmp_path, {"speech_to_text": "whisper"}, whisper={"model": folder})
    (need,) = await needs(settings, MACHINE)
    assert not need.here
    assert need.text == f"There is no folder {folder}. Name one that is there, or a model."


def voice(tmp_path: Path, name: str) -> None:
    (tmp_path / "models" / "piper").mkdir(parents=True, exist_ok=True)
    (tmp_path / "models" / "piper" / f"{name}.onnx").write_bytes(b"")


async def test_of_a_mistyped_voice_it_is_told_which_ones_there_are(tmp_path: Path) -> None:
    voice(tmp_path, "en_US-mine-low")
    voice(tmp_path, "de_DE-mine-low")
    rooms = {"rooms": {"Study": "en_GB-alann-medium"}}
    (need,) = await needs(made(tmp_path, {"text_to_speech": "piper"}, voices=rooms), MACHINE)
    assert need.text == (
        "piper/en_GB-alann-medium is not here, and another voice speaks in its place: run "
        "`sotto-hub models pull piper/en_GB-alann-medium`, or name one that is here: "
        "en_US-mine-low."
    )


async def test_what_the_household_speaks_with_is_needed_and_the_rest_is_not(tmp_path: Path) -> None:
    settings = made(
        tmp_path,
        {"text_to_speech": "piper"},
        language="fr",
        other_languages=["en"],
        voices={"people": {"Anna": "fr_FR-upmc-medium"}},
    )
    found = {need.name: need.needed for need in await needs(settings, MACHINE)}
    assert found == {
        "piper/fr_FR-upmc-medium": False,
        "piper/fr_FR-siwis-medium": True,
        "piper/en_US-lessac-medium": False,
    }


@pytest.mark.parametrize(("choice", "optional"), [("auto", True), ("ollama", False)])
def test_what_auto_would_take_is_optional(tmp_path: Path, choice: str, optional: bool) -> None:
    (model,) = wanted(made(tmp_path, {"language_model": choice}), MACHINE)
    assert (model.name, model.optional) == ("ollama/qwen3:4b", optional)


async def test_a_smaller_model_that_is_here_is_told_with_the_better_one(tmp_path: Path) -> None:
    settings = made(
        tmp_path, {"speech_to_text": "whisper"}, whisper={"cache_dir": str(tmp_path / "cache")}
    )
    (need,) = await needs(settings, MACHINE)
    assert not need.here
    make_whisper(tmp_path / "models" / "whisper" / "base", "yes")
    (need,) = await needs(settings, MACHINE)
    assert need.here
    assert need.text == "base is here. Better: run `sotto-hub models pull whisper/small`."


@pytest.fixture
async def hub(tmp_path: Path) -> AsyncIterator[ModelHub]:
    folder = make_whisper(tmp_path / "made", "turn on the kitchen light")
    whisper = {path.name: path.read_bytes() for path in folder.iterdir()}
    turn = {"smart-turn-v3.2-cpu.onnx": write_model(tmp_path / "turn.onnx").read_bytes()}
    repositories = {"Systran/faster-whisper-tiny": whisper, "pipecat-ai/smart-turn-v3": turn}
    async with model_hub(repositories) as running:
        yield running


async def test_a_fetched_whisper_hears(tmp_path: Path, hub: ModelHub) -> None:
    settings = made(tmp_path, {}, models={"endpoint": hub.url}, whisper={"model": "tiny"})
    await models_of(settings).pull("whisper/tiny")
    told: dict[str, Any] = {}

    class Process:
        async def configure(self, values: dict[str, Any], *, load: bool) -> None:
            told.update(values)

    hearing = Hearing(settings, "whisper")
    hearing.process = Process()  # type: ignore[assignment]
    await hearing.learn(Home())
    engine = WhisperEngine()
    engine.load()
    engine.configure({**told, "device": "cpu", "threads": 1, "beam_size": 1})
    noise = (np.random.default_rng(0).standard_normal(16_000) * 3000).astype("<i2").tobytes()
    assert engine.transcribe(noise, "en").text == "turn on the kitchen light"


async def test_a_fetched_turn_detector_is_the_one_that_is_loaded(
    tmp_path: Path, hub: ModelHub
) -> None:
    settings = made(
        tmp_path,
        {},
        models={"endpoint": hub.url},
        listening={"turn_detector": "smart-turn/v3"},
    )
    assert names(settings) == ["smart-turn/v3"]
    await models_of(settings).pull("smart-turn/v3")
    path = turn_detector_file(settings)
    assert path is not None
    SmartTurn().load(path)


def test_piper_looks_in_the_folder_of_models_unless_it_has_its_own(tmp_path: Path) -> None:
    settings = made(tmp_path, {"text_to_speech": "piper"})
    assert Speaking(settings, "piper")._values()["folder"] == str(tmp_path / "models" / "piper")
    own = made(tmp_path, {"text_to_speech": "piper"}, piper={"folder": "/voices"})
    assert Speaking(own, "piper")._values()["folder"] == "/voices"
