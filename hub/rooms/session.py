"""One connected satellite: its messages become turns, and the turns' answers become messages."""

import asyncio
from collections import deque
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from typing import Any

import structlog

from audio.pcm import FormatError
from hub.announcing import Fate
from hub.conversation.answering import Opening
from hub.conversation.ear import Ear
from hub.conversation.turn import Turn
from hub.events import LevelTold, SatelliteChanged, TimerHeard
from hub.rooms.arbitration import answers
from hub.rooms.arrival import Arrival
from hub.rooms.changing import Changing
from hub.rooms.ending import ended, told
from hub.rooms.house import House
from hub.rooms.lasting_link import SatelliteLink
from hub.rooms.link_output import LinkOutput
from hub.rooms.opening import Begin, listening, taken, woken
from hub.rooms.progress import Progress
from hub.rooms.saying import Noting, Saying
from hub.rooms.setting import began, setting_of
from hub.rooms.succession import successor
from protocol.errors import WireError
from protocol.live_setting import LiveSetting
from protocol.loudness_messages import Meter
from protocol.schema import Message
from protocol.sotto_messages import (
    Cancel,
    Hello,
    Playback,
    SettingsTaken,
    StandDown,
    Status,
    Wake,
)
from protocol.wyoming_audio import AudioChunk, AudioStop, Played
from protocol.wyoming_control import Error, TimerCancelled

log = structlog.get_logger(__name__)

MAX_WAITING = 8
"""Wakes that wait to be served; the oldest are overtaken by the newer ones."""
END_TIMEOUT_S = 2.0
"""A turn that is cancelled ends within this time, whatever hangs."""


