"""The owner's sentences: a folder of YAML files, one folder in it for each language.

The files are like Home Assistant's custom sentences, with the answers and the deeds beside them.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any

import yaml
from pydantic import Field, StringConstraints, TypeAdapter, ValidationError, model_validator

from hub.home.spoken_command import SpokenCommand, check_sentences
from hub.home.verbs import VERBS
from hub.mqtt.errors import DiscoveryError
from hub.mqtt.templates import Template
from hub.setting_section import Section
from hub.tools.mistakes import mistakes_of
from hub.words import placed, worded

MAX_FILE_BYTES = 262_144
MAX_FILES = 200
MAX_STEPS = 20
Text = Annotated[str, StringConstraints(min_length=1, max_length=2_000)]


class Step(Section):
    """One thing that a sentence does: a command in words, a verb for a device, or a tool."""

    command: Text | None = None
    """What is done as if somebody had said it, a template."""
    device: Text | None = None
    """What a device is called, a template."""
    verb: str | None = None
    """What it is told, a name of hub/home/verbs.py."""
    values: dict[str, Any] = Field(default_factory=dict, max_length=20)
    """With which values; texts are templates."""
    tool: str | None = None
    """Which tool is used."""
    arguments: dict[str, Any] = Field(default_factory=dict, max_length=20)
    """With which arguments; texts are templates."""

    @model_validator(mode="after")
    def _is_one_thing(self) -> "Step":
        if sum(one is not None for one in (self.command, self.device, self.tool)) != 1:
            raise ValueError(worded("step-one-of", "a step has one of command, device and tool"))
        if (self.device is None) != (self.verb is None):
            raise ValueError(worded("needs-verb", "a device needs a verb"))
        if self.verb is not None and self.verb not in VERBS:
            raise ValueError(worded("no-verb", "there is no verb '{verb}'", verb=self.verb))
        for text in (self.command, self.device, *self.values.values(), *self.arguments.values()):
            if isinstance(text, str):
                check_template(text)
        return self


class Block(Section):
    """Sentences that do the same."""

    sentences: Annotated[list[Text], Field(min_length=1, max_length=50)]
    slots: dict[str, Any] = Field(default_factory=dict)
    """What is given, beyond what was said."""
    response: str = "default"
    """Which of the intent's answers fits."""


class Intent(Section):
    """One intent."""

    data: Annotated[list[Block], Field(min_length=1, max_length=50)]
    action: Annotated[list[Step], Field(max_length=MAX_STEPS)] = Field(default_factory=list)
    """What is done, one thing after the other."""


@dataclass(frozen=True, slots=True)
class OwnSentence:
    """Sentences of a file, what they do, and what is said then."""

    command: SpokenCommand
    steps: tuple[Step, ...]
    response: str
    """A template; empty where nothing is said of its own."""


@dataclass(frozen=True, slots=True)
class SentenceFiles:
    """What was read."""

    sentences: tuple[OwnSentence, ...] = ()
    problems: tuple[str, ...] = field(default=())
    """What is wrong: the file, the line and the intent, in a line each."""


def read_sentences(folder: Path) -> SentenceFiles:
    """Read all files. What is wrong costs the intent or file that it is in, and no other."""
    sentences: list[OwnSentence] = []
    problems: list[str] = []
    files = sorted(folder.glob("*/*.yaml"))
    if len(files) > MAX_FILES:
        text = worded("too-many-files", "there are more than {most} files", most=MAX_FILES)
        problems.append(placed(str(folder), text))
    for file in files[:MAX_FILES]:
        for one in _read(file):
            if isinstance(one, str):
                problems.append(one)
            else:
                sentences.append(one)
    return SentenceFiles(tuple(sentences), tuple(problems))


def check_template(source: str) -> None:
    """Raise ValueError for a template that can not be used."""
    try:
        Template(source)
    except DiscoveryError as error:
        raise ValueError(str(error)) from None


