"""What hears, speaks and thinks: what is chosen, what it costs, and how it does."""

import asyncio
from collections.abc import Sequence
from dataclasses import asdict

from fastapi import APIRouter, Depends
from pydantic import BaseModel, Field

from hub.api.access import Role, needs
from hub.api.parts import Hub, Parts
from hub.api.problems import Problem
from hub.api.routers.latency import PercentilesView
from hub.api.said import Said, said
from hub.engine_choice import CanNotBeChosen, EngineChoice
from hub.engine_kinds import FIELDS, Place, kinds
from hub.engines.base import EngineError
from hub.engines.host import MAX_WAITING, EngineProcess
from hub.model_needs import voices_here
from hub.words import worded

router = APIRouter(
    prefix="/engines",
    tags=["engines"],
    dependencies=[Depends(needs(Role.OWNER, "admin"))],
)

_STAGES = {
    "speech-to-text": "transcript",
    "text-to-speech": "first audio",
    "language-model": "thinking",
    "turn-detector": "endpoint",
}
"""By role: the stage of a turn that shows how fast it is."""


class Kind(BaseModel):
    """An engine that could be chosen."""

    name: str
    place: Place = Field(description="Where it works; `cloud`: what is said leaves the house.")
    usable: bool
    why_not: str
    words: Said | None = Field(default=None, description="What `why_not` is in other languages.")


class Engine(BaseModel):
    """What does one of the things that engines do."""

    role: str
    chosen: str = Field(description="As the settings name it; `auto`: the best that is ready.")
    in_use: str = Field(description="What does it at the moment.")
    ready: bool = Field(description="Whether what was chosen is ready.")
    text: str = Field(description="What there is, or why it is not ready and what to do.")
    words: Said | None = Field(default=None, description="What `text` is in other languages.")
    model: str | None
    place: Place
    memory_bytes: int = Field(description="What its processes take.")
    restarts: int = Field(description="How often one of them died.")
    waiting: int = Field(description="Requests that wait for it.")
    most_waiting: int
    speed: PercentilesView | None = Field(description="How long it took in the last turns.")
    choices: list[Kind]


class Engines(BaseModel):
    """All of them, and what was chosen in the dashboard."""

    engines: list[Engine]
    choice: EngineChoice
    waits_for_start: list[str] = Field(description="What of the choice holds from the next start.")
    voices: list[str] = Field(description="Piper's voices that are here.")
    languages: list[str] = Field(description="What is spoken in this home.")

    model_config = {
        "json_schema_extra": {
            "examples": [
                {
                    "engines": [
                        {
                            "role": "speech-to-text",
                            "chosen": "auto",
                            "in_use": "phrases",
                            "ready": False,
                            "text": "whisper/base is not here: run `sotto-hub models pull "
                            "whisper/base`.",
                            "model": "auto",
                            "place": "embedded",
                            "memory_bytes": 61_000_000,
                            "restarts": 0,
                            "waiting": 0,
                            "most_waiting": 32,
                            "speed": {
                                "count": 40,
                                "p50_ms": 82.1,
                                "p95_ms": 130.4,
                                "max_ms": 171.0,
                            },
                            "choices": [
                                {
                                    "name": "phrases",
                                    "place": "embedded",
                                    "usable": True,
                                    "why_not": "",
                                }
                            ],
                        }
                    ],
                    "choice": {"speech_to_text": None},
                    "waits_for_start": [],
                    "voices": ["en_US-lessac-medium"],
                    "languages": ["en"],
                }
            ]
        }
    }


@router.get("")
async def engines(hub: Hub) -> Engines:
    """Tell what the engines are and how they do."""
    return await asyncio.to_thread(_engines, hub)


@router.put("/choice")
async def choose(choice: EngineChoice, hub: Hub) -> Engines:
    """Choose engines. What hears and speaks changes at once, what thinks at the next start.

    What is left out is as the settings file says.
    """
    try:
        await hub.desk.choose(choice)
    except (CanNotBeChosen, EngineError) as error:
        raise Problem(409, "can-not-be-chosen", str(error)) from None
    except OSError as error:
        text = worded(
            "choice-not-kept",
            "The choice can not be kept: {why}. All is as it was.",
            why=str(error.strerror or error),
        )
        raise Problem(507, "can-not-be-kept", text) from None
    return await asyncio.to_thread(_engines, hub)


def _engines(hub: Parts) -> Engines:
    settings, desk = hub.desk.settings, hub.desk
    found = [
        _engine(hub, "speech-to-text", hub.ears.in_use, hub.ears.processes, settings.whisper.model),
        _engine(hub, "text-to-speech", hub.voice.in_use, hub.voice.processes, None),
        _engine(hub, "language-model", _thinks(hub), (), _thinking_model(hub)),
    ]
    judge = desk.board.last.get("turn-detector")
    if judge is not None:
        speed = hub.figures.speed(_STAGES["turn-detector"])
        found.append(
            Engine(
                role="turn-detector",
                chosen=judge.engine,
                in_use=judge.engine if judge.ready else "none",
                ready=judge.ready,
                text=judge.text,
                words=said(judge.text),
                model=str(settings.listening.turn_detector),
                place="embedded",
                memory_bytes=judge.memory_bytes,
                restarts=0,
                waiting=0,
                most_waiting=0,
                speed=None if speed is None else PercentilesView(**asdict(speed)),
                choices=[],
            )
        )
    return Engines(
        engines=found,
        choice=desk.choice,
        waits_for_start=desk.waits_for_start(),
        voices=voices_here(settings),
        languages=list(settings.spoken_languages),
    )


def _engine(
    hub: Parts, role: str, in_use: str, processes: Sequence[EngineProcess], model: str | None
) -> Engine:
    settings, told = hub.desk.settings, hub.desk.board.last.get(role)
    chosen: str = getattr(settings.engines, FIELDS[role])
    if told is not None and chosen not in {"auto", told.engine}:
        told = None  # that was the one before: what is chosen now has not told anything yet
    speed = hub.figures.speed(_STAGES[role])
    known = kinds(settings, role)
    place = next((kind.place for kind in known if kind.name == in_use), "service")
    return Engine(
        role=role,
        chosen=chosen,
        in_use=in_use,
        ready=told is not None and told.ready,
        text="" if told is None else told.text,
        words=None if told is None else said(told.text),
        model=model if in_use not in {"phrases", "none"} else None,
        place=place,
        memory_bytes=sum(process.memory_bytes for process in processes),
        restarts=sum(process.restarts for process in processes),
        waiting=sum(process.waiting for process in processes),
        most_waiting=MAX_WAITING * len(processes),
        speed=None if speed is None else PercentilesView(**asdict(speed)),
        choices=[Kind(**asdict(kind), words=said(kind.why_not)) for kind in known],
    )


def _thinks(hub: Parts) -> str:
    """Return what thinks at the moment."""
    told = hub.desk.board.last.get("language-model")
    return told.engine if told is not None and told.ready else "none"


def _thinking_model(hub: Parts) -> str | None:
    """Return the model that thinks, as the settings that the hub started with name it."""
    settings = hub.settings
    return {
        "auto": settings.ollama.model,
        "ollama": settings.ollama.model,
        "openai": settings.openai_chat.model,
        "litellm": settings.litellm.model,
    }.get(settings.engines.language_model)
