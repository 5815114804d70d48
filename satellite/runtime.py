"""The satellite at work: it carries the machine's wishes out and tells it what happens."""

import asyncio
import time
from collections.abc import Callable, Sequence
from contextlib import aclosing
from typing import Any, Protocol

from protocol import Message, SottoError, Status
from satellite import effects, events
from satellite.effects import Effect
from satellite.errors import SatelliteError
from satellite.jitter import PlaybackBuffer, PlaybackFull
from satellite.levels import Levels
from satellite.losses import Losses
from satellite.machine import Machine
from satellite.microphone import Frame, Microphone
from satellite.playback import Playback
from satellite.state import State, Trigger
from satellite.uplink import Hub

EventSink = Callable[[events.Event], None]

TICK_S = 0.001
"""A timer may fire a hair before its time; the next try is not at once."""


class WakeHit(Protocol):
    """A wake word that was heard."""

    @property
    def name(self) -> str:
        """Which one."""

    @property
    def score(self) -> float:
        """How sure that is, from 0 to 1."""


class WakeDetector(Protocol):
    """Listens for wake words."""

    def process(self, pcm16: bytes) -> WakeHit | None:
        """Take 16 kHz audio; return the word that was heard in it."""


class EchoCancelling(Protocol):
    """Takes the speaker's echo out of what the microphone hears."""

    @property
    def echo_db(self) -> float | None:
        """Return how much quieter the echo has become, or None while that is not known."""


class Outbound(Protocol):
    """The way to the hub."""

    dropped_chunks: int

    def send(self, message: Message) -> None:
        """Send in order, without waiting."""

    async def wait_for_room(self) -> None:
        """Wait while too much is on its way."""


