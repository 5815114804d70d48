import faster_whisper.utils
import pytest

from hub.engines.base import EngineError
from hub.engines.hardware import WHISPER_TABLE
from hub.engines.model_catalog import find_model, listed, recommended_voice, whisper_name

WHISPER = list(faster_whisper.utils._MODELS.items())


@pytest.mark.parametrize(("size", "repository"), WHISPER)
def test_whisper_models_come_from_where_faster_whisper_takes_them(
    size: str, repository: str
) -> None:
    assert find_model(f"whisper/{size}").repository == repository


def test_every_model_that_suits_a_machine_is_listed() -> None:
    names = {model.name for model in listed()}
    assert {f"whisper/{whisper_name(row.choice.model)}" for row in WHISPER_TABLE} <= names


def test_what_is_listed_is_found_under_its_name() -> None:
    for model in listed():
        assert find_model(model.name) == model
        assert model.about_bytes


def test_a_name_with_two_meanings_has_one_folder() -> None:
    assert find_model("whisper/turbo").name == "whisper/large-v3-turbo"
    assert find_model("whisper/turbo") == find_model("whisper/large-v3-turbo")


@pytest.mark.parametrize(
    ("voice", "source"),
    [
        ("en_US-lessac-medium", "en/en_US/lessac/medium"),
        ("de_DE-mls_6892-x_low", "de/de_DE/mls_6892/x_low"),
        ("pt_PT-tugão-medium", "pt/pt_PT/tugão/medium"),
    ],
)
def test_any_piper_voice_is_found_by_the_rule_of_its_repository(voice: str, source: str) -> None:
    model = find_model(f"piper/{voice}")
    assert model.source == source
    assert model.files == (f"{voice}.onnx.json", f"{voice}.onnx")
    assert model.target == f"{voice}.onnx"


def test_a_whisper_model_of_anybody_can_be_named_by_its_repository() -> None:
    model = find_model("whisper/someone/whisper-of-mine")
    assert model.repository == "someone/whisper-of-mine"
    assert str(model.folder) == "whisper/someone/whisper-of-mine"


@pytest.mark.parametrize(
    ("name", "near"),
    [
        ("whisper/bsae", "whisper/base"),
        ("base", "whisper/base"),
        ("Whisper/Large-V3", "whisper/large-v3"),
        ("en_US-lesac-medium", "piper/en_US-lessac-medium"),
        ("piper/en_US-lessac", "piper/en_US-lessac-medium"),
        ("smart-turn", "smart-turn/v3"),
    ],
)
def test_a_slip_is_answered_with_the_name_that_was_meant(name: str, near: str) -> None:
    with pytest.raises(EngineError, match=f"Did you mean .*{near}") as slip:
        find_model(name)
    assert slip.value.code == "bad-request"


@pytest.mark.parametrize(
    "name",
    ["", "/", "whisper", "whisper/..", "whisper/../../etc", "piper/../x", "whisper/a/b/c", "quux"],
)
def test_what_is_no_name_is_refused(name: str) -> None:
    with pytest.raises(EngineError, match="There is no model"):
        find_model(name)


def test_each_language_of_the_hub_has_a_voice_to_begin_with() -> None:
    for language in ("en", "fr", "de", "es"):
        voice = recommended_voice(language)
        assert voice is not None
        assert voice.startswith(f"{language}_")
    assert recommended_voice("xx") is None
