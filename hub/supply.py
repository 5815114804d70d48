"""Models for the engines that need some: looked for, and fetched where that is allowed."""

import asyncio
import importlib.util

from hub.engines.base import EngineError
from hub.engines.hardware import inspect_machine
from hub.fetching import fetch
from hub.model_needs import Need, models_of, needs
from hub.settings import HubSettings

SPEECH_MODEL = "speech model"
VOICE_MODEL = "voice model"
"""Roles of models, as in `model_needs`."""


async def missing(settings: HubSettings, role: str) -> Need | None:
    """Return the first model of a role that the settings name and that is not here."""
    machine = await asyncio.to_thread(inspect_machine)
    found = await needs(settings, machine)
    return next((need for need in found if need.role == role and not need.here), None)


async def supply(settings: HubSettings, role: str) -> None:
    """Have the models of a role here, fetching what is missing if the settings allow it.

    Raises EngineError, "engine-missing" with the one thing to do where nothing may be fetched.
    """
    if role == VOICE_MODEL and importlib.util.find_spec("piper") is None:
        raise EngineError(
            "engine-missing", "Piper is not installed: install Sotto with its extra `piper`."
        )
    fetched: set[str] = set()
    while (need := await missing(settings, role)) is not None:
        if not settings.models.download or settings.models.offline or need.name in fetched:
            raise EngineError("engine-missing", need.text)
        fetched.add(need.name)
        await fetch(models_of(settings), need.name)