class Satellite:
    """Binds the state machine to microphone, speaker, hub, log and button."""

    def __init__(
        self,
        buffer: PlaybackBuffer,
        sinks: Sequence[EventSink],
        *,
        volume: float = 1.0,
        wake_words: Sequence[str] = (),
        detector: WakeDetector | None = None,
        barge_in: bool = False,
        losses: Losses | None = None,
        canceller: EchoCancelling | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.machine = Machine(barge_in=barge_in)
        self.playback = Playback(buffer, self, volume=volume, clock=clock)
        self.uplink: Outbound | None = None
        """Set before anything runs: satellite and uplink need each other."""
        self._sinks = tuple(sinks)
        self._wake_words = tuple(wake_words)
        self._detector = detector
        self._losses = losses
        self._canceller = canceller
        self._clock = clock
        self._levels = Levels()
        self._microphone: Microphone | None = None
        self._refused_turn: int | None = None
        self._dropped_chunks = 0
        self._dropped_frames = 0
        self._due = asyncio.Event()
        self._moved = asyncio.Event()

    @property
    def state(self) -> State:
        """Return what the satellite is doing."""
        return self.machine.state

    def emit(self, event: events.Event) -> None:
        """Tell everybody who listens."""
        for sink in self._sinks:
            sink(event)

    def wake(self, trigger: Trigger) -> None:
        """Ask the hub to listen."""
        self._perform(self.machine.wake(trigger, self._clock()))

    def press_button(self) -> None:
        """Push to talk."""
        self._perform(self.machine.button(self._clock()))

    def toggle_mute(self) -> None:
        """Switch the microphone off, or on again."""
        self._perform(self.machine.mute(not self.machine.muted, self._clock()))

    async def hear(self, microphone: Microphone, *, waits: bool = False) -> None:
        """Listen to a microphone until cancelled; one that `waits` can be held up by the hub.

        Raises SatelliteError.
        """
        self._microphone = microphone
        try:
            async with aclosing(microphone.frames()) as frames:
                async for frame in frames:
                    await self._hear(frame, waits=waits)
        except SatelliteError:
            self._perform(self.machine.microphone_lost(self._clock()))
            raise
        finally:
            self._dropped_frames += microphone.dropped_frames
            self._microphone = None

    async def _hear(self, frame: Frame, *, waits: bool) -> None:
        self._take(frame)
        if self.uplink is not None:
            await self.uplink.wait_for_room()
        while waits and self.state is State.WAKING:
            # The deadline of that state ends this wait.
            self._moved.clear()
            await self._moved.wait()

    async def keep_deadlines(self) -> None:
        """Leave states that last too long, until cancelled."""
        while True:
            deadline = self.machine.next_deadline()
            wait_s = None if deadline is None else max(TICK_S, deadline - self._clock())
            try:
                async with asyncio.timeout(wait_s):
                    await self._due.wait()
            except TimeoutError:
                self._perform(self.machine.tick(self._clock()))
            self._due.clear()

    def link_up(self, hub: Hub) -> None:
        """The hub has taken us."""
        connected = events.Connected(self._clock(), hub.name, str(hub.address), hub.session)
        self._perform(self.machine.link_up(connected))

    def link_down(self, error: SottoError, retry_in_s: float) -> None:
        """The link has ended, or could not be made."""
        gone = events.Disconnected(self._clock(), error.text, error.code, round(retry_in_s * 1000))
        self._perform(self.machine.link_down(gone))

    def received(self, message: Message) -> None:
        """The hub has said something."""
        self._perform(self.machine.receive(message, self._clock()))

    def playback_started(self, turn: int, at: float) -> None:
        """A turn's first sample is heard."""
        self._perform(self.machine.playback_started(turn, at))

    def playback_moved(self, turn: int, position_ms: float, buffered_ms: float) -> None:
        """Playback goes on."""
        now = self._clock()
        self._perform(self.machine.playback_moved(turn, position_ms, buffered_ms, now))

    def playback_paused(self, turn: int, at: float, position_ms: float, buffered_ms: float) -> None:
        """A pause is silent."""
        self._perform(self.machine.playback_paused(turn, at, position_ms, buffered_ms))

    def playback_finished(self, turn: int, position_ms: float) -> None:
        """The speaker is silent."""
        self._perform(self.machine.playback_finished(turn, position_ms, self._clock()))

    def _take(self, frame: Frame) -> None:
        self._levels.add(frame.audio)
        self._perform(self.machine.frame(frame))
        if self._detector is None or self.machine.muted:
            return
        hit = self._detector.process(frame.audio)
        if hit is not None:
            age_ms = round(max(0.0, self._clock() - frame.captured_at) * 1000)
            trigger = Trigger(
                "wake-word",
                wake_word=hit.name,
                score=round(hit.score, 3),
                loudness_dbfs=round(self._levels.loudness_dbfs, 1),
                noise_dbfs=round(self._levels.noise_dbfs, 1),
                age_ms=age_ms,
            )
            self.wake(trigger)

    def _perform(self, wanted: Sequence[Effect]) -> None:
        for effect in wanted:
            try:
                self._do(effect)
            except PlaybackFull:
                self._refuse_audio()
        if wanted:
            self._due.set()
            self._moved.set()

    def _do(self, effect: Effect) -> None:
        match effect:
            case effects.Send(message):
                self._send(message)
            case effects.Emit(event):
                self.emit(event)
            case effects.SendStatus():
                self._send(self._status())
            case effects.Configure(values):
                self._configure(values)
            case effects.StartStreaming() | effects.StopStreaming():
                pass  # for lights and sounds; the state events tell the same
            case _:
                self._do_with_speaker(effect)

    def _do_with_speaker(self, effect: Effect) -> None:
        match effect:
            case effects.Play(turn, audio, audio_format):
                self.playback.play(turn, audio, audio_format)
            case effects.StartPlayback(turn):
                self.playback.start(turn)
            case effects.EndPlayback():
                self.playback.end()
            case effects.FlushPlayback():
                self.playback.flush()
            case effects.SetGain(gain_db, ramp_ms):
                self.playback.duck(gain_db, ramp_ms)
            case effects.PausePlayback():
                self.playback.pause()
            case effects.ResumePlayback():
                self.playback.resume()

    def _send(self, message: Message) -> None:
        if self.uplink is not None:
            self.uplink.send(message)

    def _status(self) -> Status:
        dropped = self._dropped_chunks + self._dropped_frames
        dropped += self.machine.hearing.pre_roll.dropped_frames
        if self.uplink is not None:
            dropped += self.uplink.dropped_chunks
        if self._microphone is not None:
            dropped += self._microphone.dropped_frames
        echo_db = None if self._canceller is None else self._canceller.echo_db
        return Status(
            state=self.machine.state,
            muted=self.machine.muted,
            volume=self.playback.volume,
            underruns=self.playback.underruns,
            dropped_chunks=dropped,
            wake_words=self._wake_words,
            echo_db=None if echo_db is None else round(echo_db, 1),
            device_losses=0 if self._losses is None else self._losses.total,
        )

    def _configure(self, values: dict[str, Any]) -> None:
        """Take over the settings that can change while running; others are the owner's."""
        muted = values.get("muted")
        if isinstance(muted, bool):
            self._perform(self.machine.mute(muted, self._clock()))
        volume = values.get("volume")
        if volume is None:
            return
        if isinstance(volume, bool | str | list | dict) or not 0 <= volume <= 1:
            text = "the hub set a volume that is not from 0 to 1"
            self.emit(events.Failed(self._clock(), "bad-setting", text))
            return
        self.playback.set_volume(float(volume))
        self._send(self._status())

    def _refuse_audio(self) -> None:
        """Count what did not fit; say so once a turn."""
        self._dropped_chunks += 1
        turn = self.machine.turn
        if turn != self._refused_turn:
            self._refused_turn = turn
            text = "the hub sends further ahead than the speaker can hold"
            self.emit(events.Failed(self._clock(), "playback-full", text, turn))
