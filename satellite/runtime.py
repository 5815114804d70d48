"""The satellite at work: it carries the machine's wishes out and tells it what happens."""

import asyncio
import time
from collections.abc import Callable, Sequence
from contextlib import aclosing
from typing import Annotated, Any

from msgspec import Meta

from protocol import Error, Message, SottoError, Status
from satellite import effects, events
from satellite.effects import Effect
from satellite.errors import SatelliteError
from satellite.jitter import PlaybackBuffer, PlaybackFull
from satellite.levels import Levels
from satellite.link_health import LinkHealth
from satellite.live_settings import LiveSettings
from satellite.losses import Losses
from satellite.machine import Machine
from satellite.microphone import Frame, Microphone
from satellite.playback import Playback
from satellite.ports import EchoCancelling, EventSink, Outbound
from satellite.ringing import Ringing
from satellite.session import Hub
from satellite.state import State, Trigger
from satellite.wake_settings import Mode, Sensitivity, WakeNames
from satellite.waking import Heard, Waking

HOLD_S = 0.6
"""Who holds the button longer talks while it is held."""
TICK_S = 0.001
"""A timer may fire a hair before its time; the next try is not at once."""


class Satellite:
    """Binds the state machine to microphone, speaker, hub, log and button."""

    def __init__(
        self,
        buffer: PlaybackBuffer,
        sinks: Sequence[EventSink],
        *,
        volume: float = 1.0,
        barge_in: bool = False,
        losses: Losses | None = None,
        canceller: EchoCancelling | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.machine = Machine(barge_in=barge_in)
        self.playback = Playback(buffer, self, volume=volume, clock=clock)
        self.uplink: Outbound | None = None
        """Set before anything runs: satellite and uplink need each other."""
        self.link_health = LinkHealth()
        """How good the way to the hub is; written by the uplink."""
        self.ringing: Ringing | None = None
        """Rings where the hub can not; set before anything runs."""
        self.waking: Waking | None = None
        """What wakes it beside the button; set before anything runs."""
        self.live = LiveSettings()
        """What the hub may change."""
        self.live.add("volume", Annotated[float, Meta(ge=0, le=1)], self.set_volume)
        self.live.add("muted", bool, self._mute)
        self.muted_by_hand = False
        """Whether the microphone was switched off other than by a switch."""
        self._muted_by_switch = False
        self._pressed_at = 0.0
        self._sinks = list(sinks)
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

    @property
    def at_rest(self) -> bool:
        """Return True while nobody asks, and nothing is said."""
        return self.state is State.IDLE

    def follow(self, sink: EventSink) -> None:
        """Let one more hear of every event."""
        self._sinks.append(sink)

    def begin_with(self, *, volume: float, muted: bool) -> None:
        """Begin as loud, and muted or not, as it was left."""
        self.playback.set_volume(volume)
        self._mute(muted)

    def listen_with(self, waking: Waking) -> None:
        """Be woken by what `waking` hears; the hub may change it."""
        self.waking = waking
        self.machine.hearing.pre_roll.keep(waking.before_s)

        def use_mode(mode: Mode) -> None:
            waking.use_mode(mode)
            self.machine.hearing.pre_roll.keep(waking.before_s)
            self.send(self._status())

        waking.on_loaded = lambda: self.send(self._status())
        self.live.add("wake_words", WakeNames, waking.use_words)
        self.live.add("wake_sensitivity", Sensitivity, waking.use_sensitivity)
        self.live.add("wake_mode", Mode, use_mode)

    def emit(self, event: events.Event) -> None:
        """Tell everybody who listens."""
        for sink in self._sinks:
            sink(event)

    def complain(self, error: SottoError) -> None:
        """Tell that something went wrong."""
        self.emit(events.Failed(self._clock(), error.code, error.text))

    def wake(self, trigger: Trigger) -> None:
        """Ask the hub to listen."""
        self._perform(self.machine.wake(trigger, self._clock()))

    def press_button(self) -> None:
        """Push to talk; what rings is stopped instead."""
        self._pressed_at = self._clock()
        if self.ringing is None or not self.ringing.stop():
            self._perform(self.machine.button(self._clock()))

    def release_button(self) -> None:
        """Let go of the button: who held it while speaking has finished."""
        held_s = self._clock() - self._pressed_at
        if held_s >= HOLD_S and self.state is State.LISTENING:
            self._perform(self.machine.button(self._clock()))

    def stop(self) -> None:
        """End what rings, else what goes on."""
        if self.ringing is None or not self.ringing.stop():
            self._perform(self.machine.stop("stopped", self._clock()))

    def set_volume(self, volume: float) -> None:
        """Play louder or quieter; `volume` is from 0 to 1."""
        self.playback.set_volume(volume)
        self.emit(events.VolumeChanged(self._clock(), volume))
        self.send(self._status())

    def toggle_mute(self) -> None:
        """Switch the microphone off, or on again."""
        self._mute(not self.machine.muted)

    def switch_mute(self, *, muted: bool) -> None:
        """Take the position of a switch: while it mutes, nothing else can undo it."""
        self._muted_by_switch = muted
        self._perform(self.machine.mute(muted or self.muted_by_hand, self._clock()))

    def send(self, message: Message) -> None:
        """Send to the hub, if there is one."""
        if self.uplink is not None:
            self.uplink.send(message)

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
            if self.state is State.LISTENING:  # the rest of the command can not be heard
                self._perform(self.machine.stop("microphone-lost", self._clock()))
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
        if self.ringing is not None:
            self.ringing.link_up()

    def link_resumed(self, away_ms: int, again: int) -> None:
        """The session goes on over a new link: the state is told first."""
        resumed = events.Resumed(self._clock(), away_ms, again)
        self._perform([effects.SendStatus(), effects.Emit(resumed)])

    def link_down(self, error: SottoError, retry_in_s: float) -> None:
        """The link has ended, or could not be made."""
        gone = events.Disconnected(self._clock(), error.text, error.code, round(retry_in_s * 1000))
        self._perform(self.machine.link_down(gone))
        if self.ringing is not None:
            self.ringing.link_down()

    def received(self, message: Message) -> None:
        """The hub has said something."""
        self._perform(self.machine.receive(message, self._clock()))
        if self.ringing is not None:
            self.ringing.receive(message)

    def playback_started(self, turn: int, at: float) -> None:
        """A turn's first sample is heard."""
        self.emit(events.FirstAudio(at, turn))

    def playback_moved(self, turn: int, position_ms: float, buffered_ms: float) -> None:
        """Playback goes on."""
        now = self._clock()
        self._perform(self.machine.playback_moved(turn, position_ms, buffered_ms, now))

    def playback_paused(self, turn: int, at: float, position_ms: float, buffered_ms: float) -> None:
        """A pause is silent."""
        self._perform(self.machine.playing.paused(turn, at, position_ms, buffered_ms))

    def playback_finished(self, turn: int, position_ms: float) -> None:
        """The speaker is silent."""
        self._perform(self.machine.playback_finished(turn, position_ms, self._clock()))

    def _take(self, frame: Frame) -> None:
        self._levels.add(frame.audio)
        self._perform(self.machine.frame(frame))
        if self.waking is None or self.machine.muted:
            return
        heard = self.waking.hear(frame, self._levels, at_rest=self.state is State.IDLE)
        if isinstance(heard, Trigger):
            self.wake(heard)
        elif heard is Heard.STOP and (self._rings or self.machine.turn is not None):
            self.stop()

    @property
    def _rings(self) -> bool:
        return self.ringing is not None and self.ringing.rings

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
                self.send(message)
            case effects.Emit(event):
                self.emit(event)
            case effects.SendStatus():
                self.send(self._status())
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

    def _mute(self, muted: bool) -> None:
        """Mute by hand, by key or by the hub; a switch is stronger."""
        if not muted and self._muted_by_switch:
            text = "the microphone is switched off at the satellite itself"
            self.emit(events.Failed(self._clock(), "muted-by-switch", text))
            return
        self.muted_by_hand = muted
        self._perform(self.machine.mute(muted, self._clock()))

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
            wake_words=() if self.waking is None else self.waking.words,
            reconnects=self.link_health.reconnects,
            round_trip_ms=self.link_health.round_trip_ms,
            echo_db=None if echo_db is None else round(echo_db, 1),
            device_losses=0 if self._losses is None else self._losses.total,
        )

    def _configure(self, values: dict[str, Any]) -> None:
        """Take over the settings that can change while running; others are the owner's."""
        for text in self.live.change(values):
            self.emit(events.Failed(self._clock(), "bad-setting", text))
            self.send(Error(text, code="bad-setting"))

    def _refuse_audio(self) -> None:
        """Count what did not fit; say so once a turn."""
        self._dropped_chunks += 1
        turn = self.machine.turn
        if turn != self._refused_turn:
            self._refused_turn = turn
            text = "the hub sends further ahead than the speaker can hold"
            self.emit(events.Failed(self._clock(), "playback-full", text, turn))
