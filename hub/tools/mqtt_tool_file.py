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
from pydantic import AfterValidator, Field, StringConstraints, ValidationError, model_validator

from hub.home.spoken_command import SpokenCommand, check_sentences
from hub.mqtt.errors import DiscoveryError
from hub.mqtt.templates import Template
from hub.setting_section import Section
from hub.tools.argument_schemas import ArgumentValidator, unusable_key
from hub.tools.when_rules import MAX_RULES, When

MAX_FILE_BYTES = 1_048_576
MAX_TOOLS = 200
MAX_TOPIC_CHARS = 1_000
LANGUAGES = ("en", "de", "fr", "es")
CORRELATION = "correlation"
"""What templates call the mark that a reply is known by."""
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

    name: str = Field(pattern=r"^[a-z][a-z0-9_]{0,47}$")
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
            problems.append("reply_match: it needs a reply_topic")
        if self.reply_match and CORRELATION not in (self.payload or CORRELATION):
            problems.append("reply_match: the payload does not hold {{ correlation }}")
        if problems:
            raise ValueError("\n".join(problems))
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

    def _template_problems(self) -> list[str]:
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
                problems.append(f"{key}: there is no parameter {min(unknown)!r}")
        if any("{" in level and not _WHOLE.fullmatch(level) for level in _levels(self.reply_topic)):
            problems.append("reply_topic: a placeholder must be a whole level")
        if re.search(r"[+#\x00]", re.sub(r"\{[{%].*?[%}]\}", "", self.topic)):
            problems.append("topic: it must not contain + or #")
        return problems

    def _sentence_problems(self) -> list[str]:
        problems = []
        for language, sentences in self.sentences.items():
            command = SpokenCommand(
                self.name, language, tuple(sentences), _nothing, lists=self.lists()
            )
            problems += [f"sentences.{language}: {one}" for one in check_sentences(command)]
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
            return ToolFile((), (f"{path}: it is larger than {MAX_FILE_BYTES} bytes",))
        table = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        return ToolFile((), (f"{path}: it can not be read ({error})",))
    except tomllib.TOMLDecodeError as error:
        return ToolFile((), (f"{path}: it is not valid TOML: {error}",))
    problems = [
        f"{path}: there is no key {key!r}, only [[tools]] and [[when]]"
        for key in table
        if key not in {"tools", "when"}
    ]
    tools: dict[str, MqttTool] = {}
    for one in _entries(path, table, "tools", MqttTool, MAX_TOOLS):
        if isinstance(one, str):
            problems.append(one)
        elif one.name in tools:
            problems.append(f"{path}: tool {one.name}: name: another tool has it")
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
        yield f"{path}: {key} are written as [[{key}]]"
        return
    for number, entry in enumerate(entries[:most], start=1):
        name = entry.get("name") if isinstance(entry, dict) else None
        named = name if isinstance(name, str) and name else f"number {number}"
        try:
            yield model.model_validate(entry)
        except ValidationError as error:
            place = f"{path}: {key.removesuffix('s')} {named}"
            yield from (f"{place}: {line}" for line in _lines(error))
    if len(entries) > most:
        yield f"{path}: there are more than {most} [[{key}]]"


def _lines(error: ValidationError) -> Sequence[str]:
    lines: list[str] = []
    for entry in error.errors(include_url=False):
        key = ".".join(str(part) for part in entry["loc"])
        text = str(entry["msg"]).removeprefix("Value error, ")
        if text == "Extra inputs are not permitted":
            text = "there is no such key"
        lines += [f"{key}: {line}" if key else line for line in text.split("\n")]
    return lines


def _schema_problems(parameters: Mapping[str, Mapping[str, Any]]) -> list[str]:
    problems = []
    for name, schema in parameters.items():
        if not re.fullmatch(r"[a-z][a-z0-9_]{0,31}", name) or name in {
            *("value", "value_json", "result", CORRELATION),
        }:
            problems.append(f"parameters.{name}: a name is made of small letters, digits and _")
        try:
            Draft202012Validator.check_schema(dict(schema))
        except SchemaError as error:
            problems.append(f"parameters.{name}: it is no JSON schema: {error.message}")
            continue
        if (key := unusable_key(schema)) is not None:
            problems.append(f"parameters.{name}: {key} is not for tools")
            continue
        if "default" in schema and not ArgumentValidator(schema).is_valid(schema["default"]):
            problems.append(f"parameters.{name}: its default does not fit it")
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
