"""What the machine has, and which Whisper model suits it."""

import os
import platform
import re
import subprocess
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

QUERY_TIMEOUT_S = 5.0
"""A driver that hangs must not hold up the start."""

_GIB = 1024**3
_CPUINFO = Path("/proc/cpuinfo")
_MEMORY_LIMIT = Path("/sys/fs/cgroup/memory.max")
_FEATURES = re.compile(r"^(?:flags|Features)\s*:(.*)$", re.MULTILINE)
# 8-bit products in one instruction: without them a core does about half the work.
_FAST_INT8 = {"avx2", "avx512_vnni", "avx_vnni", "asimddp", "i8mm"}


@dataclass(frozen=True, slots=True)
class CudaDevice:
    """One GPU."""

    name: str
    memory_bytes: int
    """All of it, used or not; 0 where it is not known."""


@dataclass(frozen=True, slots=True)
class Machine:
    """What a model has to run on."""

    cores: int
    """Cores this process may use."""
    memory_bytes: int
    """Memory this process may use."""
    architecture: str
    """As `uname -m` says it ("x86_64", "aarch64")."""
    cpu_features: frozenset[str] = frozenset()
    """As Linux names them ("avx2", "asimddp"); empty where it is not known."""
    cuda: tuple[CudaDevice, ...] = ()


@dataclass(frozen=True, slots=True)
class WhisperChoice:
    """A model and how it is to run."""

    model: str
    """Name as faster-whisper knows it ("small")."""
    compute_type: str
    """CTranslate2's: "int8", "float16", "int8_float16"."""
    device: str
    """"cpu" or "cuda"."""


@dataclass(frozen=True, slots=True)
class WhisperRow:
    """A line of the table: what a choice needs."""

    choice: WhisperChoice
    memory_bytes: int
    """Of the GPU for "cuda", of the machine for "cpu"."""
    cores: int = 0
    """For "cpu"; a core without fast 8-bit products counts half."""


# Best first. Memory leaves room for a language model beside it. Cores are reckoned, not measured
# with real weights: for 3 s of speech and 2 s of margin on one core, base encodes in 27 ms and
# decodes ten words in 50, small in 92 and 143; large-v3-turbo has small's decoder cost and about
# eight times its encoder.
WHISPER_TABLE = (
    WhisperRow(WhisperChoice("large-v3", "float16", "cuda"), 15 * _GIB),
    WhisperRow(WhisperChoice("large-v3-turbo", "float16", "cuda"), 5 * _GIB),
    WhisperRow(WhisperChoice("large-v3-turbo", "int8_float16", "cuda"), 3 * _GIB),
    WhisperRow(WhisperChoice("small", "int8_float16", "cuda"), 3 * _GIB // 2),
    WhisperRow(WhisperChoice("large-v3-turbo", "int8", "cpu"), 15 * _GIB, cores=16),
    WhisperRow(WhisperChoice("small", "int8", "cpu"), 7 * _GIB // 2, cores=4),
    WhisperRow(WhisperChoice("base", "int8", "cpu"), 3 * _GIB // 2, cores=2),
    WhisperRow(WhisperChoice("tiny", "int8", "cpu"), 0),
)


def whisper_choices(
    machine: Machine, table: Sequence[WhisperRow] = WHISPER_TABLE
) -> tuple[WhisperChoice, ...]:
    """Return every choice of the table that the machine can run, best first."""
    gpu_bytes = max((device.memory_bytes for device in machine.cuda), default=-1)
    cores = machine.cores
    if machine.cpu_features and not machine.cpu_features & _FAST_INT8:
        cores //= 2
    return tuple(
        row.choice
        for row in table
        if (
            gpu_bytes >= row.memory_bytes
            if row.choice.device == "cuda"
            else machine.memory_bytes >= row.memory_bytes and cores >= row.cores
        )
    )


def choose_whisper(machine: Machine, table: Sequence[WhisperRow] = WHISPER_TABLE) -> WhisperChoice:
    """Return the best choice that the machine can run; the table's last line if it can run none."""
    return (*whisper_choices(machine, table), table[-1].choice)[0]


def inspect_machine() -> Machine:
    """Look at this machine. Blocking, for up to QUERY_TIMEOUT_S where there is a GPU."""
    return Machine(
        cores=len(os.sched_getaffinity(0)),
        memory_bytes=_memory_bytes(),
        architecture=platform.machine(),
        cpu_features=_cpu_features(),
        cuda=_cuda_devices(),
    )


def _memory_bytes() -> int:
    total = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    with suppress(OSError, ValueError):  # no container, or one without a limit ("max")
        total = min(total, int(_MEMORY_LIMIT.read_text(encoding="ascii")))
    return total


def _cpu_features() -> frozenset[str]:
    try:
        found = _FEATURES.search(_CPUINFO.read_text(encoding="utf-8", errors="replace"))
    except OSError:
        return frozenset()
    return frozenset(found.group(1).split()) if found else frozenset()


def _cuda_devices() -> tuple[CudaDevice, ...]:
    """Return the GPUs that CTranslate2 can use, with what the driver says of them."""
    if not Path("/dev/nvidiactl").exists() and not Path("/dev/dxg").exists():
        return ()
    try:
        import ctranslate2  # type: ignore[import-untyped]

        count = int(ctranslate2.get_cuda_device_count())
    except (ImportError, RuntimeError):
        return ()
    known = parse_nvidia_smi(_nvidia_smi()) if count else ()
    return (*known[:count], *([CudaDevice("CUDA device", 0)] * (count - len(known))))


def _nvidia_smi() -> str:
    command = ["nvidia-smi", "--query-gpu=name,memory.total", "--format=csv,noheader,nounits"]
    try:
        return subprocess.run(
            command, capture_output=True, text=True, timeout=QUERY_TIMEOUT_S, check=True
        ).stdout
    except (OSError, subprocess.SubprocessError):
        return ""


def parse_nvidia_smi(output: str) -> tuple[CudaDevice, ...]:
    """Return the devices of nvidia-smi's "name, MiB" lines; others are left out."""
    devices = []
    for line in output.splitlines():
        name, _, memory = line.rpartition(",")
        if name and memory.strip().isdecimal():
            devices.append(CudaDevice(name.strip(), int(memory) * 1024 * 1024))
    return tuple(devices)
