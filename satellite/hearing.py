"""The state machine's view of the microphone: what was heard before the turn, and what is sent."""

from protocol import AudioChunk, AudioStart, AudioStop, Listen
from satellite import events
from satellite.effects import Effect, Emit, Send, StartStreaming, StopStreaming
from satellite.microphone import FORMAT, Frame
from satellite.pre_roll import PreRoll
from satellite.state import LISTENING_GRACE_S, LISTENING_MOST_S, WAKING_S, State, Trigger

_KEEPING_PRE_ROLL = (
    (State.IDLE, State.WAKING),
    (State.THINKING, State.WAKING),
    (State.SPEAKING, State.WAKING),
    (State.WAKING, State.LISTENING),
)
_IN_A_TURN = (State.LISTENING, State.THINKING, State.SPEAKING)


class Hearing:
    """Pure like the machine it belongs to: the caller passes `now` and carries out the effects."""

    def __init__(self, *, barge_in: bool) -> None:
        """With `barge_in`, the microphone stays open while something plays if the hub wishes."""
        self.pre_roll = PreRoll(WAKING_S)
        self.candidate = 0
        """The newest wake on this link."""
        self.barge_in = barge_in
        """Whether it may stay open, from the next turn on."""
        self.deaf = False
        """Whether there is no microphone."""
        self._listen: Listen | None = None
        self._keeps_open = False
        self._streamed = False

    @property
    def stays_open(self) -> bool:
        """Return True while the microphone is open, and until its turn is over."""
        return self._listen is not None and self._keeps_open

    def deadline(self, now: float) -> float:
        """Return until when somebody who begins to speak now is listened to."""
        limit_s = self._listen.max_ms / 1000 if self._listen is not None else 0.0
        return now + min(limit_s, LISTENING_MOST_S) + LISTENING_GRACE_S

    def link_up(self) -> None:
        """Wakes are counted anew on each link."""
        self.candidate = 0

    def ask(self, trigger: Trigger, now: float) -> list[Effect]:
        """Ask to be listened to, and keep what is heard from here on."""
        self.candidate += 1
        self.pre_roll.begin(keep_before=trigger.kind == "wake-word" or trigger.began_before)
        woken = events.Woken(now, self.candidate, trigger.kind, trigger.wake_word, trigger.score)
        return [Send(trigger.message(self.candidate)), Emit(woken)]

    def open(self, message: Listen, now: float) -> list[Effect]:
        """Begin to send a turn's sound, with what was kept since the wake."""
        self._listen = message
        self._keeps_open = message.keep_open and self.barge_in
        self._streamed = False
        opened: list[Effect] = [
            StartStreaming(message.turn),
            Send(AudioStart(FORMAT.rate, FORMAT.width, FORMAT.channels, turn=message.turn)),
            Emit(events.Listening(now, message.turn, message.max_ms)),
        ]
        for frame in self.pre_roll.take():
            opened += self._stream(frame, message.turn)
        return opened

    def hear(self, frame: Frame, *, at_rest: bool) -> list[Effect]:
        """Send a frame if the microphone is open; else keep it for a wake if all is `at_rest`."""
        if self._listen is not None:
            return self._stream(frame, self._listen.turn)
        if at_rest:
            self.pre_roll.add(frame)
        return []

    def enter(self, state: State, before: State) -> list[Effect]:
        """Follow the machine into a state: the microphone closes unless it stays open."""
        if (before, state) not in _KEEPING_PRE_ROLL:
            self.pre_roll.clear()
        return [] if self.stays_open and state in _IN_A_TURN else self.close()

    def close(self) -> list[Effect]:
        """Stop sending."""
        listen, self._listen = self._listen, None
        return [] if listen is None else [StopStreaming(), Send(AudioStop(turn=listen.turn))]

    def _stream(self, frame: Frame, turn: int) -> list[Effect]:
        timestamp_ms = frame.sample_index * 1000 // FORMAT.rate
        chunk = AudioChunk(
            FORMAT.rate, FORMAT.width, FORMAT.channels, frame.audio, timestamp_ms, turn
        )
        if self._streamed:
            return [Send(chunk)]
        self._streamed = True
        first = events.MicrophoneStreamed(
            frame.captured_at, turn, frame.sample_index, frame.clip_sample
        )
        return [Send(chunk), Emit(first)]
