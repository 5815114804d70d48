"""The turn detector beside everything else: a real model file, from a model hub of the tests."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from hub import supervised
from hub.engines.base import EngineError
from hub.events import EngineChanged
from hub.model_needs import turn_detector_file
from hub.settings import HubSettings
from hub.turn_judge import TurnJudge
from tests.hub.engines.model_hub import model_hub
from tests.hub.engines.test_smart_turn import noise, write_model

FILE = "smart-turn-v3.2-cpu.onnx"
LIMIT_S = 60.0


@pytest.fixture(autouse=True)
def soon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(supervised, "RETRY_S", (0.02,))


def settings(folder: Path, detector: str = "smart-turn/v3", **models: Any) -> HubSettings:
    return HubSettings.model_validate(
        {
            "models": {"folder": folder / "models", **models},
            "listening": {"turn_detector": detector},
            "engines": {"language_model": "none"},
        }
    )


class Facts(list[EngineChanged]):
    async def until(self, test: Callable[[EngineChanged], bool]) -> EngineChanged:
        while not any(test(fact) for fact in self):
            await asyncio.sleep(0.01)
        return next(fact for fact in self if test(fact))


@asynccontextmanager
async def running(judge: TurnJudge) -> AsyncIterator[None]:
    task = asyncio.create_task(judge.run())
    try:
        async with asyncio.timeout(LIMIT_S):
            yield
    finally:
        task.cancel()
        await asyncio.wait([task])


async def test_it_is_used_as_soon_as_its_model_is_put_there(tmp_path: Path) -> None:
    chosen, facts = settings(tmp_path), Facts()
    judge = TurnJudge(chosen, facts.append)
    assert judge.port is judge
    async with running(judge):
        why = await facts.until(lambda fact: not fact.ready)
        assert (why.role, why.engine) == ("turn-detector", "smart-turn")
        assert why.text == "smart-turn/v3 is not here: run `sotto-hub models pull smart-turn/v3`."
        with pytest.raises(EngineError, match="not ready"):
            await judge.probability(noise(500))
        path = turn_detector_file(chosen)
        assert path is not None
        path.parent.mkdir(parents=True)
        write_model(tmp_path / FILE).replace(path)
        there = await facts.until(lambda fact: fact.ready)
        assert there.text == "smart-turn/v3"
        assert 0 <= await judge.probability(noise(500)) <= 1


async def test_it_is_fetched_if_the_owner_allows_it(tmp_path: Path) -> None:
    content = write_model(tmp_path / FILE).read_bytes()
    facts = Facts()
    async with model_hub({"pipecat-ai/smart-turn-v3": {FILE: content}}) as hub:
        judge = TurnJudge(settings(tmp_path, download=True, endpoint=hub.url), facts.append)
        async with running(judge):
            await facts.until(lambda fact: fact.ready)
            assert 0 <= await judge.probability(noise(500)) <= 1
        assert hub.fetched(FILE)


async def test_a_file_that_is_no_model_is_told_and_harms_nothing(tmp_path: Path) -> None:
    (tmp_path / "own.onnx").write_bytes(b"not a model")
    facts = Facts()
    async with running(TurnJudge(settings(tmp_path, str(tmp_path / "own.onnx")), facts.append)):
        why = await facts.until(lambda fact: not fact.ready)
        assert "own.onnx can not be loaded" in why.text


async def test_none_is_asked_where_none_is_set() -> None:
    judge = TurnJudge(HubSettings.model_validate({}))
    assert judge.port is None
    await judge.run()
