"""The models of an Ollama server: Ollama itself fetches, checks and keeps them.

Source: docs/api.md of Ollama (`/api/tags`, `/api/pull`, `/api/delete`).
"""

import asyncio
from contextlib import aclosing
from typing import Any

from hub.engines.base import EngineError
from hub.engines.model_catalog import OLLAMA, similar
from hub.engines.model_download import WrongContent
from hub.engines.model_progress import Progress, Report
from hub.engines.model_server import (
    ConnectionBroke,
    ModelServer,
    ServerRefused,
    parsed,
    said_error,
)
from hub.words import worded

LINE_S = 60.0
"""Between two lines of a download: Ollama writes several a second, and tries again by itself."""
CHECK_S = 600.0
"""Until the line after "verifying": it reads all of a large model from a slow disk."""
MAX_LAYERS = 1000
"""Parts of one model; there are fewer than ten."""


class OllamaModels:
    """The models of one server. All raise EngineError."""

    def __init__(self, url: str) -> None:
        self._server = ModelServer(
            url,
            kind="Ollama",
            away=worded(
                "start-ollama-or-set",
                "Start it with `ollama serve`, or set ollama.url to where it runs.",
            ),
        )

    async def close(self) -> None:
        """Close the connections."""
        await self._server.close()

    async def installed(self) -> dict[str, int]:
        """Return the names of the models there, without "ollama/", and their sizes in bytes."""
        try:
            told = await self._server.ask("GET", "api/tags")
        except ServerRefused as refused:
            raise _refusal(refused) from None
        models = told.get("models")
        sizes = {}
        for entry in models if isinstance(models, list) else ():
            if isinstance(entry, dict) and isinstance(entry.get("name"), str):
                size = entry.get("size")
                sizes[entry["name"]] = size if isinstance(size, int) else 0
        return sizes

    async def pull(self, name: str, report: Report = lambda _: None) -> None:
        """Have a model fetched; cancelling makes Ollama stop, with what has come kept."""
        layers: dict[str, tuple[int, int]] = {}
        shown = f"{OLLAMA}{name}"
        report(Progress(shown, "asking"))
        lines = self._server.lines("api/pull", {"model": name, "stream": True})
        limit_s = LINE_S
        try:
            async with aclosing(lines):
                while True:
                    async with asyncio.timeout(limit_s):
                        line = await anext(lines, None)
                    if line is None:
                        raise _broke_off(name)
                    if not line.strip():
                        continue
                    said = _status(line)
                    if error := said_error(said):
                        raise self._explained(name, error)
                    status = str(said.get("status") or "")
                    _count(layers, said)
                    done = sum(completed for completed, _ in layers.values())
                    total = sum(total for _, total in layers.values()) or None
                    if status == "success":
                        report(Progress(shown, "done", done, total))
                        return
                    checking = status.startswith(("verifying", "writing", "removing"))
                    limit_s = CHECK_S if checking else LINE_S
                    step = "checking" if checking else "fetching" if layers else "asking"
                    report(Progress(shown, step, done, total))
        except ServerRefused as refused:
            raise self._explained(name, refused.text, refused) from None
        except ConnectionBroke as error:
            raise _broke_off(name) from error
        except TimeoutError:
            raise EngineError(
                "engine-timeout",
                worded(
                    "ollama-silent",
                    "Ollama told nothing of {model} for {seconds:g} s: pull again to go on.",
                    model=name,
                    seconds=limit_s,
                ),
            ) from None

    async def remove(self, name: str) -> None:
        """Remove a model."""
        try:
            await self._server.tell("DELETE", "api/delete", {"model": name})
        except ServerRefused as refused:
            if refused.status != 404:
                raise _refusal(refused) from None
            near = similar(name, await self.installed())
            if near:
                text = "Ollama has no model '{model}'. Did you mean {near}?"
                why = worded("ollama-no-model-near", text, model=name, near=OLLAMA + near[0])
            else:
                why = worded("ollama-no-model", "Ollama has no model '{model}'.", model=name)
            raise EngineError("engine-missing", why) from None

    def _explained(self, name: str, text: str, refused: ServerRefused | None = None) -> EngineError:
        lowered = text.lower()
        if "file does not exist" in lowered or "not found" in lowered or "invalid model" in lowered:
            return EngineError(
                "engine-missing",
                worded(
                    "ollama-knows-no-model",
                    "Ollama knows no model '{model}': https://ollama.com/library lists them.",
                    model=name,
                ),
            )
        if "digest mismatch" in lowered:
            return WrongContent(
                "engine-failed",
                worded(
                    "ollama-other-content",
                    "Ollama got {model} with another content than its library has told, and "
                    "removed it. Try again; if it stays so, do not trust that place.",
                    model=name,
                ),
            )
        if "no space left" in lowered:
            return EngineError(
                "engine-failed",
                worded("ollama-disk-full", "The disk of Ollama is full: free some space."),
            )
        return _refusal(refused) if refused is not None else self._server.failed(text)


def same_model(one: str, other: str) -> bool:
    """Return whether two names are of one model: without a tag it is "latest"."""
    return _tagged(one) == _tagged(other)


def _tagged(name: str) -> str:
    return name if ":" in name.rpartition("/")[2] else f"{name}:latest"


def _status(line: bytes) -> dict[str, Any]:
    said = parsed(line)
    if not isinstance(said, dict):
        raise EngineError(
            "engine-failed",
            worded(
                "ollama-strange-download", "Ollama tells of a download in a way that none does."
            ),
        )
    return said


def _count(layers: dict[str, tuple[int, int]], said: dict[str, Any]) -> None:
    digest, total, completed = said.get("digest"), said.get("total"), said.get("completed", 0)
    if not isinstance(digest, str) or not isinstance(total, int) or not isinstance(completed, int):
        return
    if digest in layers or len(layers) < MAX_LAYERS:
        layers[digest] = (completed, total)


def _broke_off(name: str) -> EngineError:
    return EngineError(
        "engine-failed",
        worded(
            "ollama-broke-off",
            "Ollama broke off while it fetched {model}: pull again to go on.",
            model=name,
        ),
    )


def _refusal(refused: ServerRefused) -> EngineError:
    return EngineError(
        "engine-failed", worded("ollama-refused", "Ollama refused: {why}", why=str(refused))
    )
