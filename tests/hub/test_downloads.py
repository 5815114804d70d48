"""Downloads that somebody asked for, from a model hub of the tests."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from hub import downloads as module
from hub.downloads import Download, Downloads, TooManyDownloads
from hub.engines.base import EngineError
from hub.engines.models import Models
from tests.hub.engines.model_hub import Fault, ModelHub, model_hub

LIMIT_S = 60.0
BASE = "whisper/base"
FILES = {
    "config.json": b"{}",
    "tokenizer.json": b"{}",
    "vocabulary.txt": b"a\n",
    "model.bin": b"0123456789" * 1000,
}


class Shown(list[tuple[str, Download | None]]):
    """What was shown, and a wait for it."""

    def __init__(self) -> None:
        self.news = asyncio.Event()

    def take(self, model: str, download: Download | None) -> None:
        self.append((model, download))
        self.news.set()

    async def until(self, model: str, step: str, done_bytes: int = 0) -> Download:
        async with asyncio.timeout(LIMIT_S):
            while True:
                for name, one in self:
                    if name != model or one is None:
                        continue
                    if one.step == step and one.done_bytes >= done_bytes:
                        return one
                self.news.clear()
                await self.news.wait()


@asynccontextmanager
async def running(folder: Path, hub: ModelHub) -> AsyncIterator[tuple[Downloads, Shown, list[str]]]:
    came: list[str] = []
    downloads = Downloads(
        Models(folder, "http://127.0.0.1:9", endpoint=hub.url), fetched=lambda: came.append("one")
    )
    shown = Shown()
    downloads.on_change(shown.take)
    task = asyncio.create_task(downloads.run())
    try:
        yield downloads, shown, came
    finally:
        task.cancel()
        await asyncio.wait([task])


@pytest.fixture
async def hub() -> AsyncIterator[ModelHub]:
    sizes = ("base", "tiny", "small")
    async with model_hub({f"Systran/faster-whisper-{one}": dict(FILES) for one in sizes}) as made:
        yield made


async def test_a_download_tells_how_far_it_is_and_that_it_is_done(
    tmp_path: Path, hub: ModelHub
) -> None:
    async with running(tmp_path, hub) as (downloads, shown, came):
        assert downloads.start(BASE).step == "queued"
        done = await shown.until(BASE, "done")
        assert done.problem == ""
        assert came == ["one"]
        assert (tmp_path / "whisper" / "base" / "model.bin").is_file()
        fetching = await shown.until(BASE, "fetching")
        assert fetching.total_bytes == sum(map(len, FILES.values()))


async def test_all_that_has_come_is_shown_when_no_more_comes(tmp_path: Path, hub: ModelHub) -> None:
    hub.faults["model.bin"] = [Fault(after=5000, stall=True)]
    come = 5000 + sum(len(content) for name, content in FILES.items() if name != "model.bin")
    async with running(tmp_path, hub) as (downloads, shown, _):
        downloads.start(BASE)
        last = await shown.until(BASE, "fetching", come)
        assert last.done_bytes == come
        assert downloads.all == (last,)


async def test_what_was_there_before_does_not_count_as_speed(tmp_path: Path, hub: ModelHub) -> None:
    hub.faults["model.bin"] = [Fault(after=5000, stall=True), Fault(after=0, stall=True)]
    async with running(tmp_path, hub) as (downloads, shown, _):
        downloads.start(BASE)
        await shown.until(BASE, "fetching", 5000)
        downloads.cancel(BASE)
        await shown.until(BASE, "cancelled")
        shown.clear()
        downloads.start(BASE)
        assert (await shown.until(BASE, "fetching", 5000)).bytes_per_s is None


async def test_one_that_is_cancelled_stops_and_goes_on_later(tmp_path: Path, hub: ModelHub) -> None:
    hub.faults["model.bin"] = [Fault(after=5000, stall=True)]
    async with running(tmp_path, hub) as (downloads, shown, came):
        downloads.start(BASE)
        await _stalled(hub)
        assert downloads.start(BASE).step == "fetching", "it is not begun twice"
        assert downloads.cancel(BASE)
        await shown.until(BASE, "cancelled")
        assert came == []
        downloads.start(BASE)
        await shown.until(BASE, "done")
        assert downloads.cancel(BASE)
        assert shown[-1] == (BASE, None)
        assert not downloads.cancel(BASE)


async def test_one_that_fails_says_why_and_ends_no_other(tmp_path: Path, hub: ModelHub) -> None:
    hub.faults["/revision/main"] = [Fault(status=404)]
    async with running(tmp_path, hub) as (downloads, shown, came):
        downloads.start("whisper/medium")
        failed = await shown.until("whisper/medium", "failed")
        assert failed.problem
        downloads.start("whisper/tiny")
        await shown.until("whisper/tiny", "done")
        assert came == ["one"]


async def test_one_that_waits_for_others_can_be_cancelled(tmp_path: Path, hub: ModelHub) -> None:
    hub.faults["model.bin"] = [Fault(after=10, stall=True), Fault(after=10, stall=True)]
    async with running(tmp_path, hub) as (downloads, shown, _):
        for size in ("base", "tiny"):
            downloads.start(f"whisper/{size}")
            await shown.until(f"whisper/{size}", "fetching")
        downloads.start("whisper/small")
        assert downloads.cancel("whisper/small")
        assert (await shown.until("whisper/small", "cancelled")).done_bytes == 0


async def test_names_that_are_none_and_too_many_are_refused(
    tmp_path: Path, hub: ModelHub, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "MAX_KEPT", 1)
    hub.faults["model.bin"] = [Fault(after=10, stall=True)]
    async with running(tmp_path, hub) as (downloads, shown, _):
        with pytest.raises(EngineError, match="Did you mean"):
            downloads.start("whisper/bass")
        downloads.start(BASE)
        await _stalled(hub)
        with pytest.raises(TooManyDownloads):
            downloads.start("whisper/tiny")
        downloads.cancel(BASE)
        await shown.until(BASE, "cancelled")
        downloads.start("whisper/tiny")
        assert [one.model for one in downloads.all] == ["whisper/tiny"]
        await shown.until("whisper/tiny", "done")


async def _stalled(hub: ModelHub) -> None:
    async with asyncio.timeout(LIMIT_S):
        await hub.reached.wait()
