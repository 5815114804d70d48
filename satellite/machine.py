"""The satellite's state machine: what it hears from the hub and at home decides what it does.

It does no I/O and never asks for the time. The caller passes `now` (seconds, `time.monotonic`),
calls `tick` at `next_deadline`, and carries out the effects that every input returns, in order.

    DISCONNECTED -> IDLE -> WAKING -> LISTENING -> THINKING -> SPEAKING -> IDLE

Every state but the first two leaves by itself. What belongs to a turn that is over is dropped. The
microphone does not open while something plays, unless the hub keeps it open from turn to turn. A
wake word holds what plays until it is known who answers; if it is another, WAKING goes back.
"""

from protocol import (
    AudioChunk,
    AudioFormat,
    AudioStart,
    Cancel,
    Error,
    Listen,
    Message,
    Settings,
    StandDown,
    Synthesize,
    Transcript,
    TurnEnded,
    VoiceStarted,
    VoiceStopped,
)
from satellite import effects, events
from satellite.effects import Effect, Emit, Send
from satellite.hearing import Hearing
from satellite.microphone import Frame
from satellite.playing import Playing
from satellite.state import QUIET_LIMITS_S, State, Trigger
from satellite.turns import Turns


class Machine:
    """One satellite."""

    def __init__(self, *, barge_in: bool = False) -> None:
        """With `barge_in`, the hub may keep the microphone open while something plays."""
        self.state = State.DISCONNECTED
        self.muted = False
        self.hearing = Hearing(barge_in=barge_in)
        self._effects: list[Effect] = []
        self._deadline: float | None = None
        self.playing = Playing()
        self._turns = Turns()
        self._pending: Listen | None = None  # waits until the speaker is silent
        self._before = State.IDLE  # where WAKING goes back to if another satellite answers

    @property
    def turn(self) -> int | None:
        """Return the turn that is going on."""
        return self._turns.current

    def next_deadline(self) -> float | None:
        """Return when `tick` is due."""
        due = [at for at in (self._deadline, self.playing.deadline) if at is not None]
        return min(due, default=None)

    def link_up(self, connected: events.Connected) -> list[Effect]:
        """Begin afresh with the hub that has taken us."""
        self._turns = Turns()
        self.hearing.link_up()
        self._effects.append(Emit(connected))
        self._go(State.IDLE, connected.at)
        return self._take()

    def link_down(self, disconnected: events.Disconnected) -> list[Effect]:
        """Say that the hub is gone, or was not found."""
        now = disconnected.at
        if self.state not in (State.DISCONNECTED, State.IDLE):
            self._fail("hub-lost", f"lost the hub while {self.state}", now)
            if self.turn is not None:
                self._effects += self._turns.tell_over("failed", "the hub was lost", now)
        self._effects.append(Emit(disconnected))
        self._pending = None
        self.playing.forget_link()
        if self.state is not State.DISCONNECTED:
            self._end_turn(State.DISCONNECTED, now)
        return self._take()

    def wake(self, trigger: Trigger, now: float) -> list[Effect]:
        """Ask to be listened to. Ignored while muted, waking or listening."""
        if self.muted or self.state in (State.WAKING, State.LISTENING):
            return []
        if self.state is State.DISCONNECTED:
            self._fail("no-hub", "there is no hub to listen", now)
            return self._take()
        self._before = State.IDLE
        if self._pending is not None:
            self._refuse(self._pending.turn, trigger.kind, now)
        elif trigger.kind == "wake-word" and self.state in (State.THINKING, State.SPEAKING):
            self._before = self.state  # another satellite may be meant
            self._effects += self.playing.hold()
        elif self.turn is not None:
            self._refuse(self._turns.newest, trigger.kind, now)
        self._effects += self.hearing.ask(trigger, now)
        self._go(State.WAKING, now)
        return self._take()

    def button(self, now: float) -> list[Effect]:
        """Push to talk: begin a command, or end it while listening."""
        if self.state is not State.LISTENING:
            return self.wake(Trigger("button"), now)
        self._effects += self.hearing.close()
        self._go(State.THINKING, now)
        return self._take()

    def stop(self, reason: str, now: float) -> list[Effect]:
        """Give up what goes on, at once."""
        if self.turn is not None:
            self._refuse(self._turns.newest, reason, now)
        return self._take()

    def mute(self, muted: bool, now: float) -> list[Effect]:
        """Switch the microphone off or on."""
        if muted == self.muted:
            return []
        self.muted = muted
        self.hearing.pre_roll.clear()
        self._effects.append(Emit(events.Muted(now, muted)))
        if muted and self.state is State.LISTENING:
            self._refuse(self._turns.newest, "muted", now)
        elif muted and self.state is State.WAKING:
            self._go_back(now)
        elif self.state is not State.DISCONNECTED:
            self._effects += [*self.hearing.close(), effects.SendStatus()]
        return self._take()

    def frame(self, frame: Frame) -> list[Effect]:
        """Take 32 ms from the microphone."""
        at_rest = self.playing.quiet and self.state in (State.IDLE, State.WAKING)
        return [] if self.muted else self.hearing.hear(frame, at_rest=at_rest)

    def playback_moved(
        self, turn: int, heard_ms: float, left_ms: float, now: float
    ) -> list[Effect]:
        """Say how far playback is; call about every 100 ms."""
        advanced, told = self.playing.moved(turn, heard_ms, left_ms)
        self._effects += told
        if advanced:
            self._renew(now)
        return self._take()

    def playback_finished(self, turn: int, heard_ms: float, now: float) -> list[Effect]:
        """Say that the speaker is silent: all of the turn was played, or the rest was dropped."""
        self._effects += self.playing.finished(turn, heard_ms, now)
        if turn == self.playing.turn:
            self._after_playback(now)
        return self._take()

    def tick(self, now: float) -> list[Effect]:
        """Leave what has lasted too long."""
        if self.playing.deadline is not None and now >= self.playing.deadline:
            self._fail("speaker-stuck", "the speaker did not stop when told to", now)
            self._after_playback(now)
        if self._deadline is None or now < self._deadline:
            return self._take()
        code = f"{self.state}-timeout"
        self._fail(code, f"nothing more came while {self.state}", now)
        if self.state is State.WAKING:
            self._go_back(now)
        else:
            self._refuse(self._turns.newest, code, now)
        return self._take()

    def receive(self, message: Message, now: float) -> list[Effect]:
        """Take a message from the hub."""
        if self.state is State.DISCONNECTED:
            return []
        match message:
            case Listen():
                self._on_listen(message, now)
            case AudioStart(turn=int(turn)):
                self._on_audio_start(turn, now)
            case TurnEnded():
                self._on_turn_ended(message, now)
            case Cancel():
                self._on_cancel(message, now)
            case StandDown(candidate=candidate, reason=reason) if self._awaits(candidate):
                self._effects.append(Emit(events.StoodDown(now, candidate, reason)))
                self._go_back(now)
            case Settings(values=values, request=request):
                self._effects.append(effects.Configure(values, request))
            case Error(text=text, code=code, turn=turn):
                if turn is None or turn == self.turn:
                    self._fail(code or "hub-error", text, now)
            case _:
                self._on_turn_message(message, now)
        return self._take()

    def _awaits(self, candidate: int) -> bool:
        return self.state is State.WAKING and candidate == self.hearing.candidate

    def _is_overtaken(self, message: Listen) -> bool:
        """Tell whether a wake is over, or one is on its way that the hub did not know of."""
        if message.candidate is None:
            return self.state is State.WAKING
        return not self._awaits(message.candidate)

    def _on_listen(self, message: Listen, now: float) -> None:
        if message.turn <= self._turns.newest:
            return
        if self._is_overtaken(message):
            self._refuse(message.turn, "late", now)
        elif self.playing.turn is not None and not self.hearing.stays_open:
            self._pending = message
            if self.playing.held:
                self._effects += self.playing.flush(now)
        else:
            self._listen(message, now)

    def _on_audio_start(self, turn: int, now: float) -> None:
        if self._turns.is_stale(turn):
            return
        if self.state is State.WAKING and turn == self.turn:
            self._before = State.SPEAKING
            self._effects += [*self.playing.start(turn), *self.playing.hold()]
            return
        self._begin(turn, now)
        if self.state is not State.SPEAKING:
            self._go(State.SPEAKING, now)
        self._renew(now)
        self._effects += self.playing.start(turn)

    def _on_turn_ended(self, message: TurnEnded, now: float) -> None:
        if self._turns.is_stale(message.turn):
            return
        if self._pending is not None and self._pending.turn == message.turn:
            # It ended before it began here; what plays now is of the turn before.
            self._pending = None
            return
        self._begin(message.turn, now)
        self._effects += self._turns.end(message, now)
        if self.playing.turn != message.turn:
            self._end_turn(State.IDLE, now)
            return
        self._effects += self.playing.end()
        self._renew(now)

    def _on_cancel(self, message: Cancel, now: float) -> None:
        if self._pending is not None and self._pending.turn <= message.turn:
            self._pending = None
        if message.turn >= self._turns.newest:
            self._abandon(message.reason, now)
        self._turns.finish(message.turn)

    def _on_turn_message(self, message: Message, now: float) -> None:
        turn = getattr(message, "turn", None)
        if turn is None or turn != self.turn:
            return
        self._renew(now)
        match message:
            case Transcript(text=text):
                self._effects.append(Emit(events.Heard(now, turn, text)))
                self._think(now)
            case VoiceStarted() if self.state is State.THINKING and self.hearing.stays_open:
                self._go(State.LISTENING, now)
                self._deadline = self.hearing.deadline(now)
            case VoiceStopped():
                self._think(now)
            case Synthesize(text=text):
                self._effects += self._turns.answer(text, now)
            case AudioChunk(rate=rate, width=width, channels=channels, audio=audio):
                if not self.playing.expects(turn):
                    self._on_audio_start(turn, now)
                self._effects.append(effects.Play(turn, audio, AudioFormat(rate, width, channels)))
            case _:
                self._effects += self.playing.receive(message, now)

    def _listen(self, message: Listen, now: float) -> None:
        if self.muted or self.hearing.deaf:
            self._refuse(message.turn, "muted" if self.muted else "no-microphone", now)
            return
        self._begin(message.turn, now, "interrupted" if self.hearing.stays_open else "cancelled")
        self._go(State.LISTENING, now)
        self._effects += self.hearing.open(message, now)
        self._deadline = self.hearing.deadline(now)

    def _think(self, now: float) -> None:
        if self.state is State.LISTENING:
            self._go(State.THINKING, now)

    def _begin(self, turn: int, now: float, outcome: str = "cancelled") -> None:
        """Make `turn` the one that goes on; one before it is over. The caller sets the state."""
        if turn == self._turns.newest:
            return
        if self.turn is not None:
            self._effects += self._turns.break_off(outcome, "a newer turn began", now)
            self._effects += [*self.hearing.close(), *self.playing.flush(now)]
        self._turns.begin(turn)

    def _refuse(self, turn: int, reason: str, now: float) -> None:
        """Give up a turn and those before it, and tell the hub."""
        self._pending = None
        self._effects.append(Send(Cancel(turn, reason)))
        self._abandon(reason, now)
        self._turns.finish(turn)

    def _abandon(self, reason: str, now: float) -> None:
        if self.turn is not None:
            self._effects += self._turns.break_off("cancelled", reason, now)
            self._end_turn(State.IDLE, now)

    def _end_turn(self, state: State, now: float) -> None:
        self._turns.finish(self._turns.newest)
        self._effects += self.playing.flush(now)
        self._before = State.IDLE
        if self.state is not State.WAKING or state is State.DISCONNECTED:
            self._go(state, now)

    def _go_back(self, now: float) -> None:
        self._go(self._before, now)
        self._effects += self.playing.let_go()

    def _after_playback(self, now: float) -> None:
        self.playing.silent()
        if self.turn is not None and self._turns.ended:
            self._end_turn(State.IDLE, now)
        if self._pending is not None:
            message, self._pending = self._pending, None
            self._listen(message, now)

    def _fail(self, code: str, text: str, now: float) -> None:
        self._effects.append(Emit(events.Failed(now, code, text, self.turn)))

    def _renew(self, now: float) -> None:
        """Something came: the state may last its time again, but not LISTENING or WAKING."""
        limit_s = QUIET_LIMITS_S.get(self.state)
        if limit_s is not None and (self._deadline is None or self.state is not State.WAKING):
            self._deadline = now + limit_s

    def _go(self, state: State, now: float) -> None:
        """Change the state; LISTENING's deadline is the caller's."""
        if state is self.state:
            return
        before, self.state = self.state, state
        self._effects += self.hearing.enter(state, before)
        self._deadline = None
        self._renew(now)
        self._effects.append(Emit(events.StateChanged(now, state, before, self.turn)))
        if state is not State.DISCONNECTED:
            self._effects.append(effects.SendStatus())

    def _take(self) -> list[Effect]:
        taken, self._effects = self._effects, []
        return taken
