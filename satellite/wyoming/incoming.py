"""The audio that Home Assistant sends: whose it is, and whether it is still wanted."""

from protocol import AudioChunk, AudioStart

TELL_S = 5.0
"""A pause in mid-answer is bridged this often: the satellite gives a silent one up after 10 s."""
PAUSE_S = 60.0
"""A language model that uses tools may be silent for long, but not for ever."""


class Incoming:
    """One stream of audio at a time. Pure like the dialogue that it belongs to."""

    def __init__(self) -> None:
        self.turn: int | None = None
        """The turn that the stream belongs to; None while it is not wanted, or there is none."""
        self.is_open = False
        """Whether a stream has begun and not ended."""
        self.is_owed = False
        """Whether a stream that begins now can be the answer to a run that was overtaken."""
        self.deadline: float | None = None
        """When to look at a pause."""
        self._format = (0, 0, 0)
        self._quiet_since = 0.0

    def open(self, first: AudioStart | AudioChunk) -> None:
        """A stream begins, with its start or, from those who send none, its first chunk."""
        self.is_open = True
        self.turn = self.deadline = None
        self._format = (first.rate, first.width, first.channels)

    def refuse(self) -> None:
        """Drop the stream, to its end."""
        self.turn = self.deadline = None
        self.is_owed = False

    def start(self) -> AudioStart:
        """Return the start of the stream, as the satellite is told it."""
        return AudioStart(*self._format, turn=self.turn)

    def chunk(self, chunk: AudioChunk) -> AudioChunk:
        """Return a chunk of the stream, as the satellite is told it."""
        return AudioChunk(chunk.rate, chunk.width, chunk.channels, chunk.audio, turn=self.turn)

    def heard(self, now: float) -> None:
        """More of the stream has come."""
        self._quiet_since = now
        self.deadline = now + TELL_S

    def wait_on(self, now: float) -> tuple[int, bool]:
        """Look at a pause; return the turn, and whether it has lasted too long."""
        assert self.turn is not None
        self.deadline = now + TELL_S
        return self.turn, now - self._quiet_since >= PAUSE_S

    def stop(self) -> int | None:
        """Take the stream's end; return its turn if it was wanted."""
        turn = self.turn
        self.turn = self.deadline = None
        self.is_open = False
        return turn

    def end(self, turn: int) -> None:
        """A turn is over: what still comes of its stream is dropped."""
        if self.turn == turn:
            self.turn = self.deadline = None

    def give_up(self, turn: int) -> None:
        """A turn and those before it are given up: what still comes of them is dropped."""
        if self.turn is not None and self.turn <= turn:
            self.turn = self.deadline = None

    def overtake(self, *, owed: bool) -> None:
        """A new run begins: the stream is stale, and one that is `owed` to the run before too."""
        self.turn = self.deadline = None
        self.is_owed = owed

    def settle(self) -> None:
        """What begins from here on is of the new run."""
        self.is_owed = False
