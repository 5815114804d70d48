"""Models: which can be fetched, which are here, fetching and removing them."""

import asyncio
import shutil
from dataclasses import asdict

from fastapi import APIRouter, Depends
from pydantic import BaseModel, Field

from hub.api.access import Role, needs
from hub.api.parts import Hub, Parts
from hub.api.problems import Problem
from hub.api.said import Said, said
from hub.downloads import OVER, Step, TooManyDownloads
from hub.downloads import Download as Known
from hub.engines.base import EngineError
from hub.engines.hardware import inspect_machine
from hub.engines.model_catalog import OLLAMA
from hub.engines.models import Entry
from hub.model_needs import models_of, wanted
from hub.words import worded

router = APIRouter(tags=["models"], dependencies=[Depends(needs(Role.OWNER, "admin"))])

OLLAMA_S = 3.0
"""A machine that is switched off must not keep the page waiting."""
_STATUS = {"bad-request": 422, "engine-missing": 404, "engine-timeout": 504}


class Download(BaseModel):
    """How far a model is."""

    model: str
    step: Step
    done_bytes: int = 0
    total_bytes: int | None = None
    bytes_per_s: float | None = None
    problem: str = Field(default="", description="Why it failed, and what to do.")
    words: Said | None = Field(default=None, description="What `problem` is in other languages.")

    model_config = {
        "json_schema_extra": {
            "examples": [
                {
                    "model": "whisper/base",
                    "step": "fetching",
                    "done_bytes": 52_000_000,
                    "total_bytes": 145_000_000,
                    "bytes_per_s": 8_400_000.0,
                    "problem": "",
                }
            ]
        }
    }


class Model(BaseModel):
    """A model that can be fetched, or is here."""

    name: str
    purpose: str
    size_bytes: int | None = Field(description="What it takes, or would take, roughly.")
    here: bool
    checked: bool = Field(description="False: it is here, and nothing tells what it must be.")
    used: bool = Field(description="Whether the settings name it.")
    download: Download | None = None


class ModelList(BaseModel):
    """All that are worth a line; every other voice of Piper's can be fetched by its name too."""

    items: list[Model]
    folder: str
    free_bytes: int | None
    offline: bool = Field(description="Whether nothing is ever fetched.")
    ollama: str = Field(description="Why Ollama's models are not among them; empty: they are.")
    words: Said | None = Field(default=None, description="What `ollama` is in other languages.")


class Wish(BaseModel):
    """Which model is to be fetched."""

    model: str = Field(min_length=1, max_length=200)

    model_config = {"json_schema_extra": {"examples": [{"model": "whisper/base"}]}}


@router.get("/models")
async def models(hub: Hub) -> ModelList:
    """List the models."""
    settings = hub.desk.settings
    known = models_of(settings)
    used = await _used(hub)
    entries = await known.entries(used)
    problem = ""
    try:
        async with asyncio.timeout(OLLAMA_S):
            entries += await known.ollama_entries()
    except EngineError as error:
        problem = str(error)
    except TimeoutError:
        text = "Ollama did not answer within {seconds:g} s."
        problem = worded("ollama-slow", text, seconds=OLLAMA_S)
    named = {entry.name.removesuffix(":latest") for entry in entries}
    entries += [
        Entry(name, "thinks", None, here=False)
        for name in used
        if name.removesuffix(":latest") not in named
    ]
    downloads = {one.model: _shown(one) for one in hub.desk.downloads.all}
    using = {name.removesuffix(":latest") for name in used}
    return ModelList(
        items=[
            Model(
                name=entry.name,
                purpose=entry.purpose,
                size_bytes=entry.size_bytes,
                here=entry.here,
                checked=entry.checked,
                used=entry.name.removesuffix(":latest") in using,
                download=downloads.get(entry.name),
            )
            for entry in entries
        ],
        folder=str(known.store.folder),
        free_bytes=await asyncio.to_thread(_free_bytes, hub),
        offline=settings.models.offline,
        ollama=problem,
        words=said(problem),
    )


@router.delete("/models/{name:path}", status_code=204)
async def remove(name: str, hub: Hub) -> None:
    """Remove a model. One that the settings name stays: choose another first."""
    if name in {one.model for one in hub.desk.downloads.all if one.step not in OVER}:
        raise Problem(
            409,
            "being-fetched",
            worded("being-fetched", "{model} is being fetched. Cancel that first.", model=name),
        )
    if name in await _used(hub) and name.removeprefix(OLLAMA) == name:
        text = worded(
            "model-in-use",
            "The hub uses {model}. Choose another model first, then remove it.",
            model=name,
        )
        raise Problem(409, "in-use", text)
    try:
        await models_of(hub.desk.settings).remove(name)
    except EngineError as error:
        raise Problem(_STATUS.get(error.code, 502), error.code, str(error)) from None
    hub.desk.refresh()


@router.get("/downloads")
async def downloads(hub: Hub) -> list[Download]:
    """List the downloads, over or not. The live topic `downloads` tells how far they are."""
    return [_shown(one) for one in hub.desk.downloads.all]


@router.post("/downloads", status_code=202)
async def download(wish: Wish, hub: Hub) -> Download:
    """Have a model fetched. What was interrupted goes on where it stopped."""
    if hub.desk.settings.models.offline:
        text = "Nothing is fetched: models.offline is set. Change that in the settings file."
        raise Problem(409, "offline", text)
    try:
        begun = hub.desk.downloads.start(wish.model)
    except EngineError as error:
        raise Problem(_STATUS.get(error.code, 502), error.code, str(error)) from None
    except TooManyDownloads:
        raise Problem(
            503,
            "busy",
            worded("too-many-downloads", "Too many models are being fetched. Wait for some."),
        ) from None
    return _shown(begun)


@router.delete("/downloads/{name:path}", status_code=204)
async def cancel(name: str, hub: Hub) -> None:
    """Stop fetching a model, or forget that it is over. What has come of it is kept."""
    if not hub.desk.downloads.cancel(name):
        raise Problem(
            404,
            "not-found",
            worded("not-being-fetched", "{model} is not being fetched.", model=name),
        )


def _shown(one: Known) -> Download:
    return Download(**asdict(one), words=said(one.problem))


async def _used(hub: Parts) -> list[str]:
    def look() -> list[str]:
        return [each.name for each in wanted(hub.desk.settings, inspect_machine())]

    return await asyncio.to_thread(look)


def _free_bytes(hub: Parts) -> int | None:
    folder = hub.desk.settings.models.place
    there = next((one for one in (folder, *folder.parents) if one.exists()), None)
    return None if there is None else shutil.disk_usage(there).free