class Session:
    """One satellite that has proved itself. `run` ends when its link does."""

    def __init__(self, link: SatelliteLink, hello: Hello, house: House) -> None:
        self.satellite = hello.satellite
        self.name = hello.name
        self.area = hello.area
        self.person = hello.person
        self.status: Status | None = None
        self._link = link
        self._features = frozenset(hello.features)
        self._changing = Changing(self._features)
        self._house = house
        self._log = log.bind(satellite=hello.satellite)
        self._number = 0
        self._oldest = 0  # turns from this one on send to the ear that is open
        self._ear: Ear | None = None
        self._arrival = Arrival()
        self._outputs: dict[int, LinkOutput] = {}
        self._begins: deque[Begin] = deque(maxlen=MAX_WAITING)
        self._begun = asyncio.Event()
        self._turns: asyncio.Task[None] | None = None
        self._sayings: set[Saying] = set()
        self._saying: Saying | None = None  # what is being said, or asked
        self._ended = False

    async def run(self) -> None:
        """Serve the satellite until its link ends."""
        try:
            async with asyncio.TaskGroup() as tasks:
                conducting = tasks.create_task(self._conduct(tasks))
                try:
                    async for message in self._link:
                        await self._receive(message)
                finally:
                    conducting.cancel()
                    if self._turns is not None:
                        self._turns.cancel()
                    self._house.arbiter.forget(self.satellite)
                    self._changing.end()
                    self._ended = True
                    for saying in self._sayings:
                        saying.end(Fate.UNREACHABLE)
        except* WireError:
            pass  # the listener tells why

    async def rest(self) -> None:
        """Wait until no turn is going on, nor about to begin."""
        while not self.at_rest or self._begins:
            await (asyncio.sleep(0) if self._turns is None else asyncio.wait([self._turns]))
            await asyncio.sleep(0)

    async def say(self, saying: Saying) -> Fate | None:
        """Say something unasked, in the place of what goes on; return what became of it.

        None: something else came before it began.
        """
        if self._ended:
            return Fate.UNREACHABLE
        self._sayings.add(saying)
        try:
            self.begin(Begin(Opening.FOLLOW_UP, text=saying.text, saying=saying))
            return await saying.over()
        except asyncio.CancelledError:
            self.stop(saying)
            raise
        finally:
            self._sayings.discard(saying)

    def stop(self, saying: Saying | None = None) -> None:
        """Fall silent: end what goes on, or only `saying` if it is what is being said."""
        if saying is not None:
            self._begins = deque((b for b in self._begins if b.saying is not saying), MAX_WAITING)
            if self._saying is not saying:
                return
        if self._turns is not None:
            self._turns.cancel()

    async def set(self, values: Mapping[str, Any]) -> Mapping[str, Any]:
        """Change the satellite's settings; return what holds. Raises WireError, NotChanged."""
        return await self._changing.change(self._link, values)

    async def identify(self, seconds: float) -> bool:
        """Have it show which one it is; False: it can not. Raises WireError."""
        return await self._changing.identify(self._link, seconds)

    async def tell(self, *messages: Message) -> None:
        """Send what concerns no turn. Raises WireError."""
        for message in messages:
            await self._link.send(message)

    async def replace(self) -> None:
        """End, because the same satellite has connected anew."""
        await self._link.close("the same satellite has connected anew")

    @property
    def at_rest(self) -> bool:
        """Whether no turn is going on."""
        return self._turns is None or self._turns.done()

    @property
    def settings(self) -> Sequence[LiveSetting]:
        """What can be changed, with what holds."""
        return self._changing.settings

    @property
    def hears_wake_words(self) -> bool:
        """Whether it could have heard a wake word just now."""
        muted = self.status is not None and self.status.muted
        return not muted and not self._link.closed

    def begin(self, begin: Begin) -> None:
        """Begin a turn as soon as the one under way has been given up."""
        if len(self._begins) == MAX_WAITING and (dropped := self._begins[0].saying) is not None:
            dropped.end(None)
        self._begins.append(begin)
        self._begun.set()

    async def _receive(self, message: Message) -> None:
        match message:
            case AudioChunk():
                await self._hear(message)
            case AudioStop() if self._ear is not None and message.turn == self._number:
                self._ear.end()
            case Wake():
                self.begin(woken(message))
            case Playback():
                self._report(message.turn, message)
            case Played():
                self._report(message.turn, None)
            case Cancel() if message.turn >= self._number:
                if self._turns is not None:
                    self._turns.cancel()
            case Status():
                self.status = message
                self._changing.follow(message)
                self._house.bus.publish(SatelliteChanged(self.satellite))
            case _:
                self._note(message)

    def _note(self, message: Message) -> None:
        """Take what concerns no turn."""
        match message:
            case SettingsTaken():
                self._changing.taken(message)
            case Meter(level_dbfs=level, noise_dbfs=noise, signal_dbm=dbm, signal=signal):
                self._house.bus.publish(LevelTold(self.satellite, level, noise, dbm, signal))
            case TimerCancelled(id=timer):
                self._house.bus.publish(TimerHeard(self.satellite, timer))
            case Error():
                self._log.warning("the satellite reports an error", text=message.text)
            case _:
                pass  # the start of audio, messages of turns long over

    async def _hear(self, chunk: AudioChunk) -> None:
        if self._ear is None or self._ear.closed or chunk.turn is None:
            return
        if not self._oldest <= chunk.turn <= self._number:
            return
        try:
            audio = self._arrival.take(chunk)
        except FormatError as error:
            self._log.warning("audio that can not be heard", error=str(error))
            return
        ear = self._ear
        await ear.hear(audio)
        if ear.closed and chunk.turn >= self._oldest:
            # It was taken over while this waited: the next turn hears on.
            await self._ear.hear(audio)

    def _report(self, turn: int | None, playback: Playback | None) -> None:
        output = self._outputs.get(self._number if turn is None else turn)
        if output is not None:
            output.report(playback)

    async def _conduct(self, tasks: asyncio.TaskGroup) -> None:
        """Begin turns, one after the other; a new one ends the one before."""
        while True:
            while not self._begins:
                self._begun.clear()
                await self._begun.wait()
            begin = self._begins.popleft()
            if begin.wake is not None and not await answers(
                self._house, self.satellite, begin.wake
            ):
                await self._link.send(
                    StandDown(candidate=begin.wake.candidate, reason="another satellite answers")
                )
                continue
            if begin.saying is not None and not self.at_rest:
                if not begin.saying.urgent:
                    begin.saying.end(None)
                    continue
                if self._saying is not None:
                    self._saying.end(None)  # nobody wanted it to end: it comes again
            await self._give_up(begin.opening.value)
            self._turns = tasks.create_task(self._take_turns(begin))

    async def _give_up(self, reason: str) -> None:
        """End the turn under way, if there is one."""
        task = self._turns
        if task is None or task.done():
            return
        task.cancel()
        await asyncio.wait([task], timeout=END_TIMEOUT_S)
        await self._link.send(Cancel(turn=self._number, reason=reason))

    async def _take_turns(self, begin: Begin | None) -> None:
        """Take a turn and those that follow from it: interruptions, follow-ups."""
        saying = None
        try:
            while begin is not None:
                saying = begin.saying
                begin = await self._take_turn(begin)
        finally:
            if saying is not None:  # what ended between a question and its answer
                saying.end(Fate.STOPPED)
            # One that did not end in time is overtaken: the ear is that of the next turn.
            if self._ear is not None and self._turns is asyncio.current_task():
                self._ear.close()

    async def _take_turn(self, begin: Begin) -> Begin | None:
        house, room, saying = self._house, self.area or self.satellite, begin.saying
        parts = house.parts
        if saying is not None and begin.text is None:
            parts = replace(parts, mind=Noting(parts.mind, saying))
        self._saying = saying
        conversation = begin.conversation or house.conversations.here(room, self.person)
        ear, output = self._open(begin)
        turn = Turn(
            self._number,
            parts,
            ear,
            output,
            conversation,
            setting=setting_of(house, self, self._number, begin, conversation),
            manner=self._house.manner_of(begin.opening),
            opening=begin.opening,
            pauses=house.conversations.pauses(self.person or room),
            clock=house.clock,
        )
        house.bus.publish(began(self, turn.number, begin, conversation))
        conversation.turns += 1
        try:
            if begin.listens or (self._changing.barge_in and self.hears_wake_words):
                await self._listen(begin)  # or for whoever speaks over the answer
            await taken(turn, begin)
        except WireError:
            turn.record.outcome, turn.lost = "cancelled", True
            return None
        except Exception:  # noqa: BLE001 - a turn that fails costs that turn, not the session
            self._log.exception("turn failed", turn=turn.number)
            turn.record.outcome = "failed"
        finally:
            if saying is not None:
                (saying.said if begin.text is not None else saying.answered)(turn)
            conversation.turns -= 1
            turn.record.details.update(self._arrival.details())
            await self._end_turn(turn)
        return successor(house, self, turn, begin, conversation)

    def _open(self, begin: Begin) -> tuple[Ear, LinkOutput]:
        """Open an ear and an output for the next turn; sound that was heard before goes along."""
        house = self._house
        number = house.directory.next_turn()
        progress = Progress(house.bus.publish, self.satellite, number)
        volume = None if begin.saying is None else begin.saying.volume
        output = LinkOutput(self._link, number, self._features, progress, volume=volume)
        woken = begin.wake is not None and begin.wake.trigger == "wake-word"
        ear = Ear(house.activity, house.clock, away_s=output.away_s, after_wake_word=woken)
        if begin.over is not None and self._ear is not None:
            ear.put(self._ear.take_over(begin.over.from_ms))
        else:
            self._oldest = number
            self._arrival = Arrival()
            if self._ear is not None:
                self._ear.close()  # lets go of sound that still waits for it
        self._number, self._ear = number, ear
        self._outputs[number] = output
        while len(self._outputs) > 2:  # the last one may still report where it fell silent
            del self._outputs[min(self._outputs)]
        return ear, output

    async def _listen(self, begin: Begin) -> None:
        rules = self._house.manner_of(begin.opening).rules
        longest_ms = rules.no_speech_ms + rules.max_ms
        await self._link.send(
            listening(self._number, begin, longest_ms, keep_open=self._changing.barge_in)
        )

    async def _end_turn(self, turn: Turn) -> None:
        self._house.keep_sound(self.satellite, turn.number, turn.sound)
        self._house.bus.publish(ended(self.satellite, turn))
        if turn.interruption is not None:
            return  # the next turn takes over while the microphone is open
        with suppress(WireError):
            await self._link.send(told(turn))
