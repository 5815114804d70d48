"""The grammar of everything that can be said to this home, as plain data for the phrases engine.

The engine lives in a process of its own and imports nothing from here; what crosses is the dict of
`PhraseGrammar.to_dict`, JSON-able and documented there.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from hassil.expression import Sentence
from hassil.numbers import get_rbnf_engine
from hassil.parser import ParseError
from home_assistant_intents import get_speech_to_phrase_intents

from hub.home.automaton import Automaton, Network, minimal, of_sentences
from hub.home.phrase_block import Block, SpokenLanguage
from hub.home.phrase_templates import LANGUAGES
from hub.home.sentence_trees import ListLabel, add_template, parse_rules
from hub.home.spoken_names import spoken_forms

# Ends every spoken number, so that "Lamp Two" keeps its name and "two percent" becomes "2 percent".
NUMBER_MARK = "#"

# A name of more words than this is not said aloud; it would only cost states.
MAX_NAME_WORDS = 10


@dataclass(frozen=True, slots=True)
class Name:
    """What a device is called; a device with aliases has several."""

    text: str
    domain: str
    features: frozenset[str] | None = None
    """"brightness", "color"; None when unknown, then nothing is held to be impossible."""


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The words of one home."""

    names: tuple[Name, ...] = ()
    areas: tuple[str, ...] = ()
    floors: tuple[str, ...] = ()
    items: tuple[str, ...] = ()
    """Entries of its lists, beyond the usual groceries."""
    cover_classes: frozenset[str] | None = None
    """Kinds of covers there are ("blind", "window", ...); None when unknown, then all are said."""


@dataclass(frozen=True, slots=True)
class PhraseGrammar:
    """All sentences of one home in one language.

    The automaton's words are words, or whole names and numbers: "bed light", "seventy five#".
    """

    language: str
    automaton: Automaton
    numbers: dict[str, str]
    """Spoken number -> how it is written: "seventy five#" -> "75"."""
    lists: dict[str, str]
    """Word -> the list that it is an entry of; words of the templates are in none."""

    def accepts(self, text: str) -> bool:
        """Say whether `text`, with numbers in digits, is a sentence of this grammar."""
        words = text.lower().split()
        reached: list[set[int]] = [{0}, *(set() for _ in words)]
        for place, states in enumerate(reached):
            for word, to in (
                (*arc,) for state in states for arc in self.automaton.arcs[state].items()
            ):
                written = self.written([word]).lower().split()
                if words[place : place + len(written)] == written:
                    reached[place + len(written)].add(to)
        return not self.automaton.final.isdisjoint(reached[-1])

    def sample(self, count: int, seed: int = 0) -> list[str]:
        """Return `count` random sentences as they are written."""
        return [self.written(words) for words in self.automaton.sample(count, seed)]

    def written(self, words: Iterable[str]) -> str:
        """Return the words as text, numbers in digits."""
        return " ".join(self.numbers.get(word, word) for word in words)

    def to_dict(self) -> dict[str, Any]:
        """Return what the phrases engine is configured with.

        {"language": str,
         "words": [str],               by number; one that ends with "#" is a spoken number
         "arcs": [[word, state, ...]], per state, pairs flattened; state 0 starts
         "final": [state],
         "numbers": {word: str},       how spoken numbers are written
         "lists": [int]}               per word, which list it is of; 0 if it is in none
        """
        words = sorted(self.automaton.words())
        number_of = {word: number for number, word in enumerate(words)}
        names = sorted(set(self.lists.values()))
        return {
            "language": self.language,
            "words": words,
            "arcs": [
                [part for word, to in arcs.items() for part in (number_of[word], to)]
                for arcs in self.automaton.arcs
            ],
            "final": sorted(self.automaton.final),
            "numbers": self.numbers,
            "lists": [names.index(self.lists[w]) + 1 if w in self.lists else 0 for w in words],
        }


