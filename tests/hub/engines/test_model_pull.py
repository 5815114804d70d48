"""Fetching models from a hub that speaks as the real one does, and all that can go wrong in it."""

import asyncio
import os
import random
import resource
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import huggingface_hub
import pytest

from hub.engines import hugging_face, model_pull
from hub.engines.base import EngineError
from hub.engines.model_catalog import find_model
from hub.engines.model_manifest import read_manifest
from hub.engines.model_progress import Progress
from hub.engines.model_store import ModelStore
from tests.hub.engines.model_hub import Fault, ModelHub, model_hub
from tests.hub.test_main import closed_port, environment

MIB = 1 << 20
REPOSITORY = "Systran/faster-whisper-base"
VOICES = "rhasspy/piper-voices"
VOICE = "en/en_US/lessac/medium/en_US-lessac-medium.onnx"
WEIGHTS = random.Random(1).randbytes(3 * MIB + 123)


def repositories() -> dict[str, dict[str, bytes]]:
    return {
        REPOSITORY: {
            "README.md": b"# Whisper",
            "config.json": b"{}",
            "tokenizer.json": b'{"t": 1}' * 500,
            "vocabulary.txt": b"a\nb\n",
            "model.bin": WEIGHTS,
            "onnx/model.bin": b"another",
        },
        VOICES: {
            VOICE: b"voice" * 1000,
            f"{VOICE}.json": b'{"audio": {}}',
            "fr/fr_FR/siwis/low/fr_FR-siwis-low.onnx": b"voix" * 1000,
        },
    }


@pytest.fixture(autouse=True)
def no_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(model_pull, "RETRY_PAUSES_S", (0.0, 0.0, 0.0))


class Place(NamedTuple):
    hub: ModelHub
    store: ModelStore

    @property
    def base(self) -> Path:
        return self.store.folder / "whisper" / "base"

    def names(self) -> set[str]:
        return {path.name for path in self.base.iterdir()}

    def partial(self) -> Path:
        (path,) = self.base.glob(".model.bin.*.partial")
        return path


@pytest.fixture
async def place(tmp_path: Path) -> AsyncIterator[Place]:
    async with model_hub(repositories()) as hub:
        yield Place(hub, ModelStore(tmp_path / "models", endpoint=hub.url))


async def interrupted(place: Place, fault: Fault) -> Path:
    """Cancel a pull in the middle of the weights; return what has come of them."""
    place.hub.faults["base/model.bin"] = []
    place.hub.faults["model.bin"] = [fault]
    pull = asyncio.create_task(place.store.pull("whisper/base"))
    await place.hub.reached.wait()
    while not list(place.base.glob(".model.bin.*")) or not place.partial().stat().st_size:
        await asyncio.sleep(0)
    pull.cancel()
    with pytest.raises(asyncio.CancelledError):
        await pull
    return place.partial()


async def test_a_model_is_fetched_whole_and_nothing_else_of_its_repository(place: Place) -> None:
    told: list[Progress] = []
    path = await place.store.pull("whisper/base", told.append)
    assert path == place.base == place.store.find("whisper/base")
    assert place.names() == {
        "config.json", "tokenizer.json", "vocabulary.txt", "model.bin", "manifest.json"
    }  # fmt: skip
    assert (path / "model.bin").read_bytes() == WEIGHTS
    manifest = read_manifest(path / "manifest.json")
    assert manifest is not None
    assert manifest.revision == place.hub.commit(REPOSITORY)
    assert place.store.verify("whisper/base") == []
    assert told[-1] == Progress("whisper/base", "done", manifest.size_bytes, manifest.size_bytes)
    done = [each.done_bytes for each in told]
    assert done == sorted(done)


async def test_a_voice_is_found_by_its_name_and_put_where_piper_looks(place: Place) -> None:
    path = await place.store.pull("piper/en_US-lessac-medium")
    assert path == place.store.folder / "piper" / "en_US-lessac-medium.onnx"
    assert path.read_bytes() == b"voice" * 1000
    assert path.with_name("en_US-lessac-medium.onnx.json").is_file()


