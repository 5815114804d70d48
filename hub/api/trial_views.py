"""What is tried before one relies on it, and what came of it, as the API tells it."""

from datetime import datetime
from typing import Annotated, Any

from pydantic import BaseModel, Field

from hub.api.addition_views import Entry
from hub.home.policy import Ruling

Arguments = Annotated[dict[str, Any], Field(max_length=50)]
Word = Annotated[str, Field(max_length=200)]


class Rehearsal(BaseModel):
    """Arguments to try a tool with."""

    arguments: Arguments = Field(default_factory=dict)

    model_config = {"json_schema_extra": {"examples": [{"arguments": {"minutes": 20}}]}}


class DraftRehearsal(Rehearsal):
    """A tool that is not kept yet, and arguments to try it with."""

    value: Entry

    model_config = {
        "json_schema_extra": {
            "examples": [
                {
                    "value": {
                        "name": "start_coffee",
                        "description": "Starts the coffee machine.",
                        "topic": "kitchen/coffee/set",
                        "payload": "{{ cups }}",
                        "parameters": {"cups": {"type": "integer"}},
                    },
                    "arguments": {"cups": 2},
                }
            ]
        }
    }


class Rehearsed(BaseModel):
    """What would be sent. Nothing was."""

    topic: str
    payload: str
    qos: int
    retain: bool
    reply_topic: str | None


class Use(Rehearsal):
    """A tool used for real."""

    sure: bool = Field(default=False, description="Say yes, where the tool asks for one.")


class Used(BaseModel):
    """What came of it."""

    result: str
    took_ms: float


class ServerTrial(BaseModel):
    """A server that is connected to once."""

    value: Entry
    id: Word | None = Field(default=None, description="Whose secrets `***` stands for.")

    model_config = {
        "json_schema_extra": {
            "examples": [{"value": {"name": "files", "command": "mcp-server-files"}}]
        }
    }


class Offered(BaseModel):
    """A tool that a server offers."""

    name: str
    description: str
    reads: bool


class ServerTried(BaseModel):
    """What a server offers."""

    tools: list[Offered]
    took_ms: float


class AutomationTrial(BaseModel):
    """An automation that is done now, without anything having happened."""

    value: Entry

    model_config = {
        "json_schema_extra": {
            "examples": [{"value": {"device": "Bell", "type": "press", "listen": True}}]
        }
    }


class AutomationTried(BaseModel):
    """What came of it."""

    text: str = Field(description="The answer; empty where a satellite listens.")
    ok: bool


class PolicyTrial(BaseModel):
    """Something that somebody might want."""

    device: Word = Field(default="", description="The id of a device.")
    verb: Word = ""
    tool: Word = Field(default="", description="Instead of a device: the name of a tool.")
    room: Word = Field(default="", description="Where it is asked for; empty: not known.")
    person: Word = ""
    at: datetime | None = Field(default=None, description="When; null: now.")

    model_config = {
        "json_schema_extra": {
            "examples": [{"device": "lock.front_door", "verb": "unlock", "room": "Kids"}]
        }
    }


class PolicyTried(BaseModel):
    """What would become of it."""

    ruling: Ruling
    id: str | None = Field(description="The rule of the dashboard that decides.")
    number: int | None = Field(description="The rule of the settings file, counted from 0.")
    words: str


class HappeningKind(BaseModel):
    """One thing that can happen."""

    type: str
    subtype: str | None


class HappeningSource(BaseModel):
    """A device at which things happen."""

    device: str
    name: str
    room: str | None
    kinds: list[HappeningKind]


class Happenings(BaseModel):
    """What automations can wait for."""

    items: list[HappeningSource]
