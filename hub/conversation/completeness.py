"""Whether a person who paused has finished, from the words so far and how the last ones sounded.

Evidence adds up as log-odds, one sum, so that no cue alone decides. Words weigh up to 3 (odds of
20 to 1), sound up to 2.2. All weights were chosen by us from which cues matter more (grammar over
pitch, pitch over level and length); none is fitted to recordings.
"""

import math
import re
from dataclasses import dataclass
from typing import Protocol

from hub.conversation.open_words import OPEN_WORDS, OpenWords
from hub.conversation.prosody import Prosody

COMPLETE = 3.0
"""A turn of its own: "yes", "stop"."""
SENTENCE = 1.0
"""Several words, and nothing is missing."""
QUESTION = 0.6
"""In addition, for a question in good order."""
LOOSE = -1.2
"""The last word mostly leads another."""
MISSING_PART = -1.2
"""A verb lacks its second part: "set the light", to what?"""
OPEN_NUMBER = -1.4
OPEN_LIST = -1.2
TENS = 0.3
"""A number ends in "twenty": "twenty-one" would be one more word."""
DANGLING = -2.5
"""The last word leads another, or a verb lacks its object."""
FULL_STOP = 0.6
"""Little: recognisers end everything with one."""
QUESTION_MARK = 1.2
PAUSE_MARK = -2.0
"""A comma, a dash, an ellipsis at the end."""

_WORD = re.compile(r"[^\W_]+(?:[.:,'-][^\W_]+)*'?")
_DIGITS = re.compile(r"\d+(?:[.:,]\d+)*")
_SHORT_ITEM_WORDS = 2
_FIRST_ITEM_WORDS = 3
"""The first thing of a list has its verb in front: "add green apples"."""
_LONG_NUMBER = 5
"""Digits of a number that is told rather than counted: a code, a telephone number."""


@dataclass(frozen=True, slots=True)
class Completeness:
    """How far a turn has come."""

    probability: float
    """0 to 1, that it is over."""
    open: bool
    """A number, a list or an "and" is open, or the person hums: somebody is likely to go on."""


class TurnDetector(Protocol):
    """Hears whether a turn is over."""

    async def probability(self, audio: bytes) -> float:
        """Return the probability that it is, at the end of 16 kHz pcm16. Raises EngineError."""


def estimate(text: str, language: str, prosody: Prosody | None) -> Completeness:
    """Judge a transcript so far; `language` is a BCP 47 tag.

    Of a language without a list of words only punctuation and sound count; without text, only
    sound; without either, the probability is 0.5.
    """
    text = text.strip().lower().replace("’", "'")
    words = _WORD.findall(text)
    lists = OPEN_WORDS.get(language.lower().replace("_", "-").split("-")[0])
    evidence, is_open = _Sentence(text, words, lists).judge() if lists and words else (0.0, False)
    asked = text.endswith("?") or bool(lists and words and _asks(words, lists))
    log_odds = evidence + _punctuation(text, evidence) + _sound(prosody, asked=asked)
    return Completeness(1 / (1 + math.exp(-log_odds)), is_open)


def combined(detector_probability: float, text_estimate: Completeness) -> Completeness:
    """Take the probability from a detector, and what is open from the text.

    A detector's NaN counts as no answer: then the text's probability stays.
    """
    if math.isnan(detector_probability):
        return text_estimate
    return Completeness(min(1.0, max(0.0, detector_probability)), text_estimate.open)


