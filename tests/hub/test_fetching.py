"""What the hub fetches by itself, from a model hub of the tests."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import NamedTuple

import pytest

from hub.engines.base import EngineError
from hub.engines.models import Models
from hub.fetching import REST_S, Fetching
from tests.hub.engines.model_hub import Fault, ModelHub, model_hub
from tests.hub.engines.model_service import Answer, serving

BASE = "whisper/base"
FILES = {
    "config.json": b"{}",
    "tokenizer.json": b"{}",
    "vocabulary.txt": b"a\n",
    "model.bin": b"0123456789" * 1000,
}
WRONG = Fault(content=bytes(len(FILES["model.bin"])))


class Place(NamedTuple):
    hub: ModelHub
    models: Models


@pytest.fixture
async def place(tmp_path: Path) -> AsyncIterator[Place]:
    async with model_hub({"Systran/faster-whisper-base": dict(FILES)}) as hub:
        yield Place(hub, Models(tmp_path, "http://127.0.0.1:9", endpoint=hub.url))


async def failure(fetching: Fetching, models: Models, name: str = BASE) -> str:
    with pytest.raises(EngineError) as failed:
        await fetching.fetch(models, name)
    return str(failed.value)


async def test_a_model_that_comes_wrong_is_left_alone_for_hours(place: Place) -> None:
    now = 1000.0
    fetching = Fetching(lambda: now)
    place.hub.faults["model.bin"] = [WRONG] * 3
    first = await failure(fetching, place.models)
    assert "with another content" in first
    assert "tries again in 6 h" in first
    for now in (1001.0, 1060.0, 999.0 + REST_S):  # noqa: B007 - the clock reads it
        # The same words, so that they are told once.
        assert await failure(fetching, place.models) == first
    assert len(place.hub.fetched("model.bin")) == 1
    now = 1000.0 + REST_S
    assert await failure(fetching, place.models) == first
    assert len(place.hub.fetched("model.bin")) == 2
    now += REST_S
    place.hub.faults.clear()
    await fetching.fetch(place.models, BASE)
    assert place.models.store.find(BASE) is not None


async def test_one_model_that_comes_wrong_keeps_no_other_away(place: Place) -> None:
    fetching = Fetching()
    place.hub.faults["model.bin"] = [WRONG] * 3
    place.hub.repositories["Systran/faster-whisper-tiny"] = {**FILES, "model.bin": b"5" * 5000}
    await failure(fetching, place.models)
    place.hub.faults.clear()
    await fetching.fetch(place.models, "whisper/tiny")
    assert place.models.store.find("whisper/tiny") is not None


async def test_what_may_pass_is_tried_again_at_once(place: Place) -> None:
    fetching = Fetching()
    place.hub.faults["/revision/main"] = [Fault(status=503)]
    await failure(fetching, place.models)
    place.hub.faults.clear()
    await fetching.fetch(place.models, BASE)
    assert place.models.store.find(BASE) is not None


async def test_a_model_that_ollama_finds_wrong_is_left_alone_too(tmp_path: Path) -> None:
    said = b'{"error":"digest mismatch, file must be downloaded again: want sha256:a, got b"}\n'
    fetching = Fetching()
    async with serving({"/api/pull": [Answer([said])]}) as service:
        models = Models(tmp_path, service.url)
        first = await failure(fetching, models, "ollama/tiny")
        assert await failure(fetching, models, "ollama/tiny") == first
        assert len(service.bodies("/api/pull")) == 1
