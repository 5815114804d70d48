import importlib.util
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from hub import supply
from hub.engines.base import EngineError
from hub.engines.models import Models
from hub.model_needs import Need
from hub.settings import HubSettings

NEED = Need("speech model", "whisper/base", False, False, "whisper/base is not here: pull it.")


async def test_what_is_not_whole_after_it_was_fetched_is_not_fetched_for_ever(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    pulled = []

    async def lacking(*_: object) -> list[Need]:
        return [NEED]

    async def pull(_: Models, name: str, *__: object) -> None:
        pulled.append(name)

    monkeypatch.setattr(supply, "lacking", lacking)
    monkeypatch.setattr(Models, "pull", pull)
    allowed = HubSettings.model_validate({"models": {"download": True}})
    with pytest.raises(EngineError, match="pull it"):
        await supply.supply(allowed, supply.SPEECH_MODEL)
    assert pulled == ["whisper/base"]


@pytest.mark.parametrize("models", [{}, {"download": True, "offline": True}])
async def test_nothing_is_fetched_that_the_owner_has_not_allowed(
    models: dict[str, bool], monkeypatch: pytest.MonkeyPatch
) -> None:
    async def lacking(*_: object) -> list[Need]:
        return [NEED]

    async def pull(*_: object) -> None:
        raise AssertionError("nothing may be fetched")

    monkeypatch.setattr(supply, "lacking", lacking)
    monkeypatch.setattr(Models, "pull", pull)
    with pytest.raises(EngineError, match="pull it"):
        await supply.supply(HubSettings.model_validate({"models": models}), supply.SPEECH_MODEL)


async def test_a_voice_that_can_not_be_fetched_is_told_and_keeps_nobody_from_speaking(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = []

    async def pull(_: Models, name: str, *__: object) -> None:
        asked.append(name)
        if name == "piper/en_GB-alann-medium":
            raise EngineError("bad-request", "there is no such voice")
        (tmp_path / "piper").mkdir()
        (tmp_path / "piper" / "en_US-lessac-medium.onnx").write_bytes(b"")

    monkeypatch.setattr(Models, "pull", pull)
    monkeypatch.setattr(importlib.util, "find_spec", lambda _: True)
    allowed = {
        "models": {"folder": tmp_path, "download": True},
        "voices": {"rooms": {"Study": "en_GB-alann-medium"}},
    }
    with capture_logs() as logs:
        await supply.supply(HubSettings.model_validate(allowed), supply.VOICE_MODEL)
    assert set(asked) == {"piper/en_GB-alann-medium", "piper/en_US-lessac-medium"}
    told = [entry for entry in logs if entry["log_level"] == "warning"]
    assert [entry["voice"] for entry in told] == ["piper/en_GB-alann-medium"]


async def test_without_any_voice_the_one_to_fetch_first_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda _: True)
    rooms = {"models": {"folder": tmp_path}, "voices": {"rooms": {"Study": "en_US-amy-medium"}}}
    with pytest.raises(EngineError, match="en_US-lessac-medium"):
        await supply.supply(HubSettings.model_validate(rooms), supply.VOICE_MODEL)
