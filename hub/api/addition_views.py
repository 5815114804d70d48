"""How what the owner made in the dashboard looks over the API: without its secrets."""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, Field, TypeAdapter

from hub.adding import Changed
from hub.api.parts import Parts
from hub.api.problems import MOST_ERRORS, Problem
from hub.api.said import Said, said
from hub.policy_settings import PolicyRule
from hub.reactions import problem_of
from hub.tools.additions import Addition, HiddenTools, NamedServer
from hub.tools.masking import shown
from hub.tools.mistakes import Mistaken
from hub.tools.mqtt_tool_file import MqttTool
from hub.tools.when_rules import When
from hub.words import told, worded

Entry = Annotated[
    dict[str, Any],
    Field(description="As in `tools.toml` and `hub.toml`; of a server with its `name`."),
]


class ServerValue(BaseModel):
    """An MCP server; `***` stands for what is kept and not told."""

    name: str
    command: str
    args: list[str]
    env: dict[str, str]
    url: str | None
    token: str | None
    headers: dict[str, str]
    tools: list[str]
    risk: Literal["low", "confirm"] | None
    risks: dict[str, Literal["low", "confirm"]]
    timeout_s: float


class _View(BaseModel):
    id: str
    name: str
    enabled: bool
    place: int = Field(description="Where among those of its kind it stands.")
    problem: str = Field(description="Why nothing comes of it at the moment; empty: it works.")
    words: Said | None = Field(description="What another language needs to say `problem`.")


class ToolAddition(_View):
    """An MQTT tool."""

    kind: Literal["tool"]
    value: MqttTool


class WhenAddition(_View):
    """An automation."""

    kind: Literal["when"]
    value: When


class RuleAddition(_View):
    """A rule of the policy."""

    kind: Literal["rule"]
    value: PolicyRule


class ServerAddition(_View):
    """An MCP server."""

    kind: Literal["server"]
    value: ServerValue


class HiddenAddition(_View):
    """Tools of a server that are not offered."""

    kind: Literal["hidden"]
    value: HiddenTools


AdditionView = Annotated[
    ToolAddition | WhenAddition | RuleAddition | ServerAddition | HiddenAddition,
    Field(discriminator="kind"),
]
_VIEW: TypeAdapter[AdditionView] = TypeAdapter(AdditionView)


class Change(BaseModel):
    """What was done."""

    item: AdditionView | None = Field(description="As it is now; null: it is no more.")
    undo: str = Field(
        description="With what it is taken back; it is one of the last 50 changes for 30 days."
    )

    model_config = {
        "json_schema_extra": {
            "examples": [
                {
                    "item": {
                        "id": "5b0c3ad5a1f54b9e8a3d7c1f0e2b4d6a",
                        "kind": "when",
                        "name": "Bell",
                        "enabled": True,
                        "place": 0,
                        "problem": "nothing happens at 'Bell', and at no other device either",
                        "words": {"key": "nothing-happens", "values": {"device": "Bell"}},
                        "value": {
                            "device": "Bell",
                            "type": "press",
                            "command": "announce the bell",
                        },
                    },
                    "undo": "0e2b4d6a5b0c3ad5a1f54b9e8a3d7c1f",
                }
            ]
        }
    }


def view(hub: Parts, one: Addition) -> AdditionView:
    """Return an addition as it is shown."""
    value = one.value
    problem = _problem(hub, one) if one.enabled else ""
    return _VIEW.validate_python(
        {
            "id": one.id,
            "kind": one.kind,
            "name": one.name,
            "enabled": one.enabled,
            "place": one.place,
            "problem": problem,
            "words": said(problem),
            "value": shown(value) if isinstance(value, NamedServer) else value,
        }
    )


def change(hub: Parts, done: Changed) -> Change:
    """Return a change as it is told."""
    item = None if done.addition is None else view(hub, done.addition)
    return Change(item=item, undo=done.undo)


def refused(error: Mistaken) -> Problem:
    """Return what is wrong with an entry, by key."""
    wrong = error.mistakes[:MOST_ERRORS]
    errors = [{"where": one.key, "what": one.text, "words": told(one.text)} for one in wrong]
    first = worded("can-not-be-used", "This can not be used. {why}.", why=str(wrong[0]))
    return Problem(422, "bad-value", first, errors=errors)


def _problem(hub: Parts, one: Addition) -> str:
    tooling = hub.acting.tooling
    if isinstance(one.value, When):
        return problem_of(one.value, hub.household.sources()) or ""
    if one.kind == "server":
        links = [link for link in tooling.mcp.links if link.name == one.name]
        if links:
            return links[0].problem
        return worded("server-in-settings", "the settings file has a server of this name")
    if one.kind == "tool":
        if any(tool.name == one.name for tool in tooling.in_file.tools):
            return worded("tool-in-file", "the file of tools has one of this name")
        return tooling.toolbox.left_out(one.name)
    return ""
