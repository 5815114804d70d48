"""A whole household on loopback, each part a process of its own: broker, home, hub, satellite."""

import asyncio
import json
import secrets
import tempfile
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, suppress
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from audio.pcm import SPEECH_RATE_HZ
from audio.voiced import last_voiced_sample
from audio.wav import read
from hub.demo.observer import Observer, Seen
from hub.demo.processes import Process, ProcessFailed

TURN_TIMEOUT_S = 60.0
DISCOVERY_PREFIX = "homeassistant"
HUB_TOPIC = "sotto-demo"
SETTLE_S = 0.3
"""What devices say in reaction to a command may come this much after the turn's end."""


@dataclass(slots=True)
class Spoken:
    """One command that was spoken into the satellite, and all that came of it.

    Times are `time.monotonic` seconds, which all processes of one machine share.
    """

    wav: Path
    end_of_speech_at: float | None = None
    """When the last voiced sample of the file was in the air."""
    listening_at: float | None = None
    transcript: str | None = None
    answer: str | None = None
    outcome: str | None = None
    first_audio_at: float | None = None
    """When the answer's first sample left the speaker."""
    finished_at: float | None = None
    answer_ms: int = 0
    stages: dict[str, Any] = field(default_factory=dict)
    """The hub's stages, [start, end] in ms since it told the satellite to listen."""
    seen: list[Seen] = field(default_factory=list)
    """What was published on MQTT meanwhile."""

    @property
    def latency_ms(self) -> float | None:
        """End of speech to the first answer audio at the speaker."""
        if self.end_of_speech_at is None or self.first_audio_at is None:
            return None
        return (self.first_audio_at - self.end_of_speech_at) * 1000

    def stage_ms(self, name: str) -> tuple[float, float] | None:
        """Return a stage's start and end in ms since the end of speech."""
        if name not in self.stages or self.end_of_speech_at is None or self.listening_at is None:
            return None
        offset_ms = (self.listening_at - self.end_of_speech_at) * 1000
        start_ms, end_ms = self.stages[name]
        return start_ms + offset_ms, end_ms + offset_ms