def build(
    vocabulary: Vocabulary,
    language: str = "en",
    *,
    own: Sequence[str] = (),
    refused: Callable[[str], None] | None = None,
) -> PhraseGrammar:
    """Compile the grammar of a home for a BCP 47 tag; the same home gives the same grammar.

    `own` are the owner's sentences, as templates in hassil's notation: "(movie|film) night",
    "dim [the] {name} a bit". A language without constrained templates has a grammar without
    sentences. A template of `own` that can not be read or said is told to `refused`; without it,
    that raises ValueError.
    """
    language = language.partition("-")[0].lower()
    package = get_speech_to_phrase_intents(language) if language.isalpha() else None
    if package is None:
        return PhraseGrammar(language, minimal(Network()), {}, {})
    spoken = LANGUAGES.get(language, SpokenLanguage(blocks=()))
    lists = _Lists(vocabulary, package, spoken)
    network = Network(lists=lists.automata)
    domains = {name.domain for name in vocabulary.names}
    package_rules = package["expansion_rules"]
    rules = parse_rules({**package_rules, **spoken.rules})
    for known, blocks in (
        (parse_rules(package_rules), _package_blocks(package)),
        (rules, spoken.blocks),
    ):
        for block in blocks:
            if block.needs and not domains.intersection(block.needs):
                continue
            for template in block.sentences:
                add_template(network, template, known, partial(lists.label, block))
    anything = Block(sentences=tuple(own), names=tuple(sorted(domains)))
    for template in anything.sentences:
        try:
            _add_own(network, template, rules, partial(lists.label, anything))
        except ValueError as error:
            if refused is None:
                raise
            refused(str(error))
    automaton = minimal(_polite(network, spoken))
    return PhraseGrammar(language, automaton, lists.numbers, lists.entries)


def _add_own(
    network: Network, template: str, rules: Mapping[str, Sentence], label: ListLabel
) -> None:
    """Add a template that a person wrote."""
    if not template.strip():
        raise ValueError("an own sentence is empty; leave it out or write what is to be said")
    before = len(network.final)
    try:
        add_template(network, template, rules, label)
    except ParseError as error:
        raise ValueError(f"the own sentence {template!r} can not be read: {error}") from error
    if len(network.final) == before:
        raise ValueError(
            f"the own sentence {template!r} can not be said: write words with letters only, and "
            "<rules> and {lists} that the home has"
        )


def _package_blocks(package: dict[str, Any]) -> Iterator[Block]:
    """Yield the constrained templates of home-assistant-intents."""
    for intent, data in package["intents"].items():
        for block in data["data"]:
            context = block.get("requires_context", {})
            domain = block.get("slots", {}).get("domain")
            yield Block(
                sentences=tuple(block["sentences"]),
                names=tuple(context.get("domain", ())),
                feature=_package_feature(block),
                needs=_NEEDS.get(intent, (domain,) if domain else ()),
            )


# Commands that make no sense in a home without such a device, where the templates do not say so.
_NEEDS = {
    "HassClimateSetFanMode": ("climate",),
    "HassFanSetSpeed": ("fan",),
    "HassMediaNext": ("media_player",),
    "HassMediaPause": ("media_player",),
    "HassMediaPlayerMute": ("media_player",),
    "HassMediaPlayerUnmute": ("media_player",),
    "HassMediaPrevious": ("media_player",),
    "HassMediaUnpause": ("media_player",),
    "HassSetVolume": ("media_player",),
    "HassSetVolumeRelative": ("media_player",),
}


def _package_feature(block: dict[str, Any]) -> str | None:
    combination = block.get("metadata", {}).get("slot_combination", "")
    return next((part for part in ("brightness", "color") if combination == f"name_{part}"), None)


def _polite(network: Network, spoken: SpokenLanguage) -> Network:
    """Return `network` with politeness allowed around every sentence, and what stands alone."""
    whole = Network(lists={**network.lists, "{command}": minimal(network)})
    begin, end = whole.state(), whole.state()
    whole.connect(0, None, begin)
    for text in spoken.before:
        whole.add_path(0, text.split(), begin)
    last = whole.state()
    whole.connect(begin, "{command}", last)
    whole.connect(last, None, end)
    for text in spoken.after:
        whole.add_path(last, text.split(), end)
    for text in spoken.alone:
        whole.add_path(0, text.split(), end)
    whole.final.add(end)
    return whole