class _Sentence:
    """One transcript, and what its words say about its end."""

    def __init__(self, text: str, words: list[str], lists: OpenWords) -> None:
        self._text = text
        self._words = words
        self._lists = lists
        self._asked = _request(words, lists)
        """The words without what is polite, from the verb on."""

    def judge(self) -> tuple[float, bool]:
        """Return the log-odds that the turn is over, and whether something is open."""
        lists, last = self._lists, self._words[-1]
        if self._is_complete():
            return COMPLETE, False
        # "jusqu'à" and "d'une" end as their second half does.
        half = last.rpartition("'")[2] or last
        if half in lists.joining or last in lists.fillers:
            return DANGLING, True
        if self._number_is_open():
            return OPEN_NUMBER, True
        if self._list_is_open():
            return OPEN_LIST, True
        if self._ends_in_particle():
            return SENTENCE, False
        if half in lists.leading or last.endswith("'") or self._object_is_missing():
            return DANGLING, False
        if half in lists.loose or _is_contraction(last, lists):
            return self._loose_end(), False
        return self._plain(), False

    def _plain(self) -> float:
        """Weigh a sentence that ends in an ordinary word."""
        lists, words = self._lists, self._words
        second = lists.second_parts.get(self._asked[0])
        if second is not None and second.isdisjoint(self._asked[1:]):
            return MISSING_PART
        if self._lacks_infinitive():
            return LOOSE
        if words[-1] in lists.tens:
            return TENS
        # One word may be a name that is called, or the first of many: it says little.
        whole = SENTENCE * (1 - math.exp(-len(words) / 2))
        return whole + (QUESTION if _asks(words, lists) and len(words) > 2 else 0.0)

    def _loose_end(self) -> float:
        """Weigh a last word that mostly leads another, but may end a question or "lights on"."""
        lists, words = self._lists, self._words
        if _asks(words, lists) and len(words) > 2:
            if words[-1] in lists.question_endings:
                return SENTENCE
            return LOOSE / 3 if words[-2] in lists.indirect else LOOSE
        without_verb = len(self._asked) > 1 and self._asked[0] not in lists.verbs
        if without_verb and any(words[-1] in some for some in lists.particles.values()):
            return 0.0
        return LOOSE

    def _is_complete(self) -> bool:
        complete, polite = self._lists.complete, self._lists.polite
        if " ".join(self._words) in complete:
            return True
        core = [word for word in self._words if word not in polite]
        return bool(core) and (" ".join(core) in complete or all(word in complete for word in core))

    def _object_is_missing(self) -> bool:
        """Tell whether there is a verb that asks for an object, and nothing else."""
        lists, asked = self._lists, self._asked
        if not asked:
            return True
        if asked[0] not in lists.verbs:
            return False
        return all(word in lists.indirect or word in lists.loose for word in asked[1:])

    def _ends_in_particle(self) -> bool:
        """Tell whether the last word belongs to the verb, with the object between: "turn it on"."""
        if len(self._asked) < 3:
            return False
        particles = self._lists.particles.get(self._asked[0], frozenset())
        return self._asked[-1] in particles and particles.isdisjoint(self._asked[1:-1])

    def _lacks_infinitive(self) -> bool:
        endings = self._lists.infinitive_endings
        has_modal = not self._lists.modals.isdisjoint(self._words[:2])
        return has_modal and not self._words[-1].endswith(endings)

    def _number_is_open(self) -> bool:
        """Tell whether a number is told digit by digit, or lacks its unit."""
        lists, words = self._lists, self._words
        told = len(words)
        while told and (
            words[told - 1] in lists.digits or re.fullmatch(r"\d{1,2}", words[told - 1])
        ):
            told -= 1
        if len(words) - told >= 2 and not _is_clock(words[told:]):
            return True
        last = words[-1].replace("-", "")
        if last in lists.teens and len(words) > 1 and words[-2] in lists.measures:
            return True
        if last.isdigit() and (len(last) >= _LONG_NUMBER or (last[0] == "0" and len(last) > 1)):
            return True
        at = len(words)
        while at and _is_number(words[at - 1], lists):
            at -= 1
        if at == len(words):
            return False
        before = words[at - 1] if at else ""
        bare = self._asked[:1] == words[at - 1 : at] and before in lists.verbs
        # "10 minutes 30": after an amount and its unit, another amount has one as well.
        compound = at >= 2 and _is_number(words[at - 2], lists)
        return bare or compound or before in lists.measures or before in lists.joining

    def _list_is_open(self) -> bool:
        """Tell whether short things stand between commas without an "and" before the last."""
        if self._text.endswith(("?", "!")):
            return False
        talk = self._lists.polite | self._lists.complete
        items = [_WORD.findall(part) for part in re.split(r"[,;](?:\s+|$)", self._text)]
        if len(items) < 2:
            return False
        if any(" ".join(item) in talk for item in items) or not talk.isdisjoint(items[-1]):
            return False
        if not items[-1]:
            return len(items) > 2 or len(items[0]) <= _FIRST_ITEM_WORDS
        short = len(items[-1]) <= _SHORT_ITEM_WORDS
        return short and self._lists.joining.isdisjoint(items[-1])


def _request(words: list[str], lists: OpenWords) -> list[str]:
    """Return the words from the verb on, without "please" and "can you"."""
    words = [word for word in words if word not in lists.polite]
    for opener in lists.openers:
        if tuple(words[: len(opener)]) == opener:
            return words[len(opener) :]
    return words


def _asks(words: list[str], lists: OpenWords) -> bool:
    return words[0] in lists.questions


def _is_contraction(word: str, lists: OpenWords) -> bool:
    """Tell whether a word is a question word and a verb in one: "what's"."""
    return "'" in word and not lists.questions.isdisjoint((word, word.partition("'")[0]))


def _is_number(word: str, lists: OpenWords) -> bool:
    if word in lists.leading:  # French has one word for "a" and "one"
        return False
    return bool(_DIGITS.fullmatch(word)) or word in lists.digits or word in lists.tens


def _is_clock(words: list[str]) -> bool:
    """Tell whether figures are an hour and minutes: "7 30"."""
    return len(words) == 2 and words[0].isdigit() and words[1].isdigit() and len(words[1]) == 2


def _punctuation(text: str, evidence: float) -> float:
    """Return what the mark at the end says; a full stop after an unfinished sentence, a third."""
    if text.endswith(("...", "…", ",", ";", ":", "-", "–", "—")):
        return PAUSE_MARK
    if text.endswith(("?", "!", "。", "？", "！")):
        return QUESTION_MARK
    if text.endswith("."):
        return FULL_STOP if evidence >= 0 else FULL_STOP / 3
    return 0.0


def _sound(prosody: Prosody | None, *, asked: bool) -> float:
    """Return what the sound says: falling, low, fading and drawn out is an end.

    Each cue is bounded, so that one wrong measurement does not decide. A question may rise.
    """
    if prosody is None:
        return 0.0
    odds = 0.0
    if prosody.pitch_slope is not None:
        # A level pitch (0) already holds the floor a little.
        falling = 0.8 * math.tanh((-prosody.pitch_slope - 3) / 8)
        odds += max(0.0, falling) if asked else falling
    if prosody.pitch_end is not None:
        low = 0.6 * math.tanh(-prosody.pitch_end / 3)
        odds += max(0.0, low) if asked else low
    odds += 0.5 * math.tanh((-prosody.level_slope - 15) / 40)
    odds += 0.3 * math.tanh((prosody.lengthening - 1) / 0.7)
    return odds
