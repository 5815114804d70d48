"""What the hub needs to have models: a folder for them, with room; and whether Ollama is there."""

import asyncio
import tempfile
from collections.abc import Sequence
from pathlib import Path

from hub import machine_check
from hub.engines.base import EngineError
from hub.machine_check import Finding
from hub.model_needs import Need, models_of
from hub.settings import HubSettings
from hub.words import worded

NAME = "models folder"


async def folder(settings: HubSettings, needs: Sequence[Need]) -> Finding:
    """Judge the folder of models: one that can only be read will do while nothing has to come."""
    return await asyncio.to_thread(_folder, settings, needs)


async def ollama_answers(settings: HubSettings) -> bool:
    """Return whether somebody answers where Ollama should be, whatever they say."""
    try:
        await models_of(settings).ollama_entries()
    except EngineError as error:
        return error.code != "engine-missing"
    return True


def _folder(settings: HubSettings, needs: Sequence[Need]) -> Finding:
    models = settings.models
    place = models.place
    try:
        there = next(one for one in (place, *place.parents) if one.exists())
        if not there.is_dir():
            return Finding(
                NAME,
                False,
                worded(
                    "models-no-folder",
                    "{folder} is no folder: set models.folder to one.",
                    folder=str(there),
                ),
            )
        if _can_be_written(there):
            room = machine_check.disk(there)
            return Finding(NAME, room.ok, room.text)
        comes_here = models.download or not models_of(settings).store.installed()
        if comes_here and not all(need.here for need in needs):
            return Finding(
                NAME,
                False,
                worded(
                    "models-not-writable",
                    "Nothing can be written to {folder}: chown it, or set models.folder to "
                    "another.",
                    folder=str(there),
                ),
            )
    except OSError as error:
        return Finding(
            NAME,
            False,
            worded(
                "models-not-readable",
                "{folder} can not be looked at ({why}): set models.folder to another.",
                folder=str(place),
                why=str(error.strerror or error),
            ),
        )
    return Finding(
        NAME,
        True,
        worded(
            "models-read-only",
            "{folder} can be read, and need not be written to",
            folder=str(place),
        ),
    )


def _can_be_written(folder: Path) -> bool:
    # Only trying tells: to root everything seems allowed.
    try:
        with tempfile.TemporaryFile(dir=folder):
            return True
    except OSError:
        return False
