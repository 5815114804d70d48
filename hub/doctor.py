"""What the hub needs, looked at piece by piece: fine, or the one thing to do."""

import asyncio
import errno
import os
import re
import secrets
import shutil
import socket
import sys
import time
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import platformdirs

from hub.engines.hardware import Machine, inspect_machine
from hub.hearing import hearing_name
from hub.home.model import Home
from hub.model_needs import needs
from hub.mqtt.address import BrokerAddress
from hub.mqtt.errors import MqttError
from hub.mqtt.link import MqttLink
from hub.settings import HubSettings, SettingsError, default_file, is_loopback, load
from hub.speaking import speaking_name
from hub.trial import TrialFailed, check_model, hear, plain, say
from protocol.discovery import find_hub
from protocol.errors import DiscoveryFailed

CHECK_TIMEOUT_S = 60.0
"""The longest that one check may take; loading a large model from a slow disk takes most."""
BROKER_TIMEOUT_S = 5.0
ZEROCONF_TIMEOUT_S = 0.5
"""A network that forbids discovery says so at once."""
LEAST_MEMORY_BYTES = 512 * 1024**2
"""The hub and its embedded engines take about half of it."""
LEAST_DISK_BYTES = 512 * 1024**2
"""Room for the log and a small model."""
EARLIEST_S = 1_767_225_600
"""1 January 2026: a clock that shows a day before this program was written is wrong."""
LATEST_S = EARLIEST_S + 30 * 365 * 86_400
MAX_FILE_BYTES = 1 << 20
"""Of a settings file that is searched for secrets."""

_GIB = 1024**3
_FAST = {"avx2", "avx512_vnni", "avx_vnni", "asimddp", "i8mm"}
_HALF_A_SECOND = bytes(16_000)
_SECRET = re.compile(
    r"""^[^#\n]*(?:token|key)["']?\s*=|//[^/\s]*:[^/\s]*@""", re.IGNORECASE | re.MULTILINE
)
_LISTENING = "0A"


@dataclass(frozen=True, slots=True)
class Finding:
    """What came of one check."""

    name: str
    ok: bool
    text: str
    """What there is; where it is not well, the one thing to do."""


class _Wrong(Exception):
    """Something is wrong; the text is the one thing to do."""


Check = Callable[[HubSettings], Awaitable[str]]


async def examine(config: Path | None) -> AsyncGenerator[Finding]:
    """Yield a finding for each thing that the hub needs, as it is made."""
    machine = await asyncio.to_thread(inspect_machine)
    yield _python(sys.version_info[:3])
    yield _cpu(machine)
    yield _memory(machine.memory_bytes)
    yield _disk(Path.home())
    yield _clock(time.time())
    yield _audio(Path("/dev/snd"))
    file = default_file() if config is None else config.expanduser()
    try:
        settings = load(config)
        settings.satellites.read_token()
    except SettingsError as error:
        yield Finding("settings", False, f"{_line(error)} The rest is looked at when this is well.")
        return
    yield Finding("settings", True, str(file) if file.is_file() else f"defaults: no {file}")
    yield _privacy(file, Path(".env"), token_file=settings.satellites.token_file)
    yield _folders(platformdirs.user_data_path("sotto"))
    yield _gpu(machine, settings)
    satellites = settings.satellites
    yield _port("satellites.port", satellites.listen_host, satellites.port)
    if not settings.mqtt.url.get_secret_value():
        yield _port("mqtt.embedded_port", "127.0.0.1", settings.mqtt.embedded_port)
    for need in await needs(settings, machine):
        yield Finding(need.role, need.here or need.optional, need.text)
    for name, check in _CHECKS.items():
        yield await _outcome(name, check(settings))


async def _outcome(name: str, check: Awaitable[str]) -> Finding:
    try:
        async with asyncio.timeout(CHECK_TIMEOUT_S):
            return Finding(name, True, await check)
    except (_Wrong, TrialFailed, MqttError) as error:
        return Finding(name, False, _line(error))
    except TimeoutError:
        return Finding(name, False, f"It took over {CHECK_TIMEOUT_S:g} s: restart what it needs.")


def _python(version: tuple[int, ...]) -> Finding:
    shown = ".".join(map(str, version))
    if version[:2] < (3, 11):
        return Finding("Python", False, f"{shown} is too old: install 3.11 or newer.")
    return Finding("Python", True, shown)


def _cpu(machine: Machine) -> Finding:
    fast = sorted(machine.cpu_features & _FAST)
    features = ", ".join(fast) if fast else "without fast 8-bit products: choose small models"
    cores = "1 core" if machine.cores == 1 else f"{machine.cores} cores"
    return Finding("CPU", True, f"{machine.architecture}, {cores}, {features}")


