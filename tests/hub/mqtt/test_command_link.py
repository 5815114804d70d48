"""No command is lost or done twice while broker or hub are restarted."""

import asyncio
from pathlib import Path

import pytest

from hub.announcing import Announcement
from hub.bus import Bus
from hub.mqtt.broker import EmbeddedBroker
from hub.mqtt.client import Client
from hub.mqtt.command_link import AT_ONCE
from tests.hub.living_home import LIMIT_S, connected
from tests.hub.mqtt.driven import BASE, House, driven, make_own
from tests.hub.mqtt.mosquitto import keeping, mosquitto


def texts(house: House) -> list[str]:
    return [done[1] for done in house.done if done[0] == "text"]


@pytest.mark.parametrize("version", ["5", "3.1.1"])
async def test_commands_sent_while_the_hub_is_away_are_done_once_when_it_is_back(
    tmp_path: Path, version: str
) -> None:
    async with mosquitto(tmp_path) as broker:
        async with driven(broker.url, version=version):
            pass  # the broker knows it from now on
        async with connected(broker.url, "driver") as driver:
            for number in range(AT_ONCE + 5):
                await driver.publish(f"{BASE}/command/text", f"do {number}")
        async with driven(broker.url, version=version) as hub:
            await hub.until(lambda: str(hub.seen).count("/result/text") == AT_ONCE + 5)
            assert texts(hub.house) == [f"do {number}" for number in range(AT_ONCE + 5)]
        async with driven(broker.url, version=version) as hub:
            await hub.send("command/text", "last")
            await hub.result("result/text")
            assert texts(hub.house) == ["last"]


class _Slow(House):
    """A house whose disk takes for ever."""

    async def accept(self, announcement: Announcement, key: str) -> bool:
        await asyncio.Event().wait()
        return await super().accept(announcement, key)


async def test_commands_survive_a_restart_of_the_broker_and_are_done_once(tmp_path: Path) -> None:
    async with mosquitto(tmp_path, *keeping(tmp_path)) as broker:
        async with driven(broker.url):
            pass
        async with connected(broker.url, "driver") as driver:
            for number in range(10):
                await driver.publish(f"{BASE}/command/text", f"do {number}")
        await broker.stop()
        await broker.start()
        async with driven(broker.url) as hub:
            await hub.until(lambda: str(hub.seen).count("/result/text") == 10)
            assert texts(hub.house) == [f"do {number}" for number in range(10)]


async def test_commands_during_restarts_of_the_broker_are_all_done_and_none_twice(
    tmp_path: Path,
) -> None:
    sent: list[str] = []
    async with (
        mosquitto(tmp_path, *keeping(tmp_path)) as broker,
        driven(broker.url) as hub,
    ):

        async def drive() -> None:
            """As a careful program does it: the same command with its id until it is taken."""
            for number in range(40):
                sent.append(f"do {number}")
                while True:
                    try:
                        await hub.send("command/text", {"id": number, "text": sent[-1]})
                        break
                    except Exception:  # noqa: BLE001 - there is no broker just now
                        await asyncio.sleep(0.02)

        driving = asyncio.create_task(drive())
        for _ in range(2):
            await hub.until(lambda: len(texts(hub.house)) > 3)
            await broker.stop()
            await broker.start()
        await driving
        await hub.until(lambda: len(texts(hub.house)) >= 40)
        await hub.send("command/text", {"id": "last", "text": "last"})
        await hub.result("result/text", "last")
        assert sorted(texts(hub.house)) == sorted([*sent, "last"])


async def test_everything_is_told_again_to_a_broker_that_forgot(tmp_path: Path) -> None:
    async with mosquitto(tmp_path) as broker, driven(broker.url) as hub:
        await hub.told("satellite/kitchen-1/state")
        await broker.kill()
        hub.seen.clear()
        await broker.start()
        for topic in ("status", "state", "satellite/kitchen-1/status", "satellite/kitchen-1/state"):
            await hub.told(topic)
        await hub.told("homeassistant/device/sotto_1234abcd/kitchen-1/config")
        assert await hub.own.link.wait_subscribed(LIMIT_S)
        await hub.send("command/text", {"id": 1, "text": "go on"})
        await hub.result("result/text", 1)


async def test_a_result_waits_for_a_broker_that_is_away(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with mosquitto(tmp_path) as broker, driven(broker.url) as hub:
        link, may_connect = hub.own.link, asyncio.Event()
        connect = link._connect

        async def connect_later() -> Client:
            """Than the one who asked, who would miss it otherwise."""
            await may_connect.wait()
            return await connect()

        monkeypatch.setattr(link, "_connect", connect_later)
        hub.house.may_answer.clear()
        await hub.send("command/ask", {"id": "q", "text": "shall I?", "room": "hall"})
        await hub.until(lambda: hub.house.done or None)
        await broker.kill()
        await hub.until(lambda: not hub.link.connected and not link.connected)
        hub.house.may_answer.set()
        await broker.start()
        await hub.link.wait_connected(LIMIT_S)
        assert await hub.link.wait_subscribed(LIMIT_S)
        may_connect.set()
        assert (await hub.result("result/ask", "q"))["answer"] == "yes"


async def test_what_the_hub_had_not_taken_when_it_died_is_delivered_again(tmp_path: Path) -> None:
    async with mosquitto(tmp_path) as broker:
        house = _Slow()
        own = make_own(broker.url, house)
        async with connected(broker.url, "driver") as driver:
            dying = asyncio.create_task(own.run(Bus()))
            await own.link.wait_connected(LIMIT_S)
            assert await own.link.wait_subscribed(LIMIT_S)
            await driver.publish(f"{BASE}/command/announce", "dinner")
            await driver.publish(f"{BASE}/command/text", "do it")
            async with asyncio.timeout(LIMIT_S):
                while not own._commands._announced:
                    await asyncio.sleep(0)
            dying.cancel()
            await asyncio.gather(dying, return_exceptions=True)
        assert house.done == []
        async with driven(broker.url) as hub:
            await hub.until(lambda: len(hub.house.done) == 2 or None)
            assert hub.house.done[0] == ("announce", "dinner")


async def test_our_own_broker_brings_commands_too() -> None:
    async with EmbeddedBroker(port=0) as broker, driven(broker.url) as hub:
        await hub.send("command/text", {"id": 1, "text": "do it"})
        assert (await hub.result("result/text", 1))["ok"]
        await hub.told("satellite/kitchen-1/status", lambda payload: payload == "online")
