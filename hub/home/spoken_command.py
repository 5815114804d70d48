"""A command that is none of home-assistant-intents: its sentences, and what they do."""

import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from hassil.parse_expression import parse_sentence
from hassil.parser import ParseError
from home_assistant_intents import get_intents

from hub.home.actions import ActionResult
from hub.origin import Origin
from hub.words import worded

MAX_SENTENCE_CHARS = 500
MAX_SENTENCES = 50
"""Of one command in one language."""
HOME_LISTS = ("name", "area", "floor")
"""Lists that the home itself fills."""
LIST_REFERENCE = re.compile(r"\{([\w-]+)(:[\w-]+)?\}")
RULE_REFERENCE = re.compile(r"<([\w-]+)>")
_WORD = re.compile(r"[^\W\d_]{2,}")

_BAD_LIST = "the list '{list}' needs values, a range of whole numbers, or wildcard: true"
_NO_LIST = "'{sentence}' speaks of a list {list} that is not there"
_NO_RULE = "'{sentence}' speaks of a rule {rule} that is not there"
_NO_WORD = "'{sentence}' has no word of its own, and would be heard in everything"

Slots = Mapping[str, Any]
Do = Callable[[Slots, Origin], Awaitable[ActionResult]]


@dataclass(frozen=True, slots=True)
class SpokenCommand:
    """One command in one language."""

    name: str
    """What the turn log and the audit call it; of one name there may be several."""
    language: str
    sentences: tuple[str, ...]
    """In hassil's notation."""
    do: Do
    slots: Slots = field(default_factory=dict)
    """What is given, beyond what was said."""
    lists: Mapping[str, Any] = field(default_factory=dict)
    """Lists of its own, as hassil reads them, beside those of the package and of the home."""
    rules: Mapping[str, str] = field(default_factory=dict)
    """<rules> of its own, likewise."""


def check_sentences(command: SpokenCommand) -> list[str]:
    """Return what is wrong with a command's sentences, in a line each."""
    problems: list[str] = []
    if len(command.sentences) > MAX_SENTENCES:
        text = "there are more than {most} sentences"
        problems.append(worded("too-many-sentences", text, most=MAX_SENTENCES))
    known_lists, known_rules = package_words(command.language)
    problems += [
        worded("bad-list", _BAD_LIST, list=name)
        for name, values in command.lists.items()
        if not _is_list(values)
    ]
    for sentence in (*command.sentences[:MAX_SENTENCES], *command.rules.values()):
        if len(sentence) > MAX_SENTENCE_CHARS:
            text = "a sentence is longer than {most} characters"
            problems.append(worded("sentence-too-long", text, most=MAX_SENTENCE_CHARS))
            continue
        try:
            parse_sentence(sentence)
        except (ParseError, ValueError, IndexError, RecursionError) as error:
            text = "'{sentence}' can not be read: {why}"
            why = worded("bad-sentence", text, sentence=sentence, why=str(error))
            problems.append(why)
            continue
        problems += [
            worded("no-such-list", _NO_LIST, sentence=sentence, list=f"{{{name}}}")
            for name, _ in LIST_REFERENCE.findall(sentence)
            if name not in command.lists and name not in known_lists
        ]
        problems += [
            worded("no-such-rule", _NO_RULE, sentence=sentence, rule=f"<{name}>")
            for name in RULE_REFERENCE.findall(sentence)
            if name not in command.rules and name not in known_rules
        ]
    problems += [
        worded("no-own-word", _NO_WORD, sentence=sentence)
        for sentence in command.sentences
        if not _WORD.search(LIST_REFERENCE.sub("", re.sub(r"\[[^\]]*\]", "", sentence)))
    ]
    return problems


def _is_list(values: Any) -> bool:
    """Return whether hassil can read a list, and in little time."""
    if not isinstance(values, Mapping):
        return False
    if "range" in values:
        numbers = values["range"]
        return isinstance(numbers, Mapping) and all(
            isinstance(numbers.get(end), int) for end in ("from", "to")
        )
    if "values" in values:
        entries = values["values"]
        return isinstance(entries, list) and all(
            isinstance(one, str) or (isinstance(one, Mapping) and isinstance(one.get("in"), str))
            for one in entries
        )
    return values.get("wildcard") is True


@cache
def package_words(language: str) -> tuple[Mapping[str, Any], Mapping[str, Any]]:
    """Return the lists and rules of the package, the home's lists among them."""
    data = get_intents(language) if language.replace("-", "").isalnum() else None
    data = data or {"lists": {}, "expansion_rules": {}}
    home: dict[str, Any] = {name: {"values": []} for name in HOME_LISTS}
    return {**data["lists"], **home}, data["expansion_rules"]