class Stack:
    """Broker, simulated home and hub, ready for a satellite to speak to. An async context."""

    def __init__(self, *, verbose: bool = False) -> None:
        self._verbose = verbose
        self._stack = AsyncExitStack()
        self._folder = Path()
        self._hub = ""
        self._observer: Observer | None = None

    async def __aenter__(self) -> Self:
        try:
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

    async def _start(self) -> None:
        folder = tempfile.TemporaryDirectory(prefix="sotto-demo-")
        self._folder = Path(self._stack.enter_context(folder))
        token = self._folder / "token"
        token.touch(mode=0o600)
        token.write_text(secrets.token_urlsafe(24))
        broker = await self._process("broker", "hub", "broker", "--port", "0")
        url = _last_word(await broker.wait_for_line(lambda line: "mqtt://" in line))
        host, _, port = url.removeprefix("mqtt://").partition(":")
        self._observer = Observer(host, int(port))
        await self._run_observer(self._observer)
        settings = self._folder / "hub.toml"
        settings.write_text(
            f'[satellites]\nhost = "127.0.0.1"\nport = 0\ntoken_file = "{token}"\n'
            f'discoverable = false\n[mqtt]\nurl = "{url}"\ntopic = "{HUB_TOPIC}"\n'
            # Nobody is there who could say yes when the hub asks.
            '[[policy.rules]]\nthen = "allow"\n'
            f'[store]\nurl = "sqlite:///{self._folder}/hub.db"\n'
            # What is shown must not depend on the models that happen to be on this machine.
            '[engines]\nspeech_to_text = "phrases"\ntext_to_speech = "espeak"\n'
            'language_model = "none"\n',
            encoding="utf-8",
        )
        home = await self._process("home", "hub.demo.simulated_home", "--broker", url)
        hub = await self._process("hub", "hub", "serve", "--config", str(settings))
        await home.wait_for_line(lambda line: line == "ready")
        self._hub = _last_word(await hub.wait_for_line(lambda line: "Satellites:" in line))
        await hub.wait_for_line(lambda line: line.startswith("Ready"))

    async def _process(self, name: str, *arguments: str) -> Process:
        process = await Process.start(name, *arguments, cwd=self._folder, verbose=self._verbose)
        self._stack.push_async_callback(process.end)
        return process

    async def _run_observer(self, observer: Observer) -> None:
        task = asyncio.create_task(observer.run(), name="observer")

        async def end() -> None:
            task.cancel()
            await asyncio.wait([task])

        self._stack.push_async_callback(end)
        async with asyncio.timeout(5):
            await observer.ready.wait()

    async def speak(
        self, wavs: Sequence[Path], answers: Path, *, area: str
    ) -> AsyncIterator[Spoken]:
        """Speak each file in real time, one after another; yield what came of it.

        The answer to the first is left as `answers`/1.wav, and so on. Raises ProcessFailed.
        """
        arguments = ["run", "--hub", self._hub, "--token-file", str(self._folder / "token")]
        arguments += ["--name", "Demo", "--area", area, "--events"]
        arguments += ["--speaker", f"wav:{answers}/"]
        for wav in wavs:
            arguments += ["--wav", str(wav.resolve())]
        satellite = await self._process("satellite", "satellite", *arguments)
        try:
            spoken = 0
            events = satellite.lines()
            for wav in wavs:
                async with asyncio.timeout(TURN_TIMEOUT_S):
                    turn = await _follow(Spoken(wav), events)
                if turn.finished_at is None and turn.outcome is None:
                    break
                await asyncio.sleep(SETTLE_S)
                self._add_seen(turn)
                spoken += 1
                yield turn
            if spoken < len(wavs):
                await satellite.wait(5)
                raise ProcessFailed(
                    f"The satellite ended after {spoken} of {len(wavs)} commands.\n"
                    f"{satellite.log_tail}"
                )
        except TimeoutError:
            raise ProcessFailed(
                f"A turn did not end within {TURN_TIMEOUT_S:g} s.\n{satellite.log_tail}"
            ) from None
        finally:
            await satellite.end()

    def _add_seen(self, turn: Spoken) -> None:
        if self._observer is not None and turn.listening_at is not None:
            end = (turn.finished_at or turn.listening_at) + SETTLE_S
            turn.seen = self._observer.between(
                turn.listening_at, end, discovery_prefix=DISCOVERY_PREFIX, hub_topic=HUB_TOPIC
            )


async def _follow(turn: Spoken, lines: AsyncIterator[str]) -> Spoken:
    """Fill in what the satellite tells of one turn, until it is over and quiet."""
    over = playing = False
    async for line in lines:
        with suppress(ValueError):
            event = json.loads(line)
            name, at = event.get("event"), event.get("at", 0.0)
            match name:
                case "listening":
                    turn.listening_at = at
                case "microphone":
                    turn.end_of_speech_at = _end_of_speech(turn.wav, at, event["clip_sample"])
                case "transcript":
                    turn.transcript = event["text"]
                case "answer":
                    turn.answer = event["text"]
                case "first-audio":
                    turn.first_audio_at, playing = at, True
                case "playback-finished":
                    turn.finished_at, playing = at, False
                    turn.answer_ms = event["position_ms"]
                case "turn-ended":
                    turn.outcome, turn.stages, over = event["outcome"], event["stages"], True
            if over and not playing:
                return turn
    return turn


def _end_of_speech(wav: Path, at: float, clip_sample: int) -> float:
    """Return when the last voiced sample was in the air, from the time of one sample."""
    rate_hz, audio = read(wav)
    end_s = last_voiced_sample(audio, rate_hz=rate_hz) / rate_hz
    return at + end_s - clip_sample / SPEECH_RATE_HZ


def _last_word(line: str) -> str:
    return line.rsplit(maxsplit=1)[-1]
