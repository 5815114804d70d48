"""Fetching a model: what is missing of it, checked, and put in place when all of it is there."""

import asyncio
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path

from hub.engines.base import EngineError
from hub.engines.hugging_face import HuggingFace, Interrupted, RemoteFile, Snapshot
from hub.engines.model_catalog import Model
from hub.engines.model_download import PARTIAL, disk_error, fetch, git_id
from hub.engines.model_manifest import (
    FileRecord,
    Manifest,
    file_sha256,
    read_manifest,
    write_manifest,
)
from hub.engines.model_progress import Progress, Report
from hub.words import worded

KEEP_FREE_BYTES = 64 << 20
"""What a download must leave on the disk, for whoever else writes to it."""
RETRY_PAUSES_S = (1.0, 4.0, 15.0)
"""Between tries that bring nothing; one that brings ENOUGH_BYTES makes the count begin anew."""
ENOUGH_BYTES = 1 << 20


class Pull:
    """One pull, in one try or several."""

    def __init__(self, folder: Path, model: Model, report: Report) -> None:
        self._folder = folder
        self._model = model
        self._report = report
        self._done_bytes = 0
        self._had_bytes = 0
        self._total_bytes: int | None = None
        self._reached_bytes = 0
        """The furthest that a try has come."""

    async def run(self, endpoint: str) -> Path:
        """Do what is missing; try again what was interrupted, as long as something comes.

        Return what an engine is given. Raises EngineError.
        """
        reached_bytes = 0
        pauses = iter(RETRY_PAUSES_S)
        while True:
            try:
                async with HuggingFace(endpoint) as hub:
                    return await self._try(hub)
            except Interrupted as error:
                if self._reached_bytes >= reached_bytes + ENOUGH_BYTES:
                    reached_bytes = self._reached_bytes
                    pauses = iter(RETRY_PAUSES_S)
                pause_s = next(pauses, None)
                if not self._reached_bytes:
                    raise  # nothing came at all: whoever waits is better told at once
                if pause_s is None:
                    raise EngineError(
                        error.code,
                        worded("pull-again", "{why} Pull again to go on.", why=str(error)),
                    ) from None
                await asyncio.sleep(pause_s)

    async def _try(self, hub: HuggingFace) -> Path:
        """Do what is missing, in one try."""
        folder, model = self._folder, self._model
        self._step("asking")
        snapshot = await hub.look_up(model)
        self._total_bytes = sum(file.size_bytes for file in snapshot.files)
        self._done_bytes = 0
        self._step("checking")
        growing = {file.name: _partial(folder, file) for file in snapshot.files}
        try:
            records = await asyncio.to_thread(_already_there, folder, snapshot)
            missing = [file for file in snapshot.files if file.name not in records]
            grown = await asyncio.to_thread(_make_room, folder, missing, growing)
        except OSError as error:
            raise disk_error(error, folder) from error
        self._done_bytes = sum(record.size_bytes for record in records.values())
        if not self._reached_bytes:
            self._had_bytes = self._done_bytes + grown
        for file in missing:
            path = growing[file.name]
            sha256 = await fetch(hub, snapshot, file, path, self._received)
            records[file.name] = FileRecord(file.name, file.size_bytes, sha256)
        self._step("checking")
        in_order = tuple(records[file.name] for file in snapshot.files)
        wanted = Manifest(model.name, snapshot.repository, snapshot.revision, in_order)
        try:
            if missing or await asyncio.to_thread(read_manifest, folder / model.manifest) != wanted:
                await asyncio.to_thread(_put_in_place, folder, model, wanted, growing)
        except OSError as error:
            raise disk_error(error, folder) from error
        self._step("done")
        return folder / model.target

    def _received(self, count: int) -> None:
        self._done_bytes += count
        self._reached_bytes = max(self._reached_bytes, self._done_bytes)
        self._step("fetching")

    def _step(self, step: str) -> None:
        name, done_bytes = self._model.name, self._done_bytes
        self._report(Progress(name, step, done_bytes, self._total_bytes, self._had_bytes))


def partials(folder: Path, model: Model) -> list[Path]:
    """Return what has come of a model that is not whole yet, in `folder`."""
    return [
        path
        for pattern in model.patterns
        for path in folder.glob(f".{pattern}.????????????{PARTIAL}")
    ]


def _already_there(folder: Path, snapshot: Snapshot) -> dict[str, FileRecord]:
    """Return the files that are there with the content they must have. Raises OSError."""
    records = {}
    for file in snapshot.files:
        path = folder / file.name
        if not path.is_file() or path.stat().st_size != file.size_bytes:
            continue
        sha256 = file_sha256(path)
        if sha256 == file.sha256 or (file.sha256 is None and git_id(path) == file.git_id):
            records[file.name] = FileRecord(file.name, file.size_bytes, sha256)
    return records


def _make_room(folder: Path, missing: Sequence[RemoteFile], growing: Mapping[str, Path]) -> int:
    """Make the folder; return how many bytes have come of what is missing.

    Raises OSError, EngineError where there is no room for the rest.
    """
    folder.mkdir(parents=True, exist_ok=True)
    grown = sum(path.stat().st_size for path in growing.values() if path.is_file())
    needed = sum(file.size_bytes for file in missing) - grown
    free = shutil.disk_usage(folder).free
    if missing and needed + KEEP_FREE_BYTES > free:
        raise EngineError(
            "engine-failed",
            worded(
                "too-little-room",
                "There is too little room at {folder}: {needed:,} MB are needed and {free:,} MB "
                "are free.",
                folder=str(folder),
                needed=_megabytes(needed + KEEP_FREE_BYTES),
                free=_megabytes(free),
            ),
        )
    return grown


def _put_in_place(
    folder: Path, model: Model, wanted: Manifest, growing: Mapping[str, Path]
) -> None:
    """Give checked files their names, the weights last, and tell of them. Raises OSError."""
    path = folder / model.manifest
    path.unlink(missing_ok=True)
    for record in wanted.files:
        if growing[record.name].is_file():
            growing[record.name].replace(folder / record.name)
    write_manifest(path, wanted)
    for left in partials(folder, model):
        left.unlink(missing_ok=True)


def _partial(folder: Path, file: RemoteFile) -> Path:
    """Return where a file grows. What has come of another content is not gone on with."""
    content = (file.sha256 or file.git_id)[:12]
    return folder / f".{file.name}.{content}{PARTIAL}"


def _megabytes(count: int) -> int:
    return round(count / 1e6)
