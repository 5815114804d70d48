"""What the owner makes in the dashboard beside what stands in files: tools, automations, rules, and
servers."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Annotated, Any, Literal, TypeVar, cast

import orjson
from pydantic import Field, SecretStr

from hub.policy_settings import PolicyRule
from hub.setting_section import Section
from hub.tools.mistakes import checked
from hub.tools.mqtt_tool_file import MAX_TOOLS, MqttTool
from hub.tools.when_rules import MAX_RULES, When
from hub.tools_settings import McpServer, Name

Kind = Literal["tool", "when", "rule", "server", "hidden"]
"""What it is: an MQTT tool, an automation, a rule of the policy, an MCP server, or which tools of a
server are not offered."""
MOST: Mapping[Kind, int] = {
    "tool": MAX_TOOLS,
    "when": MAX_RULES,
    "rule": 200,
    "server": 20,
    "hidden": 40,
}
"""How many of a kind there may be."""

ServerName = Annotated[str, Field(pattern=r"^[a-z][a-z0-9]{0,15}$")]


class NamedServer(McpServer):
    """An MCP server, with its name in it."""

    name: ServerName
    """What its tools begin with."""


class HiddenTools(Section):
    """Tools of a server that are not offered, wherever the server is from."""

    server: ServerName
    """Which server."""
    tools: Annotated[tuple[Name, ...], Field(max_length=200)] = ()
    """As the server calls them."""


Value = MqttTool | When | PolicyRule | NamedServer | HiddenTools
MODELS: Mapping[Kind, type[Value]] = {
    "tool": MqttTool,
    "when": When,
    "rule": PolicyRule,
    "server": NamedServer,
    "hidden": HiddenTools,
}
_V = TypeVar("_V", bound=Section)


@dataclass(frozen=True, slots=True)
class Addition:
    """One thing that was made in the dashboard."""

    id: str
    kind: Kind
    value: Value
    enabled: bool = True
    """Whether it is in force."""
    place: int = 0
    """Where among those of its kind it stands: the first rule that fits decides."""

    @property
    def name(self) -> str:
        """What a person would call it."""
        value = self.value
        if isinstance(value, MqttTool | NamedServer):
            return value.name
        if isinstance(value, HiddenTools):
            return value.server
        if isinstance(value, When):
            return value.device
        return value.then


Changes = Mapping[str, Addition | None]
"""What becomes another, by id; None: it is not there."""


@dataclass(frozen=True, slots=True)
class Step:
    """A change that can be taken back."""

    id: str
    before: Changes
    after: Changes


@dataclass(frozen=True, slots=True)
class Additions:
    """All of them, by id."""

    items: Mapping[str, Addition] = field(default_factory=dict)

    def of(self, model: type[_V]) -> tuple[_V, ...]:
        """Return what is in force of a kind, in its order."""
        found = [one for one in self.items.values() if one.enabled and isinstance(one.value, model)]
        return tuple(cast("_V", one.value) for one in sorted(found, key=lambda one: one.place))

    def of_kind(self, kind: Kind) -> tuple[Addition, ...]:
        """Return all of a kind, also those that are switched off, in their order."""
        found = [one for one in self.items.values() if one.kind == kind]
        return tuple(sorted(found, key=lambda one: one.place))

    def hidden(self) -> Mapping[str, frozenset[str]]:
        """Return which tools are hidden, by the name of the server."""
        return {one.server: frozenset(one.tools) for one in self.of(HiddenTools)}

    def after(self, changes: Changes) -> "Additions":
        """Return them after some became others; None: it is no more."""
        items = {**self.items, **changes}
        return replace(self, items={id_: one for id_, one in items.items() if one is not None})


def parsed(kind: Kind, entry: Mapping[str, Any]) -> Value:
    """Return an entry as a file's would be read. Raises Mistaken."""
    return checked(cast("type[MqttTool]", MODELS[kind]), entry)


def dumped(value: Value) -> bytes:
    """Return a value as JSON, with its secrets: for keeping only."""
    return orjson.dumps(value.model_dump(exclude_unset=True), default=_secret)


def _secret(value: object) -> str:
    if isinstance(value, SecretStr):
        return value.get_secret_value()
    raise TypeError(type(value).__name__)
