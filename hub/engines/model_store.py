"""The folder of models: what is in it, fetching into it, removing and checking.

A plain folder that can be copied, or shared by several hubs: `whisper/base/model.bin`,
`piper/en_US-lessac-medium.onnx`, each model with a manifest beside it.
"""

import asyncio
import time
from collections.abc import AsyncGenerator, Callable, Iterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from hub.engines.base import EngineError
from hub.engines.model_catalog import Model, find_model, listed
from hub.engines.model_download import disk_error
from hub.engines.model_lock import model_lock
from hub.engines.model_manifest import FileRecord, file_sha256, read_manifest
from hub.engines.model_progress import Progress, Report
from hub.engines.model_pull import Pull, partials
from hub.words import worded

LOCK_WAIT_S = 3600.0
"""For another program that fetches the same model: as long as a large one takes."""
LOCK_RETRY_S = 0.25


@dataclass(frozen=True, slots=True)
class Installed:
    """A model that is there."""

    name: str
    path: Path
    """What an engine is given: a file, or a folder."""
    size_bytes: int
    checked: bool
    """Whether it was checked when it came; otherwise somebody put it there by hand."""


class ModelStore:
    """The folder. All but `pull` block, for as long as the disk takes."""

    def __init__(self, folder: Path, *, offline: bool = False, endpoint: str = "") -> None:
        self.folder = folder
        self._offline = offline
        self._endpoint = endpoint

    def find(self, name: str) -> Path | None:
        """Return what an engine is given of a model, if it is there, whole. Raises EngineError."""
        model = find_model(name)
        folder = self.folder / model.folder
        manifest = read_manifest(folder / model.manifest)
        if manifest is not None:
            there = manifest.fits(folder)
        else:
            there = all(any(folder.glob(pattern)) for pattern in model.files)
        return folder / model.target if there else None

    def installed(self) -> list[Installed]:
        """Return the models that are there, in the order of their names."""
        found = []
        for model in {model.name: model for model in self._present()}.values():
            path = self.find(model.name)
            if path is None:
                continue
            manifest = read_manifest(self.folder / model.folder / model.manifest)
            if manifest is not None:
                size = manifest.size_bytes
            else:
                size = sum(file.stat().st_size for file in self._files(model) if file.is_file())
            found.append(Installed(model.name, path, size, manifest is not None))
        return sorted(found, key=lambda each: each.name)

    async def pull(self, name: str, report: Report = lambda _: None) -> Path:
        """Fetch a model, or what is missing or newer of it, and return what an engine is given.

        Cancelling leaves what has come, to go on with. Raises EngineError.
        """
        model = find_model(name)
        if self._offline:
            raise EngineError(
                "bad-request",
                worded(
                    "model-not-fetched",
                    "{model} is not fetched: models.offline is set. Copy it to {folder}.",
                    model=model.name,
                    folder=str(self.folder),
                ),
            )
        async with self._locked(model, lambda: report(Progress(model.name, "waiting"))):
            return await Pull(self.folder / model.folder, model, report).run(self._endpoint)

    def remove(self, name: str) -> None:
        """Remove a model, and what has come of one. Raises EngineError."""
        model = find_model(name)
        folder = self.folder / model.folder
        if not self._removable(model):
            raise EngineError(
                "engine-missing", worded("model-not-here", "{model} is not here.", model=model.name)
            )
        try:
            with model_lock(self.folder, model.name) as free:
                if not free:
                    raise EngineError(
                        "engine-busy",
                        worded(
                            "model-being-fetched",
                            "{model} is being fetched right now: end that first.",
                            model=model.name,
                        ),
                    )
                for file in self._removable(model):
                    file.unlink(missing_ok=True)
                with suppress(OSError):  # something else is in it
                    folder.rmdir()
        except OSError as error:
            raise disk_error(error, folder) from error

    def verify(self, name: str, read: Callable[[int], None] = lambda _: None) -> list[str]:
        """Return what is wrong with a model, a sentence each; none if it is as it came.

        `read` is told of bytes that were read. Raises EngineError "engine-missing".
        """
        model = find_model(name)
        folder = self.folder / model.folder
        manifest = read_manifest(folder / model.manifest)
        if manifest is None:
            if self.find(name) is None:
                raise EngineError(
                    "engine-missing",
                    worded("model-not-here", "{model} is not here.", model=model.name),
                )
            return [f"{model.manifest} is not there, so there is nothing to compare with."]
        findings = [_compare(folder / record.name, record, read) for record in manifest.files]
        return [finding for finding in findings if finding]

    def _present(self) -> Iterator[Model]:
        """Yield the models that may be there."""
        yield from listed()
        folders = [*self.folder.glob("whisper/*"), *self.folder.glob("whisper/*/*")]
        names = [str(folder.relative_to(self.folder)) for folder in folders if folder.is_dir()]
        names += [f"piper/{voice.stem}" for voice in self.folder.glob("piper/*.onnx")]
        for name in names:
            with suppress(EngineError):  # something else that somebody keeps there
                yield find_model(name)

    def _files(self, model: Model) -> list[Path]:
        """Return the model's files in the folder, its manifest among them."""
        folder = self.folder / model.folder
        manifest = read_manifest(folder / model.manifest)
        named = [folder / record.name for record in manifest.files] if manifest else []
        matching = [file for pattern in model.patterns for file in sorted(folder.glob(pattern))]
        return list(dict.fromkeys([*named, *matching, folder / model.manifest]))

    def _removable(self, model: Model) -> list[Path]:
        files = [file for file in self._files(model) if file.is_file()]
        return [*files, *partials(self.folder / model.folder, model)]

    @asynccontextmanager
    async def _locked(self, model: Model, waiting: Callable[[], None]) -> AsyncGenerator[None]:
        """Keep other pulls of a model away, those of other programs too."""
        deadline = time.monotonic() + LOCK_WAIT_S
        try:
            while True:
                with model_lock(self.folder, model.name) as free:
                    if free:
                        yield
                        return
                if time.monotonic() > deadline:
                    raise EngineError(
                        "engine-busy",
                        worded(
                            "model-fetched-elsewhere",
                            "Another program has been fetching {model} for long.",
                            model=model.name,
                        ),
                    )
                waiting()
                # The lock of a file can not be waited for without a thread.
                await asyncio.sleep(LOCK_RETRY_S)
        except OSError as error:
            raise disk_error(error, self.folder) from error


def _compare(path: Path, record: FileRecord, read: Callable[[int], None]) -> str | None:
    try:
        size = path.stat().st_size
        if size != record.size_bytes:
            return f"{path.name} has {size} bytes, not {record.size_bytes}."
        if file_sha256(path, read) != record.sha256:
            return f"{path.name} has another content than the one that was fetched."
    except FileNotFoundError:
        return f"{path.name} is missing."
    except OSError as error:
        return f"{path.name} can not be read: {error.strerror or error}."
    return None
