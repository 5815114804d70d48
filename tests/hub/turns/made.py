"""Turns to keep, and a store to keep them in."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from hub.events import Stage
from hub.store.database import Store
from hub.turns.kept import KeptTurn

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)

STAGES = (
    Stage("intent", 1700, 1702),
    Stage("speech", 200, 1500),
    Stage("endpoint", 1500, 1710),
    Stage("transcript", 1600, 1700),
    Stage("action", 1712, 1790),
    Stage("first audio", 1790, 1850),
    Stage("playback", 1900, 3100),
)


def turn(number: int, **values: Any) -> KeptTurn:
    """Return a turn, `number` minutes after NOW, in a conversation of its own."""
    fields: dict[str, Any] = {
        "id": f"run-{number}",
        "conversation": f"run-c{number}",
        "number": number,
        "satellite": "kitchen",
        "satellite_name": "Kitchen",
        "area": "Kitchen",
        "person": None,
        "opening": "wake",
        "started": NOW + timedelta(minutes=number),
        "took_ms": 3100.0,
        "outcome": "answered",
        "transcript": f"turn on light {number}",
        "language": "en",
        "answer": f"Turned on light {number}.",
        "heard": f"Turned on light {number}.",
        "intent": "HassTurnOn",
        "stages": STAGES,
        "details": {"tries": 1, "paid": True, "ahead_ms": 110, "ending": "silence"},
    }
    return KeptTurn(**(fields | values))


@asynccontextmanager
async def opened(folder: Path) -> AsyncGenerator[Store]:
    """Open a store in a folder."""
    async with Store(f"sqlite:///{folder}/hub.db") as store:
        yield store
