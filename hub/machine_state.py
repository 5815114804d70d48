"""How the machine is at the moment: what is used of it, and how warm its GPUs are."""

import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

import psutil

QUERY_TIMEOUT_S = 3.0
"""A driver that hangs must not keep somebody waiting."""
_MIB = 1024**2
_QUERY = "name,memory.used,memory.total,utilization.gpu,temperature.gpu"


@dataclass(frozen=True, slots=True)
class GpuState:
    """One GPU. What its driver does not tell is None."""

    name: str
    memory_used_bytes: int | None
    memory_bytes: int | None
    used_percent: float | None
    celsius: float | None


@dataclass(frozen=True, slots=True)
class MachineState:
    """The machine and the hub on it."""

    cores: int
    cpu_percent: float
    """Of all cores, over a tenth of a second."""
    load: float
    """Programs that computed or waited to, over the last minute."""
    memory_bytes: int
    memory_free_bytes: int
    """What programs could still have."""
    disk_bytes: int
    disk_free_bytes: int
    """Where the hub keeps things."""
    hub_memory_bytes: int
    """What the hub takes, without its engines."""
    gpus: tuple[GpuState, ...] = ()


def look(folder: Path) -> MachineState:
    """Look at the machine; `folder` is on the disk that matters. Blocks, for QUERY_TIMEOUT_S where
    there is a GPU."""
    memory = psutil.virtual_memory()
    there = next((one for one in (folder, *folder.parents) if one.exists()), Path("/"))
    disk = shutil.disk_usage(there)
    return MachineState(
        cores=len(os.sched_getaffinity(0)),
        cpu_percent=psutil.cpu_percent(interval=0.1),
        load=round(os.getloadavg()[0], 2),
        memory_bytes=memory.total,
        memory_free_bytes=memory.available,
        disk_bytes=disk.total,
        disk_free_bytes=disk.free,
        hub_memory_bytes=psutil.Process().memory_info().rss,
        gpus=parse(_nvidia_smi()),
    )


def parse(output: str) -> tuple[GpuState, ...]:
    """Return what nvidia-smi tells, a line for each GPU; other lines are left out."""
    found = []
    for line in output.splitlines():
        fields = [field.strip() for field in line.rsplit(",", 4)]
        if len(fields) == 5 and fields[0]:
            used, total, busy, celsius = (_number(field) for field in fields[1:])
            found.append(GpuState(fields[0], _bytes(used), _bytes(total), busy, celsius))
    return tuple(found)


def _nvidia_smi() -> str:
    program = shutil.which("nvidia-smi")
    if program is None:
        return ""
    command = [program, f"--query-gpu={_QUERY}", "--format=csv,noheader,nounits"]
    try:
        return subprocess.run(
            command, capture_output=True, text=True, timeout=QUERY_TIMEOUT_S, check=True
        ).stdout
    except (OSError, subprocess.SubprocessError):
        return ""


def _number(field: str) -> float | None:
    try:
        return float(field)
    except ValueError:  # "[N/A]"
        return None


def _bytes(mebibytes: float | None) -> int | None:
    return None if mebibytes is None else round(mebibytes * _MIB)
