"""Ollama's own downloads, against a server that says what Ollama says."""

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest

from hub.engines import ollama_models
from hub.engines.base import EngineError
from hub.engines.model_progress import Progress
from hub.engines.models import Models
from hub.engines.ollama_models import OllamaModels, same_model
from tests.hub.engines.model_service import Answer, ModelService, cut, serving
from tests.hub.test_main import closed_port

FIRST, SECOND = f"sha256:{'a' * 64}", f"sha256:{'b' * 64}"
TAGS = {"models": [{"name": "qwen3:4b", "model": "qwen3:4b", "size": 2_500_000_000, "digest": "x"}]}


def lines(*entries: dict[str, Any]) -> bytes:
    return b"".join(json.dumps(entry).encode() + b"\n" for entry in entries)


DOWNLOAD = lines(
    {"status": "pulling manifest"},
    {"status": "pulling aaa", "digest": FIRST, "total": 100},
    {"status": "pulling aaa", "digest": FIRST, "total": 100, "completed": 60},
    {"status": "pulling bbb", "digest": SECOND, "total": 10, "completed": 10},
    {"status": "pulling aaa", "digest": FIRST, "total": 100, "completed": 100},
    {"status": "verifying sha256 digest"},
    {"status": "writing manifest"},
    {"status": "success"},
)


async def pull(service: ModelService, told: list[Progress] | None = None) -> None:
    ollama = OllamaModels(service.url)
    try:
        await ollama.pull("qwen3:4b", (told if told is not None else []).append)
    finally:
        await ollama.close()


@pytest.mark.parametrize("size", [1, 7, 10_000])
async def test_a_download_is_told_as_it_goes_however_it_is_cut(size: int) -> None:
    told: list[Progress] = []
    async with serving({"/api/pull": [Answer(cut(DOWNLOAD, size))]}) as service:
        await pull(service, told)
    assert service.bodies("/api/pull") == [{"model": "qwen3:4b", "stream": True}]
    assert [(each.step, each.done_bytes, each.total_bytes) for each in told] == [
        ("asking", 0, None),
        ("asking", 0, None),
        ("fetching", 0, 100),
        ("fetching", 60, 100),
        ("fetching", 70, 110),
        ("fetching", 110, 110),
        ("checking", 110, 110),
        ("checking", 110, 110),
        ("done", 110, 110),
    ]


@pytest.mark.parametrize(
    ("answer", "code", "words"),
    [
        (lines({"error": "pull model manifest: file does not exist"}), "engine-missing", "library"),
        (lines({"error": "write: no space left on device"}), "engine-failed", "disk of Ollama"),
        (
            lines(
                {"error": "digest mismatch, file must be downloaded again: want sha256:a, got b"}
            ),
            "engine-failed",
            "with another content",
        ),
        (lines({"error": "max retries exceeded: EOF"}), "engine-failed", "max retries"),
        (lines({"status": "pulling manifest"}), "engine-failed", "broke off"),
        (b"<html>\n", "engine-failed", "no JSON"),
        (b"[]\n", "engine-failed", "in a way that none does"),
    ],
)
async def test_a_download_that_fails_is_told_in_a_sentence(
    answer: bytes, code: str, words: str
) -> None:
    async with serving({"/api/pull": [Answer([answer])]}) as service:
        with pytest.raises(EngineError, match=words) as failed:
            await pull(service)
    assert failed.value.code == code


async def test_a_refused_download_is_told(tmp_path: Path) -> None:
    refusal = Answer(b'{"error":"pull model manifest: file does not exist"}', status=500)
    async with serving({"/api/pull": [refusal]}) as service:
        with pytest.raises(EngineError, match="Ollama knows no model 'qwen3:4b'"):
            await pull(service)


async def test_a_download_whose_connection_breaks_can_be_gone_on_with() -> None:
    answer = Answer(cut(DOWNLOAD, 100), cut_after=3)
    async with serving({"/api/pull": [answer]}) as service:
        with pytest.raises(EngineError) as broke:
            await pull(service)
    assert str(broke.value) == "Ollama broke off while it fetched qwen3:4b: pull again to go on."


