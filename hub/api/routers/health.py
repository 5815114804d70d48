"""Whether the hub is there, whether each part of it works, and how it does."""

import asyncio
from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Query, Response
from pydantic import BaseModel, Field

from hub import machine_state
from hub.api import readiness
from hub.api.access import Principal, Role, needs
from hub.api.gauges import gauges
from hub.api.owner_topics import line_value
from hub.api.parts import Hub
from hub.api.said import Said, said
from hub.engine_choice import choice_file
from hub.findings import findings
from hub.recent_log import KEPT, LogLine, recent_log
from protocol.version import VERSION

router = APIRouter(tags=["health"])

ERRORS_WITHIN = timedelta(hours=24)
MAX_ERRORS = 50
METRICS = "text/plain; version=0.0.4; charset=utf-8"

Panel = Depends(needs(Role.PANEL, "read"))
Member = Annotated[Principal, Depends(needs(Role.MEMBER, "read"))]
Owner = Depends(needs(Role.OWNER, "admin"))


class Health(BaseModel):
    """The hub answers."""

    status: str = "ok"


class Part(BaseModel):
    """One part of the hub."""

    name: str
    state: readiness.State = Field(
        description="`spare`: another does its work; `down`: it does not work."
    )
    needed: bool = Field(description="Whether the hub is not ready without it.")
    text: str
    words: Said | None = Field(default=None, description="What `text` is in other languages.")


class Readiness(BaseModel):
    """What works."""

    ready: bool
    parts: list[Part]

    model_config = {
        "json_schema_extra": {
            "examples": [
                {
                    "ready": True,
                    "parts": [
                        {
                            "name": "mqtt",
                            "state": "well",
                            "needed": True,
                            "text": "connected to mqtt://127.0.0.1:1883",
                        }
                    ],
                }
            ]
        }
    }


class Queue(BaseModel):
    """Something in which work waits."""

    name: str
    waiting: int
    most: int
    lost: int = Field(description="What did not fit in, since the start.")


class Gpu(BaseModel):
    """One GPU. What its driver does not tell is null."""

    name: str
    memory_used_bytes: int | None
    memory_bytes: int | None
    used_percent: float | None
    celsius: float | None


class Machine(BaseModel):
    """The machine that the hub is on."""

    cores: int
    cpu_percent: float
    load: float
    memory_bytes: int
    memory_free_bytes: int
    disk_bytes: int
    disk_free_bytes: int
    hub_memory_bytes: int
    gpus: list[Gpu]


class Sample(BaseModel):
    """One look at the machine and the queues."""

    at: datetime
    cpu_percent: float
    memory_used_bytes: int
    waiting: int


class Line(BaseModel):
    """A line of the log."""

    number: int
    at: datetime
    level: str
    text: str
    values: dict[str, str]


class ErrorCount(BaseModel):
    """How often something was logged as a warning or an error."""

    level: str
    text: str
    count: int
    last_at: datetime
    last: Line | None = Field(description="The last of them; for owners alone.")


class Details(BaseModel):
    """How the hub does."""

    version: str
    hub: str
    started_at: datetime
    now: datetime = Field(description="The hub's clock.")
    ready: bool
    parts: list[Part]
    queues: list[Queue]
    machine: Machine
    samples: list[Sample] = Field(description="The last hour.")
    errors: list[ErrorCount] = Field(description="Of the last 24 hours, the latest first.")


class Finding(BaseModel):
    """What came of one of the doctor's checks."""

    name: str
    ok: bool
    text: str = Field(description="What there is; where it is not well, the one thing to do.")
    words: Said | None = Field(default=None, description="What `text` is in other languages.")

    model_config = {
        "json_schema_extra": {
            "examples": [
                {"name": "disk", "ok": False, "text": "0.2 GiB free at /: free 0.5 GiB or more."}
            ]
        }
    }


@router.get("/health")
@router.get("/v1/health")
async def health() -> Health:
    """Tell that the hub is alive. Nobody has to log in for this."""
    return Health()


@router.get(
    "/ready", dependencies=[Panel], responses={503: {"description": "Something needed is down."}}
)
async def ready(hub: Hub, response: Response) -> Readiness:
    """Tell the true state of each part; 503 if one is down that is needed."""
    found = await _parts(hub)
    well = _is_ready(found)
    response.status_code = 200 if well else 503
    return Readiness(ready=well, parts=found)


@router.get("/metrics", dependencies=[Panel], response_class=Response)
async def metrics(hub: Hub) -> Response:
    """Tell what Prometheus collects. It logs in with a token whose scope is `read`."""
    content = hub.figures.text(await gauges(hub))
    return Response(content, media_type=METRICS)


@router.get("/v1/health/details")
async def details(hub: Hub, who: Member) -> Details:
    """Tell how the hub does."""
    folder = choice_file(hub.settings).parent
    machine, found = await asyncio.gather(
        asyncio.to_thread(machine_state.look, folder), _parts(hub)
    )
    now = datetime.now(UTC)
    errors = recent_log.errors_since(now - ERRORS_WITHIN)
    return Details(
        version=VERSION,
        hub=hub.settings.name,
        started_at=hub.figures.samples.started_at,
        now=now,
        ready=_is_ready(found),
        parts=found,
        queues=[Queue(**asdict(queue)) for queue in readiness.queues(hub)],
        machine=Machine.model_validate(asdict(machine)),
        samples=[Sample(**asdict(sample)) for sample in hub.figures.samples.all],
        errors=_counted(errors, whole=who.role >= Role.OWNER),
    )


@router.get("/v1/health/log", dependencies=[Owner])
async def log(
    level: Literal["debug", "info", "warning", "error"] = "info",
    limit: Annotated[int, Query(ge=1, le=KEPT)] = KEPT,
) -> list[Line]:
    """Return the last lines of the log, the newest first. The live topic `log` has the next."""
    return [Line.model_validate(line_value(line)) for line in recent_log.lines(level, limit)]


@router.get("/v1/health/findings", dependencies=[Owner])
async def doctor(hub: Hub) -> list[Finding]:
    """Look at what the hub needs, as `sotto-hub doctor` does: fine, or the one thing to do."""
    link = hub.household.link
    found = await findings(
        hub.desk.settings,
        hub.desk.board.last,
        broker=str(link.address),
        connected=link.connected,
    )
    return [Finding(**asdict(finding), words=said(finding.text)) for finding in found]


async def _parts(hub: Hub) -> list[Part]:
    found = await readiness.parts_state(hub)
    return [Part(**asdict(part), words=said(part.text)) for part in found]


def _is_ready(parts: Sequence[Part]) -> bool:
    return not any(part.needed and part.state == "down" for part in parts)


def _counted(lines: Sequence[LogLine], *, whole: bool) -> list[ErrorCount]:
    """Return what was logged, alike ones together. What happened to whom is for owners."""
    counts: dict[tuple[str, str], ErrorCount] = {}
    for line in lines:
        key = line.level, line.text
        known = counts.get(key)
        if known is not None:
            known.count += 1
        elif len(counts) < MAX_ERRORS:
            last = Line.model_validate(line_value(line)) if whole else None
            counts[key] = ErrorCount(
                level=line.level, text=line.text, count=1, last_at=line.at, last=last
            )
    return list(counts.values())
