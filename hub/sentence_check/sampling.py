"""Random sentences of the package's templates, each with what it was made to mean.

hassil lists the sentences of a template one after the other, which for a template of the package
can be millions; here one is drawn at a time, on the same parsed templates.
"""

import random
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

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
from hassil.intents import (
    IntentData,
    Intents,
    RangeSlotList,
    SlotList,
    TextSlotList,
    TextSlotValue,
    WildcardSlotList,
)
from hassil.numbers import get_rbnf_engine

_HALF_IN_WORDS = 0.5
"""How many of the numbers are spelled out; recognisers write both."""
_COMMA = frozenset({"de", "fr", "es"})
_SPACES = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class Template:
    """One sentence template of one intent."""

    intent: str
    text: str
    data: IntentData
    sentence: Sentence

    @property
    def domains(self) -> tuple[str, ...]:
        """The kinds of things that its name may be of; empty for any."""
        domain = self.data.requires_context.get("domain", ())
        return (domain,) if isinstance(domain, str) else tuple(domain)

    @property
    def here(self) -> bool:
        """Whether it means the room that it is said in."""
        return "area" in self.data.requires_context


@dataclass(slots=True)
class Sample:
    """One sentence and what it was made to mean."""

    template: Template
    text: str = ""
    slots: dict[str, Any] = field(default_factory=dict)
    contexts: dict[str, Mapping[str, Any]] = field(default_factory=dict)
    """By slot, what a list's entry brings along: the domain of a name."""

    @property
    def domain(self) -> str | None:
        """The kind of thing that the name is of."""
        found = self.contexts.get("name", {}).get("domain")
        return found if isinstance(found, str) else None


def templates(intents: Intents) -> Iterator[Template]:
    """Yield every template."""
    for name, intent in intents.intents.items():
        for data in intent.data:
            for sentence in data.sentences:
                yield Template(name, sentence.text or "", data, sentence)


class Sampler:
    """Draws sentences of one language."""

    def __init__(
        self,
        intents: Intents,
        language: str,
        lists: Mapping[str, SlotList],
        wildcards: Mapping[str, Sequence[str]],
        seed: int,
    ) -> None:
        """`lists` are the home's, `wildcards` what is said where a template takes anything."""
        self._intents = intents
        self._language = language
        self._lists = {**intents.slot_lists, **lists}
        self._wildcards = wildcards
        self._random = random.Random(seed)  # noqa: S311 (a sample, no secret)

    def draw(self, template: Template) -> Sample:
        """Draw one sentence of a template."""
        sample = Sample(template)
        parts: list[str] = []
        self._walk(template.sentence.expression, sample, parts)
        sample.text = _SPACES.sub(" ", "".join(parts)).strip()
        sample.slots = {**template.data.slots, **sample.slots}
        return sample

    def choose(self, choices: Sequence[Any]) -> Any:
        """Choose one at random."""
        return self._random.choice(choices)

    def _walk(self, expression: Expression, sample: Sample, parts: list[str]) -> None:
        if isinstance(expression, TextChunk):
            parts.append(expression.original_text)
        elif isinstance(expression, Alternative):
            self._walk(self._random.choice(expression.items), sample, parts)
        elif isinstance(expression, Group):
            items = list(expression.items)
            if isinstance(expression, Permutation):
                self._random.shuffle(items)
            for item in items:
                self._walk(item, sample, parts)
        elif isinstance(expression, RuleReference):
            rules = {**self._intents.expansion_rules, **sample.template.data.expansion_rules}
            self._walk(rules[expression.rule_name].expression, sample, parts)
        elif isinstance(expression, ListReference):
            self._fill(expression, sample, parts)

    def _fill(self, reference: ListReference, sample: Sample, parts: list[str]) -> None:
        """Say an entry of a list, and note what it stands for."""
        slot, name = reference.slot_name, reference.list_name
        entries = sample.template.data.slot_lists.get(name) or self._lists[name]
        if isinstance(entries, WildcardSlotList):
            sample.slots[slot] = self._random.choice(self._wildcards[name])
            parts.append(sample.slots[slot])
        elif isinstance(entries, RangeSlotList):
            number, said = self._number(entries)
            sample.slots[slot] = number
            parts.append(said)
        elif isinstance(entries, TextSlotList):
            entry = self._entry(entries, sample.template.domains if slot == "name" else ())
            sample.slots[slot] = entry.value_out
            sample.contexts[slot] = entry.context or {}
            self._walk(entry.text_in, sample, parts)

    def _entry(self, entries: TextSlotList, domains: Sequence[str]) -> TextSlotValue:
        fitting = [
            entry
            for entry in entries.values
            if not domains or (entry.context or {}).get("domain") in domains
        ]
        if not fitting:
            raise LookupError(f"the home has nothing of {', '.join(domains) or entries.name}")
        return self._random.choice(fitting)

    def _number(self, entries: RangeSlotList) -> tuple[float, str]:
        """Choose a number; return what it stands for and how it is said."""
        number = self._random.choice(list(entries.get_numbers()))
        value = number * (entries.multiplier or 1)
        if entries.words and self._random.random() < _HALF_IN_WORDS:
            words = get_rbnf_engine(self._language).format_number(number)
            said = self._random.choice(sorted(set(words.text_by_ruleset.values())))
            return value, said
        said = str(number)
        return value, said.replace(".", ",") if self._language in _COMMA else said
