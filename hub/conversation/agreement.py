"""Partial transcripts of a growing buffer: words count once successive hypotheses agree on them.

The rule is local agreement (Liu, Spanakis and Niehues, 2020): a recogniser that hears more and more
of an utterance changes its mind about the last words, seldom about those that it has found twice.
"""

import re
from collections import deque

AGREEING = 2
"""Hypotheses in a row that must agree."""

_SIGNS = re.compile(r"[\W_]+")


class LocalAgreement:
    """One utterance's agreed words. They only ever grow."""

    def __init__(self, agreeing: int = AGREEING) -> None:
        if agreeing < 2:
            raise ValueError("at least two hypotheses can agree")
        self._latest: deque[list[str]] = deque(maxlen=agreeing)
        self._agreed: list[str] = []

    @property
    def agreed(self) -> str:
        """The words agreed so far, as the hypotheses that agreed last spelled them."""
        return " ".join(self._agreed)

    def feed(self, hypothesis: str) -> str:
        """Take the hypothesis for all that was heard so far; return the agreed prefix.

        Words agree whatever their case and punctuation. What was agreed before stays, even where
        this hypothesis contradicts it.
        """
        self._latest.append(hypothesis.split())
        if len(self._latest) == self._latest.maxlen:
            common = _common(list(self._latest))
            if len(common) > len(self._agreed):
                self._agreed += common[len(self._agreed) :]
        return self.agreed


def _common(hypotheses: list[list[str]]) -> list[str]:
    """Return the words at the start that all hypotheses have, spelled as in the last one."""
    agreed = []
    for words in zip(*hypotheses, strict=False):
        if len({_plain(word) for word in words}) > 1:
            break
        agreed.append(words[-1])
    return agreed


def _plain(word: str) -> str:
    return _SIGNS.sub("", word.casefold()) or word
