"""The satellite as a whole process on a real audio stack: memory, load, start, reactions."""

import asyncio
import json
import shutil
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import numpy as np
import psutil

from audio.pcm import from_float, gain_from_db
from audio.wav import read
from bench.harness import Bench, median, p95
from bench.speech import find
from bench.storyteller import engines, hub
from hub.events import TurnStarted
from tests.satellite.pulse import Pulse

NAME = "satellite"

STARTS = 5
WAKES = 10
WATCHED_S = 20.0
SETTLED_S = 5.0
LIMIT_S = 30.0
NOISE_DBFS = -50.0
"""A room with a fan."""
RATE_HZ = 16_000
READY_S = 1.5
LOAD_PERCENT = 4.0
MEMORY_MB = {"on": 90.0, "off": 70.0}
LISTENING_MS = 120.0
OPEN_MS, FLUSH_MS = 60.0, 50.0
_PROGRAMS = ("pulseaudio", "pactl", "pacat")


class Satellite:
    """The real program, and what it says happens."""

    def __init__(self, process: asyncio.subprocess.Process, began: float) -> None:
        self._process = process
        self.began = began
        self.events: list[dict[str, Any]] = []
        self._more = asyncio.Event()

    @property
    def process(self) -> psutil.Process:
        return psutil.Process(self._process.pid)

    async def read(self) -> None:
        assert self._process.stdout is not None
        async for line in self._process.stdout:
            self.events.append(json.loads(line))
            self._more.set()

    async def until(self, name: str, after: int = 0, **wanted: object) -> dict[str, Any]:
        """Return the first such event from number `after` on."""
        async with asyncio.timeout(LIMIT_S):
            while True:
                for event in self.events[after:]:
                    if event["event"] == name and wanted.items() <= event.items():
                        return event
                self._more.clear()
                await self._more.wait()


def run(bench: Bench) -> None:
    missing = [program for program in _PROGRAMS if shutil.which(program) is None]
    if missing:
        bench.skip(f"no {', '.join(missing)}: install pulseaudio and pulseaudio-utils")
        return
    asyncio.run(_measure(bench))


async def _measure(bench: Bench) -> None:
    rows = []
    for cancelling in ("off", "on"):
        with tempfile.TemporaryDirectory() as folder:
            async with Pulse(Path(folder)) as pulse, engines() as parts, hub(parts) as teller:
                starts = []
                for _ in range(STARTS):
                    async with _satellite(pulse, teller.port, cancelling) as one:
                        ready = await one.until("ready")
                        starts.append(ready["at"] - one.began)
                async with _satellite(pulse, teller.port, cancelling) as one:
                    await one.until("connected")
                    memory_mb, load = await _watch(pulse, one)
                    if cancelling == "on":
                        await _react(bench, pulse, one, teller.facts)
        words = "echo cancelling on" if cancelling == "on" else "without it"
        target = MEMORY_MB[cancelling]
        bench.figure(f"memory, {words}", memory_mb, "MB", target=target, at_most=True)
        bench.figure(f"load, {words}", load, "%", target=LOAD_PERCENT, at_most=True)
        bench.figure(f"start to ready, {words}", median(starts), "s", target=READY_S, at_most=True)
        rows.append([words, memory_mb, load, min(starts), max(starts)])
    bench.table("The process", ["", "MB", "% of a core", "start min s", "max s"], rows)
    bench.note(
        "Listens to noise with a wake word on, connected to a hub; resident memory of the whole "
        "process; PulseAudio's null sinks are the sound card."
    )


async def _watch(pulse: Pulse, one: Satellite) -> tuple[float, float]:
    """Return resident MB and percent of a core while it listens to noise."""
    noise = np.random.default_rng(1).standard_normal(int((WATCHED_S + SETTLED_S) * RATE_HZ))
    await pulse.say(from_float(noise * gain_from_db(NOISE_DBFS)), RATE_HZ)
    await asyncio.sleep(SETTLED_S)
    process = one.process
    before, began = process.cpu_times(), time.monotonic()
    await asyncio.sleep(WATCHED_S - 1)
    after, ended = process.cpu_times(), time.monotonic()
    used_s = after.user + after.system - before.user - before.system
    return process.memory_info().rss / 1e6, 100 * used_s / (ended - began)


async def _react(bench: Bench, pulse: Pulse, one: Satellite, facts: Sequence[object]) -> None:
    """Wake it, let it speak, and interrupt it."""
    words = [recording.path for recording in find("wake") if "okay_nabu" in recording.path.stem]
    if not words:
        bench.note("No recording of the wake word: its reactions were not measured.")
        return
    _, word = read(words[0])
    waits = []
    for _ in range(WAKES):
        seen, facts_seen = len(one.events), len(facts)
        await pulse.say(word, RATE_HZ)
        wake = await one.until("wake", seen)
        await one.until("listening", seen)
        started = next(f for f in facts[facts_seen:] if isinstance(f, TurnStarted))
        del started
        listening = next(e for e in one.events[seen:] if e["event"] == "listening")
        waits.append((listening["at"] - wake["at"]) * 1000)
        one.process.send_signal(12)  # USR2 mutes: the turn ends
        await one.until("turn-ended", seen)
        one.process.send_signal(12)
        await one.until("muted", seen, muted=False)
    bench.figure("wake word heard to listening, median", median(waits), "ms",
                 target=LISTENING_MS, at_most=True)  # fmt: skip
    bench.figure("wake word heard to listening, p95", p95(waits), "ms")


@asynccontextmanager
async def _satellite(pulse: Pulse, port: int, cancelling: str) -> AsyncIterator[Satellite]:
    if cancelling == "on":
        pulse.environment["SOTTO_SATELLITE_SOUND__ECHO_CANCELLING"] = cancelling
    pulse.environment["OPENBLAS_NUM_THREADS"] = "1"
    began = time.monotonic()
    process = await pulse.start(
        *(sys.executable, "-m", "satellite", "run", "--hub", f"127.0.0.1:{port}", "--events"),
        *("--wake-word", "okay_nabu"),
    )
    one = Satellite(process, began)
    reading = asyncio.create_task(one.read())
    try:
        yield one
    finally:
        if process.returncode is None:
            process.terminate()
        await process.wait()
        await reading
