"""What the hub tells of itself and its satellites, and how Home Assistant finds it."""

import socket
from dataclasses import replace
from pathlib import Path
from typing import Any

import orjson
import pytest

from hub.controlling import SatelliteView
from hub.events import SatelliteGone, TurnEnded, TurnStarted
from hub.home.model import Home
from hub.household import Household
from hub.mqtt.address import BrokerAddress
from hub.mqtt.link import MqttLink
from hub.mqtt.own_topics import topic_id
from tests.hub.living_home import LIMIT_S, QUICKLY, Witness, connected, running
from tests.hub.mqtt.driven import BASE, HALL, KITCHEN, House, driven
from tests.hub.mqtt.mosquitto import mosquitto

NODE = "homeassistant/device/sotto_1234abcd"


async def test_a_hub_says_that_it_is_there_and_when_it_leaves(tmp_path: Path) -> None:
    async with mosquitto(tmp_path) as broker, connected(broker.url, "watcher") as watcher:
        watching = Witness(watcher, f"{BASE}/status")
        assert await watcher.wait_subscribed(LIMIT_S)
        async with driven(broker.url) as hub:
            await hub.told("status", lambda payload: payload == "online")
        async with driven(broker.url) as hub:  # which tells again
            await hub.told("status", lambda payload: payload == "online")
        said = ["online", "offline", "online"]
        await watching.wait_for(lambda seen: [payload for _, payload in seen[:3]] == said)


async def test_a_hub_that_is_cut_off_is_said_to_be_away_by_the_broker(tmp_path: Path) -> None:
    async with mosquitto(tmp_path) as broker, driven(broker.url) as hub:
        await hub.told("status", lambda payload: payload == "online")
        client = hub.own.link._client
        assert client is not None
        wire: Any = client._client.socket()
        wire.shutdown(socket.SHUT_RDWR)
        await hub.told("status", lambda payload: payload == "offline")
        await hub.until(lambda: dict(hub.seen)[f"{BASE}/status"] == "online")


async def test_the_state_of_a_satellite_is_told(tmp_path: Path) -> None:
    async with mosquitto(tmp_path) as broker, driven(broker.url) as hub:
        state = orjson.loads(await hub.told("satellite/kitchen-1/state"))
        assert state == {
            "id": "kitchen-1",
            "name": "Kitchen",
            "room": "Kitchen",
            "connected": True,
            "state": "idle",
            "turn": None,
            "volume": 50,
            "muted": False,
        }
        hub.bus.publish(TurnStarted("kitchen-1", 12))
        hub.change(replace(KITCHEN, state="listening", volume=0.25, muted=True), HALL)
        text = await hub.told("satellite/kitchen-1/state", lambda payload: '"turn":12' in payload)
        text = await hub.told("satellite/kitchen-1/state", lambda payload: "listening" in payload)
        changed = orjson.loads(text)
        assert (changed["turn"], changed["volume"], changed["muted"]) == (12, 25, True)
        of_hub = orjson.loads(await hub.told("state", lambda payload: '"turn":12' in payload))
        assert of_hub == {"satellites": 2, "turn": 12, "satellite": "kitchen-1"}
        hub.bus.publish(TurnEnded("kitchen-1", 12, "answered"))
        await hub.told("state", lambda payload: '"turn":null' in payload)


async def test_a_satellite_that_goes_is_told_to_be_away(tmp_path: Path) -> None:
    async with mosquitto(tmp_path) as broker, driven(broker.url) as hub:
        await hub.told("satellite/hall-1/status", lambda payload: payload == "online")
        hub.house.views = [KITCHEN]
        hub.bus.publish(SatelliteGone("hall-1", "the link was closed"))
        await hub.told("satellite/hall-1/status", lambda payload: payload == "offline")
        text = await hub.told("satellite/hall-1/state", lambda payload: "offline" in payload)
        assert orjson.loads(text)["connected"] is False


async def test_a_satellite_from_before_a_restart_is_remembered_and_can_be_forgotten(
    tmp_path: Path,
) -> None:
    async with mosquitto(tmp_path) as broker:
        async with driven(broker.url) as hub:
            await hub.told("satellite/hall-1/status", lambda payload: payload == "online")
            await hub.told("satellite/hall-1/state")
        async with driven(broker.url) as hub:
            hub.change(KITCHEN)
            await hub.told("satellite/hall-1/status", lambda payload: payload == "offline")
            await hub.send("command/forget", {"satellite": "hall-1"})
            assert (await hub.result("result/forget"))["satellite"] == "hall-1"
            await hub.told(f"{NODE}/hall-1/config", lambda payload: payload == "")
            await hub.told("satellite/hall-1/state", lambda payload: payload == "")
        house = House()
        house.views = [KITCHEN]
        async with driven(broker.url, house=house) as hub:
            await hub.send("command/stop", {"id": "end"})
            await hub.result("result/stop", "end")
            outbox = hub.own._outbox
            await hub.until(lambda: not outbox._results and not outbox._untold())
            assert f"{BASE}/satellite/hall-1/status" not in dict(hub.seen)


