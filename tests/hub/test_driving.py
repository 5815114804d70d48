"""Nothing that was commanded by MQTT is lost, or said twice, when the hub is killed."""

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

from sqlalchemy import select

from hub.store.announcements import AnnouncementRow
from hub.store.database import Store
from tests.hub.living_home import LIMIT_S, Witness, connected
from tests.hub.mqtt.mosquitto import Mosquitto, mosquitto

ROOT = Path(__file__).parents[2]


class Process:
    """A hub in a process of its own, and what it prints."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process
        self.lines: list[str] = []

    async def until(self, line: str) -> None:
        """Wait until it has printed a line."""
        assert self._process.stdout is not None
        async with asyncio.timeout(2 * LIMIT_S):
            while line not in self.lines:
                read = await self._process.stdout.readline()
                assert read, f"it ended before {line!r}"
                self.lines.append(read.decode().strip())

    async def kill(self) -> None:
        """End it as kill -9 does; read what it had printed."""
        with suppress(ProcessLookupError):
            self._process.kill()
        out, _ = await self._process.communicate()
        self.lines += out.decode().splitlines()

    @property
    def said(self) -> list[str]:
        return [line.removeprefix("said ") for line in self.lines if line.startswith("said ")]


@asynccontextmanager
async def hub(broker: Mosquitto, folder: Path, how: str) -> AsyncIterator[Process]:
    """A hub that runs, and is killed in the end."""
    command = ["-m", "tests.hub.driving_program", str(broker.port), str(folder), how]
    process = Process(
        await asyncio.create_subprocess_exec(
            sys.executable, *command, cwd=ROOT, stdout=asyncio.subprocess.PIPE
        )
    )
    try:
        yield process
    finally:
        await process.kill()


async def kept(folder: Path, count: int) -> None:
    """Wait until so many announcements are on the disk."""
    async with Store(f"sqlite:///{folder}/hub.db") as store, asyncio.timeout(LIMIT_S):
        while True:
            async with store.session() as session:
                if len(list(await session.scalars(select(AnnouncementRow)))) >= count:
                    return
            await asyncio.sleep(0.02)


async def test_a_queued_announcement_outlives_kill_9_and_is_said_once(tmp_path: Path) -> None:
    topic = "sotto/test/command/announce"
    async with mosquitto(tmp_path) as broker, connected(broker.url, "driver") as driver:
        seeing = Witness(driver, "sotto/test/#")
        assert await driver.wait_subscribed(LIMIT_S)
        async with hub(broker, tmp_path, "busy") as first:
            await seeing.wait_for(lambda seen: ("sotto/test/status", "online") in seen)
            await driver.publish(topic, '{"id": "a", "text": "dinner"}')
            await kept(tmp_path, 1)
        await seeing.wait_for(lambda seen: seen[-1] == ("sotto/test/status", "offline"))
        await driver.publish(topic, '{"id": "a", "text": "dinner"}')
        await driver.publish(topic, '{"id": "b", "text": "tea"}')
        async with hub(broker, tmp_path, "free") as second:
            await second.until("said tea")
            await seeing.wait_for(lambda seen: {"a", "b"} <= set(_heard(seen)))
        async with hub(broker, tmp_path, "free") as third:
            await driver.publish(topic, '{"id": "c", "text": "good night"}')
            await third.until("said good night")
            await seeing.wait_for(lambda seen: "c" in _heard(seen))
        assert first.said == []
        assert sorted(second.said) == ["dinner", "tea"]
        assert third.said == ["good night"]
        assert sorted(_heard(seeing.seen)) == ["a", "b", "c"]


async def test_commands_while_the_hub_is_killed_again_and_again_are_all_done(
    tmp_path: Path,
) -> None:
    done: list[str] = []
    async with mosquitto(tmp_path) as broker, connected(broker.url, "driver") as driver:
        async with hub(broker, tmp_path, "free") as process:
            await driver.publish("sotto/test/command/text", "do it")
            seeing = Witness(driver, "sotto/test/status")
            await seeing.wait_for(lambda seen: ("sotto/test/status", "online") in seen)
        done += process.lines
        for number in range(3):
            for part in range(4):
                await driver.publish("sotto/test/command/text", f"do {number}.{part}")
            async with hub(broker, tmp_path, "free") as process:
                await process.until(f"did do {number}.1")
            done += process.lines
        async with hub(broker, tmp_path, "free") as process:
            await driver.publish("sotto/test/command/text", "do the last")
            await process.until("did do the last")
        done += process.lines
    wanted = [f"did do {number}.{part}" for number in range(3) for part in range(4)]
    assert [line for line in wanted if line not in done] == []


def _heard(seen: list[tuple[str, str]]) -> list[str]:
    """The ids of the announcements that were told to be heard."""
    results = [payload for topic, payload in seen if topic == "sotto/test/result/announce"]
    return [one.split('"id":"')[1][0] for one in results if '"heard"' in one]