async def test_a_download_that_stalls_is_given_up_and_ollama_hears_of_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(ollama_models, "LINE_S", 0.1)
    async with serving({"/api/pull": [Answer([DOWNLOAD], stall_after=0)]}) as service:
        with pytest.raises(EngineError, match=r"for 0\.1 s") as stalled:
            await pull(service)
        await asyncio.wait_for(service.hung_up.wait(), 60)
    assert stalled.value.code == "engine-timeout"


async def test_cancelling_hangs_up() -> None:
    answer = Answer(cut(DOWNLOAD, 100), stall_after=2)
    async with serving({"/api/pull": [answer]}) as service:
        task = asyncio.create_task(pull(service))
        await service.stalled.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        await asyncio.wait_for(service.hung_up.wait(), 60)


def models(service: ModelService, tmp_path: Path, *, offline: bool = False) -> Models:
    return Models(tmp_path, service.url, offline=offline)


async def test_what_ollama_has_is_listed_and_found(tmp_path: Path) -> None:
    async with serving({"/api/tags": [Answer(json.dumps(TAGS).encode())]}) as service:
        here = models(service, tmp_path)
        assert [(each.name, each.size_bytes) for each in await here.ollama_entries()] == [
            ("ollama/qwen3:4b", 2_500_000_000)
        ]
        assert await here.here("ollama/qwen3:4b")
        assert not await here.here("ollama/qwen3")
        assert await here.verify("ollama/qwen3:4b") == []
        with pytest.raises(EngineError, match="ollama/mistral is not here"):
            await here.verify("ollama/mistral")


async def test_a_model_is_removed_and_a_slip_is_answered(tmp_path: Path) -> None:
    gone = Answer(b'{"error":"model not found"}', status=404)
    answers = {
        "/api/delete": [Answer(b""), gone],
        "/api/tags": [Answer(json.dumps(TAGS).encode())],
    }
    async with serving(answers) as service:
        await models(service, tmp_path).remove("ollama/qwen3:4b")
        assert service.bodies("/api/delete") == [{"model": "qwen3:4b"}]
        with pytest.raises(EngineError, match=r"Did you mean ollama/qwen3:4b\?"):
            await models(service, tmp_path).remove("ollama/qwen3:4")


@pytest.mark.parametrize("name", ["ollama/", "ollama/ ", "ollama/-rm", "ollama/a b"])
async def test_what_is_no_name_is_not_asked_for(name: str, tmp_path: Path) -> None:
    async with serving({}) as service:
        here = models(service, tmp_path)
        for work in (here.pull(name), here.remove(name), here.verify(name)):
            with pytest.raises(EngineError, match=r"named like ollama/qwen3:4b") as refused:
                await work
            assert refused.value.code == "bad-request"
    assert service.asked == []


async def test_offline_ollama_is_not_asked_to_fetch(tmp_path: Path) -> None:
    async with serving({}) as service:
        with pytest.raises(EngineError, match=r"models\.offline"):
            await models(service, tmp_path, offline=True).pull("ollama/qwen3:4b")
        assert service.asked == []


async def test_without_ollama_it_is_said_how_to_start_it(tmp_path: Path) -> None:
    absent = Models(tmp_path, f"http://127.0.0.1:{closed_port()}")
    with pytest.raises(EngineError, match="ollama serve") as missing:
        await absent.pull("ollama/qwen3:4b")
    assert missing.value.code == "engine-missing"


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("qwen3", "qwen3:latest", True),
        ("qwen3:4b", "qwen3", False),
        ("hub:8000/me/qwen3", "hub:8000/me/qwen3:latest", True),
    ],
)
def test_a_name_without_a_tag_is_the_latest(one: str, other: str, same: bool) -> None:
    assert same_model(one, other) is same
