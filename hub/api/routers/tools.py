"""Tools: what a model and sentences may use, the owner's rules, and what was done."""

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from datetime import datetime
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

from fastapi import APIRouter, Depends, Query
from pydantic import BaseModel, Field

from hub.adding import undo_of
from hub.api.access import Role, needs
from hub.api.moments import moment
from hub.api.paging import MOST, Page, cursor, place
from hub.api.parts import Hub, Parts
from hub.api.problems import Problem
from hub.api.said import Said, said
from hub.policy_settings import PolicyRule
from hub.tools.audit import AuditEntry as Noted
from hub.tools.home_tools import HomeTools
from hub.tools.maths_tools import MathsTools
from hub.tools.mcp_server import McpLink
from hub.tools.mcp_tools import McpTools
from hub.tools.mqtt_tools import MqttTools
from hub.tools.news_tools import NewsTools
from hub.tools.stored_audit import StoredAudit, Wanted
from hub.tools.toolbox import RiskyTools
from hub.tools.weather_tools import WeatherTools
from hub.tools.when_rules import When

router = APIRouter(tags=["tools"], dependencies=[Depends(needs(Role.OWNER, "admin"))])

_KINDS: Sequence[tuple[type, str]] = (
    (HomeTools, "home"),
    (MathsTools, "maths"),
    (WeatherTools, "weather"),
    (NewsTools, "news"),
    (MqttTools, "mqtt"),
    (McpTools, "mcp"),
)


class Tool(BaseModel):
    """A tool that a model is told of."""

    name: str
    description: str
    parameters: dict[str, Any] = Field(description="A JSON schema.")
    kind: str = Field(description="home, time, maths, weather, news, mqtt or mcp")
    asks: bool = Field(description="Whether somebody has to say yes before it is used.")


Source = Literal["file", "dashboard"]


class Offer(BaseModel):
    """A tool of a server."""

    name: str = Field(description="As the server calls it.")
    description: str
    reads: bool = Field(description="Whether it says of itself that it only reads.")
    hidden: bool


class Server(BaseModel):
    """An MCP server."""

    name: str
    where: str = Field(description="The program, or the host.")
    source: Source
    ready: bool
    problem: str = Field(description="Why it can not be used; it is tried again and again.")
    words: Said | None = Field(description="What another language needs to say `problem`.")
    tools: list[str]
    offers: list[Offer] = Field(description="All of its tools, also those that are hidden.")


class Message(BaseModel):
    """An MQTT tool, as the owner's file has it."""

    name: str
    topic: str
    payload: str | None = Field(description="Null: the arguments as JSON.")
    reply_topic: str | None
    retain: bool
    sentences: dict[str, list[str]]


class Tools(BaseModel):
    """All of them."""

    tools: list[Tool]
    servers: list[Server]
    mqtt: list[Message]
    whens: list[When] = Field(
        description="What is done when something happens at a device, by the owner's file."
    )
    problems: list[str] = Field(description="What is wrong with the owner's files.")
    problem_words: list[Said | None] = Field(
        description="What another language needs to say each of `problems`."
    )
    file: str
    sentences: str

    model_config = {
        "json_schema_extra": {
            "examples": [
                {
                    "tools": [
                        {
                            "name": "get_time",
                            "description": "Tells the date and the time of day at home.",
                            "parameters": {"type": "object", "properties": {}},
                            "kind": "home",
                            "asks": False,
                        }
                    ],
                    "servers": [
                        {
                            "name": "files",
                            "where": "mcp-server-filesystem",
                            "source": "file",
                            "ready": False,
                            "problem": "it does not answer",
                            "words": {"key": "server-does-not-answer", "values": {}},
                            "tools": [],
                            "offers": [],
                        }
                    ],
                    "mqtt": [],
                    "whens": [{"device": "Bell", "type": "press", "command": "announce the bell"}],
                    "problems": [],
                    "problem_words": [],
                    "file": "/home/ada/.config/sotto/tools.toml",
                    "sentences": "/home/ada/.config/sotto/sentences",
                }
            ]
        }
    }


class Policies(BaseModel):
    """The owner's rules; the first one that fits decides."""

    rules: list[PolicyRule]


