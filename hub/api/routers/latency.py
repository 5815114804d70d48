"""How fast turns were, over time."""

import asyncio
from collections.abc import Sequence
from contextlib import aclosing
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import BaseModel, ConfigDict, Field

from hub.api.moments import Moment, moment
from hub.api.parts import Hub
from hub.api.problems import Problem
from hub.api.routers.conversations import Member
from hub.turns.latency import MAX_SPANS, Tally, fitting_width
from hub.turns.stored_turns import stages_of

router = APIRouter(tags=["health"])

DEFAULT_SPAN = timedelta(days=1)


class PercentilesView(BaseModel):
    """Of one stage."""

    count: int
    p50_ms: float
    p95_ms: float
    max_ms: float


class SpanView(BaseModel):
    """One span of time in which there were turns."""

    start: datetime
    turns: int
    stages: dict[str, PercentilesView]


class Latency(BaseModel):
    """Percentiles by stage, over time and in all; "response" is what a person waits."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "since": "2026-03-01T00:00:00Z",
                    "until": "2026-03-02T00:00:00Z",
                    "width_s": 3600,
                    "turns": 12,
                    "spans": [
                        {
                            "start": "2026-03-01T07:00:00Z",
                            "turns": 12,
                            "stages": {
                                "response": {
                                    "count": 12,
                                    "p50_ms": 390.0,
                                    "p95_ms": 720.5,
                                    "max_ms": 811.0,
                                }
                            },
                        }
                    ],
                    "total": {
                        "response": {
                            "count": 12,
                            "p50_ms": 390.0,
                            "p95_ms": 720.5,
                            "max_ms": 811.0,
                        }
                    },
                }
            ]
        }
    )

    since: datetime
    until: datetime
    width_s: float = Field(description="How wide a span is. Spans without turns are left out.")
    turns: int
    spans: list[SpanView]
    total: dict[str, PercentilesView]


@router.get("/health/latency")
async def latency(
    hub: Hub,
    _: Member,
    since: Annotated[Moment, Query(alias="from")] = None,
    until: Annotated[Moment, Query(alias="to")] = None,
    width_s: Annotated[
        int | None, Query(ge=60, description="How wide spans are; by default an hour, or more.")
    ] = None,
) -> Latency:
    """Return how long the parts of turns took: by default in the last 24 hours, by the hour."""
    end = moment(until, "to") or datetime.now(UTC)
    start = moment(since, "from") or end - DEFAULT_SPAN
    if start >= end:
        raise Problem(422, "no-time", "`from` has to be before `to`.")
    width = fitting_width(start, end) if width_s is None else timedelta(seconds=width_s)
    if (end - start) / width > MAX_SPANS:
        raise Problem(422, "too-many", f"That makes more than {MAX_SPANS} spans: widen `width_s`.")
    tally = Tally(width)
    async with aclosing(hub.turns.turns.stages(start, end)) as chunks:
        async for chunk in chunks:
            await asyncio.to_thread(_count, tally, chunk)
    found, total = await asyncio.to_thread(tally.percentiles)
    return Latency.model_validate(
        {
            "since": start,
            "until": end,
            "width_s": width.total_seconds(),
            "turns": tally.turns,
            "spans": [asdict(span) for span in found],
            "total": {name: asdict(one) for name, one in total.items()},
        }
    )


def _count(tally: Tally, turns: Sequence[tuple[datetime, str]]) -> None:
    for started, stages in turns:
        tally.add(started, stages_of(stages))
