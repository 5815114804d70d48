import pytest

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

    async def missing(*_: object) -> Need:
        return NEED

    async def pull(_: Models, name: str, *__: object) -> None:
        pulled.append(name)

    monkeypatch.setattr(supply, "missing", missing)
    monkeypatch.setattr(Models, "pull", pull)
    allowed = HubSettings.model_validate({"models": {"download": True}})
    with pytest.raises(EngineError, match="pull it"):
        await supply.supply(allowed, supply.SPEECH_MODEL)
    assert pulled == ["whisper/base"]


@pytest.mark.parametrize("models", [{}, {"download": True, "offline": True}])
async def test_nothing_is_fetched_that_the_owner_has_not_allowed(
    models: dict[str, bool], monkeypatch: pytest.MonkeyPatch
) -> None:
    async def missing(*_: object) -> Need:
        return NEED

    async def pull(*_: object) -> None:
        raise AssertionError("nothing may be fetched")

    monkeypatch.setattr(supply, "missing", missing)
    monkeypatch.setattr(Models, "pull", pull)
    with pytest.raises(EngineError, match="pull it"):
        await supply.supply(HubSettings.model_validate({"models": models}), supply.SPEECH_MODEL)
