"""What `sotto-hub doctor` looks at, looked at within a hub that runs: no engine is loaded twice."""

import asyncio
import sys
import time
from collections.abc import Mapping
from pathlib import Path

from hub import machine_check, models_check
from hub.engines.hardware import inspect_machine
from hub.events import EngineChanged
from hub.machine_check import Finding
from hub.model_needs import needs
from hub.settings import HubSettings
from hub.words import worded

_ENGINES = {
    "speech-to-text": "recogniser",
    "text-to-speech": "voice",
    "language-model": "language model",
    "turn-detector": "turn detection",
}


async def findings(
    settings: HubSettings,
    engines: Mapping[str, EngineChanged],
    *,
    broker: str,
    connected: bool,
) -> list[Finding]:
    """Return a finding for each thing that the hub needs. `engines` is what each told last."""
    machine = await asyncio.to_thread(inspect_machine)
    found = [
        machine_check.python(sys.version_info[:3]),
        machine_check.cpu(machine),
        machine_check.memory(machine.memory_bytes),
        machine_check.disk(Path.home()),
        machine_check.clock(time.time()),
        machine_check.gpu(machine, settings),
        _broker(broker, connected=connected),
    ]
    try:
        named = await needs(settings, machine)
    except OSError:
        named = []  # their folder can not be looked at
    found.append(await models_check.folder(settings, named))
    found += [Finding(need.role, need.here or need.optional, need.text) for need in named]
    for role, name in _ENGINES.items():
        told = engines.get(role)
        if told is None and role == "speech-to-text":
            # The embedded one has no more to tell than that it is there.
            found.append(Finding(name, True, worded("phrases-of-home", "phrases of this home")))
        elif told is not None:
            optional = _is_optional(settings, role)
            found.append(Finding(name, told.ready or optional, told.text))
    return found


def _broker(address: str, *, connected: bool) -> Finding:
    if connected:
        return Finding(
            "broker", True, worded("broker-reached", "reached at {address}", address=address)
        )
    text = worded(
        "broker-gone",
        "The broker at {address} is away: see whether it runs and mqtt.url is right.",
        address=address,
    )
    return Finding("broker", False, text)


def _is_optional(settings: HubSettings, role: str) -> bool:
    """Return whether another engine, or none, does as well."""
    engines = settings.engines
    chosen = {
        "speech-to-text": engines.speech_to_text,
        "text-to-speech": engines.text_to_speech,
        "language-model": engines.language_model,
    }
    return chosen.get(role) == "auto"
