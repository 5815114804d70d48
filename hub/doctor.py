"""What the hub needs, looked at piece by piece: fine, or the one thing to do."""

import asyncio
import os
import re
import secrets
import sys
import time
from collections.abc import AsyncGenerator, Awaitable, Callable
from pathlib import Path

import platformdirs

from hub import machine_check, models_check
from hub.broker_choice import named_broker
from hub.engines.base import EngineError
from hub.engines.hardware import inspect_machine
from hub.hearing import hearing_name
from hub.home.model import Home
from hub.loopback import is_loopback
from hub.machine_check import Finding
from hub.model_needs import needs
from hub.mqtt.errors import MqttError
from hub.mqtt.link import MqttLink
from hub.settings import HubSettings, SettingsError, default_file, load
from hub.speaking import speaking_name
from hub.trial import TrialFailed, check_model, hear, plain, say
from hub.turn_judge import TURN_MODEL, load_detector
from protocol.discovery import find_hub
from protocol.errors import DiscoveryFailed

CHECK_TIMEOUT_S = 60.0
"""The longest that one check may take; loading a large model from a slow disk takes most."""
BROKER_TIMEOUT_S = 5.0
ZEROCONF_TIMEOUT_S = 0.5
"""A network that forbids discovery says so at once."""
MAX_FILE_BYTES = 1 << 20
"""Of a settings file that is searched for secrets."""

_HALF_A_SECOND = bytes(16_000)
_SECRET = re.compile(
    r"""^[^#\n]*(?:token|key)["']?\s*=|//[^/\s]*:[^/\s]*@""", re.IGNORECASE | re.MULTILINE
)


class _Wrong(Exception):
    """Something is wrong; the text is the one thing to do."""


Check = Callable[[HubSettings], Awaitable[str]]


async def examine(config: Path | None) -> AsyncGenerator[Finding]:
    """Yield a finding for each thing that the hub needs, as it is made."""
    machine = await asyncio.to_thread(inspect_machine)
    yield machine_check.python(sys.version_info[:3])
    yield machine_check.cpu(machine)
    yield machine_check.memory(machine.memory_bytes)
    yield machine_check.disk(Path.home())
    yield machine_check.clock(time.time())
    yield machine_check.audio(Path("/dev/snd"))
    file = default_file() if config is None else config.expanduser()
    try:
        settings = load(config)
        settings.satellites.read_token()
    except SettingsError as error:
        text = f"{_joined(error)} The rest is looked at when this is well."
        yield Finding("settings", False, text)
        return
    yield Finding("settings", True, str(file) if file.is_file() else f"defaults: no {file}")
    yield _privacy(file, Path(".env"), token_file=settings.satellites.token_file)
    yield _folders(platformdirs.user_data_path("sotto"))
    yield machine_check.gpu(machine, settings)
    satellites = settings.satellites
    yield machine_check.port("satellites.port", satellites.listen_host, satellites.port)
    if not settings.mqtt.url.get_secret_value():
        yield machine_check.port(
            "mqtt.embedded_port", settings.mqtt.embedded_host, settings.mqtt.embedded_port
        )
    try:
        named = await needs(settings, machine)
    except OSError:
        named = []  # their folder can not be looked at
    yield await models_check.folder(settings, named)
    for need in named:
        yield Finding(need.role, need.here or need.optional, need.text)
    lacks_detector = any(need.role == TURN_MODEL and not need.here for need in named)
    if settings.listening.turn_detector is not None and not lacks_detector:
        yield await _outcome("turn detection", _turn_detection(settings))
    for name, check in _CHECKS.items():
        yield await _outcome(name, check(settings))


async def _outcome(name: str, check: Awaitable[str]) -> Finding:
    try:
        async with asyncio.timeout(CHECK_TIMEOUT_S):
            return Finding(name, True, await check)
    except (_Wrong, TrialFailed, MqttError, EngineError) as error:
        return Finding(name, False, _line(error))
    except TimeoutError:
        return Finding(name, False, f"It took over {CHECK_TIMEOUT_S:g} s: restart what it needs.")
    except Exception as error:  # noqa: BLE001 - what nobody foresaw must not hide the other checks
        return Finding(name, False, f"{type(error).__name__}: {_line(error)}")