def _memory(total_bytes: int) -> Finding:
    shown = f"{total_bytes / _GIB:.1f} GiB"
    if total_bytes < LEAST_MEMORY_BYTES:
        return Finding("memory", False, f"{shown} is too little: give it 0.5 GiB or more.")
    return Finding("memory", True, shown)


def _disk(folder: Path) -> Finding:
    free_bytes = shutil.disk_usage(folder if folder.is_dir() else "/").free
    shown = f"{free_bytes / _GIB:.1f} GiB free at {folder}"
    if free_bytes < LEAST_DISK_BYTES:
        return Finding("disk", False, f"{shown} is too little: free 0.5 GiB or more.")
    return Finding("disk", True, shown)


def _clock(now_s: float) -> Finding:
    shown = time.strftime("%Y-%m-%d %H:%M", time.localtime(now_s))
    if not EARLIEST_S <= now_s <= LATEST_S:
        return Finding("clock", False, f"It shows {shown}: set it, or switch on NTP.")
    return Finding("clock", True, shown)


def _audio(folder: Path) -> Finding:
    """Judge whether a satellite on this machine could use its sound card; the hub needs none."""
    cards = sorted(folder.glob("pcm*")) if folder.is_dir() else []
    if not cards:
        return Finding("audio", True, "no sound card, and the hub needs none")
    if not any(os.access(card, os.R_OK | os.W_OK) for card in cards):
        return Finding(
            "audio",
            False,
            "This user may not use the sound card: run `sudo usermod -aG audio $USER`.",
        )
    kinds = {"c": "record", "p": "play"}
    can = [word for kind, word in kinds.items() if any(card.name[-1] == kind for card in cards)]
    return Finding("audio", True, f"a satellite on this machine can {' and '.join(can)}")


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


def _gpu(machine: Machine, settings: HubSettings) -> Finding:
    engines = settings.engines
    if machine.cuda:
        shown = ", ".join(f"{gpu.name} ({gpu.memory_bytes / _GIB:.0f} GiB)" for gpu in machine.cuda)
        return Finding("GPU", True, shown)
    if engines.speech_to_text == "whisper" and settings.whisper.device == "cuda":
        return Finding("GPU", False, "None can be used: set whisper.device to auto.")
    if engines.text_to_speech == "piper" and settings.piper.cuda:
        return Finding("GPU", False, "None can be used: set piper.cuda to false.")
    return Finding("GPU", True, "none, and none is needed")


def _port(name: str, host: str, port: int) -> Finding:
    if port == 0:
        return Finding(name, True, "a free one is taken")
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        with socket.create_server((host, port), family=family):
            return Finding(name, True, f"{port} is free on {host}")
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            if any(_is_hub(pid) for pid in _listeners(port)):
                return Finding(name, True, f"{port} is used by a hub that runs now")
            text = f"Port {port} is used by another program: end that, or set {name} to another."
        elif error.errno in {errno.EACCES, errno.EPERM}:
            text = f"Port {port} may not be used by this user: set {name} to one above 1023."
        else:
            text = f"{host}:{port} can not be listened on ({error.strerror or error}): set another."
    return Finding(name, False, text)


def _listeners(port: int) -> Iterable[int]:
    """Yield the processes that listen on a TCP port, as far as this user may see them."""
    sockets = set()
    for table in (Path("/proc/net/tcp"), Path("/proc/net/tcp6")):
        with suppress(OSError):
            for row in table.read_text(encoding="ascii").splitlines()[1:]:
                fields = row.split()
                if fields[3] == _LISTENING and int(fields[1].rpartition(":")[2], 16) == port:
                    sockets.add(f"socket:[{fields[9]}]")
    for process in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):  # it ended, or is not ours to look at
            if any(str(link.readlink()) in sockets for link in (process / "fd").iterdir()):
                yield int(process.name)


def _is_hub(pid: int) -> bool:
    try:
        words = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
    except OSError:
        return False
    named = any(word.rpartition(b"/")[2] == b"sotto-hub" for word in words[:2])
    return named or words[1:3] == [b"-m", b"hub"]


async def _broker(settings: HubSettings) -> str:
    url = settings.mqtt.url.get_secret_value()
    if not url:
        return "the hub runs its own"
    try:
        address = BrokerAddress.parse(url)
    except ValueError as error:
        raise _Wrong(f"mqtt.url: {error}") from None
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


def _taking(memory_bytes: int) -> str:
    return f", {memory_bytes / 1e6:.0f} MB" if memory_bytes else ""


async def _language_model(settings: HubSettings) -> str:
    try:
        info = await check_model(settings)
    except TrialFailed as error:
        if settings.engines.language_model != "auto":
            raise
        return f"none is there, and commands of the home work without ({_line(error)})"
    if info is None:
        return "none is set: commands of the home work without"
    if not info.can_call_tools:
        raise _Wrong(f"{info.name} can not use tools: choose a model that can.")
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


def _line(error: Exception) -> str:
    return " ".join(plain(str(error)).split())
