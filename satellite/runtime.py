"""The satellite at work: it carries the machine's wishes out and tells it what happens."""

import asyncio
import time
from collections.abc import Callable, Sequence
from contextlib import aclosing

from protocol import Message, SottoError, Status
from satellite import effects, events
from satellite.button import Button
from satellite.configuring import Configuring
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
from satellite.settings import SatelliteSettings
from satellite.speaker_effects import do_with_speaker
from satellite.state import State, Trigger
from satellite.wake_settings import LIVE
from satellite.wake_words import check_words
from satellite.waking import Heard, Waking

TICK_S = 0.001
"""A timer may fire a hair before its time; the next try is not at once."""
_SWITCHED_OFF = "the microphone is switched off at the satellite itself"


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
        live: LiveSettings | None = None,
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
        self.receivers: list[Callable[[Message], None]] = []
        """Who else takes what the hub says; set before anything runs."""
        self.canceller = canceller
        """Takes the echo out of what is heard, where that is done here."""
        self.live = LiveSettings() if live is None else live
        """What the hub may change."""
        self.live.add("volume", apply=lambda now: self.set_volume(now.volume))
        self.live.add_state("muted", self._mute_for_hub, lambda: self.machine.muted)
        self.muted_by_hand = False
        """Whether the microphone was switched off other than by a switch."""
        self._muted_by_switch = False
        self._button = Button(self.machine, self.emit, clock)
        self._sinks = list(sinks)
        self._losses = losses
        self._clock = clock
        self.levels = Levels()
        self.microphone: Microphone | None = None
        self._refused_turn: int | None = None
        self._dropped_chunks = 0
        self._dropped_frames = 0
        self._due = asyncio.Event()
        self._moved = asyncio.Event()
        self._configuring = Configuring(self.live, self.emit, self.send, clock)

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
        self.live.note("volume", volume)
        self._mute(muted)

    def listen_with(self, waking: Waking) -> None:
        """Be woken by what `waking` hears; the hub may change it."""
        self.waking = waking
        self.machine.hearing.pre_roll.keep(waking.before_s)

        def use(now: SatelliteSettings) -> None:
            check_words(now.wake_words, now.wake)
            waking.use(now.wake_words, now.wake)
            self.machine.hearing.pre_roll.keep(waking.before_s)

        waking.on_loaded = self.tell_status
        self.live.add(*LIVE, apply=use)

    def hear_while_playing(self, able: bool) -> None:
        """Let the hub listen while something plays, from the next turn on, or no longer."""
        self.machine.hearing.barge_in = able
        self.tell_status()

    def tell_status(self) -> None:
        """Tell the hub how the satellite is."""
        self.send(self._status())

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
        self._perform(self._button.press(self.ringing))

    def release_button(self) -> None:
        """Let go of the button: who held it while speaking has finished."""
        self._perform(self._button.release())

    def stop(self) -> None:
        """End what rings, else what goes on."""
        stopped = self._button.stop_ringing(self.ringing)
        if stopped is None:
            stopped = self.machine.stop("stopped", self._clock())
        self._perform(stopped)

    def set_volume(self, volume: float) -> None:
        """Play louder or quieter; `volume` is from 0 to 1."""
        self.playback.set_volume(volume)
        self.live.note("volume", volume)
        self._configuring.tell_all()
        self.emit(events.VolumeChanged(self._clock(), volume))
        self.tell_status()

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
        self.microphone = microphone
        self.machine.hearing.deaf = False
        try:
            async with aclosing(microphone.frames()) as frames:
                async for frame in frames:
                    await self._hear(frame, waits=waits)
                    microphone.patient = self.state is State.IDLE
        except SatelliteError:
            self.machine.hearing.deaf = True
            if self.state is State.LISTENING:  # the rest of the command can not be heard
                self._perform(self.machine.stop("microphone-lost", self._clock()))
            raise
        finally:
            self._dropped_frames += microphone.dropped_frames
            self.microphone = None

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
        self._configuring.tell_all()
        connected = events.Connected(self._clock(), hub.name, str(hub.address), hub.session)
        self._perform(self.machine.link_up(connected))
        if self.ringing is not None:
            self.ringing.link_up()

    def link_resumed(self, away_ms: int, again: int) -> None:
        """The session goes on over a new link: the state is told first."""
        self._configuring.tell_all()
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
        for receiver in self.receivers:
            receiver(message)

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
        self.levels.add(frame.audio)
        self._perform(self.machine.frame(frame))
        if self.waking is None or self.machine.muted:
            return
        heard = self.waking.hear(frame, self.levels, at_rest=self.state is State.IDLE)
        if isinstance(heard, Trigger):
            self.wake(heard)
        rings = self.ringing is not None and self.ringing.rings
        if heard is Heard.STOP and (rings or self.machine.turn is not None):
            self.stop()

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
                self.tell_status()
            case effects.Configure(values, request):
                self._configuring.change(values)
                self.tell_status()
                self._configuring.answer(request)
            case effects.StartStreaming() | effects.StopStreaming():
                pass  # for lights and sounds; the state events tell the same
            case _:
                do_with_speaker(effect, self.playback)

    def _mute(self, muted: bool) -> None:
        """Mute by hand, by key or by the hub; a switch is stronger."""
        if not muted and self._muted_by_switch:
            self.emit(events.Failed(self._clock(), "muted-by-switch", _SWITCHED_OFF))
            return
        self._configuring.tell_all()
        self.muted_by_hand = muted
        self._perform(self.machine.mute(muted, self._clock()))

    def _mute_for_hub(self, muted: bool) -> None:
        if not muted and self._muted_by_switch:
            raise ValueError(_SWITCHED_OFF)
        self._mute(muted)

    def _status(self) -> Status:
        dropped = self._dropped_chunks + self._dropped_frames
        dropped += self.machine.hearing.pre_roll.dropped_frames
        if self.uplink is not None:
            dropped += self.uplink.dropped_chunks
        if self.microphone is not None:
            dropped += self.microphone.dropped_frames
        echo_db = None if self.canceller is None else self.canceller.echo_db
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
            barge_in=self.machine.hearing.barge_in,
            settings=self._configuring.news(),
        )

    def _refuse_audio(self) -> None:
        """Count what did not fit; say so once a turn."""
        self._dropped_chunks += 1
        turn = self.machine.turn
        if turn != self._refused_turn:
            self._refused_turn = turn
            text = "the hub sends further ahead than the speaker can hold"
            self.emit(events.Failed(self._clock(), "playback-full", text, turn))
