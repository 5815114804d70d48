"""A conversation with Home Assistant, told to the satellite in a hub's words.

A hub numbers its turns and says when one is over. Home Assistant does neither: it answers a
`run-pipeline` with what it hears and says, and audio that belongs to no run is an announcement.
Here runs get numbers, and what belongs to one that is over is dropped.

Like the state machine it does no I/O: the caller passes `now`, calls `tick` at `next_deadline`, and
delivers what `take` returns.
"""

from dataclasses import dataclass

from protocol import (
    AudioChunk,
    AudioStart,
    AudioStop,
    Cancel,
    Detect,
    Detection,
    Error,
    Listen,
    Message,
    Playback,
    Played,
    RunPipeline,
    RunSatellite,
    StandDown,
    Synthesize,
    Transcribe,
    Transcript,
    TurnEnded,
    VoiceStarted,
    VoiceStopped,
    Wake,
)
from satellite.wyoming.incoming import Incoming

LISTEN_MS = 30_000
"""Home Assistant ends a command after 15 s; what it recognises with may take as long again."""
QUIET_S = 0.3
"""For the speaker to be silent after a wake word, before Home Assistant hears of it."""
TAKEN_S = 0.3
"""For Home Assistant to say that it listens, or that another satellite does; some never say."""
ANSWER_S = 25.0
"""After the words are known. A run without an answer ends without a word."""
LEFTOVER_S = 30.0
"""How long an answer may still come to a run that was given up here."""

_DUPLICATE = "duplicate_wake_up_detected"
_NOTHING_HEARD = ("stt-no-text-recognized", "wake-word-timeout")


@dataclass(slots=True)
class _Asked:
    """A wake that no turn has come of yet."""

    wake: Wake
    deadline: float
    sent: bool = False
    """Whether Home Assistant has heard of it."""


@dataclass(slots=True)
class _Run:
    """A run that Home Assistant works on."""

    turn: int
    transcribed: bool = False
    closed: bool = False
    """Whether it was told that no more of the microphone comes."""
    answered: bool = False
    """Whether the audio of its answer has begun."""
    deadline: float | None = None
    """When no answer is expected any more."""


