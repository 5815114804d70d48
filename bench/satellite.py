"""The satellite as a whole process on a real audio stack: memory, load, start, reactions."""

import asyncio
import json
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import AsyncIterator
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
from protocol import Flush, Listen, TurnEnded
from tests.satellite.pulse import RATE as SERVER_HZ
from tests.satellite.pulse import Pulse
from tests.satellite.scripted_hub import RATE, ScriptedHub

NAME = "satellite"

STARTS, WAKES, ANSWERS = 5, 10, 10
SETTLED_S, WATCHED_S = 5.0, 20.0
LIMIT_S = 30.0
WAKE_S = 5.0
"""More than the recording of the wake word lasts."""
NOISE_DBFS = -50.0
"""A room with a fan."""
NOISE_LATENCY_MS = 200
"""Several times what the satellite asks of the microphone."""
RATE_HZ = 16_000
READY_S, LOAD_PERCENT = 1.5, 4.0
MEMORY_MB = {"off": 70.0, "on": 90.0}
LISTENING_MS, OPEN_MS, FLUSH_MS = 120.0, 60.0, 50.0
_PROGRAMS = ("pulseaudio", "pactl", "pacat")
_WORDS = {"on": "echo cancelling on", "off": "without echo cancelling"}


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

    async def until(
        self, name: str, after: int = 0, *, limit_s: float = LIMIT_S, **wanted: object
    ) -> dict[str, Any]:
        """Return the first such event from number `after` on."""
        async with asyncio.timeout(limit_s):
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
    rows = []
    for cancelling in ("off", "on"):
        memory_mb, load, starts, waits = asyncio.run(_live(cancelling))
        words = _WORDS[cancelling]
        rows.append([words, memory_mb, load, min(starts), max(starts)])
        bench.figure(
            f"memory, {words}", memory_mb, "MB", target=MEMORY_MB[cancelling], at_most=True
        )
        bench.figure(f"load, {words}", load, "%", target=LOAD_PERCENT, at_most=True)
        bench.figure(f"start to ready, {words}", median(starts), "s", target=READY_S, at_most=True)
    if waits:
        name = "wake word heard to the hub listening"
        bench.figure(f"{name}, median", median(waits), "ms", target=LISTENING_MS, at_most=True)
        bench.figure(f"{name}, p95", p95(waits), "ms")
        bench.figure("wake words heard", 100 * len(waits) / WAKES, "%", note=f"of {WAKES}")
    else:
        bench.note("No recording of the wake word: how fast it wakes was not measured.")
    opened, flushed = asyncio.run(_answers())
    name = "end of playback to the microphone open"
    bench.figure(f"{name}, p95", p95(opened), "ms", target=OPEN_MS, at_most=True)
    bench.figure("flush to silence, p95", p95(flushed), "ms", target=FLUSH_MS, at_most=True)
    bench.table("The process", ["", "MB", "% of a core", "start min s", "max s"], rows)
    bench.note(
        "Memory and load: resident size and processor time of the whole process, which listens to "
        "noise with a wake word on, connected to a hub; the sound card is PulseAudio's."
    )


async def _live(cancelling: str) -> tuple[float, float, list[float], list[float]]:
    """Return MB, percent of a core, seconds of starts, and milliseconds from wake to listening."""
    with tempfile.TemporaryDirectory() as folder:
        async with Pulse(Path(folder)) as pulse, engines() as parts, hub(parts) as teller:
            address = f"127.0.0.1:{teller.port}"
            starts = []
            for _ in range(STARTS):
                async with _satellite(pulse, address, cancelling) as one:
                    starts.append((await one.until("ready"))["at"] - one.began)
            async with _satellite(pulse, address, cancelling) as one:
                await one.until("connected")
                memory_mb, load = await _watch(pulse, one)
                return memory_mb, load, starts, await _wake(pulse, one)


async def _watch(pulse: Pulse, one: Satellite) -> tuple[float, float]:
    # As a microphone does it, in pieces as long as the satellite asks for. The sound server hands
    # on what it resamples in pieces of a sample or two, and what must be heard soon in so short
    # ones that its client library wakes 240 times a second instead of 50: a third of the load.
    noise = np.random.default_rng(1).standard_normal(int((WATCHED_S + SETTLED_S) * SERVER_HZ))
    await pulse.say(
        from_float(noise * gain_from_db(NOISE_DBFS)), SERVER_HZ, latency_ms=NOISE_LATENCY_MS
    )
    await asyncio.sleep(SETTLED_S)
    before, began = one.process.cpu_times(), time.monotonic()
    await asyncio.sleep(WATCHED_S - 1)
    after, ended = one.process.cpu_times(), time.monotonic()
    used_s = after.user + after.system - before.user - before.system
    return one.process.memory_info().rss / 1e6, 100 * used_s / (ended - began)


async def _wake(pulse: Pulse, one: Satellite) -> list[float]:
    words = [recording.path for recording in find("wake") if recording.path.stem == "okay_nabu"]
    waits: list[float] = []
    for _ in range(WAKES if words else 0):
        seen = len(one.events)
        await pulse.say(read(words[0])[1], RATE_HZ)
        try:
            wake = await one.until("wake", seen, limit_s=WAKE_S)
        except TimeoutError:
            continue  # missed: told by the count
        listening = await one.until("listening", seen)
        waits.append((listening["at"] - wake["at"]) * 1000)
        one.process.send_signal(signal.SIGUSR2)  # mutes: the turn ends
        await one.until("turn-ended", seen)
        one.process.send_signal(signal.SIGUSR2)
        await one.until("muted", seen, muted=False)
        await asyncio.sleep(2.5)  # the same word is heard again then
    return waits


async def _answers() -> tuple[list[float], list[float]]:
    """Return ms from the end of an answer to the first sound sent, and from flush to silence.

    Without echo cancelling: with it the microphone stays open.
    """
    opened, flushed = [], []
    tone = from_float(np.sin(np.arange(RATE // 2) / RATE * 2 * np.pi * 440) * 0.3)
    with tempfile.TemporaryDirectory() as folder:
        async with (
            Pulse(Path(folder)) as pulse,
            ScriptedHub() as scripted,
            _satellite(pulse, scripted.address, "off") as one,
        ):
            session = await scripted.session()
            await one.until("connected")
            for number in range(ANSWERS):
                seen, turn = len(one.events), 3 * number + 1
                await session.send(Listen(turn, None, max_ms=8000))
                await session.speak(turn, tone)
                await session.send(TurnEnded(turn, "answered", "Hm?", {}))
                await session.send(Listen(turn + 1, None, max_ms=8000))
                over = await one.until("playback-finished", seen, turn=turn)
                heard = await one.until("microphone", seen, turn=turn + 1)
                opened.append((heard["at"] - over["at"]) * 1000)
                await session.speak(turn + 1, tone * 20)
                await one.until("first-audio", seen, turn=turn + 1)
                await session.send(Flush(turn + 1))
                flush = await one.until("playback-flushed", seen)
                silent = await one.until("playback-finished", seen, turn=turn + 1)
                flushed.append((silent["at"] - flush["at"]) * 1000)
                await session.send(TurnEnded(turn + 1, "answered", "", {}))
    return opened, flushed


@asynccontextmanager
async def _satellite(pulse: Pulse, address: str, cancelling: str) -> AsyncIterator[Satellite]:
    pulse.environment["SOTTO_SATELLITE_SOUND__ECHO_CANCELLING"] = cancelling
    began = time.monotonic()
    process = await pulse.start(
        *(sys.executable, "-m", "satellite", "run", "--hub", address, "--events"),
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