class _Lists:
    """The automata that stand for {lists} in templates, made when first asked for."""

    def __init__(
        self, vocabulary: Vocabulary, package: dict[str, Any], spoken: SpokenLanguage
    ) -> None:
        self.automata: dict[str, Automaton] = {}
        self.numbers: dict[str, str] = {}
        self.entries: dict[str, str] = {}
        self._vocabulary = vocabulary
        self._package = package["lists"]
        self._spoken = spoken
        self._number_words = get_rbnf_engine(package["language"])

    def label(self, block: Block, name: str) -> str | None:
        """Return the label of list `name` in templates of `block`; None if it has no values."""
        label = f"{{{name}}}"
        if name == "name":
            label = f"{{name {','.join(sorted(block.names))} {block.feature or ''}}}"
        if label not in self.automata:
            entries = list(self._entries(name, block))
            self.automata[label] = of_sentences([entry] for entry in entries)
            for entry in entries:
                self.entries.setdefault(entry, NUMBER_MARK if NUMBER_MARK in entry else name)
        return label if self.automata[label].final else None

    def _entries(self, name: str, block: Block) -> Iterator[str]:
        """Yield the entries of a list, each as one word of the automaton."""
        vocabulary = self._vocabulary
        match name:
            case "name":
                names = (
                    entry.text
                    for entry in vocabulary.names
                    if entry.domain in block.names
                    and (block.feature is None or _able(entry, block.feature))
                )
                yield from _spoken(names)
            case "area":
                yield from _spoken(vocabulary.areas)
            case "floor":
                yield from _spoken(vocabulary.floors)
            case "one":
                yield from self._spoken_number(1, ("a", "an"))
            case "todo_list_item" | "shopping_list_item":
                yield from _spoken((*vocabulary.items, *self._spoken.lists.get(name, ())))
            case _:
                yield from self._package_values(name)

    def _package_values(self, name: str) -> Iterator[str]:
        source = self._package.get(name, {})
        if "range" in source:
            yield from self._range(source["range"])
        elif "values" in source:
            network = Network()
            for value in source["values"]:
                text = value if isinstance(value, str) else value["in"]
                if name == "cover_classes" and not self._has_covers(value):
                    continue
                add_template(network, text, {}, lambda _: None)
            yield from (" ".join(words) for words in minimal(network).sentences())
        else:
            yield from _spoken(self._spoken.lists.get(name, ()))

    def _has_covers(self, value: Any) -> bool:
        classes = self._vocabulary.cover_classes
        return classes is None or value["out"] in classes

    def _range(self, source: dict[str, Any]) -> Iterator[str]:
        extra: dict[int, list[str]] = {}
        for text, number in self._spoken.numbers.items():
            extra.setdefault(number, []).append(text)
        for number in range(source["from"], source["to"] + 1, source.get("step", 1)):
            whole = [self._number_words.format_number(number).text, *extra.get(number, ())]
            yield from self._spoken_number(number, whole)
            if source.get("fractions") == "halves":
                half = number + 0.5
                point = self._number_words.format_number(half).text
                halves = [f"{text} {self._spoken.and_a_half}" for text in whole]
                yield from self._spoken_number(half, [point, *halves])

    def _spoken_number(self, number: float, texts: Iterable[str]) -> Iterator[str]:
        for text in texts:
            entry = text.replace("-", " ").lower() + NUMBER_MARK
            self.numbers[entry] = f"{number:g}"
            yield entry


def _able(name: Name, feature: str) -> bool:
    return name.features is None or feature in name.features


def _spoken(texts: Iterable[str]) -> Iterator[str]:
    """Yield how names are said; what can not be said is left out."""
    for text in texts:
        for form in spoken_forms(text):
            if len(form.split()) <= MAX_NAME_WORDS:
                yield _plain_case(form)


def _plain_case(name: str) -> str:
    """Return a name with capitals only where they tell how it is said: "LED strip", "EcoBee"."""
    words = (word if any(map(str.isupper, word[1:])) else word.lower() for word in name.split())
    return " ".join(words)
