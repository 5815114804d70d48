"""What the hub needs of its machine, looked at piece by piece: fine, or the one thing to do."""

import errno
import os
import shutil
import socket
import time
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from hub.engines.hardware import Machine
from hub.settings import HubSettings
from hub.words import worded

LEAST_MEMORY_BYTES = 512 * 1024**2
"""The hub and its embedded engines take about half of it."""
LEAST_DISK_BYTES = 512 * 1024**2
"""Room for the log and a small model."""
EARLIEST_S = 1_767_225_600
"""1 January 2026: a clock that shows a day before this program was written is wrong."""
LATEST_S = EARLIEST_S + 30 * 365 * 86_400

_GIB = 1024**3
_FAST = {"avx2", "avx512_vnni", "avx_vnni", "asimddp", "i8mm"}
_LISTENING = "0A"


@dataclass(frozen=True, slots=True)
class Finding:
    """What came of one check."""

    name: str
    ok: bool
    text: str
    """What there is; where it is not well, the one thing to do."""


def python(version: tuple[int, ...]) -> Finding:
    """Judge the version of Python."""
    shown = ".".join(map(str, version))
    if version[:2] < (3, 11):
        return Finding(
            "Python",
            False,
            worded("python-too-old", "{version} is too old: install 3.11 or newer.", version=shown),
        )
    return Finding("Python", True, shown)


def cpu(machine: Machine) -> Finding:
    """Tell what computes."""
    fast = sorted(machine.cpu_features & _FAST)
    features = (
        ", ".join(fast)
        if fast
        else worded("processor-slow", "without fast 8-bit products: choose small models")
    )
    cores = worded("cores", "{count} cores", count=machine.cores)
    if machine.cores == 1:
        cores = worded("one-core", "1 core")
    return Finding(
        "CPU",
        True,
        worded(
            "processor",
            "{kind}, {cores}, {features}",
            kind=machine.architecture,
            cores=cores,
            features=features,
        ),
    )


def memory(total_bytes: int) -> Finding:
    """Judge whether there is enough memory."""
    gib = round(total_bytes / _GIB, 1)
    if total_bytes < LEAST_MEMORY_BYTES:
        text = "{gib} GiB is too little: give it 0.5 GiB or more."
        return Finding("memory", False, worded("memory-too-small", text, gib=gib))
    return Finding("memory", True, worded("memory", "{gib} GiB", gib=gib))


def disk(folder: Path) -> Finding:
    """Judge whether there is room on the disk of a folder."""
    free_bytes = shutil.disk_usage(folder if folder.is_dir() else "/").free
    gib, there = round(free_bytes / _GIB, 1), str(folder)
    if free_bytes < LEAST_DISK_BYTES:
        text = "{gib} GiB free at {folder} is too little: free 0.5 GiB or more."
        return Finding("disk", False, worded("disk-too-full", text, gib=gib, folder=there))
    return Finding(
        "disk", True, worded("disk-free", "{gib} GiB free at {folder}", gib=gib, folder=there)
    )


def clock(now_s: float) -> Finding:
    """Judge a time, in seconds since 1970."""
    shown = time.strftime("%Y-%m-%d %H:%M", time.localtime(now_s))
    if not EARLIEST_S <= now_s <= LATEST_S:
        return Finding(
            "clock",
            False,
            worded("clock-wrong", "It shows {time}: set it, or switch on NTP.", time=shown),
        )
    return Finding("clock", True, shown)


def audio(folder: Path) -> Finding:
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


def gpu(machine: Machine, settings: HubSettings) -> Finding:
    """Judge whether there is the GPU that the settings ask for."""
    engines = settings.engines
    if machine.cuda:
        shown = ", ".join(f"{gpu.name} ({gpu.memory_bytes / _GIB:.0f} GiB)" for gpu in machine.cuda)
        return Finding("GPU", True, shown)
    if engines.speech_to_text == "whisper" and settings.whisper.device == "cuda":
        return Finding(
            "GPU",
            False,
            worded("no-gpu-for-whisper", "None can be used: set whisper.device to auto."),
        )
    if engines.text_to_speech == "piper" and settings.piper.cuda:
        return Finding(
            "GPU", False, worded("no-gpu-for-piper", "None can be used: set piper.cuda to false.")
        )
    return Finding("GPU", True, worded("no-gpu-needed", "none, and none is needed"))


def port(name: str, host: str, port: int) -> Finding:
    """Judge whether a TCP port can be listened on; `name` is that of its setting."""
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
        line = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
    except OSError:
        return False
    named = any(word.rpartition(b"/")[2] == b"sotto-hub" for word in line[:2])
    return named or line[1:3] == [b"-m", b"hub"]
