"""The log of turns: pages, searches and figures over 10,000 turns, in a file on this disk."""

import asyncio
import random
import tempfile
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta

from bench.harness import Bench, median, p95
from hub.events import Stage
from hub.store.database import Store
from hub.turns.kept import KeptTurn, Wanted
from hub.turns.latency import Tally
from hub.turns.stored_turns import StoredTurns, stages_of

NAME = "turn-log"

TURNS = 10_000
REPEATS = 15
BATCH = 50
TARGET_MS = 100.0
"""A key is answered within this time."""
NOW = datetime(2026, 3, 1, tzinfo=UTC)
_WORDS = ("turn", "on", "the", "light", "kitchen", "what", "weather", "set", "timer", "minutes")


def run(bench: Bench) -> None:
    asyncio.run(_run(bench))


async def _run(bench: Bench) -> None:
    with tempfile.TemporaryDirectory() as folder:
        async with Store(f"sqlite:///{folder}/hub.db") as store:
            turns = StoredTurns(store)
            made = [_turn(number, random.Random(number)) for number in range(TURNS)]
            began = time.perf_counter()
            for start in range(0, TURNS, BATCH):
                await turns.add(made[start : start + BATCH])
            bench.figure("keeping a turn", (time.perf_counter() - began) / TURNS * 1000, "ms")
            await _look(bench, turns)


async def _look(bench: Bench, turns: StoredTurns) -> None:
    async def figures() -> None:
        tally = Tally(timedelta(hours=1))
        async for chunk in turns.stages(NOW, NOW + timedelta(days=60)):
            for started, stages in chunk:
                tally.add(started, stages_of(stages))
        tally.percentiles()

    def page(wanted: Wanted) -> Callable[[], Awaitable[object]]:
        return lambda: turns.conversations(wanted, 51)

    middle = NOW + timedelta(minutes=TURNS * 5)
    looks: dict[str, Callable[[], Awaitable[object]]] = {
        "first page": page(Wanted()),
        "page in the middle": lambda: turns.conversations(Wanted(), 51, (middle, "c")),
        "one letter": page(Wanted("t")),
        "a common word": page(Wanted("light")),
        "three words": page(Wanted("kitchen timer wea")),
        "a word that is nowhere": page(Wanted("zebra")),
        "one room": page(Wanted(area="Room 3")),
        "one turn": lambda: turns.turn("t5000"),
        "percentiles by the hour, all turns": figures,
    }
    rows: list[tuple[str, float, float]] = []
    for name, look in looks.items():
        took = []
        for _ in range(REPEATS):
            began = time.perf_counter()
            await look()
            took.append((time.perf_counter() - began) * 1000)
        rows.append((name, median(took), p95(took)))
    bench.table(f"{TURNS} turns kept", ["what", "median ms", "p95 ms"], rows)
    slowest = max(row[2] for row in rows[:-1])
    bench.figure("slowest page or search, p95", slowest, "ms", target=TARGET_MS, at_most=True)


def _turn(number: int, chance: random.Random) -> KeptTurn:
    said = " ".join(chance.choices(_WORDS, k=7))
    stages = (
        Stage("speech", 200, 1500),
        Stage("endpoint", 1500, 1700 + chance.random() * 200),
        Stage("transcript", 1600, 1690),
        Stage("intent", 1690, 1692),
        Stage("first audio", 1700, 1800),
        Stage("playback", 1900 + chance.random() * 400, 4000),
    )
    return KeptTurn(
        f"t{number}",
        f"c{number // 3}",
        number,
        "satellite",
        "Satellite",
        f"Room {number // 3 % 10}",
        None,
        "wake",
        NOW + timedelta(minutes=number * 5),
        4000.0,
        "answered",
        said,
        "en",
        f"Done: {said}.",
        f"Done: {said}.",
        "HassTurnOn",
        stages,
        {"tries": 1, "paid": True, "ahead_ms": 120},
    )
