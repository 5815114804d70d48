"""Links that are cut and hubs that are restarted at any moment.

`SOTTO_RUNS=100` asks for as many of each; the log tells how long it took to be back.
"""

import asyncio
import logging
import os
import random
import time
from collections import Counter
from pathlib import Path
from statistics import median
from typing import cast

import pytest

from satellite import events
from tests.satellite.unsteady_house import (
    ANSWER,
    COMMAND,
    Room,
    unsteady,
    until,
)
from tests.satellite.unsteady_wire import Cut
from tests.virtual_house import VOICE_WORD_MS

RUNS = int(os.environ.get("SOTTO_RUNS", "10"))
ROOMS = 5
BACK_S = 2.0
TURN_S = 4.2
SEED = 6
LIMIT_S = 30.0 + 10.0 * RUNS
ANSWER_MS = VOICE_WORD_MS * len(ANSWER.split())

log = logging.getLogger(__name__)


def tell(what: str, took_s: list[float]) -> None:
    log.warning(
        "%s: %d times, back after %.0f ms in the middle, %.0f ms at most",
        what, len(took_s), median(took_s) * 1000, max(took_s) * 1000,
    )  # fmt: skip


async def cut_in_a_turn(room: Room, chance: random.Random) -> float:
    """Cut the link at some moment of a turn, for a moment or longer; return the time to be back."""
    told, turns = len(room.told), len(room.turns)
    room.ask()
    await asyncio.sleep(chance.uniform(0.0, TURN_S))
    how: Cut = chance.choice(["fin", "reset"])
    await room.wire.cut_for(how, chance.choice([0.0, 0.0, 0.1, 0.5, 1.0, 2.0]))
    back_s = await until(lambda: room.agrees)
    await until(lambda: len(room.turns) > turns and room.satellite.at_rest)
    since = room.told[told:]
    (turn,) = room.turns[turns:]
    problems = [event for event in since if isinstance(event, events.Failed)]
    assert not problems
    assert (turn.outcome, turn.transcript, turn.heard) == ("answered", COMMAND, ANSWER)
    heard = [event for event in since if isinstance(event, events.Heard)]
    assert [event.text for event in heard] == [COMMAND]
    played = [event for event in since if isinstance(event, events.PlaybackFinished)]
    assert [event.position_ms for event in played] == [pytest.approx(room.undisturbed_ms, abs=1)]
    assert {event.code for event in since if isinstance(event, events.Disconnected)} == set()
    return back_s


async def test_a_link_that_is_cut_at_any_moment_of_a_turn_costs_nothing(tmp_path: Path) -> None:
    chance = random.Random(SEED)
    took: list[float] = []
    async with asyncio.timeout(LIMIT_S), unsteady(ROOMS, tmp_path) as (_, rooms):

        async def suffer(room: Room) -> None:
            room.ask()
            await until(lambda: bool(room.turns) and room.satellite.at_rest)
            (played,) = room.of(events.PlaybackFinished)
            room.undisturbed_ms = cast("events.PlaybackFinished", played).position_ms
            assert room.undisturbed_ms >= ANSWER_MS
            for _ in range(RUNS // ROOMS):
                took.append(await cut_in_a_turn(room, chance))

        async with asyncio.TaskGroup() as tasks:
            for room in rooms:
                tasks.create_task(suffer(room))
        again = sum(
            cast("events.Resumed", event).again
            for room in rooms
            for event in room.of(events.Resumed)
        )
        log.warning("%d messages were sent again", again)
    tell("links cut", took)
    assert max(took) <= BACK_S


async def test_after_a_restart_of_the_hub_everybody_is_back_in_two_seconds(tmp_path: Path) -> None:
    chance = random.Random(SEED)
    took: list[float] = []
    outcomes: Counter[str] = Counter()
    async with asyncio.timeout(LIMIT_S), unsteady(ROOMS, tmp_path) as (hub, rooms):
        for _ in range(RUNS):
            for room in chance.sample(rooms, 3):
                room.satellite.playback.set_volume(round(chance.random(), 2))
                if chance.random() < 0.3:
                    room.satellite.toggle_mute()
                room.ask()
            await asyncio.sleep(chance.uniform(0.0, TURN_S))
            await hub.stop()
            await asyncio.sleep(chance.choice([0.0, 0.1, 0.5, 1.0, 3.0]))
            told = {room.name: len(room.told) for room in rooms}
            await hub.start()
            began = time.monotonic()
            for room in rooms:
                await until(lambda room=room: room.agrees)
            took.append(time.monotonic() - began)
            for room in rooms:
                room.microphone.hush()
                del told[room.name]
        for room in rooms:
            overs = [e for e in room.told if isinstance(e, events.TurnOver)]
            outcomes.update(e.outcome for e in overs)
            begun = {e.turn for e in room.told if isinstance(e, events.Listening)}
            assert len(overs) >= len(begun) - RUNS
    tell("hub restarted", took)
    log.warning("turns ended: %s", dict(outcomes))
    assert max(took) <= BACK_S
