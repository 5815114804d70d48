"""The speaker's own words in the microphone: told from a person's by what is being spoken."""

from collections.abc import Sequence
from difflib import SequenceMatcher
from functools import lru_cache

from hassil.numbers import get_rbnf_engine

from hub.conversation.interjections import Kind, classify, stop_phrases
from hub.conversation.plain_words import plain_words

ECHO_SHARE = 0.7
"""Of the words heard, at least this many were spoken, in this order."""

ALIKE = 0.8
"""Two words this similar (difflib's ratio) and one letter apart are one word, misheard."""

EXACT_WORDS = 2
"""Utterances this short hold too little to guess: every word must be right."""

MIN_SPAN_WORDS = 16
"""About five seconds of speech: the shortest stretch in which what was heard is looked for.

Echo is one stretch of the answer. Small words of a person are found all over a long one.
"""

MAX_NUMBER = 100
"""Numbers in digits up to this one are compared as words."""


@lru_cache(maxsize=16)
def echo_guard(language: str) -> "EchoGuard":
    """Return the guard of a language, which has nothing to remember."""
    return EchoGuard(language)


class EchoGuard:
    """Tells echo in one language, a BCP 47 tag."""

    def __init__(self, language: str) -> None:
        self._language = language
        self._numbers = _number_words(language)
        self._stops = [plain_words(phrase) for phrase in stop_phrases(language)]

    def is_echo(self, heard: str, spoken: str) -> bool:
        """Tell whether `heard` is what the speaker is saying.

        `spoken` is the text of the last seconds, and a little of what comes next. A stop phrase
        that begins or ends what was heard and is not in `spoken` is a person's.
        """
        ours, theirs = self._words(spoken), self._words(heard)
        if not theirs or not ours:
            return False
        if len(theirs) <= EXACT_WORDS or classify(heard, self._language) is Kind.STOP:
            return _contains(ours, theirs)
        if self._holds_foreign_stop(theirs, ours):
            return False
        return _longest_match(theirs, ours) >= ECHO_SHARE * len(theirs)

    def _words(self, text: str) -> list[str]:
        words = plain_words(text)
        return [part for word in words for part in self._numbers.get(word, (word,))]

    def _holds_foreign_stop(self, heard: list[str], spoken: list[str]) -> bool:
        return any(
            phrase in (heard[: len(phrase)], heard[-len(phrase) :])
            and not _contains(spoken, phrase)
            for phrase in self._stops
        )


@lru_cache(maxsize=16)
def _number_words(language: str) -> dict[str, tuple[str, ...]]:
    """Return the words of "0" to "100"; nothing for languages whose numbers are not known."""
    try:
        engine = get_rbnf_engine(language)
    except ValueError:
        return {}
    return {
        str(number): tuple(plain_words(engine.format_number(number).text))
        for number in range(MAX_NUMBER + 1)
    }


def _contains(words: list[str], part: list[str]) -> bool:
    """Tell whether `part` occurs in one piece."""
    length = len(part)
    return any(words[at : at + length] == part for at in range(len(words) - length + 1))


def _longest_match(heard: list[str], spoken: list[str]) -> int:
    """Return how many heard words occur in order in the stretch of speech that has most of them.

    The stretches are up to twice as long as what was heard, as the recogniser may miss words.
    """
    places = _places(heard, spoken)
    span = max(2 * len(heard), MIN_SPAN_WORDS)
    starts = range(0, max(1, len(spoken) - span + span // 4), span // 4)
    whole = (1 << span) - 1
    return max(
        _common_length([(mask >> start) & whole for mask in places], span) for start in starts
    )


def _common_length(masks: Sequence[int], length: int) -> int:
    """Return the length of the longest common subsequence; bit n of a mask: the word is at n.

    Bit-parallel, after H. Hyyro, "Bit-parallel LCS-length computation revisited", 2004.
    """
    everything = (1 << length) - 1
    state = everything
    for mask in masks:
        matches = state & mask
        state = ((state + matches) | (state - matches)) & everything
    return length - state.bit_count()


def _places(heard: list[str], spoken: list[str]) -> list[int]:
    """Return for each heard word a mask of where it was spoken, or else where a word alike was."""
    where: dict[str, int] = {}
    for position, word in enumerate(spoken):
        where[word] = where.get(word, 0) | 1 << position
    unknown = {word for word in heard if word not in where}
    lengths = {len(word) + more for word in unknown for more in (-1, 0, 1)}
    near: dict[str, list[str]] = {}
    for word in where:
        if len(word) in lengths:
            for form in _shortened(word):
                near.setdefault(form, []).append(word)
    masks = dict(where)
    for word in unknown:
        masks[word] = 0
        for other in {other for form in _shortened(word) for other in near.get(form, ())}:
            if _alike(word, other):
                masks[word] |= where[other]
    return [masks[word] for word in heard]


@lru_cache(maxsize=4096)
def _shortened(word: str) -> frozenset[str]:
    """Return the word and the word without each of its letters.

    Words one letter apart (wrong, missing, added or swapped) share one of these.
    """
    return frozenset((word, *(word[:at] + word[at + 1 :] for at in range(len(word)))))


@lru_cache(maxsize=4096)
def _alike(one: str, other: str) -> bool:
    return one == other or SequenceMatcher(None, one, other, autojunk=False).ratio() >= ALIKE
