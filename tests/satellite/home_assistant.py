"""A peer that follows Home Assistant's rules for Wyoming satellites, on the wyoming package.

It keeps book of everything that it hears, and fails where Home Assistant would be at a loss.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from functools import partial

import numpy as np
from wyoming.asr import Transcribe, Transcript
from wyoming.audio import AudioChunk, AudioStart, AudioStop
from wyoming.client import AsyncTcpClient
from wyoming.error import Error
from wyoming.event import Event, Eventable
from wyoming.info import Describe, Info
from wyoming.ping import Ping, Pong
from wyoming.pipeline import PipelineStage, RunPipeline
from wyoming.satellite import PauseSatellite, RunSatellite
from wyoming.tts import Synthesize
from wyoming.vad import VoiceStarted, VoiceStopped
from wyoming.wake import Detection

# It waits no longer. What this process was held up meanwhile, on a busy machine, does not count.
INFO_TIMEOUT_S = 1.0
LATE_S = 0.5
LOOK_S = 0.01
MOST_LATE_S = 0.05
PING_DELAY_S = 2.0
SILENCE_S = 5.0
PATIENCE_S = 60.0
RATE = 22_050
CHUNK_BYTES = 2048
# It knows no others as a stage of a satellite's run.
STAGES = {PipelineStage.WAKE, PipelineStage.ASR, PipelineStage.HANDLE, PipelineStage.TTS}
KNOWN = {
    "info",
    "ping",
    "pong",
    "run-pipeline",
    "detection",
    "audio-chunk",
    "audio-stop",
    "played",
}


class Broken(AssertionError):
    """The satellite broke a rule."""


@dataclass
class Answer:
    """What a run comes to."""

    text: str = "Done."
    audio: bytes = bytes(RATE)
    """pcm16 at 22050 Hz, sent as fast as the socket takes it."""
    transcript: str = "do it"
    listen_s: float = 1.0
    """Speech that is waited for."""
    error: str | None = None
    """Code of the error that takes the place of the answer."""
    silent: bool = False
    """Say nothing at all once the run is begun."""


@dataclass
class Run:
    """One run, as it was seen."""

    request: RunPipeline
    wake_word: str | None
    at: float
    audio: bytearray = field(default_factory=bytearray)
    stopped: bool = False
    over: bool = False


class HomeAssistant:
    """One Home Assistant."""

    def __init__(self, port: int, *, answers: Sequence[Answer] = ()) -> None:
        self.port = port
        self.answers = list(answers)
        self.seen: list[tuple[float, Event]] = []
        self.runs: list[Run] = []
        self.info: Info | None = None
        self.pings = 0
        self.may_end = False
        """Whether the satellite may close the connection."""
        self.sent_at: dict[str, float] = {}
        self._client: AsyncTcpClient | None = None
        self._wake_word: str | None = None
        self._moved = asyncio.Event()
        self._writing = asyncio.Lock()
        self._tasks: set[asyncio.Task[None]] = set()

    async def describe(self) -> Info:
        """Ask on a connection of its own, as when it is found."""
        asking = asyncio.create_task(self._describe())
        try:
            await within(INFO_TIMEOUT_S, asking.done, partial(_look_at, asking))
            return asking.result()
        finally:
            asking.cancel()
            await asyncio.wait([asking])

    async def _describe(self) -> Info:
        async with AsyncTcpClient("127.0.0.1", self.port) as client:
            await client.write_event(Describe().event())
            while event := await client.read_event():
                if Info.is_type(event.type):
                    return Info.from_event(event)
        raise Broken("the satellite closed the connection instead of saying what it is")

    async def describe_soon(self) -> Info:
        """Ask as soon as the satellite listens."""
        await (await connect(self.port)).disconnect()
        return await self.describe()

    @asynccontextmanager
    async def connected(self) -> AsyncIterator["HomeAssistant"]:
        """Run the satellite; a rule that it breaks is raised here."""
        client = self._client = await connect(self.port)
        try:
            async with asyncio.TaskGroup() as group:
                reading = group.create_task(self._read(client))
                await self.write(RunSatellite())
                await self.write(Describe())
                pinging = group.create_task(self._ping())
                yield self
                reading.cancel()
                pinging.cancel()
        finally:
            for task in list(self._tasks):
                task.cancel()
            if self._tasks:
                await asyncio.wait(self._tasks)
            await client.disconnect()
            self._client = None

    async def write(self, *events: Eventable) -> None:
        for event in events:
            assert self._client is not None
            async with self._writing:
                await self._client.write_event(event.event())

    async def pause(self) -> None:
        await self.write(PauseSatellite())

    async def announce(self, audio: bytes) -> None:
        """Announce, and wait until it was played or should have been."""
        before = self.count("played")
        await self.speak(audio)
        await self.until(
            lambda: self.count("played") > before, len(audio) / 2 / RATE + LATE_S, "played"
        )

    async def speak(self, audio: bytes, *, rate: int = RATE, width: int = 2) -> None:
        """Send audio unpaced."""
        await self.write(AudioStart(rate=rate, width=width, channels=1, timestamp=0))
        await self.stream(audio, rate=rate, width=width)
        await self.write(AudioStop())

    async def stream(self, audio: bytes, *, rate: int = RATE, width: int = 2) -> None:
        for begin in range(0, len(audio), CHUNK_BYTES):
            piece = audio[begin : begin + CHUNK_BYTES]
            await self.write(AudioChunk(rate=rate, width=width, channels=1, audio=piece))

    def of(self, kind: str) -> list[Event]:
        return [event for _, event in self.seen if event.type == kind]

    def times(self, kind: str) -> list[float]:
        return [at for at, event in self.seen if event.type == kind]

    def count(self, kind: str) -> int:
        return len(self.of(kind))

    async def until(
        self, reached: Callable[[], bool], limit_s: float = PATIENCE_S, what: str = ""
    ) -> None:
        async def look() -> None:
            self._moved.clear()
            with suppress(TimeoutError):
                async with asyncio.timeout(LOOK_S):
                    await self._moved.wait()

        try:
            await within(limit_s, reached, look)
        except TimeoutError:
            seen = [event.type for _, event in self.seen if event.type != "audio-chunk"]
            raise Broken(f"waited {limit_s:g} s for {what or 'something'}; heard {seen}") from None

    async def _ping(self) -> None:
        while True:
            pongs = self.count("pong")
            await asyncio.sleep(PING_DELAY_S)
            self.pings += 1
            try:
                await self.write(Ping())
            except ConnectionError:
                return  # whoever reads hears of the same end
            await self.until(lambda: self.count("pong") > pongs, SILENCE_S, "a pong")  # noqa: B023

    async def _read(self, client: AsyncTcpClient) -> None:
        while True:
            try:
                async with asyncio.timeout(SILENCE_S):
                    event = await client.read_event()
            except ConnectionError:
                event = None
            except TimeoutError:
                raise Broken(f"nothing was heard for {SILENCE_S:g} s") from None
            if event is None and self.may_end:
                return
            if event is None:
                raise ConnectionResetError("the satellite has closed the connection")
            self.seen.append((time.monotonic(), event))
            await self._take(event)
            self._moved.set()

    async def _take(self, event: Event) -> None:
        if event.type not in KNOWN:
            raise Broken(f"Home Assistant does not know {event.type}")
        if Ping.is_type(event.type):
            await self.write(Pong(text=Ping.from_event(event).text))
        elif Info.is_type(event.type):
            self.info = Info.from_event(event)
        elif Detection.is_type(event.type):
            self._wake_word = Detection.from_event(event).name
        elif RunPipeline.is_type(event.type):
            self._begin(RunPipeline.from_event(event))
        elif AudioChunk.is_type(event.type):
            self._hear(AudioChunk.from_event(event))
        elif AudioStop.is_type(event.type) and self.runs:
            self.runs[-1].stopped = True

    def _begin(self, request: RunPipeline) -> None:
        if not {request.start_stage, request.end_stage} <= STAGES:
            raise Broken(f"no stages of a satellite's run: {request}")
        for run in self.runs:
            run.over = True
        run = Run(request, self._wake_word, time.monotonic())
        self._wake_word = None
        self.runs.append(run)
        answer = self.answers.pop(0) if self.answers else Answer()
        task = asyncio.create_task(self._work(run, answer))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def _hear(self, chunk: AudioChunk) -> None:
        if not self.runs:
            raise Broken("audio before any run")
        if (chunk.rate, chunk.width, chunk.channels) != (16_000, 2, 1):
            raise Broken(f"audio of another format: {chunk}")
        self.runs[-1].audio += chunk.audio

    async def _work(self, run: Run, answer: Answer) -> None:
        """Work on a run, until another begins."""
        if answer.error == "duplicate_wake_up_detected":
            await self.write(Error("duplicate", answer.error))
            return
        if answer.silent:
            return
        await self.write(Transcribe(language="en"))
        wanted = int(answer.listen_s * 32_000)
        await self.until(lambda: len(run.audio) >= wanted or run.stopped or run.over, what="speech")
        if run.over:
            return
        await self.write(VoiceStarted(timestamp=0), VoiceStopped(timestamp=1000))
        if answer.error is not None:
            await self.write(Error(f"it failed: {answer.error}", answer.error))
            return
        await self.write(Transcript(text=answer.transcript))
        if run.request.end_stage is not PipelineStage.TTS or not answer.text:
            return
        await self.write(Synthesize(text=answer.text))
        self.sent_at[answer.text] = time.monotonic()
        await self.speak(answer.audio)


async def within(
    limit_s: float, reached: Callable[[], bool], look: Callable[[], Awaitable[object]]
) -> None:
    """Look again and again, each time for a moment. Raises TimeoutError after so much time."""
    took_s = 0.0
    while not reached():
        if took_s >= limit_s:
            raise TimeoutError
        began, worked = time.monotonic(), time.process_time()
        await look()
        held_up_s = min(time.monotonic() - began, MOST_LATE_S)
        took_s += max(held_up_s, time.process_time() - worked)  # it may itself have held all up


async def _look_at(task: asyncio.Task[Info]) -> None:
    await asyncio.wait([task], timeout=LOOK_S)


async def connect(port: int, limit_s: float = PATIENCE_S) -> AsyncTcpClient:
    """Connect as soon as the satellite listens."""
    async with asyncio.timeout(limit_s):
        while True:
            client = AsyncTcpClient("127.0.0.1", port)
            try:
                await client.connect()
            except ConnectionError:
                # Home Assistant tries again after ten seconds; nobody else tells when it listens.
                await asyncio.sleep(0.05)
            else:
                return client


def tone(seconds: float, hz: float = 440.0, *, rate: int = RATE) -> bytes:
    """Return pcm16."""
    times = np.arange(int(seconds * rate)) / rate
    return (np.sin(2 * np.pi * hz * times) * 12_000).astype("<i2").tobytes()
