"""What was said, and when each word of it sounds: the answer's audio with its text beside it."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from audio.pcm import duration_ms
from audio.resample import Resampler
from hub.conversation.answer_speech import Piece
from hub.conversation.history import heard_text
from hub.conversation.sentences import Sentence, written_up_to
from hub.engines.base import WordTime
from hub.events import SpokenWord

HEARD_SLACK_MS = 50.0
"""An answer counts as heard to its end this much before it: reports lag by a buffer."""
WORD_GUESS_MS = 300.0
"""Where no word times are known, this far back is about a word."""


@dataclass(slots=True)
class _Said:
    sentence: Sentence
    start_ms: float
    end_ms: float
    words: list[WordTime] = field(default_factory=list)
    """Times from the start of the sentence."""


class Spoken:
    """The audio of one answer, at one rate. Positions are ms from its start."""

    def __init__(self) -> None:
        self.rate_hz = 0
        """0 until there is audio."""
        self._audio = bytearray()
        self._said: list[_Said] = []
        self._resampler: Resampler | None = None

    @property
    def length_ms(self) -> float:
        """Audio so far."""
        return duration_ms(len(self._audio), rate_hz=self.rate_hz) if self.rate_hz else 0.0

    def add(self, piece: Piece) -> None:
        """Add a piece; one of another rate is brought to that of the first."""
        self.rate_hz = self.rate_hz or piece.rate_hz
        if self._resampler is not None and self._resampler.from_hz != piece.rate_hz:
            self.finish()
        start_ms = self.length_ms
        self._audio += self._at_our_rate(piece)
        if not self._said or self._said[-1].sentence is not piece.sentence:
            self._said.append(_Said(piece.sentence, start_ms, start_ms))
        said = self._said[-1]
        said.words += piece.words
        said.end_ms = self.length_ms

    def timed(self, piece: Piece) -> tuple[SpokenWord, ...]:
        """Return when the words of the piece sound that was added last."""
        spoken, start_ms = piece.sentence.spoken, self._said[-1].start_ms
        return tuple(
            SpokenWord(spoken[word.start : word.end], start_ms + word.offset_ms)
            for word in piece.words
        )

    def cut(self, size: int) -> None:
        """Forget the audio after the first `size` bytes."""
        del self._audio[size:]
        self._resampler = None
        length_ms = self.length_ms
        self._said = [said for said in self._said if said.start_ms < length_ms]
        for said in self._said:
            said.end_ms = min(said.end_ms, length_ms)

    def finish(self) -> None:
        """Add what a change of rate holds back: nothing follows it, for now."""
        if self._resampler is None:
            return
        self._audio += self._resampler.process(b"", last=True)
        self._resampler = None
        self._said[-1].end_ms = self.length_ms

    def _at_our_rate(self, piece: Piece) -> bytes:
        if piece.rate_hz == self.rate_hz:
            return piece.audio
        if self._resampler is None:
            self._resampler = Resampler(piece.rate_hz, self.rate_hz)
        return self._resampler.process(piece.audio)

    @property
    def size_bytes(self) -> int:
        """Bytes of audio so far."""
        return len(self._audio)

    def audio(self, start: int, length: int) -> bytes:
        """Return up to `length` bytes of audio from byte `start` on."""
        return bytes(self._audio[start : start + length])

    def word_start(self, at_ms: float) -> float:
        """Return where the word begins that sounds at `at_ms`: a good place to go on from."""
        for said in reversed(self._said):
            if said.start_ms <= at_ms:
                starts = [said.start_ms + word.offset_ms for word in said.words]
                before = [start for start in starts if start <= at_ms]
                guess = said.start_ms if said.words else max(said.start_ms, at_ms - WORD_GUESS_MS)
                return max(before, default=guess)
        return 0.0

    def split(self, at_ms: float, written: str) -> tuple[str, str]:
        """Split the answer at what was heard by `at_ms`: what was, and what was not.

        `written` is everything that was written, spoken already or not.
        """
        if at_ms <= 0:
            return "", written
        heard = ""
        for said in self._said:
            if at_ms >= said.end_ms - HEARD_SLACK_MS:
                heard += said.sentence.text
                continue
            heard += _heard_of(said, at_ms - said.start_ms)
            break
        rest = written[len(heard) :]
        # Of what is never spoken, signs and pictures, nothing was missed.
        return (heard, rest) if not heard or any(map(str.isalnum, rest)) else (written, "")

    def around(self, at_ms: float, before_ms: float, after_ms: float) -> str:
        """Return the words that sound from `before_ms` before `at_ms` to `after_ms` after."""
        return " ".join(
            text
            for said in self._said
            for text in _between(said, at_ms - before_ms, at_ms + after_ms)
        )


def _heard_of(said: _Said, at_ms: float) -> str:
    if at_ms <= 0:
        return ""
    heard, _ = heard_text(said.sentence.spoken, said.words, said.end_ms - said.start_ms, at_ms)
    return written_up_to(said.sentence, len(heard))


def _between(said: _Said, from_ms: float, to_ms: float) -> Sequence[str]:
    if said.end_ms < from_ms or said.start_ms > to_ms:
        return ()
    spoken = said.sentence.spoken
    if not said.words:
        return (spoken,)
    ends = [*(word.offset_ms for word in said.words[1:]), said.end_ms - said.start_ms]
    return [
        spoken[word.start : word.end]
        for word, end_ms in zip(said.words, ends, strict=True)
        if said.start_ms + end_ms >= from_ms and said.start_ms + word.offset_ms <= to_ms
    ]
