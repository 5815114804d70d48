"""The file of MQTT tools: what it may hold, and what is wrong with it, by tool and key."""

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any, Literal, TypeVar

from jinja2 import Environment, TemplateSyntaxError, meta
from jsonschema import Draft202012Validator
from jsonschema.exceptions import SchemaError
from pydantic import AfterValidator, Field, StringConstraints, model_validator

from hub.home.spoken_command import SpokenCommand, check_sentences
from hub.mqtt.errors import DiscoveryError
from hub.mqtt.templates import Template
from hub.setting_section import Section
from hub.tools.argument_schemas import ArgumentValidator, unusable_key
from hub.tools.mistakes import TOOL_NAME, Mistake, Mistaken, Unfit, checked
from hub.tools.when_rules import MAX_RULES, When
from hub.words import Words, placed, worded

MAX_FILE_BYTES = 1_048_576
MAX_TOOLS = 200
MAX_TOPIC_CHARS = 1_000
LANGUAGES = ("en", "de", "fr", "es")
CORRELATION = "correlation"
"""What templates call the mark that a reply is known by."""
_MARK = "{{ correlation }}"
_PLACEHOLDER = "x"

_WHOLE = re.compile(r"\{\{[^/]*\}\}")

Language = Literal["en", "de", "fr", "es"]


def _template(source: str) -> str:
    try:
        Template(source)
    except DiscoveryError as error:
        raise ValueError(str(error)) from None
    return source


TemplateText = Annotated[
    str, StringConstraints(min_length=1, max_length=8_192), AfterValidator(_template)
]
Sentences = Annotated[list[Annotated[str, StringConstraints(min_length=1)]], Field(min_length=1)]


class MqttTool(Section):
    """One tool: a message to the broker, and perhaps one that comes back."""

    name: str = Field(pattern=TOOL_NAME)
    """What the model and the audit call it."""
    description: str = Field(min_length=1, max_length=1_000)
    """What it does, for the model."""
    topic: TemplateText
    """Where the message goes, a template."""
    payload: TemplateText | None = None
    """The message, a template; by default the arguments as JSON."""
    qos: int = Field(default=1, ge=0, le=2)
    """How surely the broker has to get it."""
    retain: bool = False
    """Whether the broker keeps it."""
    parameters: dict[str, dict[str, Any]] = Field(default_factory=dict, max_length=20)
    """The arguments: a JSON schema by name. One with a `default` may be left out."""
    reply_topic: TemplateText | None = None
    """Where the answer comes from, a template; without it nothing is waited for."""
    reply_match: str = Field(default="", max_length=200)
    """Where a JSON answer has the `{{ correlation }}` of the message, such as `meta.id`."""
    timeout_s: float = Field(default=2.0, ge=0.1, le=4.5)
    """How long the answer is waited for; a turn has no more time."""
    result: TemplateText | None = None
    """What of the answer is told, a template with `value` and `value_json`; by default all of
    it."""
    risk: Literal["low", "confirm"] = "low"
    """Whether somebody has to say yes first."""
    questions: dict[Language, str] = Field(default_factory=dict)
    """How that is asked."""
    sentences: dict[Language, Sentences] = Field(default_factory=dict)
    """What can be said for it, in hassil's notation, with parameters in braces."""
    answers: dict[Language, TemplateText] = Field(default_factory=dict)
    """What is said then, a template with the arguments, `result`, `value` and `value_json`."""

    @model_validator(mode="after")
    def _fits_together(self) -> "MqttTool":
        problems = [
            *_schema_problems(self.parameters),
            *self._template_problems(),
            *self._sentence_problems(),
        ]
        if self.reply_match and self.reply_topic is None:
            text = worded("needs-reply-topic", "it needs a reply_topic")
            problems.append(Mistake("reply_match", text))
        if self.reply_match and CORRELATION not in (self.payload or CORRELATION):
            text = worded("needs-mark", "the payload does not hold {mark}", mark=_MARK)
            problems.append(Mistake("reply_match", text))
        if problems:
            raise Unfit(*problems)
        return self

    def schema_of_arguments(self) -> dict[str, Any]:
        """Return the JSON schema of all arguments."""
        return {
            "type": "object",
            "properties": self.parameters,
            "required": [name for name, one in self.parameters.items() if "default" not in one],
            "additionalProperties": False,
        }

    def lists(self) -> dict[str, Any]:
        """Return the lists that sentences draw arguments from."""
        return {name: _list(schema) for name, schema in self.parameters.items()}

    def _template_problems(self) -> list[Mistake]:
        problems = []
        known = {*self.parameters, CORRELATION}
        answer = {*self.parameters, "value", "value_json", "result"}
        for key, source, names in (
            ("topic", self.topic, known),
            ("payload", self.payload, known),
            ("reply_topic", self.reply_topic, known),
            ("result", self.result, answer - {"result"}),
            *((f"answers.{one}", text, answer) for one, text in self.answers.items()),
        ):
            unknown = _names(source or "") - names
            if unknown:
                text = "there is no parameter '{name}'"
                problems.append(Mistake(key, worded("no-parameter", text, name=min(unknown))))
        if any("{" in level and not _WHOLE.fullmatch(level) for level in _levels(self.reply_topic)):
            whole = worded("whole-level", "a placeholder must be a whole level")
            problems.append(Mistake("reply_topic", whole))
        if re.search(r"[+#\x00]", re.sub(r"\{[{%].*?[%}]\}", "", self.topic)):
            problems.append(Mistake("topic", worded("no-wildcards", "it must not contain + or #")))
        return problems

    def _sentence_problems(self) -> list[Mistake]:
        problems = []
        for language, sentences in self.sentences.items():
            command = SpokenCommand(
                self.name, language, tuple(sentences), _nothing, lists=self.lists()
            )
            key = f"sentences.{language}"
            problems += [Mistake(key, one) for one in check_sentences(command)]
        return problems


