"""Engines in their processes, as the hub runs them, and what these cost."""

import asyncio
import importlib
import multiprocessing
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil

from bench.harness import median
from hub.engines.host import EngineProcess

STARTS = 3
"""Of each engine, for its load time."""

_MADE_LIMIT_S = 60.0


@dataclass(frozen=True, slots=True)
class Hosted:
    """A running engine that has its configuration."""

    process: EngineProcess
    load_s: float
    """From nothing to ready: the process, its libraries, its model. The median of STARTS."""
    memory_mb: float
    """Resident after loading, with the processes that it has started."""

    def peak_mb(self) -> float:
        """Return the most that was resident so far."""
        return sum(_status_mb(pid, "VmHWM") for pid in _family(self.process))


@asynccontextmanager
async def hosted(engine: str, values: dict[str, Any]) -> AsyncIterator[Hosted]:
    """Start an engine STARTS times; keep the last one. Raises EngineError."""
    took = []
    for _ in range(STARTS - 1):
        async with _running(engine, values) as (_, load_s):
            took.append(load_s)
    async with _running(engine, values) as (process, load_s):
        memory_mb = sum(_status_mb(pid, "VmRSS") for pid in _family(process))
        yield Hosted(process, median([*took, load_s]), memory_mb)


@asynccontextmanager
async def _running(
    engine: str, values: dict[str, Any]
) -> AsyncIterator[tuple[EngineProcess, float]]:
    process = EngineProcess(engine)
    began_s = time.perf_counter()
    running = asyncio.create_task(process.run())
    try:
        await process.configure(values)
        yield process, time.perf_counter() - began_s
    finally:
        running.cancel()
        await asyncio.wait([running])


def in_hub(maker: str, *arguments: Any) -> tuple[float, float]:
    """Return how long "module:name" takes to make what it makes, imports and all, and its MB.

    It happens in a fresh process. The memory is what the process grew by.
    """
    took, grown = [], []
    for _ in range(STARTS):
        with multiprocessing.get_context("spawn").Pool(1) as pool:
            load_s, memory_mb = pool.apply_async(_made, (maker, arguments)).get(_MADE_LIMIT_S)
        took.append(load_s)
        grown.append(memory_mb)
    return median(took), median(grown)


def _made(maker: str, arguments: tuple[Any, ...]) -> tuple[float, float]:
    before_mb, began_s = _status_mb(None, "VmRSS"), time.perf_counter()
    module, name = maker.split(":")
    made = getattr(importlib.import_module(module), name)(*arguments)
    load_s = time.perf_counter() - began_s
    grown_mb = _status_mb(None, "VmRSS") - before_mb
    del made
    return load_s, grown_mb


def _family(process: EngineProcess) -> list[int]:
    assert process.pid is not None, "it runs"
    parent = psutil.Process(process.pid)
    return [process.pid, *(child.pid for child in parent.children(recursive=True))]


def _status_mb(pid: int | None, field: str) -> float:
    """Return a size from /proc/PID/status; 0 of a process that has just ended."""
    with suppress(FileNotFoundError, ProcessLookupError):
        lines = Path(f"/proc/{pid or 'self'}/status").read_text(encoding="ascii").splitlines()
        sizes = [line.split()[1] for line in lines if line.startswith(f"{field}:")]
        return int(sizes[0]) * 1024 / 1e6
    return 0.0