async def test_words_are_told_only_where_the_owner_wants_it(tmp_path: Path) -> None:
    ended = TurnEnded("kitchen-1", 3, "answered", "what time is it", answer="five", heard="fi")
    heard, said = "satellite/kitchen-1/last_heard", "satellite/kitchen-1/last_said"
    async with mosquitto(tmp_path) as broker:
        async with driven(broker.url, words=True) as hub:
            hub.bus.publish(ended)
            values = orjson.loads(await hub.told(heard))
            assert (values["text"], values["turn"]) == ("what time is it", 3)
            assert orjson.loads(await hub.told(said))["text"] == "fi"
            assert "last_heard" in await hub.told(f"{NODE}/kitchen-1/config")
        async with driven(broker.url) as hub:
            hub.bus.publish(ended)
            hub.change(KITCHEN)
            await hub.told(heard, lambda payload: payload == "")  # what was there is taken away
            await hub.told("satellite/hall-1/status", lambda payload: payload == "offline")
            config = await hub.told(f"{NODE}/kitchen-1/config", lambda p: "last_heard" not in p)
            assert "last_said" not in config
            newest = dict(hub.seen)
            assert newest[f"{BASE}/{heard}"] == newest[f"{BASE}/{said}"] == ""


async def test_home_assistant_finds_the_hub_and_each_satellite(tmp_path: Path) -> None:
    async with mosquitto(tmp_path) as broker, driven(broker.url) as hub:
        of_hub = orjson.loads(await hub.told(f"{NODE}/hub/config"))
        assert of_hub["origin"]["name"] == "Sotto"
        assert {part["platform"] for part in of_hub["components"].values()} == {
            "notify",
            "text",
            "button",
            "sensor",
        }
        satellite = orjson.loads(await hub.told(f"{NODE}/kitchen-1/config"))
        assert satellite["device"]["suggested_area"] == "Kitchen"
        assert satellite["device"]["via_device"] in of_hub["device"]["identifiers"]
        components = satellite["components"]
        assert set(components) == {
            "announce",
            "text",
            "listen",
            "stop",
            "identify",
            "volume",
            "mute",
            "state",
            "turn",
            "connected",
        }
        ids = [part["unique_id"] for part in (*components.values(), *of_hub["components"].values())]
        assert len(set(ids)) == len(ids)
        assert all(part["availability"] for part in components.values())


async def test_every_command_topic_of_an_entity_is_obeyed(tmp_path: Path) -> None:
    payloads = {
        "notify": "hello",
        "text": "hello",
        "button": "PRESS",
        "number": "30",
        "switch": "ON",
    }
    async with mosquitto(tmp_path) as broker, driven(broker.url) as hub:
        for device in ("hub", "kitchen-1"):
            config = orjson.loads(await hub.told(f"{NODE}/{device}/config"))
            for part in config["components"].values():
                if "command_topic" not in part:
                    continue
                before = len(hub.house.done)
                topic = part["command_topic"].removeprefix(f"{BASE}/")
                await hub.send(topic, payloads[part["platform"]])
                await hub.send("command/listen", {"id": topic, "room": "hall"})
                await hub.result("result/listen", topic)
                assert len(hub.house.done) == before + 2, part["name"]


async def test_the_hub_takes_its_own_entities_for_no_devices_of_the_home(tmp_path: Path) -> None:
    async with mosquitto(tmp_path) as broker, driven(broker.url) as hub:
        await hub.told(f"{NODE}/kitchen-1/config")
        link = MqttLink(BrokerAddress.parse(broker.url), client_id="home", backoff=QUICKLY)
        household = Household(Home(), link)
        async with running(link.run(), household.run()):
            await link.wait_connected(LIMIT_S)
            assert await household.settled(LIMIT_S)
            await hub.link.publish(
                "homeassistant/switch/lamp/config",
                orjson.dumps({"name": "Lamp", "command_topic": "lamp/set"}),
                retain=True,
            )
            await hub.until(household.home.devices)
            assert await household.settled(LIMIT_S)
            assert [device.name for device in household.home.devices()] == ["Lamp"]
            assert not household.broken


@pytest.mark.parametrize("satellite", ["küche", "a/b", "a+b", "", "x" * 200, "🎤", "a b"])
def test_any_id_of_a_satellite_makes_a_level_of_a_topic(satellite: str) -> None:
    level = topic_id(satellite)
    assert level
    assert len(level) <= 64
    assert not set(level) & set("/+# \0")
    assert level != topic_id(f"{satellite}.")


async def test_a_satellite_with_an_odd_id_is_driven_as_well(tmp_path: Path) -> None:
    odd = SatelliteView("Küche/1", "Küche", None, "idle")
    async with mosquitto(tmp_path) as broker, driven(broker.url) as hub:
        hub.change(odd)
        level = topic_id(odd.id)
        await hub.told(f"satellite/{level}/status", lambda payload: payload == "online")
        await hub.send(f"satellite/{level}/command/listen")
        await hub.result(f"satellite/{level}/result/listen")
        await hub.send("command/listen", {"id": 2, "satellite": odd.id})
        await hub.result("result/listen", 2)
        assert hub.house.done == [("listen", odd.id), ("listen", odd.id)]
