"""Finite automata over words: sentences by the million in a few thousand arcs.

Templates become a `Network` (nondeterministic; a label may stand for a whole automaton of its
own), and `minimal` turns a network into the one smallest deterministic `Automaton` of the same
sentences. Sentences are finite, so nothing here knows loops.
"""

import random
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Automaton:
    """A minimal deterministic automaton without loops; state 0 is the start."""

    arcs: tuple[dict[str, int], ...]
    """Per state: word -> next state."""
    final: frozenset[int]
    """States in which a sentence may end."""

    @property
    def arc_count(self) -> int:
        """Number of arcs in all."""
        return sum(map(len, self.arcs))

    def words(self) -> frozenset[str]:
        """Return every word that some sentence has."""
        return frozenset(word for arcs in self.arcs for word in arcs)

    def accepts(self, sentence: list[str]) -> bool:
        """Say whether `sentence` is one of the automaton's."""
        state = 0
        for word in sentence:
            if word not in self.arcs[state]:
                return False
            state = self.arcs[state][word]
        return state in self.final

    def sentences(self, state: int = 0) -> Iterator[list[str]]:
        """Yield every sentence from `state` on; only for small automata."""
        if state in self.final:
            yield []
        for word, to in self.arcs[state].items():
            for rest in self.sentences(to):
                yield [word, *rest]

    def sentence_count(self) -> int:
        """Return the number of different sentences."""
        counts = [0] * len(self.arcs)
        for state in reversed(range(len(self.arcs))):
            counts[state] = sum(counts[to] for to in self.arcs[state].values())
            counts[state] += state in self.final
        return counts[0]

    def sample(self, count: int, seed: int) -> list[list[str]]:
        """Return `count` sentences of random walks; the same seed gives the same sentences.

        Each way out of a state is equally likely, so a list of a hundred numbers weighs as much as
        the one word that may stand in its place.
        """
        generator = random.Random(seed)  # noqa: S311 - sampling, no secret
        return [self._walk(generator) for _ in range(count)]

    def _walk(self, generator: random.Random) -> list[str]:
        state = 0
        sentence: list[str] = []
        while self.arcs[state] or state in self.final:
            arcs = self.arcs[state]
            way = generator.randrange(len(arcs) + (state in self.final))
            if way == len(arcs):
                break
            word, state = list(arcs.items())[way]
            sentence.append(word)
        return sentence


@dataclass(slots=True)
class Network:
    """A nondeterministic automaton under construction; state 0 is the start.

    An arc carries a word, or the name of a list in `lists` (then any sentence of that list may
    stand there), or None (then it costs no word).
    """

    lists: Mapping[str, Automaton] = field(default_factory=dict)
    arcs: list[list[tuple[str | None, int]]] = field(default_factory=lambda: [[]])
    final: set[int] = field(default_factory=set)

    def state(self) -> int:
        """Return a new state."""
        self.arcs.append([])
        return len(self.arcs) - 1

    def connect(self, origin: int, label: str | None, target: int) -> None:
        """Add an arc."""
        self.arcs[origin].append((label, target))

    def add_path(self, origin: int, words: Iterable[str], target: int) -> None:
        """Add arcs that lead from `origin` to `target` by `words`."""
        for word in words:
            following = self.state()
            self.connect(origin, word, following)
            origin = following
        self.connect(origin, None, target)


# Where the subset construction can be: in a state of the network, or (second and third part set)
# inside a list, with that state to return to.
_Position = tuple[int, str, int]


def minimal(network: Network) -> Automaton:
    """Return the minimal deterministic automaton of the network's sentences.

    Subsets are determinised depth first and merged with the first equal state on the way back, so
    the cost is that of the subsets, not of the sentences. The network must not have loops.
    """
    known: dict[frozenset[_Position], int | None] = {}
    merged: dict[tuple[bool, frozenset[tuple[str, int]]], int] = {}
    states: list[dict[str, int]] = []
    finals: list[bool] = []

    def canonical(subset: frozenset[_Position]) -> int | None:
        """Return the state that stands for `subset`; None if no sentence ends behind it."""
        if subset in known:
            return known[subset]
        final, targets = _explore(network, subset)
        ways = {word: canonical(frozenset(targets[word])) for word in sorted(targets)}
        arcs = {word: to for word, to in ways.items() if to is not None}
        if not arcs and not final:
            known[subset] = None
            return None
        signature = (final, frozenset(arcs.items()))
        number = merged.setdefault(signature, len(states))
        if number == len(states):
            states.append(arcs)
            finals.append(final)
        known[subset] = number
        return number

    start = canonical(frozenset({(0, "", 0)}))
    if start is None:
        return Automaton(({},), frozenset())
    # States were numbered from the ends of the sentences, the start last; turned round, it is 0.
    last = len(states) - 1
    return Automaton(
        tuple({word: last - to for word, to in arcs.items()} for arcs in reversed(states)),
        frozenset(last - number for number, final in enumerate(finals) if final),
    )


def _explore(
    network: Network, subset: frozenset[_Position]
) -> tuple[bool, dict[str, set[_Position]]]:
    """Return whether a sentence may end in `subset`, and where each word leads from it."""
    final = False
    targets: dict[str, set[_Position]] = {}
    seen = set(subset)
    waiting = list(subset)

    def reach(position: _Position) -> None:
        if position not in seen:
            seen.add(position)
            waiting.append(position)

    while waiting:
        state, inside, place = waiting.pop()
        if inside:
            automaton = network.lists[inside]
            for word, to in automaton.arcs[place].items():
                targets.setdefault(word, set()).add((state, inside, to))
            if place in automaton.final:
                reach((state, "", 0))
            continue
        final = final or state in network.final
        for label, to in network.arcs[state]:
            if label is None:
                reach((to, "", 0))
            elif label in network.lists:
                reach((to, label, 0))
            else:
                targets.setdefault(label, set()).add((to, "", 0))
    return final, targets


def of_sentences(sentences: Iterable[Iterable[str]]) -> Automaton:
    """Return the minimal automaton of the given sentences."""
    network = Network()
    end = network.state()
    for sentence in sentences:
        network.add_path(0, sentence, end)
    network.final.add(end)
    return minimal(network)
