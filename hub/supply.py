"""Models for the engines that need some: looked for, and fetched where that is allowed."""

import asyncio
import importlib.util

import structlog

from hub.engines.base import EngineError
from hub.engines.hardware import inspect_machine
from hub.fetching import fetch
from hub.model_needs import VOICE, Need, models_of, needs, voice_is_here, voices_here
from hub.settings import HubSettings
from hub.words import worded

log = structlog.get_logger(__name__)

SPEECH_MODEL = "speech model"
VOICE_MODEL = VOICE
"""Roles of models, as in `model_needs`."""


async def missing(settings: HubSettings, role: str) -> Need | None:
    """Return the model of a role that is not here, and without which its engine is of no use."""
    return next((need for need in await lacking(settings, role) if need.needed), None)


async def lacking(settings: HubSettings, role: str) -> list[Need]:
    """Return the models of a role that the settings name and that are not here."""
    machine = await asyncio.to_thread(inspect_machine)
    found = await needs(settings, machine)
    return [need for need in found if need.role == role and not need.here]


async def supply(settings: HubSettings, role: str) -> None:
    """Have the models of a role here, fetching what is missing if the settings allow it.

    A voice that is not to be had is told, and others speak in its place. Raises EngineError,
    "engine-missing" with the one thing to do where there is nothing for the role.
    """
    if role == VOICE_MODEL and importlib.util.find_spec("piper") is None:
        raise EngineError(
            "engine-missing",
            worded(
                "piper-not-installed",
                "Piper is not installed: install Sotto with its extra `piper`.",
            ),
        )
    failure: EngineError | None = None
    left = await lacking(settings, role)
    if left and settings.models.download and not settings.models.offline:
        for need in left:
            try:
                await fetch(models_of(settings), need.name)
            except EngineError as error:
                failure = failure or error
        left = await lacking(settings, role)
    if not left:
        return
    if role != VOICE_MODEL or not await asyncio.to_thread(_any_voice, settings):
        needed = next((need for need in left if need.needed), left[0])
        raise failure or EngineError("engine-missing", needed.text)
    for need in left:
        log.warning("a voice is missing", voice=need.name, how=need.text)


def _any_voice(settings: HubSettings) -> bool:
    named = settings.piper.voices.values()
    return bool(voices_here(settings)) or any(voice_is_here(settings, voice) for voice in named)