async def test_nothing_is_told_of_who_asks(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_TOKEN", "hf_secret")
    monkeypatch.setenv("HF_ENDPOINT", "http://127.0.0.1:1")
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    await place.store.pull("whisper/base")
    usual = {"host", "accept", "accept-encoding", "connection", "user-agent", "range"}
    for asked in place.hub.asked:
        assert set(asked.headers) <= usual
        assert asked.headers["user-agent"] == "sotto"


async def test_what_is_here_already_is_not_fetched_again(place: Place) -> None:
    await place.store.pull("whisper/base")
    before = len(place.hub.asked)
    await place.store.pull("whisper/base")
    assert [each.path for each in place.hub.asked[before:]] == [
        f"/api/models/{REPOSITORY}/revision/main",
        f"/api/models/{REPOSITORY}/tree/{place.hub.commit(REPOSITORY)}",
    ]


async def test_of_a_newer_version_only_what_has_changed_is_fetched(place: Place) -> None:
    await place.store.pull("whisper/base")
    place.hub.commits[REPOSITORY] = "f" * 40
    place.hub.repositories[REPOSITORY]["config.json"] = b'{"new": true}'
    await place.store.pull("whisper/base")
    assert (place.base / "config.json").read_bytes() == b'{"new": true}'
    assert len(place.hub.fetched("model.bin")) == 1
    manifest = read_manifest(place.base / "manifest.json")
    assert manifest is not None
    assert manifest.revision == "f" * 40


async def test_a_model_that_somebody_copied_here_is_checked_and_taken(place: Place) -> None:
    place.base.mkdir(parents=True)
    for name, content in place.hub.repositories[REPOSITORY].items():
        if "/" not in name:
            (place.base / name).write_bytes(content)
    assert place.store.find("whisper/base") == place.base
    assert "nothing to compare" in place.store.verify("whisper/base")[0]
    (place.base / "vocabulary.txt").write_bytes(b"a\nc\n")
    await place.store.pull("whisper/base")
    assert place.hub.fetched("model.bin") == []
    assert len(place.hub.fetched("vocabulary.txt")) == 1
    assert place.store.verify("whisper/base") == []


@pytest.mark.parametrize(("name", "content"), [
    ("model.bin", b"x" * len(WEIGHTS)), ("vocabulary.txt", b"a\nx\n"),
])  # fmt: skip
async def test_what_comes_with_another_content_is_removed_and_told(
    name: str, content: bytes, place: Place
) -> None:
    await place.store.pull("piper/en_US-lessac-medium")
    place.hub.faults[f"/{name}"] = [Fault(content=content)]
    place.hub.faults[name] = [Fault(content=content)]
    with pytest.raises(EngineError, match=f"{name} .* was removed") as wrong:
        await place.store.pull("whisper/base")
    assert wrong.value.code == "engine-failed"
    assert name not in place.names()
    assert not list(place.base.glob(f".{name}.*"))
    assert place.store.find("whisper/base") is None
    assert place.store.verify("piper/en_US-lessac-medium") == []


async def test_the_weights_are_not_there_before_all_of_the_model_is(place: Place) -> None:
    hold = asyncio.Event()
    place.hub.faults["model.bin"] = [Fault(after=MIB, hold=hold)]
    pull = asyncio.create_task(place.store.pull("whisper/base"))
    await place.hub.reached.wait()
    assert place.store.find("whisper/base") is None
    assert not any(not name.startswith(".") for name in place.names())
    hold.set()
    await pull
    assert place.store.find("whisper/base") == place.base


async def test_a_connection_that_breaks_goes_on_behind_what_has_come(place: Place) -> None:
    place.hub.faults["model.bin"] = [Fault(after=MIB + 7), Fault(after=100)]
    await place.store.pull("whisper/base")
    ranges = [each.range for each in place.hub.fetched("model.bin")]
    assert ranges == [None, f"bytes={MIB + 7}-", f"bytes={MIB + 107}-"]
    assert place.store.verify("whisper/base") == []


async def test_an_answer_that_ends_too_early_in_all_order_goes_on_too(place: Place) -> None:
    place.hub.faults["model.bin"] = [Fault(after=MIB, short=True)]
    await place.store.pull("whisper/base")
    assert [each.range for each in place.hub.fetched("model.bin")] == [None, f"bytes={MIB}-"]


async def test_a_connection_that_always_breaks_is_given_up_and_what_came_is_kept(
    place: Place,
) -> None:
    place.hub.faults["model.bin"] = [Fault(after=MIB), *(Fault(after=0) for _ in range(20))]
    with pytest.raises(EngineError, match="Pull again to go on"):
        await place.store.pull("whisper/base")
    assert len(place.hub.fetched("model.bin")) == 4
    place.hub.faults.clear()
    await place.store.pull("whisper/base")
    assert place.hub.fetched("model.bin")[-1].range == f"bytes={MIB}-"


async def test_a_server_that_knows_no_ranges_begins_anew(place: Place) -> None:
    place.hub.faults["model.bin"] = [Fault(after=MIB), Fault(ignore_range=True)]
    await place.store.pull("whisper/base")
    assert place.store.verify("whisper/base") == []


@pytest.mark.parametrize("fault", [Fault(shift=1000), Fault(content=b"short")])
async def test_a_server_that_goes_on_elsewhere_is_asked_for_all_of_it(
    fault: Fault, place: Place
) -> None:
    place.hub.faults["model.bin"] = [Fault(after=MIB), fault]
    await place.store.pull("whisper/base")
    ranges = [each.range for each in place.hub.fetched("model.bin")]
    assert ranges == [None, f"bytes={MIB}-", None]
    assert place.store.verify("whisper/base") == []


async def test_a_hub_with_encryption_must_not_lead_to_one_without(place: Place) -> None:
    async with hugging_face.HuggingFace(place.hub.url) as hub:
        hub._secure = True  # as if it had been asked over TLS, and had sent us here
        with pytest.raises(EngineError, match="without encryption"):
            await hub.look_up(find_model("whisper/base"))


async def test_a_cancelled_pull_goes_on_where_it_stopped(place: Place) -> None:
    partial = await interrupted(place, Fault(after=2 * MIB, stall=True))
    came = partial.stat().st_size
    assert came >= MIB
    assert place.store.find("whisper/base") is None
    await place.store.pull("whisper/base")
    assert place.hub.fetched("model.bin")[-1].range == f"bytes={came}-"
    assert place.store.verify("whisper/base") == []
    assert not list(place.base.glob(".*"))


async def test_a_damaged_part_is_noticed_and_fetched_anew(place: Place) -> None:
    partial = await interrupted(place, Fault(after=2 * MIB, stall=True))
    with partial.open("r+b") as file:
        file.write(b"damaged")
    await place.store.pull("whisper/base")
    assert place.hub.fetched("model.bin")[-1].range is None
    assert place.store.verify("whisper/base") == []


async def test_a_part_that_is_too_long_or_just_long_enough_is_no_trouble(place: Place) -> None:
    partial = await interrupted(place, Fault(after=2 * MIB, stall=True))
    for content in (WEIGHTS + b"more", WEIGHTS):
        partial.write_bytes(content)
        await place.store.pull("whisper/base")
        assert place.store.verify("whisper/base") == []
        place.store.remove("whisper/base")
        place.base.mkdir()


async def test_a_part_of_another_version_is_not_gone_on_with(place: Place) -> None:
    await interrupted(place, Fault(after=2 * MIB, stall=True))
    place.hub.repositories[REPOSITORY]["model.bin"] = b"quite another" * 200
    await place.store.pull("whisper/base")
    assert place.hub.fetched("model.bin")[-1].range is None
    assert not list(place.base.glob(".*"))


async def test_a_connection_that_stalls_is_given_up(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    init = hugging_face.HuggingFace.__init__
    monkeypatch.setattr(
        hugging_face.HuggingFace,
        "__init__",
        lambda self, endpoint: init(self, endpoint, stall_s=0.2),
    )
    place.hub.faults["model.bin"] = [Fault(after=0, stall=True) for _ in range(4)]
    with pytest.raises(EngineError, match=r"sent nothing for 0\.2 s") as stalled:
        await place.store.pull("whisper/base")
    assert stalled.value.code == "engine-timeout"
    place.hub.faults = {"/revision/main": [Fault(after=5, stall=True)]}
    with pytest.raises(EngineError, match=r"sent nothing for 0\.2 s"):
        await place.store.pull("whisper/base")


@pytest.mark.parametrize("end", ["/revision/main", "model.bin"])
@pytest.mark.parametrize(
    ("status", "code", "words"),
    [
        (401, "engine-missing", "has no whisper/base that is open"),
        (403, "engine-missing", "HTTP 403"),
        (404, "engine-missing", "HTTP 404"),
        (429, "engine-busy", "try again in 30 s"),
        (418, "engine-failed", "HTTP 418"),
        (500, "engine-failed", "has trouble"),
        (503, "engine-failed", "has trouble"),
    ],
)
async def test_what_the_hub_refuses_is_told_in_a_sentence(
    end: str, status: int, code: str, words: str, place: Place
) -> None:
    place.hub.faults[end] = [Fault(status, {"Retry-After": "30"}) for _ in range(8)]
    with pytest.raises(EngineError, match=words) as refused:
        await place.store.pull("whisper/base")
    assert refused.value.code == code
    assert place.store.find("whisper/base") is None


async def test_trouble_that_passes_in_the_middle_is_not_told(place: Place) -> None:
    place.hub.faults["model.bin"] = [Fault(503), Fault(500)]
    await place.store.pull("whisper/base")


@pytest.mark.parametrize("name", ["whisper/somebody/no-such-model", "piper/xx_XX-nobody-low"])
async def test_what_the_hub_does_not_have_is_missing(name: str, place: Place) -> None:
    with pytest.raises(EngineError, match=f"has no {name}") as missing:
        await place.store.pull(name)
    assert missing.value.code == "engine-missing"


async def test_a_repository_without_weights_is_told(place: Place) -> None:
    del place.hub.repositories[REPOSITORY]["model.bin"]
    with pytest.raises(EngineError, match=r"has no model\.bin"):
        await place.store.pull("whisper/base")


@pytest.mark.parametrize("content", [b"<html>", b"[]", b"3", b'{"sha": "../main"}'])
async def test_an_address_that_is_no_hub_is_told(content: bytes, place: Place) -> None:
    place.hub.faults["/revision/main"] = [Fault(content=content)]
    with pytest.raises(EngineError, match=r"is models\.endpoint right"):
        await place.store.pull("whisper/base")


async def test_more_bytes_than_a_file_can_have_are_refused(place: Place) -> None:
    place.hub.faults["model.bin"] = [Fault(content=WEIGHTS + b"more")]
    with pytest.raises(EngineError, match="sends more than"):
        await place.store.pull("whisper/base")


async def test_no_hub_no_network_and_no_address(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    look_up = socket.getaddrinfo

    def without_network(host: Any, *more: Any, **options: Any) -> Any:
        # A network without an answer would be asked for it for as long as that takes.
        if host in ("hub.invalid", b"hub.invalid"):
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
        return look_up(host, *more, **options)

    monkeypatch.setattr(socket, "getaddrinfo", without_network)
    port = closed_port()
    for endpoint, words in (
        (f"http://127.0.0.1:{port}", "can not be reached"),
        ("http://hub.invalid", "is this machine connected"),
        ("ftp://hub", r"models\.endpoint"),
        ("https://me:secret@hub", r"models\.endpoint"),
        ("http://127.0.0.1:99999", r"models\.endpoint"),
        ("http://[::1", r"models\.endpoint"),
        ("http://hub:port", r"models\.endpoint"),
    ):
        with pytest.raises(EngineError, match=words) as failed:
            await ModelStore(tmp_path, endpoint=endpoint).pull("whisper/base")
        assert "secret" not in str(failed.value)


async def test_offline_nothing_is_asked_for(place: Place) -> None:
    store = ModelStore(place.store.folder, offline=True, endpoint=place.hub.url)
    with pytest.raises(EngineError, match=r"models\.offline") as refused:
        await store.pull("whisper/base")
    assert refused.value.code == "bad-request"
    assert place.hub.asked == []


async def test_without_room_nothing_is_fetched(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    usage = shutil.disk_usage(place.store.folder.parent)
    full = usage._replace(free=model_pull.KEEP_FREE_BYTES + MIB)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: full)
    with pytest.raises(EngineError, match="70 MB are needed and 68 MB are free"):
        await place.store.pull("whisper/base")
    assert place.hub.fetched("model.bin") == []


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    folder = tmp_path / "small"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", str(folder)]
    if os.getuid() != 0 or subprocess.run(mount, check=False, capture_output=True).returncode:
        pytest.skip("a small disk can be made by root alone")
    try:
        yield folder
    finally:
        subprocess.run(["umount", str(folder)], check=True)


async def test_a_disk_that_fills_up_is_told_and_harms_nothing(
    place: Place, small_disk: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(model_pull, "KEEP_FREE_BYTES", -(1 << 40))
    store = ModelStore(small_disk, endpoint=place.hub.url)
    await store.pull("piper/en_US-lessac-medium")
    with pytest.raises(EngineError, match=r"disk is full .* goes on where it stopped"):
        await store.pull("whisper/base")
    assert store.verify("piper/en_US-lessac-medium") == []
    assert store.find("whisper/base") is None
    (partial,) = (small_disk / "whisper/base").glob(".model.bin.*")
    assert MIB < partial.stat().st_size < 2 * MIB
    store.remove("whisper/base")
    assert not partial.exists()


async def test_a_limit_of_file_size_is_told_like_a_full_disk(place: Place, tmp_path: Path) -> None:
    process = await cli(place, tmp_path, largest=2 * MIB)
    _, complaint = await process.communicate()
    assert process.returncode == 1
    assert b"The disk is full" in complaint
    assert place.partial().stat().st_size == 2 * MIB


async def test_a_folder_that_can_not_be_written_to_is_told(place: Place) -> None:
    place.store.folder.mkdir()
    (place.store.folder / "whisper").write_text("a file")
    with pytest.raises(EngineError, match="can not be written to"):
        await place.store.pull("whisper/base")


async def test_two_pulls_at_once_fetch_once(place: Place) -> None:
    steps: list[str] = []
    hold = asyncio.Event()
    place.hub.faults["model.bin"] = [Fault(after=MIB, hold=hold)]

    def second(progress: Progress) -> None:
        steps.append(progress.step)
        hold.set()

    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(place.store.pull("whisper/base"))
        await place.hub.reached.wait()
        tasks.create_task(place.store.pull("whisper/base", second))
    assert len(place.hub.fetched("model.bin")) == 1
    assert steps[0] == "waiting"
    assert steps[-1] == "done"
    assert place.store.verify("whisper/base") == []


async def cli(
    place: Place, tmp_path: Path, largest: int = resource.RLIM_INFINITY
) -> asyncio.subprocess.Process:
    limits = (largest, resource.RLIM_INFINITY)
    return await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "hub", "models", "pull", "whisper/base"),
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, limits),
        cwd=tmp_path,
        env=environment(
            tmp_path,
            SOTTO_HUB_MODELS__FOLDER=str(place.store.folder),
            SOTTO_HUB_MODELS__ENDPOINT=place.hub.url,
        ),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )


async def test_two_programs_at_once_fetch_once(place: Place, tmp_path: Path) -> None:
    hold = asyncio.Event()
    place.hub.faults["model.bin"] = [Fault(after=MIB, hold=hold)]
    first = await cli(place, tmp_path)
    await place.hub.reached.wait()
    second = await cli(place, tmp_path)
    assert second.stdout is not None
    assert b"another program" in await second.stdout.readline()
    with pytest.raises(EngineError, match="being fetched right now"):
        place.store.remove("whisper/base")
    hold.set()
    for process in (first, second):
        await process.communicate()
        assert process.returncode == 0
    assert len(place.hub.fetched("model.bin")) == 1
    assert place.store.verify("whisper/base") == []


async def test_a_program_that_is_killed_leaves_a_part_that_is_gone_on_with(
    place: Place, tmp_path: Path
) -> None:
    place.hub.faults["model.bin"] = [Fault(after=2 * MIB, stall=True)]
    process = await cli(place, tmp_path)
    await place.hub.reached.wait()
    while place.partial().stat().st_size < MIB:
        await asyncio.sleep(0.01)
    process.send_signal(signal.SIGKILL)
    await process.communicate()
    came = place.partial().stat().st_size
    assert place.store.find("whisper/base") is None
    again = await cli(place, tmp_path)
    await again.communicate()
    assert again.returncode == 0
    assert place.hub.fetched("model.bin")[-1].range == f"bytes={came}-"
    assert place.store.verify("whisper/base") == []


async def test_the_double_is_a_hub_to_its_own_client(place: Place, tmp_path: Path) -> None:
    """What huggingface_hub can fetch, and what it says of it, is what the real hub would say."""
    api = huggingface_hub.HfApi(endpoint=place.hub.url, token=False)
    info = await asyncio.to_thread(api.model_info, REPOSITORY)
    tree = await asyncio.to_thread(lambda: list(api.list_repo_tree(REPOSITORY)))
    assert info.sha == place.hub.commit(REPOSITORY)
    sizes = {entry.path: entry.size for entry in tree if hasattr(entry, "size")}
    assert sizes["model.bin"] == len(WEIGHTS)
    for name in ("model.bin", "config.json"):
        path = await asyncio.to_thread(
            huggingface_hub.hf_hub_download,
            REPOSITORY,
            name,
            local_dir=tmp_path / "theirs",
            endpoint=place.hub.url,
            token=False,
        )
        assert Path(path).read_bytes() == place.hub.repositories[REPOSITORY][name]
    with pytest.raises(huggingface_hub.errors.RepositoryNotFoundError):
        await asyncio.to_thread(api.model_info, "nobody/nothing")
