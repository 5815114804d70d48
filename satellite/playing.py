"""The state machine's view of the speaker: whose audio it plays, and until when it may."""

from protocol import AudioStop, Duck, Flush, Message, Pause, Playback, Resume, TurnVolume
from satellite import events
from satellite.effects import (
    Effect,
    Emit,
    EndPlayback,
    FlushPlayback,
    PausePlayback,
    ResumePlayback,
    Send,
    SetGain,
    SetTurnVolume,
    StartPlayback,
)
from satellite.state import FLUSH_S


class Playing:
    """Pure like the machine it belongs to: the caller passes `now` and carries out the effects."""

    def __init__(self) -> None:
        self.turn: int | None = None
        """The turn that the speaker is not finished with."""
        self.deadline: float | None = None
        """When the speaker must be silent, after a flush."""
        self.held = False
        """Whether the satellite keeps the speaker silent by itself, until it knows who answers."""
        self._prepared: int | None = None
        self._ended = self._paused = False
        self._silent = False  # a pause is heard
        self._position_ms = 0.0

    @property
    def quiet(self) -> bool:
        """Return True while nothing can be heard."""
        return self.turn is None or self._silent

    def expects(self, turn: int) -> bool:
        """Return True while more audio of this turn needs no new start."""
        return turn == self.turn and self.deadline is None and not self._ended

    def start(self, turn: int) -> list[Effect]:
        """Play a turn's audio, or more of it."""
        self.turn = turn
        self.deadline = None
        self._ended = False
        if self._prepared == turn:
            return []
        self._prepared = turn
        self._paused = self.held = self._silent = False
        self._position_ms = 0.0
        return [StartPlayback(turn)]

    def receive(self, message: Message, now: float) -> list[Effect]:
        """Take what the hub says about the playback of the current turn."""
        match message:
            case AudioStop():
                return self.end()
            case Flush():
                return self.flush(now)
            case Duck(turn=turn, gain_db=gain_db, ramp_ms=ramp_ms):
                ducked = events.PlaybackDucked(now, turn, gain_db, ramp_ms)
                return [SetGain(gain_db, ramp_ms), Emit(ducked)]
            case TurnVolume(volume=volume):
                return [SetTurnVolume(volume)]
            case Pause():
                self._paused = True
                return [PausePlayback()]
            case Resume(turn=turn):
                self._paused = False
                if self.held:
                    return []
                self._silent = False
                return [ResumePlayback(), Emit(events.PlaybackResumed(now, turn))]
            case _:
                return []

    def end(self) -> list[Effect]:
        """Expect no more audio for now."""
        if self._ended or self.turn is None:
            return []
        self._ended = True
        return [EndPlayback()]

    def hold(self) -> list[Effect]:
        """Be silent for now, and lose nothing."""
        if self.turn is None or self.deadline is not None:
            return []
        self.held = True
        return [PausePlayback()]

    def let_go(self) -> list[Effect]:
        """Go on after `hold`, if the hub has not paused it as well."""
        held, self.held = self.held, False
        if not held or self._paused:
            return []
        self._silent = False
        return [ResumePlayback()]

    def flush(self, now: float) -> list[Effect]:
        """Be silent at once; a pause does not hold what comes after."""
        paused = self._paused or self.held
        self._paused = self.held = self._silent = False
        if self.turn is None:
            return [FlushPlayback()] if paused else []
        if self.deadline is not None:
            return []
        self.deadline = now + FLUSH_S
        return [FlushPlayback(), Emit(events.PlaybackFlushed(now, self.turn))]

    def moved(self, turn: int, position_ms: float, buffered_ms: float) -> tuple[bool, list[Effect]]:
        """Return whether more was heard than before, and the report to the hub."""
        if not turn == self.turn == self._prepared:
            return False, []
        advanced = position_ms > self._position_ms
        self._position_ms = max(position_ms, self._position_ms)
        position = round(self._position_ms)
        return advanced, [Send(Playback(turn, position, round(buffered_ms), finished=False))]

    def paused(self, turn: int, at: float, position_ms: float, buffered_ms: float) -> list[Effect]:
        """Report where a pause holds."""
        _, told = self.moved(turn, position_ms, buffered_ms)
        if told:
            self._silent = self._paused or self.held
            told.append(Emit(events.PlaybackPaused(at, turn, round(self._position_ms))))
        return told

    def finished(self, turn: int, position_ms: float, now: float) -> list[Effect]:
        """Report that the speaker is done with a turn."""
        position = round(max(position_ms, self._position_ms if turn == self._prepared else 0))
        told: list[Effect] = [Emit(events.PlaybackFinished(now, turn, position))]
        # Nobody is told about the turns of a link that is gone.
        if self._prepared is not None and turn <= self._prepared:
            told.insert(0, Send(Playback(turn, position, 0, finished=True)))
        return told

    def silent(self) -> None:
        """Take the speaker for silent."""
        self.turn = self.deadline = None
        self.held = self._silent = False

    def forget_link(self) -> None:
        """Turns are counted anew by the next hub."""
        self._prepared = None
