"""A real hub is killed while a timer rings at a real satellite; nothing of it is forgotten."""

import asyncio
import json
import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from hub.demo.observer import Observer
from hub.demo.processes import Process
from hub.origin import Origin
from hub.store.database import Store
from hub.timekeeping.appointment import Appointment, Kind
from hub.timekeeping.repository import StoredAppointments
from tests.hub.demo.test_demo import House, house  # noqa: F401 - a fixture

pytestmark = [pytest.mark.alone, pytest.mark.timeout(120)]

LIMIT_S = 60.0
KITCHEN = Origin("Kitchen", "en")


async def keep(folder: Path, *appointments: Appointment) -> None:
    """Promise something as a hub that is gone did."""
    async with Store(f"sqlite:///{folder}/hub.db") as store:
        await StoredAppointments(store).put(*appointments)


async def hears(satellite: Process, words: str) -> str:
    """Return what the satellite says next that has some words in it."""
    async with asyncio.timeout(LIMIT_S):
        async for line in satellite.lines():
            event = json.loads(line)
            if words in str(event.get("text", "")):
                return str(event["text"])
    raise AssertionError(f"never said: {words}\n{satellite.log_tail}")


def told(observer: Observer) -> list[str]:
    """Return what the light was told."""
    topics = [seen.topic for seen in observer.seen]
    return [topic for topic in topics if "bed" in topic and topic.endswith("set")]


def kept(folder: Path) -> list[tuple[str, str]]:
    """Return what the hub has promised."""
    with closing(sqlite3.connect(folder / "hub.db")) as store:
        return store.execute("SELECT kind, state FROM appointments").fetchall()


async def test_a_hub_that_is_killed_while_a_timer_rings_goes_on_ringing(
    house: House,  # noqa: F811
    tmp_path: Path,
) -> None:
    now = datetime.now(UTC)
    timer = Appointment(
        Kind.TIMER, now + timedelta(seconds=1), now, KITCHEN, name="pasta", duration_s=1.0
    )
    command = Appointment(
        Kind.COMMAND, now, now, KITCHEN, text="turn on the bed light", duration_s=1.0
    )
    await keep(tmp_path, timer, command)
    host, _, port = house._broker.removeprefix("mqtt://").partition(":")
    observer = Observer(host, int(port))
    watching = asyncio.create_task(observer.run())
    try:
        await asyncio.wait_for(observer.ready.wait(), LIMIT_S)
        hub, hub_port = await house.hub(0)
        satellite = await house.process(
            "satellite", "satellite", "run", "--hub", f"127.0.0.1:{hub_port}", "--events",
            "--mic", "none", "--speaker", "none", "--area", "Kitchen",
        )  # fmt: skip
        await hears(satellite, "pasta timer")
        # By then the command may not be done, or done and not yet written down.
        async with asyncio.timeout(LIMIT_S):
            while kept(tmp_path) != [("timer", "ringing")] or not told(observer):
                await asyncio.sleep(0.02)
        hub._process.kill()
        await hub.wait(LIMIT_S)
        await house.hub(hub_port)
        await hears(satellite, "pasta timer")
    finally:
        watching.cancel()
        await asyncio.wait([watching])
    assert len(told(observer)) == 1, "the command was carried out, and once"
    assert kept(tmp_path) == [("timer", "ringing")]
