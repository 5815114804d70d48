"""Recognises the sentences that are none of home-assistant-intents, and does what they say."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import structlog
from hassil.errors import HassilError
from hassil.intents import Intents, SlotList, TextSlotList
from hassil.recognize import recognize_best

from hub.home.actions import ActionResult
from hub.home.heard_sentences import heard_sentences
from hub.home.intents import MAX_TEXT_CHARS, IntentMatch
from hub.home.model import Home
from hub.home.multipliers import keep_apart
from hub.home.spoken_command import (
    HOME_LISTS,
    LIST_REFERENCE,
    RULE_REFERENCE,
    SpokenCommand,
    package_words,
)
from hub.home.spoken_names import spoken_forms
from hub.origin import Origin

log = structlog.get_logger(__name__)

MAX_COMMANDS = 1_000
"""In one language."""
MAX_SPELLED = 1_000
"""Numbers of a list that may be said in words: recognisers write them in digits anyway."""


@dataclass(frozen=True, slots=True)
class _Grammar:
    """The sentences of one language."""

    commands: Mapping[str, SpokenCommand]
    """By the intent that hassil finds."""
    intents: Intents


class OwnCommands:
    """The commands of several sources. For one event loop; sources may change at any time."""

    def __init__(self, home: Home, failed: Callable[[str], str] = lambda _: "") -> None:
        """`failed` returns what is said, in a language, where a command breaks."""
        self._home = home
        self._failed = failed
        self._sources: dict[str, Sequence[SpokenCommand]] = {}
        self._grammars: dict[str, _Grammar] = {}
        self._lists: dict[str, SlotList] = {}
        self._version = -1

    def put(self, source: str, commands: Sequence[SpokenCommand]) -> None:
        """Replace the commands of a source."""
        self._sources[source] = tuple(commands)
        self._grammars = {}

    def commands(self) -> Sequence[SpokenCommand]:
        """Return all commands, those of the source that was put first come first."""
        return [command for commands in self._sources.values() for command in commands]

    def heard(self, language: str) -> Sequence[str]:
        """Return the sentences of a language as the embedded recogniser can hear them."""
        return heard_sentences(self.commands(), language)

    def warm_up(self, languages: Iterable[str]) -> None:
        """Read the sentences of these languages now, rather than with the first sentence."""
        for language in languages:
            self._recognized("warm up", language)

    def recognize(self, text: str, origin: Origin) -> IntentMatch | None:
        """Return what `text` means; None if it means nothing. Does nothing."""
        if not text.strip() or len(text) > MAX_TEXT_CHARS:
            return None
        return self._recognized(text, origin.language.split("-", maxsplit=1)[0])

    async def perform(self, match: IntentMatch, origin: Origin) -> ActionResult:
        """Do it. Never raises."""
        language = match.response
        command = self._grammar(language).commands.get(str(match.spoken.get("command", "")))
        if command is None:  # it was taken away meanwhile
            return ActionResult(self._failed(language), ok=False, code="failed")
        try:
            return await command.do(match.slots, origin)
        except Exception:  # one command's bug costs its answer, not the turn
            log.exception("an own command failed", command=command.name)
            return ActionResult(self._failed(language), ok=False, code="failed")

    def _recognized(self, text: str, language: str) -> IntentMatch | None:
        grammar = self._grammar(language)
        if not grammar.commands:
            return None
        try:
            result = recognize_best(
                text, grammar.intents, slot_lists=self._home_lists(), language=language
            )
        except HassilError as error:
            log.error("own sentences can not be used", language=language, error=str(error))
            return None
        if result is None:
            return None
        command = grammar.commands[result.intent.name]
        said = {name: _tidy(entity.value) for name, entity in result.entities.items()}
        slots = {**command.slots, **said}
        return IntentMatch(command.name, slots, language, text, {"command": result.intent.name})

    def _grammar(self, language: str) -> _Grammar:
        if language not in self._grammars:
            self._grammars[language] = _grammar(
                [one for one in self.commands() if one.language == language], language
            )
        return self._grammars[language]

    def _home_lists(self) -> dict[str, SlotList]:
        if self._version != self._home.version:
            self._version = self._home.version
            self._lists = {
                "name": _list("name", ((d.name, d.name, *d.aliases) for d in self._home.devices())),
                "area": _list("area", ((a.id, a.name, *a.aliases) for a in self._home.areas())),
                "floor": _list("floor", ()),
            }
        return self._lists


def _list(name: str, places: Iterable[Sequence[str]]) -> TextSlotList:
    """Return a list: of each entry the value, and what it is called."""
    values = [
        (form, value)
        for value, *names in places
        for called in names
        for form in spoken_forms(called)
    ]
    return TextSlotList.from_tuples(values, allow_template=False, name=name)


def _grammar(commands: Sequence[SpokenCommand], language: str) -> _Grammar:
    """Return what hassil recognises. Lists and rules of a command are its own alone."""
    if len(commands) > MAX_COMMANDS:
        log.warning("too many own commands", language=language, most=MAX_COMMANDS)
    lists, rules = (dict(words) for words in package_words(language))
    for name in HOME_LISTS:
        lists.pop(name)
    by_intent, intents = {}, {}
    for number, command in enumerate(commands[:MAX_COMMANDS]):
        intent = f"own_{number}"
        by_intent[intent] = command

        def own(sentence: str, prefix: str = intent, command: SpokenCommand = command) -> str:
            sentence = LIST_REFERENCE.sub(
                lambda found: _own_list(found[1], found[2], prefix, command), sentence
            )
            return RULE_REFERENCE.sub(
                lambda found: f"<{prefix}_{found[1]}>" if found[1] in command.rules else found[0],
                sentence,
            )

        lists |= {f"{intent}_{name}": _quick(values) for name, values in command.lists.items()}
        rules |= {f"{intent}_{name}": own(body) for name, body in command.rules.items()}
        intents[intent] = {"data": [{"sentences": [own(one) for one in command.sentences]}]}
    found: dict[str, Any] = {
        "language": language,
        "intents": intents,
        "lists": lists,
        "expansion_rules": rules,
    }
    return _Grammar(by_intent, keep_apart(Intents.from_dict(found)))


def _quick(values: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return a list; of many numbers none is spelled out, for that takes a millisecond each."""
    numbers = values.get("range")
    if not isinstance(numbers, Mapping):
        return values
    if abs(int(numbers.get("to", 0)) - int(numbers.get("from", 0))) <= MAX_SPELLED:
        return values
    return {**values, "range": {**numbers, "words": False}}


def _own_list(name: str, slot: str | None, prefix: str, command: SpokenCommand) -> str:
    if name not in command.lists:
        return f"{{{name}{slot or ''}}}"
    return f"{{{prefix}_{name}{slot or f':{name}'}}}"


def _tidy(value: Any) -> Any:
    """Return whole numbers as such, and free text without the blanks around it."""
    if isinstance(value, str):
        return value.strip()
    return int(value) if isinstance(value, float) and value.is_integer() else value
