"""Conversations and turns as the API tells them."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from hub.turns.kept import KeptConversation, KeptTurn
from hub.turns.reasons import reasons, shares

_EXAMPLE_TURN: dict[str, Any] = {
    "id": "3f9c2a71b0-12",
    "conversation": "3f9c2a71b0-c4",
    "satellite": "kitchen",
    "satellite_name": "Kitchen",
    "area": "Kitchen",
    "person": None,
    "opening": "wake",
    "started": "2026-03-01T07:12:31.204Z",
    "took_ms": 2310.5,
    "outcome": "answered",
    "transcript": "turn on the kitchen light",
    "language": "en",
    "answer": "Turned on the kitchen light.",
    "heard": "Turned on the kitchen light.",
    "intent": "HassTurnOn",
    "audio": False,
    "response_ms": 412.0,
}


class Turn(BaseModel):
    """One turn: somebody spoke, and the hub answered."""

    model_config = ConfigDict(json_schema_extra={"examples": [_EXAMPLE_TURN]})

    id: str
    conversation: str
    satellite: str = Field(description="The satellite's id; empty for what was written.")
    satellite_name: str
    area: str | None
    person: str | None
    opening: str = Field(
        description='"wake", "interruption", "follow-up", "announcement" or "text".'
    )
    started: datetime
    took_ms: float
    outcome: str = Field(
        description='"answered", "interrupted", "stopped", "handed-over", "nothing-heard", '
        '"not-understood", "cancelled" or "failed".'
    )
    transcript: str | None = Field(description="What was said; codes are masked.")
    language: str | None
    answer: str | None = Field(description="What the hub had to say.")
    heard: str | None = Field(description="What was heard of it.")
    intent: str | None = Field(description="What the home understood; null: a model answered.")
    audio: bool = Field(description="Whether there is a recording of what was said.")
    response_ms: float | None = Field(
        description="From the end of speech to the first sound of the answer."
    )

    @classmethod
    def of(cls, turn: KeptTurn) -> "Turn":
        """Return a turn as it is told."""
        return cls.model_validate(_fields(turn))


class StageView(BaseModel):
    """One bar of the waterfall, in ms since the turn began."""

    name: str
    start_ms: float
    end_ms: float


class ToolView(BaseModel):
    """One thing that was done in a turn, by a command or by a model."""

    tool: str
    arguments: str = Field(description="JSON, shortened, secrets masked.")
    ok: bool
    text: str = Field(description="What came of it, shortened.")
    start_ms: float
    end_ms: float


class ReasonView(BaseModel):
    """One line of why it took what it took."""

    code: str
    ms: float | None
    text: str


class TurnDetail(Turn):
    """All that is known of a turn."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                _EXAMPLE_TURN
                | {
                    "stages": [{"name": "speech", "start_ms": 210.0, "end_ms": 1480.0}],
                    "tools": [],
                    "reasons": [
                        {
                            "code": "endpoint",
                            "ms": 208.0,
                            "text": "The pause was 208 ms long before the sentence counted as "
                            "over.",
                        }
                    ],
                    "shares": {"response_ms": 412.0, "endpoint_ms": 208.0},
                    "details": {"tries": 1, "paid": True, "ahead_ms": 180},
                }
            ]
        }
    )

    stages: list[StageView]
    tools: list[ToolView]
    reasons: list[ReasonView]
    shares: dict[str, float | None]
    details: dict[str, Any]

    @classmethod
    def of(cls, turn: KeptTurn) -> "TurnDetail":
        """Return a turn with all that is known of it."""
        fields = _fields(turn) | {
            "stages": [asdict(stage) for stage in turn.stages],
            "tools": [_tool(tool) for tool in turn.details.get("tools", ())],
            "reasons": [asdict(reason) for reason in reasons(turn)],
            "shares": asdict(shares(turn)),
            "details": {key: one for key, one in turn.details.items() if key != "tools"},
        }
        return cls.model_validate(fields)


class Conversation(BaseModel):
    """One conversation, at a glance."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "id": "3f9c2a71b0-c4",
                    "satellite": "kitchen",
                    "satellite_name": "Kitchen",
                    "area": "Kitchen",
                    "person": None,
                    "started": "2026-03-01T07:12:31.204Z",
                    "last": "2026-03-01T07:13:02.018Z",
                    "turns": 2,
                    "failed": 0,
                    "turn": "3f9c2a71b0-12",
                    "transcript": "turn on the kitchen light",
                    "answer": "Turned on the kitchen light.",
                    "outcome": "answered",
                }
            ]
        }
    )

    id: str
    satellite: str
    satellite_name: str
    area: str | None
    person: str | None
    started: datetime
    last: datetime
    turns: int
    failed: int
    turn: str = Field(description="The turn that is shown: the first that was looked for.")
    transcript: str | None
    answer: str | None
    outcome: str

    @classmethod
    def of(cls, conversation: KeptConversation) -> "Conversation":
        """Return a conversation as it is told."""
        return cls.model_validate(asdict(conversation))


class ConversationDetail(BaseModel):
    """A conversation with its turns, in order."""

    id: str
    turns: list[Turn]
    next: str | None = Field(default=None, description="`after` of the next page; null: no more.")


class Gone(BaseModel):
    """How many turns are gone."""

    turns: int = Field(examples=[3])


class RetentionView(BaseModel):
    """How long conversations are kept, and whether what was said is recorded."""

    days: int = Field(description="What holds; 0: nothing is kept.", examples=[30])
    audio: bool
    settings_days: int = Field(description="What the settings say.", examples=[30])
    settings_audio: bool
    chosen: bool = Field(description="Whether something else was chosen here.")


class RetentionChoice(BaseModel):
    """What is chosen; null: as the settings say."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"days": 7, "audio": False}]})

    days: int | None = Field(default=None, ge=0, le=3650)
    audio: bool | None = None


def _fields(turn: KeptTurn) -> dict[str, Any]:
    known = {name: getattr(turn, name) for name in Turn.model_fields if name != "response_ms"}
    return known | {"response_ms": shares(turn).response_ms}


def _tool(used: Mapping[str, Any]) -> dict[str, Any]:
    return {**used, "end_ms": used["start_ms"] + used["took_ms"]}