class Dialogue:
    """What satellite and Home Assistant say, each in the other's words."""

    def __init__(self, *, has_speaker: bool = True) -> None:
        self._end_stage = "tts" if has_speaker else "handle"
        self._turn = 0
        self._to_peer: list[Message] = []
        self._to_satellite: list[Message] = []
        self._asked: _Asked | None = None
        self._run: _Run | None = None
        self._incoming = Incoming()
        self._sounding: int | None = None  # the turn that `played` is owed for
        self._leftover_until: float | None = None

    @property
    def wants_audio(self) -> bool:
        """Return True while audio that comes now is played."""
        return self._incoming.turn is not None

    def reset(self) -> None:
        """Begin afresh with another peer; turns go on counting."""
        self._asked = self._run = self._sounding = self._leftover_until = None
        self._incoming = Incoming()
        self.take()

    def take(self) -> tuple[list[Message], list[Message]]:
        """Return what is to be sent to Home Assistant, and what the satellite is to be told."""
        taken = self._to_peer, self._to_satellite
        self._to_peer, self._to_satellite = [], []
        return taken

    def next_deadline(self) -> float | None:
        """Return when `tick` is due."""
        due = [self._incoming.deadline]
        if self._asked is not None:
            due.append(self._asked.deadline)
        if self._run is not None:
            due.append(self._run.deadline)
        return min((at for at in due if at is not None), default=None)

    def tick(self, now: float) -> None:
        """Do what is due."""
        if self._asked is not None and now >= self._asked.deadline:
            if self._asked.sent:
                self._listen(now)
            else:
                self._ask(self._asked, now)
        run = self._run
        if run is not None and run.deadline is not None and now >= run.deadline:
            self._end(run.turn)
        if self._incoming.deadline is not None and now >= self._incoming.deadline:
            turn, over = self._incoming.wait_on(now)
            if over:
                self._end(turn)
            else:
                # Told again, it does not take the pause for the end.
                self._to_satellite.append(self._incoming.start())

    def satellite_says(self, message: Message, now: float) -> None:
        """Take what the satellite says to its hub."""
        match message:
            case Wake():
                self._asked = _Asked(message, now + QUIET_S)
                if self._sounding is None:
                    self._ask(self._asked, now)
            case AudioChunk(rate=rate, width=width, channels=channels, audio=audio, timestamp=at):
                if self._streams(message.turn):
                    self._to_peer.append(AudioChunk(rate, width, channels, audio, at))
            case AudioStop(turn=turn):
                self._stop_streaming(turn)
            case Cancel(turn=turn):
                self._give_up(turn, now)
            case Playback(turn=turn, finished=True) if turn == self._sounding:
                self.quiet(now)

    def quiet(self, now: float) -> None:
        """Say that nothing can be heard of an answer: it is over, or a wake word holds it."""
        if self._sounding is not None:
            self._sounding = None
            self._to_peer.append(Played())
        if self._asked is not None and not self._asked.sent:
            self._ask(self._asked, now)

    def peer_says(self, message: Message, now: float) -> None:
        """Take what Home Assistant says."""
        match message:
            case Detect() | Transcribe():
                self._on_taken(now)
            case VoiceStarted(timestamp=at) | VoiceStopped(timestamp=at):
                self._on_taken(now)
                if self._run is not None:
                    self._to_satellite.append(type(message)(at, self._run.turn))
            case Transcript(text=text):
                self._on_transcript(text, now)
            case Synthesize(text=text) if self._run is not None:
                self._run.deadline = now + ANSWER_S
                self._to_satellite.append(Synthesize(text, turn=self._run.turn))
            case AudioStart() | AudioChunk() | AudioStop():
                self._on_audio(message, now)
            case Error():
                self._on_error(message, now)
            case RunSatellite():
                self._restart()

    def _ask(self, asked: _Asked, now: float) -> None:
        asked.sent, asked.deadline = True, now + TAKEN_S
        word = asked.wake.wake_word
        if word is not None:
            self._to_peer.append(Detection(name=word))
        self._to_peer.append(RunPipeline("asr", self._end_stage, wake_word_name=word))

    def _on_taken(self, now: float) -> None:
        if self._asked is not None and self._asked.sent:
            self._listen(now)

    def _listen(self, now: float) -> None:
        """Begin the turn of the wake; the run before is over, and so is what it still says."""
        asked, self._asked = self._asked, None
        assert asked is not None
        before = self._run
        if self._incoming.turn is not None:
            self._end(self._incoming.turn, "interrupted")
        unanswered = before is not None and before.transcribed and not before.answered
        self._incoming.overtake(owed=unanswered or self._leftover(now))
        self._leftover_until = None
        self._run = _Run(self._next_turn())
        self._to_satellite.append(Listen(self._run.turn, asked.wake.candidate, LISTEN_MS))

    def _streams(self, turn: int | None) -> bool:
        run = self._run
        return run is not None and run.turn == turn and not run.transcribed and not run.closed

    def _stop_streaming(self, turn: int | None) -> None:
        if self._run is not None and self._streams(turn):
            self._run.closed = True
            self._to_peer.append(AudioStop())

    def _restart(self) -> None:
        asked, run = self._asked, self._run
        self._asked = self._run = None
        if asked is not None:
            self._to_satellite.append(StandDown(asked.wake.candidate, "run-satellite"))
        if run is not None:
            self._to_satellite.append(Cancel(run.turn, "run-satellite"))

    def _on_transcript(self, text: str, now: float) -> None:
        run = self._run
        if run is None or run.transcribed:
            return
        run.transcribed = True
        self._to_satellite.append(Transcript(text, turn=run.turn))
        self._incoming.settle()
        if not text.strip():
            self._end(run.turn, "nothing-heard")
        elif self._end_stage == "handle":
            self._end(run.turn)
        else:
            run.deadline = now + ANSWER_S

    def _on_error(self, error: Error, now: float) -> None:
        asked, run = self._asked, self._run
        code = error.code or "home-assistant-error"
        if asked is not None and asked.sent:
            self._asked = None
            if code != _DUPLICATE:
                self._to_satellite.append(Error(error.text, code))
            self._to_satellite.append(StandDown(asked.wake.candidate, code))
        elif run is None:
            if self._leftover(now):
                self._leftover_until = None  # of what was given up here
            else:
                self._to_satellite.append(Error(error.text, code))
        elif code == _DUPLICATE:
            self._run = None
            self._to_satellite.append(Cancel(run.turn, code))
        elif code in _NOTHING_HEARD:
            self._end(run.turn, "nothing-heard")
        else:
            self._to_satellite.append(Error(error.text, code, turn=run.turn))
            self._end(run.turn, "failed", error.text)

    def _on_audio(self, message: AudioStart | AudioChunk | AudioStop, now: float) -> None:
        incoming = self._incoming
        if isinstance(message, AudioStop):
            turn = incoming.stop()
            if turn is not None:
                self._to_satellite.append(AudioStop(turn=turn))
                self._end(turn)
            return
        if isinstance(message, AudioStart) or not incoming.is_open:
            incoming.open(message)
            if self._leftover(now) or (self._run is not None and incoming.is_owed):
                self._leftover_until = None
                incoming.refuse()
            else:
                self._begin_answer()
        if isinstance(message, AudioChunk) and incoming.turn is not None:
            incoming.heard(now)
            self._to_satellite.append(incoming.chunk(message))

    def _begin_answer(self) -> None:
        """Audio begins: the answer of the run, or an announcement, for which a run is given up."""
        run = self._run
        if run is not None and run.transcribed and not run.answered:
            run.answered, run.deadline = True, None
            turn = run.turn
        else:
            if run is not None:
                self._stop_streaming(run.turn)
            self._run = None
            turn = self._next_turn()
        self._incoming.turn = self._sounding = turn
        self._to_satellite.append(self._incoming.start())

    def _end(self, turn: int, outcome: str = "answered", text: str | None = None) -> None:
        """Say that a turn is over; audio that came before is still played."""
        if self._run is not None and self._run.turn == turn:
            self._run = None
        self._incoming.end(turn)
        self._to_satellite.append(TurnEnded(turn, outcome, text, {}))

    def _give_up(self, turn: int, now: float) -> None:
        """The satellite is done with a turn, whatever Home Assistant makes of it."""
        run = self._run
        if run is not None and run.turn <= turn:
            if not run.transcribed and not run.closed:
                self._to_peer.append(AudioStop())
            if not run.answered:
                self._leftover_until = now + LEFTOVER_S
            self._run = None
        self._incoming.give_up(turn)

    def _leftover(self, now: float) -> bool:
        return self._leftover_until is not None and now < self._leftover_until

    def _next_turn(self) -> int:
        self._turn += 1
        return self._turn
