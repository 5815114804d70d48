"""Sentence templates in hassil's notation as networks of words.

The expression trees are walked as they are; no sentence is ever expanded. A template may cut
words into pieces ("hour[s]"), so the walk carries the beginnings of words that are not finished.
"""

import re
from collections.abc import Callable, Mapping
from itertools import permutations

from hassil.expression import (
    Alternative,
    Expression,
    Group,
    ListReference,
    Permutation,
    RuleReference,
    Sentence,
    TextChunk,
)
from hassil.parse_expression import parse_sentence

from hub.home.automaton import Network

# A template of more items in free order than this would cost more than it can be worth.
MAX_PERMUTED = 4

# What people can say; signs as "%" stand beside a spoken alternative in the same template.
_spoken_text = re.compile(r"[\w\s'’-]*")
_word_break = re.compile(r"[\s-]+")

# Where the walk is: (state of the network, beginning of a word).
_Frontier = set[tuple[int, str]]

ListLabel = Callable[[str], str | None]
"""Gives the network's label of a template's list; None when the list has nothing to say."""


def parse_rules(rules: Mapping[str, str]) -> dict[str, Sentence]:
    """Parse named parts of sentences that templates refer to as <name>."""
    return {name: parse_sentence(text) for name, text in rules.items()}


def add_template(
    network: Network, template: str, rules: Mapping[str, Sentence], list_label: ListLabel
) -> None:
    """Make `network` accept every sentence of `template`.

    Alternatives that can not be spoken, or that refer to an empty list, fall away; so may all.
    """
    walk = _Walk(network, rules, list_label)
    for state in walk.finish_word(walk.expand(parse_sentence(template).expression, {(0, "")})):
        network.final.add(state[0])


class _Walk:
    def __init__(
        self, network: Network, rules: Mapping[str, Sentence], list_label: ListLabel
    ) -> None:
        self._network = network
        self._rules = rules
        self._list_label = list_label

    def expand(self, expression: Expression, frontier: _Frontier) -> _Frontier:
        """Go through `expression` from `frontier`; an empty result is a dead end."""
        if not frontier:
            return set()
        if isinstance(expression, TextChunk):
            return self._text(expression.text, frontier)
        if isinstance(expression, ListReference):
            return self._list(expression.list_name, frontier)
        if isinstance(expression, RuleReference):
            rule = self._rules.get(expression.rule_name)
            return self.expand(rule.expression, frontier) if rule else set()
        if isinstance(expression, Permutation):
            if len(expression.items) > MAX_PERMUTED:
                return set()
            orders = permutations(expression.items)
            return set().union(*(self._sequence(list(order), frontier) for order in orders))
        if isinstance(expression, Alternative):
            return set().union(*(self.expand(item, frontier) for item in expression.items))
        if isinstance(expression, Group):
            return self._sequence(expression.items, frontier)
        return set()

    def finish_word(self, frontier: _Frontier) -> _Frontier:
        """Write the words that were begun; all paths meet in one state."""
        if len(frontier) <= 1 and all(not beginning for _, beginning in frontier):
            return frontier
        target = self._network.state()
        for state, beginning in frontier:
            self._network.connect(state, beginning.lower() or None, target)
        return {(target, "")}

    def _sequence(self, items: list[Expression], frontier: _Frontier) -> _Frontier:
        for item in items:
            frontier = self.expand(item, frontier)
        return frontier

    def _text(self, text: str, frontier: _Frontier) -> _Frontier:
        if not _spoken_text.fullmatch(text):
            return set()
        first, *rest = _word_break.split(text)
        frontier = {(state, beginning + first) for state, beginning in frontier}
        for piece in rest:
            frontier = {(state, piece) for state, _ in self.finish_word(frontier)}
        return frontier

    def _list(self, name: str, frontier: _Frontier) -> _Frontier:
        label = self._list_label(name)
        if label is None:
            return set()
        target = self._network.state()
        for state, _ in self.finish_word(frontier):
            self._network.connect(state, label, target)
        return {(target, "")}
