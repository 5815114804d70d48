"""A room with everything in it: a sound server that echoes, the whole hub, the satellite's program.

The hub is `hub.app.Hub` itself, with its engines and a simulated home as programs of their own; it
runs here so that a test sees what it makes of what it hears.
"""

import asyncio
import json
import sys
import time
from collections.abc import Callable, Coroutine
from contextlib import AsyncExitStack, suppress
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import numpy as np
import yaml

from hub.engines.base import SpeechRequest
from hub.events import TurnEnded
from tests.hub.api.running_hub import running_hub
from tests.satellite.pulse import Pulse

START_S = 30.0
HZ = 16_000
BLOCK = 160
LOUD = 30
AS_ITS_UNIT_SAYS = ("nice", "-n", "-10")
"""`systemd/sotto-satellite.service`; where that is not allowed it runs all the same."""
WAKE_WORD = "okay_nabu"
ECHO = 0.1
"""The person is some 10 dB louder than the echo."""
NOISE = 30.0
"""Of 32,768, root mean square: -61 dBFS, a quiet room. None is silent."""


@dataclass(frozen=True, slots=True)
class Heard:
    """10 ms of what the speaker plays, when they were heard."""

    at: float
    loud: bool


@dataclass
class Room:
    """An async context: everything runs within it, and has ended after it."""

    folder: Path
    pulse: Pulse
    answers: dict[str, str]
    """What the hub answers to sentences of its owner."""
    lasts_s: float
    """How long there is noise."""
    turns: list[TurnEnded] = field(default_factory=list)
    """The hub's turns that have ended."""
    events: list[dict[str, Any]] = field(default_factory=list)
    """What the satellite tells."""
    played: list[Heard] = field(default_factory=list)
    """What the speaker plays, in order."""

    async def __aenter__(self) -> Self:
        self._news = asyncio.Event()
        self._stack = AsyncExitStack()
        try:
            async with asyncio.timeout(START_S):
                await self._start()
        except BaseException:
            await self._stack.aclose()
            raise
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self._stack.aclose()

    async def until(self, what: Callable[[], bool], limit_s: float) -> None:
        """Wait until something is so. Raises TimeoutError."""
        async with asyncio.timeout(limit_s):
            while not what():
                self._news.clear()
                await self._news.wait()

    def told(self, name: str, since: int = 0) -> list[dict[str, Any]]:
        """Return what the satellite told of one kind, from the event number `since` on."""
        return [event for event in self.events[since:] if event["event"] == name]

    async def word_times(self, text: str) -> list[tuple[int, float]]:
        """Return when words of an answer start to sound: how many until it, and its start in ms.

        The voice says some words as one: "in the".
        """
        times: dict[int, float] = {}
        chunks = self._hub._voice.port.synthesize(SpeechRequest(text, "en"))
        async for chunk in chunks:
            for word in chunk.words:
                times[len(text[: word.end].split())] = word.offset_ms
        return sorted(times.items())

    async def _start(self) -> None:
        await self.pulse.reflect(ECHO)
        noise = np.random.default_rng(5).normal(0, NOISE, int(self.lasts_s * HZ))
        await self.pulse.say(noise.astype("<i2").tobytes(), HZ)
        hub = await self._start_hub()
        satellite = await self.pulse.start(
            *AS_ITS_UNIT_SAYS,
            *(sys.executable, "-m", "satellite", "run", "--hub", hub, "--area", "Kitchen"),
            *("--wake-word", WAKE_WORD, "--events"),
        )
        assert satellite.stdout is not None
        self._stack.callback(_end, satellite)
        self._run(self._follow_events(satellite.stdout))
        recorder = await self.pulse.record(HZ)
        assert recorder.stdout is not None
        self._run(self._follow_speaker(recorder.stdout))
        await self.until(lambda: bool(self.told("connected")), START_S)
        await self.until(lambda: len(self.told("device-opened")) == 2, START_S)

    async def _start_hub(self) -> str:
        """Return where satellites connect."""
        sentences = self.folder / "sentences" / "en"
        sentences.mkdir(parents=True)
        (sentences / "own.yaml").write_text(yaml.safe_dump(_sentences(self.answers)))
        listens_on = '[conversation]\nfollow_up = "always"\nfollow_up_ms = 3000'
        api = await self._stack.enter_async_context(
            running_hub(self.folder, home=True, more=[listens_on])
        )
        self._hub = api.hub
        facts = self._stack.enter_context(self._hub._bus.subscribe())

        async def follow() -> None:
            async for fact in facts:
                if isinstance(fact, TurnEnded):
                    self.turns.append(fact)
                self._news.set()

        self._run(follow())
        return api.satellites

    async def _follow_events(self, lines: asyncio.StreamReader) -> None:
        async for line in lines:
            self.events.append(json.loads(line))
            self._news.set()

    async def _follow_speaker(self, sound: asyncio.StreamReader) -> None:
        while True:
            samples = np.frombuffer(await sound.readexactly(BLOCK * 2), dtype="<i2")
            loud = bool(np.abs(samples.astype(int)).max() > LOUD)
            self.played.append(Heard(time.monotonic(), loud))
            self._news.set()

    def _run(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)

        async def end() -> None:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task

        self._stack.push_async_callback(end)


def _end(process: asyncio.subprocess.Process) -> None:
    if process.returncode is None:
        process.terminate()


def _sentences(answers: dict[str, str]) -> dict[str, Any]:
    """Return the owner's sentences as their file has them."""
    names = [f"Own{number}" for number, _ in enumerate(answers)]
    data = {
        name: {"data": [{"sentences": [asked]}]} for name, asked in zip(names, answers, strict=True)
    }
    said = {name: {"default": answer} for name, answer in zip(names, answers.values(), strict=True)}
    return {"language": "en", "intents": data, "responses": {"intents": said}}
