"""A language model that Ollama lacks, against a server that says what Ollama says."""

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest

from hub.conversation.home_mind import HomeMind
from hub.engines.base import EngineError
from hub.home.actions import Actions
from hub.home.intents import IntentRecognizer
from hub.home.model import Home
from hub.settings import HubSettings
from hub.supplied_model import supplied
from hub.thinker import Thinker, language_model
from hub.tools.home_tools import HomeTools
from tests.hub.engines.model_service import Answer, ModelService, serving
from tests.hub.test_main import closed_port

LACKS = Answer(b'{"error":"model not found"}', status=404)
CARD = Answer(b'{"capabilities":["completion","tools"]}')
NO_TAGS = Answer(b'{"models":[]}')
PULLED = Answer([b'{"status":"pulling manifest"}\n', b'{"status":"success"}\n'])
WARM = Answer([b'{"message":{"role":"assistant","content":"."},"done":true}\n'])


def settings(url: str, folder: Path, model: str = "auto", **models: Any) -> HubSettings:
    return HubSettings.model_validate(
        {
            "engines": {"language_model": model},
            "ollama": {"url": url, "model": "tiny"},
            "models": {"folder": folder, **models},
        }
    )


async def check(chosen: HubSettings) -> str:
    model = language_model(chosen)
    assert model is not None
    try:
        return (await supplied(model, chosen).check()).name
    finally:
        await model.close()


def pulled(service: ModelService) -> list[dict[str, Any]]:
    return [body for path, body in service.asked if path == "/api/pull"]


@pytest.mark.parametrize("model", ["auto", "ollama"])
async def test_the_hub_has_ollama_fetch_its_model_before_it_gets_it_ready(
    model: str, tmp_path: Path
) -> None:
    answers = {
        "/api/show": [LACKS, CARD],
        "/api/tags": [NO_TAGS],
        "/api/pull": [PULLED],
        "/api/chat": [WARM],
    }
    home = Home()
    actions = Actions(home, None)  # type: ignore[arg-type]
    home_mind = HomeMind(home, [IntentRecognizer(home, "en")], actions)
    async with serving(answers) as service:
        chosen = settings(service.url, tmp_path, model, download=True)
        running = asyncio.create_task(
            Thinker(chosen, home, home_mind, HomeTools(home, actions)).run()
        )
        async with asyncio.timeout(60):
            while not service.bodies("/api/chat"):
                await asyncio.sleep(0.01)
        running.cancel()
        await asyncio.wait([running])
    assert pulled(service) == [{"model": "tiny", "stream": True}]


@pytest.mark.parametrize("models", [{}, {"download": True, "offline": True}])
async def test_nothing_is_fetched_that_the_owner_has_not_allowed(
    models: dict[str, bool], tmp_path: Path
) -> None:
    async with serving({"/api/show": [LACKS], "/api/tags": [NO_TAGS]}) as service:
        with pytest.raises(EngineError, match="ollama pull tiny"):
            await check(settings(service.url, tmp_path, "ollama", **models))
    assert pulled(service) == []


async def test_a_model_that_is_there_is_not_fetched(tmp_path: Path) -> None:
    async with serving({"/api/show": [CARD]}) as service:
        assert await check(settings(service.url, tmp_path, download=True)) == "tiny"
    assert [path for path, _ in service.asked] == ["/api/show"]


async def test_where_there_is_no_ollama_that_is_told(tmp_path: Path) -> None:
    with pytest.raises(EngineError, match="does not answer"):
        await check(settings(f"http://127.0.0.1:{closed_port()}", tmp_path, download=True))


async def test_a_download_that_fails_is_told_as_the_reason(tmp_path: Path) -> None:
    full = Answer([json.dumps({"error": "write: no space left on device"}).encode() + b"\n"])
    answers = {"/api/show": [LACKS], "/api/tags": [NO_TAGS], "/api/pull": [full]}
    async with serving(answers) as service:
        with pytest.raises(EngineError, match="disk of Ollama is full"):
            await check(settings(service.url, tmp_path, download=True))
