"""One connected satellite: its messages become turns, and the turns' answers become messages."""

import asyncio
from collections.abc import Callable
from contextlib import suppress

import structlog

from audio.pcm import SPEECH_RATE_HZ, to_mono16
from audio.resample import Resampler
from hub.bus import Bus
from hub.conversation.endpoint import Rules
from hub.conversation.hearing import Hearing, VoiceActivity
from hub.conversation.turn import Parts, Turn
from hub.events import TurnEnded as TurnEndedFact
from hub.events import TurnStarted
from hub.rooms.directory import Directory
from protocol.errors import WireError
from protocol.schema import Message
from protocol.sotto_messages import (
    Cancel,
    Hello,
    Listen,
    Playback,
    Status,
    TurnEnded,
    Wake,
)
from protocol.stream import Link
from protocol.wyoming_audio import (
    AudioChunk,
    AudioStart,
    AudioStop,
    Played,
    VoiceStarted,
    VoiceStopped,
)
from protocol.wyoming_control import Error
from protocol.wyoming_speech import Synthesize, Transcript

log = structlog.get_logger(__name__)

LISTEN_SLACK_MS = 1000
"""Added to what the hub will listen to at most: the satellite's own limit must not come first."""


class LinkOutput:
    """Sends one turn's progress and answer to its satellite, every message with the turn's id."""

    def __init__(self, link: Link, turn: int) -> None:
        self._link = link
        self._turn = turn
        self._rate_hz = 0
        self.played = asyncio.Event()

    async def show_speech(self, *, started: bool) -> None:
        """Tell that speech was found, or that the microphone may close."""
        await self._link.send(
            VoiceStarted(turn=self._turn) if started else VoiceStopped(turn=self._turn)
        )

    async def show_transcript(self, text: str) -> None:
        """Tell what was heard."""
        await self._link.send(Transcript(text=text, turn=self._turn))

    async def show_answer(self, text: str) -> None:
        """Tell what will be said."""
        await self._link.send(Synthesize(text=text, turn=self._turn))

    async def start_audio(self, rate_hz: int) -> None:
        """Begin the answer's audio: 16 bit, mono."""
        self._rate_hz = rate_hz
        await self._link.send(AudioStart(rate=rate_hz, width=2, channels=1, turn=self._turn))

    async def play(self, audio: bytes, rate_hz: int) -> None:
        """Send a piece of the answer's audio."""
        await self._link.send(
            AudioChunk(rate=rate_hz, width=2, channels=1, audio=audio, turn=self._turn)
        )

    async def finish_audio(self) -> None:
        """End the audio, and wait until the satellite's speaker is done with it."""
        await self._link.send(AudioStop(turn=self._turn))
        await self.played.wait()


class Session:
    """One satellite that has proved itself. `run` ends when its link does."""

    def __init__(
        self,
        link: Link,
        hello: Hello,
        *,
        parts: Parts,
        activity: VoiceActivity,
        rules: Rules,
        directory: Directory,
        bus: Bus,
        language: str,
        clock: Callable[[], float],
    ) -> None:
        self.satellite = hello.satellite
        self.name = hello.name
        self.area = hello.area
        self.status: Status | None = None
        self._link = link
        self._parts = parts
        self._activity = activity
        self._rules = rules
        self._directory = directory
        self._bus = bus
        self._language = language
        self._clock = clock
        self._log = log.bind(satellite=hello.satellite)
        self._number = 0
        self._turn: Turn | None = None
        self._output: LinkOutput | None = None
        self._task: asyncio.Task[None] | None = None
        self._resampler: Resampler | None = None

    async def run(self) -> None:
        """Serve the satellite until its link ends."""
        try:
            async with asyncio.TaskGroup() as tasks:
                try:
                    async for message in self._link:
                        await self._receive(message, tasks)
                finally:
                    if self._task is not None:
                        self._task.cancel()
        except* WireError:
            pass  # the listener tells why

    async def replace(self) -> None:
        """End, because the same satellite has connected anew."""
        await self._link.close("the same satellite has connected anew")

    async def _receive(self, message: Message, tasks: asyncio.TaskGroup) -> None:
        match message:
            case AudioChunk():
                await self._hear(message)
            case AudioStop() if self._turn is not None and message.turn == self._number:
                await self._turn.hear_end()
            case Wake():
                await self._wake(message, tasks)
            case Playback(finished=True) | Played() if message.turn in (self._number, None):
                if self._output is not None:
                    self._output.played.set()
            case Cancel() if message.turn >= self._number:
                await self._cancel(message.reason)
            case Status():
                self.status = message
            case Error():
                self._log.warning("the satellite reports an error", text=message.text)
            case _:
                pass  # progress of playback, the start of audio, messages of turns long over

    async def _hear(self, chunk: AudioChunk) -> None:
        turn = self._turn
        if turn is None or chunk.turn != self._number or not turn.listening:
            return
        audio = to_mono16(chunk.audio, width=chunk.width, channels=chunk.channels)
        if chunk.rate != SPEECH_RATE_HZ:
            if self._resampler is None or self._resampler.from_hz != chunk.rate:
                self._resampler = Resampler(chunk.rate, SPEECH_RATE_HZ)
            audio = self._resampler.process(audio)
        await turn.hear(audio)

    async def _wake(self, wake: Wake, tasks: asyncio.TaskGroup) -> None:
        """Listen to whoever woke the satellite; a turn that is still going on is given up."""
        await self._cancel("woken again")
        self._number = self._directory.next_turn()
        self._resampler = None
        self._output = LinkOutput(self._link, self._number)
        self._turn = Turn(
            self._parts,
            Hearing(self._activity, self._rules),
            self._output,
            area=self.area,
            language=self._language,
            clock=self._clock,
        )
        max_ms = int(self._rules.no_speech_ms + self._rules.max_ms) + LISTEN_SLACK_MS
        await self._link.send(Listen(turn=self._number, candidate=wake.candidate, max_ms=max_ms))
        self._task = tasks.create_task(self._run_turn(self._turn, self._number))

    async def _cancel(self, reason: str) -> None:
        """End the turn under way, if there is one, and wait until it has ended."""
        task = self._task
        if task is None or task.done():
            return
        task.cancel()
        await asyncio.wait([task])
        await self._link.send(Cancel(turn=self._number, reason=reason))

    async def _run_turn(self, turn: Turn, number: int) -> None:
        self._bus.publish(TurnStarted(self.satellite, number))
        try:
            await turn.run()
        except asyncio.CancelledError:
            turn.record.outcome = "cancelled"
            raise
        except WireError:
            turn.record.outcome = "cancelled"
        except Exception:  # noqa: BLE001 - a turn that fails costs that turn, not the session
            self._log.exception("turn failed", turn=number)
            turn.record.outcome = "failed"
        finally:
            await self._end_turn(turn, number)

    async def _end_turn(self, turn: Turn, number: int) -> None:
        record, stages = turn.record, turn.timings.stages
        self._bus.publish(
            TurnEndedFact(
                self.satellite,
                number,
                record.outcome,
                record.transcript,
                record.answer,
                record.intent,
                stages,
                record.details,
            )
        )
        with suppress(WireError):
            await self._link.send(
                TurnEnded(
                    turn=number,
                    outcome=record.outcome,
                    text=record.answer,
                    stages={stage.name: [stage.start_ms, stage.end_ms] for stage in stages},
                )
            )