@dataclass(frozen=True, slots=True)
class ToolFile:
    """What was read."""

    tools: tuple[MqttTool, ...] = ()
    problems: tuple[str, ...] = field(default=())
    """What is wrong: the file, the tool and the key, in a line each."""
    whens: tuple[When, ...] = ()
    """What is done when something happens at a device."""


def read_tools(path: Path) -> ToolFile:
    """Read a file of tools. What is wrong costs the tool that it is in, and no other."""
    try:
        if path.stat().st_size > MAX_FILE_BYTES:
            text = worded("file-too-large", "it is larger than {most} bytes", most=MAX_FILE_BYTES)
            return ToolFile((), (placed(str(path), text),))
        table = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        text = worded("file-unreadable", "it can not be read ({why})", why=str(error))
        return ToolFile((), (placed(str(path), text),))
    except tomllib.TOMLDecodeError as error:
        text = worded("not-toml", "it is not valid TOML: {why}", why=str(error))
        return ToolFile((), (placed(str(path), text),))
    other = "there is no key '{key}', only [[tools]] and [[when]]"
    problems: list[str] = [
        placed(str(path), worded("no-table", other, key=key))
        for key in table
        if key not in {"tools", "when"}
    ]
    tools: dict[str, MqttTool] = {}
    for one in _entries(path, table, "tools", MqttTool, MAX_TOOLS):
        if isinstance(one, str):
            problems.append(one)
        elif one.name in tools:
            taken = Mistake("name", worded("another-has-it", "another tool has it"))
            problems.append(placed(str(path), placed(_called("tools", one.name), str(taken))))
        else:
            tools[one.name] = one
    whens = list(_entries(path, table, "when", When, MAX_RULES))
    problems += [one for one in whens if isinstance(one, str)]
    return ToolFile(
        tuple(tools.values()),
        tuple(problems),
        tuple(one for one in whens if not isinstance(one, str)),
    )


_Model = TypeVar("_Model", bound=Section)


def _entries(
    path: Path, table: Mapping[str, Any], key: str, model: type[_Model], most: int
) -> Iterator[_Model | str]:
    """Yield the entries of a list of tables, and what is wrong with others."""
    entries = table.get(key, [])
    if not isinstance(entries, list):
        text = worded("written-as", "{key} are written as [[{key}]]", key=key)
        yield placed(str(path), text)
        return
    for number, entry in enumerate(entries[:most], start=1):
        name = entry.get("name") if isinstance(entry, dict) else None
        numbered = worded("entry-number", "number {number}", number=number)
        named = name if isinstance(name, str) and name else numbered
        try:
            yield checked(model, entry)
        except Mistaken as error:
            called = _called(key, named)
            yield from (placed(str(path), placed(called, str(one))) for one in error.mistakes)
    if len(entries) > most:
        text = worded(
            "too-many-entries", "there are more than {most} [[{key}]]", most=most, key=key
        )
        yield placed(str(path), text)


def _called(key: str, name: str) -> Words:
    if key == "tools":
        return worded("entry-tool", "tool {name}", name=name)
    return worded("entry-when", "when {name}", name=name)


def _schema_problems(parameters: Mapping[str, Mapping[str, Any]]) -> list[Mistake]:
    problems = []
    for name, schema in parameters.items():
        place = f"parameters.{name}"
        if not re.fullmatch(r"[a-z][a-z0-9_]{0,31}", name) or name in {
            *("value", "value_json", "result", CORRELATION),
        }:
            text = worded("parameter-name", "a name is made of small letters, digits and _")
            problems.append(Mistake(place, text))
        try:
            Draft202012Validator.check_schema(dict(schema))
        except SchemaError as error:
            text = worded("no-schema", "it is no JSON schema: {why}", why=error.message)
            problems.append(Mistake(place, text))
            continue
        if (key := unusable_key(schema)) is not None:
            problems.append(
                Mistake(place, worded("not-for-tools", "{key} is not for tools", key=key))
            )
            continue
        if "default" in schema and not ArgumentValidator(schema).is_valid(schema["default"]):
            text = worded("default-does-not-fit", "its default does not fit it")
            problems.append(Mistake(place, text))
    return problems


def _levels(topic: str | None) -> Sequence[str]:
    return (topic or "").split("/")


def _names(source: str) -> set[str]:
    """Return the variables of a template."""
    try:
        return meta.find_undeclared_variables(_PLAIN.parse(source))
    except TemplateSyntaxError:
        return set()  # told by whoever compiles it


def _list(schema: Mapping[str, Any]) -> dict[str, Any]:
    """Return the list of what can be said for a parameter."""
    if isinstance(values := schema.get("enum"), list):
        return {"values": [{"in": _spoken(one), "out": one} for one in values]}
    if schema.get("type") in ("integer", "number"):
        least, most = schema.get("minimum", 0), schema.get("maximum", 1000)
        return {"range": {"from": int(least), "to": int(most)}}
    return {"wildcard": True}


def _spoken(value: Any) -> str:
    """Return how a value is said, without what hassil would read as notation."""
    return re.sub(r"[\[\](){}<>|]", " ", str(value)).replace("_", " ").strip() or _PLACEHOLDER


async def _nothing(*_: Any) -> Any:
    return None


# Only to look at templates; they are compiled and rendered in the sandbox of hub/mqtt/templates.
_PLAIN = Environment(autoescape=False)  # noqa: S701
