"""Leaves out the sentences that can not be meant, before hassil looks at the rest.

hassil does so itself, but for each block of sentences it first makes ready to match it, and it
looks for each word again wherever a sentence needs it. With thousands of sentences that is a third
of the time; here each word is looked for once.
"""

import copy
from dataclasses import dataclass, replace

from hassil.expression import Sentence
from hassil.intents import Intent, IntentData, Intents
from hassil.util import normalize_for_matching

Clauses = tuple[frozenset[str], ...]
"""Of each, a text must have at least one piece."""


@dataclass(frozen=True, slots=True)
class _Entry:
    """One sentence, the block that it is of, and the pieces that it needs."""

    block: int
    sentence: Sentence
    clauses: Clauses


class Prefilter:
    """The sentences of one language by the pieces of text that they need."""

    def __init__(self, intents: Intents) -> None:
        """Parse every sentence."""
        self._intents = intents
        # Where spaces are ignored, pieces can come together that were apart.
        self._usable = not intents.settings.ignore_whitespace
        self._blocks: list[tuple[str, IntentData]] = []
        self._entries: list[_Entry] = []
        self._always: list[int] = []
        """Entries that need no piece at all."""
        self._by_piece: dict[str, list[int]] = {}
        """Entries by the pieces of their rarest clause, and every other piece without any."""
        for name, intent in intents.intents.items():
            for data in intent.data:
                self._blocks.append((name, data))
                rules = {**intents.expansion_rules, **data.expansion_rules}
                for sentence in data.sentences:
                    self._add(sentence, tuple(sentence.get_required_clauses(rules)))

    def narrowed(self, text: str) -> Intents:
        """Return the intents with those sentences alone that `text` has the pieces for."""
        if not self._usable:
            return self._intents
        said = normalize_for_matching(text).text.casefold()
        there = {piece for piece in self._by_piece if piece in said}
        near = {*self._always, *(one for piece in there for one in self._by_piece[piece])}
        left: dict[int, list[Sentence]] = {}
        for one in sorted(near):  # in the order in which hassil tries them
            entry = self._entries[one]
            if not any(clause.isdisjoint(there) for clause in entry.clauses):
                left.setdefault(entry.block, []).append(entry.sentence)
        intents: dict[str, Intent] = {}
        for block, sentences in left.items():
            name, data = self._blocks[block]
            intents.setdefault(name, Intent(name)).data.append(_with(data, sentences))
        return replace(self._intents, intents=intents)

    def _add(self, sentence: Sentence, clauses: Clauses) -> None:
        number = len(self._entries)
        self._entries.append(_Entry(len(self._blocks) - 1, sentence, clauses))
        for clause in clauses:
            for piece in clause:
                self._by_piece.setdefault(piece, [])
        if not clauses:
            self._always.append(number)
            return
        for piece in max(clauses, key=lambda clause: (-len(clause), min(map(len, clause)))):
            self._by_piece[piece].append(number)


def _with(data: IntentData, sentences: list[Sentence]) -> IntentData:
    """Return a block with some of its sentences, parsed as they are."""
    if len(sentences) == len(data.sentences):
        return data
    narrowed = copy.copy(data)
    narrowed.__dict__["sentences"] = sentences  # where hassil keeps what it has parsed
    return narrowed
