"""Cuts an answer that is still being written into pieces to be spoken.

Every decision depends on the characters before it alone, so however the text is cut into feeds, the
pieces are the same. A full stop is judged when the character after it is known.
"""

import re
import unicodedata
from dataclasses import dataclass
from difflib import SequenceMatcher

from hub.conversation.abbreviations import Stop, base_language, full_stop
from hub.conversation.open_markup import OpenMarkup
from hub.conversation.speakable import speakable

PIECE_CHARS = 300
"""The longest piece: some 20 s of speech, and as long as a stray "**" may hold speech up."""

CUT_FROM_CHARS = 100
"""A piece that has to be cut is not cut before this: what is left is read again."""

FIRST_CLAUSE_ALNUMS = 10
"""A first clause shorter than this gains less time than its pause sounds odd."""

_WIDE = "。！？"
_MARKS = ".!?…" + _WIDE
_CLOSERS = "\"'”’»›)]}*_`~」』）】"
_OPENERS = "\"'“„‘«‹([*_`"
_CLAUSE = ",;:—–"
_WORD = re.compile(r"\w+")
_LAST_CLAUSE = re.compile(r".*[,;:—–]\s", re.DOTALL)
_LAST_SPACE = re.compile(r".*\s", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Sentence:
    """One piece of an answer: a sentence, a line, or the clause that an answer starts with."""

    text: str
    """As written. All texts and `SentenceSplitter.unspoken` together are exactly what was fed."""

    spoken: str
    """What a person would say of it; never empty."""


class SentenceSplitter:
    """Splits one answer."""

    def __init__(self, language: str) -> None:
        self._language = base_language(language)
        self._done: list[Sentence] = []
        self._first = True
        self._silent: list[str] = []
        self._start_piece("", OpenMarkup())

    def feed(self, text: str) -> list[Sentence]:
        """Return the pieces that `text` completes."""
        for char in text:
            self._push(char)
        return self._take()

    def finish(self) -> list[Sentence]:
        """Return the rest. Nothing is fed after this."""
        self._finish_piece(self._piece)
        self._start_piece("", OpenMarkup())
        return self._take()

    @property
    def unspoken(self) -> str:
        """What came after the last piece and has nothing to say: a blank line, an emoji."""
        return "".join(self._silent) + self._piece

    def _take(self) -> list[Sentence]:
        done, self._done = self._done, []
        return done

    def _start_piece(self, rest: str, markup: OpenMarkup) -> None:
        self._piece = ""
        self._markup = markup
        self._fence_at_start = markup.fence
        self._word_at = 0
        self._earlier_word_at = 0
        self._mark = ""
        self._doubt: tuple[int, Stop] | None = None
        for char in rest:
            self._push(char)

    def _push(self, char: str) -> None:
        at = len(self._piece)
        self._piece += char
        self._markup.push(char)
        if char == "\n":
            self._at_newline()
        elif char.isspace():
            self._at_space(at)
        elif self._doubt:
            self._settle(char, *self._doubt)
        else:
            self._at_glyph(char, at)
        if len(self._piece) >= PIECE_CHARS:
            self._cut_anyway()

    def _at_newline(self) -> None:
        if self._markup.fence:
            self._word_at = len(self._piece)
        else:
            self._cut(len(self._piece))

    def _at_space(self, at: int) -> None:
        if at > self._word_at:
            if not self._markup.open and not self._doubt:
                self._judge(at)
            self._earlier_word_at = self._word_at
        if self._piece:  # not cut just now
            self._mark = ""
            self._word_at = at + 1

    def _at_glyph(self, char: str, at: int) -> None:
        """Cut where no blank follows: after a full-width mark, or between "!" and an emoji."""
        if char in _MARKS:
            self._mark = self._mark if self._mark in _WIDE and self._mark else char
        elif self._mark and char not in _CLOSERS:
            wide = self._mark in _WIDE
            emoji = self._mark != "." and unicodedata.category(char) == "So"
            self._mark = ""
            if (wide or emoji) and not self._markup.open:
                self._cut(at)

    def _judge(self, at: int) -> None:
        """Decide what the word before the blank at `at` ends."""
        word = self._piece[self._word_at : at]
        start = self._word_at
        if word[0] in "»›" and not word.strip(_CLOSERS):  # French sets a blank before these
            start = self._earlier_word_at
            word = re.sub(r"\s", "", self._piece[start:at])
        stop = self._stop_after(word, start)
        if stop is Stop.YES:
            self._cut(at + 1)
        elif stop is not Stop.NO:
            self._doubt = (at + 1, stop)
        elif self._first and self._is_clause(at):
            self._cut(at + 1)

    def _stop_after(self, word: str, start: int) -> Stop:
        core = word.rstrip(_CLOSERS)
        stem = core.rstrip(_MARKS)
        marks = core[len(stem) :]
        if not marks:
            return Stop.NO
        stop = Stop.YES
        if marks == "." and stem:
            stop = full_stop(stem, self._piece[:start], self._language)
        quoted = word[len(core) :].strip("*_`~") or self._piece.count("«") > self._piece.count("»")
        return Stop.UNLESS_LOWER if stop is Stop.YES and quoted else stop

    def _is_clause(self, at: int) -> bool:
        clause = self._piece[:at].rstrip(_CLOSERS)
        if not clause or clause[-1] not in _CLAUSE:
            return False
        if clause[-1] in "—–" and clause[:-1].rstrip()[-1:].isdigit():  # "5 – 10"
            return False
        if re.search(r"\d\s:$", clause):  # "10 : 2"
            return False
        long_enough = sum(map(str.isalnum, clause)) >= FIRST_CLAUSE_ALNUMS
        return long_enough and len(_WORD.findall(clause)) >= 2

    def _settle(self, char: str, at: int, stop: Stop) -> None:
        """Decide about an earlier blank, now that `char` follows it."""
        if char in "»›":
            self._doubt = None
        elif char not in _OPENERS:
            self._doubt = None
            if stop.ends_before(char):
                self._cut(at)

    def _cut_anyway(self) -> None:
        at = len(self._piece)
        for pattern in (_LAST_CLAUSE, _LAST_SPACE):
            found = pattern.match(self._piece)
            if found and found.end() >= CUT_FROM_CHARS:
                at = found.end()
                break
        self._cut(at)

    def _cut(self, at: int) -> None:
        piece, rest, markup = self._piece[:at], self._piece[at:], self._markup
        if rest:
            markup = OpenMarkup()
            markup.fence = self._fence_at_start
            for char in piece:
                markup.push(char)
        markup.forget_inline()
        self._finish_piece(piece)
        self._start_piece(rest, markup)

    def _finish_piece(self, piece: str) -> None:
        spoken = speakable(piece, self._language)
        if not spoken:
            self._silent.append(piece)
            return
        self._done.append(Sentence("".join(self._silent) + piece, spoken))
        self._silent.clear()
        self._first = False


def written_up_to(sentence: Sentence, spoken_chars: int) -> str:
    """Return the part of the text whose words are in the first `spoken_chars` of what is spoken.

    `spoken_chars` is the end of a word. A word said as several ("21 °C") counts when all are said.
    """
    if spoken_chars >= len(sentence.spoken):
        return sentence.text
    if sentence.text == sentence.spoken:
        return sentence.text[: max(0, spoken_chars)]
    written = list(_WORD.finditer(sentence.text))
    spoken = [word.group().casefold() for word in _WORD.finditer(sentence.spoken)]
    heard = len(_WORD.findall(sentence.spoken[: max(0, spoken_chars)]))
    words = _words_written([word.group().casefold() for word in written], spoken, heard)
    if not words:
        return ""
    limit = written[words].start() if words < len(written) else len(sentence.text)
    end = written[words - 1].end()
    while end < limit and not sentence.text[end].isspace():
        end += 1
    return sentence.text[:end]


def _words_written(written: list[str], spoken: list[str], heard: int) -> int:
    """Return how many of the written words the first `heard` of the spoken ones cover."""
    covered = 0
    matcher = SequenceMatcher(None, written, spoken, autojunk=False)
    for tag, first, last, spoken_first, spoken_last in matcher.get_opcodes():
        if heard >= spoken_last and heard > 0:
            covered = last
        elif tag == "equal" and heard > spoken_first:
            covered = first + heard - spoken_first
    return covered