class AuditEntry(BaseModel):
    """One thing that somebody or a model wanted done."""

    id: int
    at: datetime
    satellite: str | None
    room: str | None
    person: str | None
    language: str
    turn: int | None
    tool: str
    arguments: str = Field(description="JSON; secrets are masked.")
    verdict: str
    code: str = Field(description='"ok", or why it failed.')
    took_ms: float
    undo: str | None = Field(
        default=None, description="With what a change can be taken back; null: it can not be."
    )

    model_config = {
        "json_schema_extra": {
            "examples": [
                {
                    "id": 312,
                    "at": "2026-11-28T18:04:11Z",
                    "satellite": "a1b2",
                    "room": "Kitchen",
                    "person": None,
                    "language": "en",
                    "turn": 81,
                    "tool": "HassTurnOn",
                    "arguments": '{"name": "Kitchen Lights"}',
                    "verdict": "allowed",
                    "code": "ok",
                    "took_ms": 7.4,
                    "undo": None,
                }
            ]
        }
    }


Verdict = Literal["allowed", "asked", "refused", "confirmed", "declined"]
Text = Annotated[str, Field(max_length=200)]


class AuditFilter(BaseModel):
    """Which entries are listed."""

    limit: int = Field(default=50, ge=1, le=MOST)
    after: str | None = Field(default=None, max_length=400)
    tool: Text = ""
    verdict: Verdict | None = None
    room: Text = ""
    q: Text = Field(default="", description="In the tool's name, the arguments or who asked.")
    failed: bool = False
    since: datetime | None = None

    model_config = {"extra": "forbid"}


@router.get("/tools")
async def tools(hub: Hub) -> Tools:
    """List what may be used, by whom it comes."""
    tooling = hub.acting.tooling
    own = hub.settings.tools
    return Tools(
        tools=[
            Tool(
                name=spec.name,
                description=spec.description,
                parameters=dict(spec.parameters),
                kind=next((kind for type_, kind in _KINDS if isinstance(box, type_)), "time"),
                asks=isinstance(box, RiskyTools) and box.risk(spec.name) == "confirm",
            )
            for spec, box in tooling.toolbox.boxes()
        ],
        servers=[_server(hub, link) for link in tooling.mcp.links],
        mqtt=[
            Message(
                name=tool.name,
                topic=tool.topic,
                payload=tool.payload,
                reply_topic=tool.reply_topic,
                retain=tool.retain,
                sentences={str(language): list(one) for language, one in tool.sentences.items()},
            )
            for tool in tooling.in_file.tools
        ],
        whens=list(tooling.in_file.whens),
        problems=list(tooling.problems),
        problem_words=[said(one) for one in tooling.problems],
        file=str(own.tool_file),
        sentences=str(own.sentence_folder),
    )


@router.get("/policies")
async def policies(hub: Hub) -> Policies:
    """List the rules, as the settings file has them."""
    return Policies(rules=list(hub.settings.policy.rules))


@router.get("/audit")
async def audit(
    hub: Hub,
    wanted: Annotated[AuditFilter, Query()],
) -> Page[AuditEntry]:
    """List what was wanted and what became of it, the latest first."""
    before = None if wanted.after is None else _number(place(wanted.after, 1)[0])
    query = Wanted(
        wanted.tool,
        wanted.verdict or "",
        wanted.room,
        wanted.q,
        wanted.failed,
        moment(wanted.since, "since"),
    )
    limit = wanted.limit
    rows = await StoredAudit(hub.store).page(query, limit + 1, before)
    undoable = await hub.acting.adding.undoable()
    items = [_entry(number, entry, undoable) for number, entry in rows[:limit]]
    more = len(rows) > limit
    return Page(items=items, next=cursor(str(items[-1].id)) if more else None)


def _entry(number: int, entry: Noted, undoable: AbstractSet[str]) -> AuditEntry:
    undo, arguments = undo_of(entry.tool, entry.arguments)
    return AuditEntry(
        id=number,
        at=entry.at,
        satellite=entry.origin.satellite,
        room=entry.origin.area,
        person=entry.origin.person,
        language=entry.origin.language,
        turn=entry.origin.turn,
        tool=entry.tool,
        arguments=arguments,
        verdict=entry.verdict,
        code=entry.code,
        took_ms=entry.took_ms,
        undo=undo if undo in undoable else None,
    )


def _server(hub: Parts, link: McpLink) -> Server:
    # Arguments, variables and headers may hold secrets.
    where = link.settings.command or urlsplit(link.settings.url or "").netloc
    in_file = link.name in hub.settings.mcp.servers
    return Server(
        name=link.name,
        where=where,
        source="file" if in_file else "dashboard",
        ready=not link.problem,
        problem=link.problem,
        words=said(link.problem),
        tools=[spec.name for spec in link.specs()],
        offers=[
            Offer(
                name=one.name,
                description=one.description,
                reads=one.reads,
                hidden=one.name in link.hidden,
            )
            for one in link.known()
        ],
    )


def _number(text: str) -> int:
    if not text.isdecimal() or len(text) > 15:
        raise Problem(422, "bad-cursor", "`after` is no place in this list. Begin without it.")
    return int(text)