def _folders(*folders: Path) -> Finding:
    """Judge whether the hub may write where it keeps things."""
    for folder in folders:
        there = next(one for one in (folder, *folder.parents) if one.exists())
        if not os.access(there, os.W_OK | os.X_OK):
            return Finding("permissions", False, f"This user may not write to {there}: chown it.")
    return Finding("permissions", True, "the hub may write where it keeps things")


def _privacy(*files: Path, token_file: Path | None) -> Finding:
    """Judge whether what holds secrets can be read by its owner alone."""
    secret = [file for file in files if file.is_file() and _holds_secrets(file)]
    if token_file is not None:
        secret.append(token_file.expanduser())
    for file in secret:
        found = file.stat()
        if os.getuid() not in {0, found.st_uid} and found.st_uid != 0:
            return Finding("secrets", False, f"{file} belongs to another user: chown it to you.")
        if found.st_mode & 0o077:
            return Finding("secrets", False, f"Others can read {file}: run `chmod 600 {file}`.")
    return Finding("secrets", True, "only their owner can read them" if secret else "in no file")


def _holds_secrets(file: Path) -> bool:
    try:
        with file.open("rb") as opened:
            content = opened.read(MAX_FILE_BYTES)
    except OSError:
        return False  # the settings were read before this: it is no file of theirs
    return _SECRET.search(content.decode("utf-8", errors="replace")) is not None


async def _broker(settings: HubSettings) -> str:
    try:
        address = named_broker(settings.mqtt)
    except SettingsError as error:
        raise _Wrong(str(error)) from None
    if address is None:
        return "the hub runs its own"
    link = MqttLink(address, client_id=f"sotto-doctor-{secrets.token_hex(6)}")
    async with asyncio.TaskGroup() as tasks:
        running = tasks.create_task(link.run())
        try:
            await link.wait_connected(BROKER_TIMEOUT_S)
        except MqttError as error:
            failure = str(error)
        else:
            failure = ""
        finally:
            running.cancel()
    if failure:
        raise _Wrong(failure)
    return f"reached at {address}"


async def _recogniser(settings: HubSettings) -> str:
    heard = await hear(settings, _HALF_A_SECOND, Home())
    figures = f"{heard.took_ms:.0f} ms for half a second{_taking(heard.memory_bytes)}"
    return f"{await hearing_name(settings)} is ready ({figures})"


async def _voice(settings: HubSettings) -> str:
    said = await say(settings, "Ready.")
    figures = f"speaks after {said.first_audio_ms:.0f} ms{_taking(said.memory_bytes)}"
    return f"{await speaking_name(settings)} is ready ({figures})"


async def _turn_detection(settings: HubSettings) -> str:
    await asyncio.to_thread(load_detector, settings)
    return f"{settings.listening.turn_detector} is ready"


def _taking(memory_bytes: int) -> str:
    return f", {memory_bytes / 1e6:.0f} MB" if memory_bytes else ""


async def _language_model(settings: HubSettings) -> str:
    try:
        info = await check_model(settings)
    except TrialFailed as error:
        if settings.engines.language_model != "auto" or await models_check.ollama_answers(settings):
            raise
        return f"none is there, and commands of the home work without ({_line(error)})"
    if info is None:
        return "none is set: commands of the home work without"
    if not info.can_call_tools:
        raise _Wrong(f"{info.name} can not use tools: choose a model that can.")
    if settings.engines.language_model == "litellm":
        return f"LiteLLM can ask {info.name}; whether it answers, `sotto-hub ask` shows"
    return f"{info.name} is there and can use tools"


async def _zeroconf(settings: HubSettings) -> str:
    host = settings.satellites.listen_host
    if not settings.satellites.discoverable:
        return "switched off"
    if is_loopback(host):
        return "not needed: only this machine can connect, for there is no token"
    try:
        await find_hub(ZEROCONF_TIMEOUT_S)
    except DiscoveryFailed as error:
        raise _Wrong(f"Tell satellites the hub's address: {error}.") from None
    return "satellites can find the hub"


_CHECKS: dict[str, Check] = {
    "broker": _broker,
    "recogniser": _recogniser,
    "voice": _voice,
    "language model": _language_model,
    "zeroconf": _zeroconf,
}


def _joined(error: SettingsError) -> str:
    """Return what is wrong with the settings as one line."""
    head, *rest = (line.strip() for line in plain(str(error)).splitlines())
    text = " ".join([head, "; ".join(rest)]).strip()
    return text if text.endswith(".") else f"{text}."


def _line(error: Exception) -> str:
    return " ".join(plain(str(error)).split())