def _read(file: Path) -> Iterator[OwnSentence | str]:
    """Yield what is in a file, and what is wrong with it."""
    try:
        if file.stat().st_size > MAX_FILE_BYTES:
            text = "it is larger than {most} bytes"
            yield placed(str(file), worded("file-too-large", text, most=MAX_FILE_BYTES))
            return
        held = file.read_text(encoding="utf-8")
        if any(isinstance(event, yaml.AliasEvent) for event in yaml.parse(held, yaml.SafeLoader)):
            yield placed(str(file), worded("no-aliases", "it must not use aliases (*name)"))
            return
        root = yaml.compose(held, yaml.SafeLoader)
        table = yaml.safe_load(held)
    except (OSError, UnicodeDecodeError) as error:
        text = "it can not be read ({why})"
        yield placed(str(file), worded("file-unreadable", text, why=str(error)))
        return
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        mark = getattr(error, "problem_mark", None)
        line = "" if mark is None else f":{mark.line + 1}"
        why = str(getattr(error, "problem", error))
        yield placed(f"{file}{line}", worded("not-yaml", "it is not valid YAML: {why}", why=why))
        return
    if not isinstance(table, dict) or not isinstance(table.get("intents"), dict):
        yield placed(f"{file}:1", worded("needs-intents", "it needs `intents:`"))
        return
    yield from (
        placed(
            f"{file}:{_line(root, key)}", worded("no-key", "there is no key '{key}'", key=str(key))
        )
        for key in table
        if key not in _KEYS
    )
    language = table.get("language", file.parent.name)
    if language != file.parent.name:
        text = worded("language-of-folder", "the language is not that of its folder")
        yield placed(f"{file}:{_line(root, 'language')}", text)
        return
    for name, entry in table["intents"].items():
        place = f"{file}:{_line(root, 'intents', name)}: {name}"
        yield from _intent(str(name), entry, table, place)


_KEYS = {"language", "intents", "responses", "lists", "expansion_rules"}


def _intent(
    name: str, entry: Any, table: Mapping[str, Any], place: str
) -> Iterator[OwnSentence | str]:
    try:
        intent = Intent.model_validate(entry)
        lists = _TABLE.validate_python(table.get("lists", {}))
        rules = _WORDS.validate_python(table.get("expansion_rules", {}))
        responses = _RESPONSES.validate_python(table.get("responses", {}).get("intents", {}))
    except ValidationError as error:
        yield from (placed(place, str(one)) for one in mistakes_of(error))
        return
    except AttributeError:
        text = "responses are written as responses: intents: {intent}: default: ..."
        yield placed(place, worded("responses-written-as", text, intent=name))
        return
    answers = responses.get(name, {})
    for block in intent.data:
        response = answers.get(block.response, "")
        command = SpokenCommand(
            name,
            str(table.get("language", place.split("/")[-2])),
            tuple(block.sentences),
            _nothing,
            slots=block.slots,
            lists=lists,
            rules=rules,
        )
        problems = list(check_sentences(command))
        if block.response != "default" and not response:
            text = "there is no response '{response}'"
            problems.append(worded("no-response", text, response=block.response))
        if not intent.action and not response:
            problems.append(worded("no-action", "it has neither an action nor a response"))
        try:
            check_template(response)
        except ValueError as error:
            problems.append(placed("responses", str(error)))
        if problems:
            yield from (placed(place, one) for one in problems)
        else:
            yield OwnSentence(command, tuple(intent.action), response)


def _line(root: Any, *path: str) -> int:
    """Return the line of a key."""
    node, line = root, 1
    for key in path:
        for name, value in node.value if isinstance(node, yaml.MappingNode) else ():
            if name.value == str(key):
                node, line = value, name.start_mark.line + 1
                break
    return line


async def _nothing(*_: Any) -> Any:
    return None


_TABLE: TypeAdapter[dict[str, dict[str, Any]]] = TypeAdapter(dict[str, dict[str, Any]])
_WORDS: TypeAdapter[dict[str, str]] = TypeAdapter(dict[str, str])
_RESPONSES: TypeAdapter[dict[str, dict[str, str]]] = TypeAdapter(dict[str, dict[str, str]])
