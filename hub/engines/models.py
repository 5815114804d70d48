"""All models by their names: those of the folder, and those that Ollama keeps."""

import asyncio
from collections.abc import AsyncGenerator, Callable, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from hub.engines.base import EngineError
from hub.engines.model_catalog import OLLAMA, find_model, listed, ollama_name
from hub.engines.model_progress import Report
from hub.engines.model_store import ModelStore
from hub.engines.ollama_models import OllamaModels, same_model
from hub.words import worded


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the list."""

    name: str
    purpose: str
    size_bytes: int | None
    """What it takes, or would take, roughly; None where that is not known."""
    here: bool
    checked: bool = True
    """False: it is here, and nothing tells what it must be."""


class Models:
    """Finds, fetches, removes and checks models, whoever keeps them."""

    def __init__(
        self, folder: Path, ollama_url: str, *, offline: bool = False, endpoint: str = ""
    ) -> None:
        self.store = ModelStore(folder, offline=offline, endpoint=endpoint)
        self._ollama_url = ollama_url
        self._offline = offline

    async def here(self, name: str) -> bool:
        """Return whether a model is there, whole. Raises EngineError."""
        if not name.startswith(OLLAMA):
            return await asyncio.to_thread(self.store.find, name) is not None
        async with self._ollama() as ollama:
            wanted = ollama_name(name)
            return any(same_model(wanted, there) for there in await ollama.installed())

    async def pull(self, name: str, report: Report = lambda _: None) -> None:
        """Fetch a model. Cancelling leaves what has come, to go on with. Raises EngineError."""
        if not name.startswith(OLLAMA):
            await self.store.pull(name, report)
            return
        if self._offline:
            raise EngineError(
                "bad-request",
                worded(
                    "model-offline", "{model} is not fetched: models.offline is set.", model=name
                ),
            )
        async with self._ollama() as ollama:
            await ollama.pull(ollama_name(name), report)

    async def remove(self, name: str) -> None:
        """Remove a model. Raises EngineError."""
        if not name.startswith(OLLAMA):
            await asyncio.to_thread(self.store.remove, name)
            return
        async with self._ollama() as ollama:
            await ollama.remove(ollama_name(name))

    async def verify(self, name: str, read: Callable[[int], None] = lambda _: None) -> list[str]:
        """Return what is wrong with a model, a sentence each. Raises EngineError.

        `read` is told of bytes that were read, from another thread. Of Ollama's models it is only
        known whether they are there: Ollama checks what they hold.
        """
        if not name.startswith(OLLAMA):
            return await _ended_with_this(lambda told: self.store.verify(name, told), read)
        if not await self.here(name):
            raise EngineError(
                "engine-missing", worded("model-not-here", "{model} is not here.", model=name)
            )
        return []

    async def entries(self, named: Iterable[str] = ()) -> list[Entry]:
        """Return the models that can be fetched, those that are here, and `named` ones.

        Ollama's are left out. Raises EngineError for a name that is none.
        """
        there = {each.name: each for each in await asyncio.to_thread(self.store.installed)}
        models = {model.name: model for model in listed()}
        own = [name for name in named if not name.startswith(OLLAMA)]
        models |= {name: find_model(name) for name in (*own, *there) if name not in models}
        entries = []
        for name, model in models.items():
            found = there.get(name)
            if found is None:
                entries.append(Entry(name, model.purpose, model.about_bytes, here=False))
            else:
                entries.append(Entry(name, model.purpose, found.size_bytes, True, found.checked))
        return entries

    async def ollama_entries(self) -> list[Entry]:
        """Return the models that Ollama has. Raises EngineError, also where there is no Ollama."""
        async with self._ollama() as ollama:
            sizes = await ollama.installed()
        return [Entry(OLLAMA + name, "thinks", size or None, True) for name, size in sizes.items()]

    @asynccontextmanager
    async def _ollama(self) -> AsyncGenerator[OllamaModels]:
        ollama = OllamaModels(self._ollama_url)
        try:
            yield ollama
        finally:
            await ollama.close()


async def _ended_with_this(
    work: Callable[[Callable[[int], None]], list[str]], read: Callable[[int], None]
) -> list[str]:
    """Run `work` in a thread, which ends soon after whoever waits for it is cancelled."""
    ended = False

    def told(count: int) -> None:
        if ended:
            raise EngineError(
                "engine-failed", worded("nobody-waits", "Nobody waits for this any more.")
            )
        read(count)

    try:
        return await asyncio.to_thread(work, told)
    finally:
        ended = True
