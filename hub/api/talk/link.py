"""One client of the talk socket as a satellite: its words become messages, and messages words."""

import asyncio
import itertools
from collections.abc import AsyncIterator

from audio.wake import WakeHit
from hub.api.talk import messages as words
from hub.api.talk import upward
from hub.api.talk.microphone import Microphone, Mode
from hub.api.talk.outgoing import Outgoing
from hub.api.talk.reader import Misfit
from hub.api.talk.wording import worded
from hub.api.wake_words import NotHeard, WakeEars
from hub.events import SatelliteChanged
from hub.origin import BROWSER
from hub.rooms.house import House
from protocol import sotto_messages as wire
from protocol.errors import LinkClosed
from protocol.schema import Message
from protocol.wyoming_audio import (
    AudioChunk,
    AudioFormat,
    AudioStart,
    AudioStop,
    VoiceStopped,
)

MAX_WAITING = 512
"""Messages for the session: 10 s of frames. Then the client waits."""
SPEECH = AudioFormat(16_000, 2, 1)


class TalkLink:
    """The way to a client. The session reads from it and sends to it as to any satellite."""

    def __init__(
        self,
        greeting: upward.Greeting,
        outgoing: Outgoing,
        house: House,
        ears: WakeEars,
        user: str,
    ) -> None:
        # The user is a part of it: nobody takes the place of another one's window.
        self.satellite = f"{BROWSER}{user[:8]}-{greeting.device}"
        self.language = greeting.language
        self.reason = "the socket was closed"
        """Why it ended."""
        self.microphone = Microphone(house.activity)
        self.newest = 0
        """The newest turn that the client was told of."""
        self._outgoing = outgoing
        self._bus = house.bus
        self._ears = ears
        self._has_microphone = greeting.microphone
        self._volume = greeting.volume
        self._state: str = "idle"
        self._keep_open = False
        self._candidates = itertools.count(1)
        self._incoming: asyncio.Queue[Message | None] = asyncio.Queue(MAX_WAITING)
        self._closed = False

    @property
    def closed(self) -> bool:
        """Whether the client is gone."""
        return self._closed

    @property
    def volume(self) -> float | None:
        """How loud it plays."""
        return self._volume

    async def __aiter__(self) -> AsyncIterator[Message]:
        """Yield what the client says, until it is gone."""
        yield self._status()
        while (message := await self._incoming.get()) is not None:
            yield message

    async def close(self, reason: str) -> None:
        """End it: another one has taken its place."""
        self.end(reason)
        self._outgoing.put_soon(
            words.Fault(code="replaced", text="You went on somewhere else: this window has ended.")
        )
        self._outgoing.end()

    def end(self, reason: str) -> None:
        """Take note that the client is gone."""
        if self._closed:
            return
        self.reason, self._closed = reason, True
        self.microphone.end()
        while self._incoming.full():
            self._incoming.get_nowait()
        self._incoming.put_nowait(None)

    def wake(self, trigger: str = "button") -> wire.Wake:
        """Return what asks the hub to listen or to answer, in the client's language."""
        return wire.Wake(next(self._candidates), trigger, language=self.language)

    async def take(self, message: upward.Up) -> None:
        """Take what the client says. Raises Misfit."""
        match message:
            case upward.BeginSpeech():
                await self._begin(message)
            case upward.EndSpeech():
                words_before = self.microphone.wake_words
                turn = self.microphone.end()
                if words_before:
                    await self._incoming.put(self._status())
                if turn is not None:
                    await self._incoming.put(AudioStop(turn=turn))
            case upward.GiveUp():
                await self._incoming.put(wire.Cancel(2**53, "the person said stop"))
            case upward.Position():
                await self._incoming.put(
                    wire.Playback(
                        message.turn,
                        round(message.position_ms),
                        round(message.buffered_ms),
                        message.finished,
                    )
                )
            case upward.SetUp():
                self._set(message)
                await self._incoming.put(self._status())
            case _:
                pass

    async def hear(self, audio: bytes) -> None:
        """Take a frame of audio."""
        heard = await self.microphone.hear(audio)
        if isinstance(heard, AudioChunk):
            await self._incoming.put(heard)
        elif isinstance(heard, WakeHit):
            # A browser levels its microphone itself: how loud the word was tells nothing.
            await self._incoming.put(
                wire.Wake(
                    next(self._candidates),
                    "wake-word",
                    heard.name,
                    round(heard.score, 3),
                    language=self.language,
                )
            )
        elif heard:
            await self._incoming.put(self.wake("follow-up"))

    async def send(self, message: Message) -> None:
        """Tell the client. Raises WireError."""
        if self._closed:
            raise LinkClosed("link-closed", self.reason)
        if isinstance(message, AudioChunk):
            if message.turn is not None:
                await self._outgoing.play(message.turn, message.audio)
            return
        said = worded(message)
        if said is not None:
            await self._outgoing.put(said)
        await self._show(message)

    async def _show(self, message: Message) -> None:
        """Follow what goes on, as the satellites do."""
        match message:
            case wire.Listen():
                self._keep_open = message.keep_open
                self.newest = max(self.newest, message.turn)
                for chunk in self.microphone.listening(message.turn):
                    self._take_soon(chunk)
                await self.show_state("listening")
            case VoiceStopped():
                self.microphone.heard()
                await self.show_state("thinking")
            case AudioStart():
                self.microphone.answered(deaf=not self._keep_open)
                await self.show_state("speaking")
            case wire.TurnEnded(turn=turn):
                self.microphone.heard_out(turn)
            case wire.StandDown():
                self.microphone.stood_down()
            case wire.Settings(values=values):
                if isinstance(volume := values.get("volume"), int | float):
                    self._volume = float(volume)
                if isinstance(muted := values.get("muted"), bool):
                    self._has_microphone = not muted
                self._take_soon(self._status())
            case _:
                pass

    async def over(self, turn: int) -> None:
        """Take note that the client was told of a turn's end."""
        if turn >= self.newest:
            await self.show_state("idle")

    async def show_state(self, state: str) -> None:
        """Tell what goes on, where it is something else."""
        if state != self._state:
            self._state = state
            await self._outgoing.put(words.State.model_validate({"state": state}))
            self._take_soon(self._status())

    async def _begin(self, message: upward.BeginSpeech) -> None:
        hold = message.mode == "hold"
        self.microphone.begin(Mode.OFF)  # lets go of the wake words that it listened for
        waking = None
        if message.wake and not hold:
            try:
                waking = await self._ears.open(message.wake)
            except NotHeard as error:
                raise Misfit(error.code, str(error)) from None
        self.microphone.begin(Mode(message.mode), waking)
        if self._closed:  # meanwhile
            self.microphone.end()
        await self._incoming.put(self.wake() if hold else self._status())

    def _take_soon(self, message: Message) -> None:
        """Take a message, or leave it out where too much waits: who sends must not wait for it."""
        if not self._incoming.full():
            self._incoming.put_nowait(message)

    def _set(self, message: upward.SetUp) -> None:
        if message.language is not None:
            self.language = message.language
        if message.microphone is not None:
            self._has_microphone = message.microphone
        if message.volume is not None:
            self._volume = message.volume
        self._bus.publish(SatelliteChanged(self.satellite))

    def _status(self) -> wire.Status:
        return wire.Status(
            self._state,
            not self._has_microphone,
            self._volume,
            wake_words=self.microphone.wake_words,
        )
