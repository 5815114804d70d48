"""Timers are told over MQTT, silenced and cancelled."""

from pathlib import Path

import orjson

from tests.hub.mqtt.driven import Timers, driven
from tests.hub.mqtt.mosquitto import mosquitto


async def test_what_rings_is_told_and_silenced(tmp_path: Path) -> None:
    timers = Timers()
    async with mosquitto(tmp_path) as broker, driven(broker.url, timers=timers) as hub:
        told = orjson.loads(await hub.told("timers"))
        assert (told["ringing"], told["waiting"], len(told["timers"])) == (1, 0, 2)
        assert told["timers"][1]["left_s"] == 61
        await hub.send("satellite/kitchen-1/command/stop_ringing", "PRESS")
        result = await hub.result("satellite/kitchen-1/result/stop_ringing")
        assert result["timers"] == ["t1"]
        await hub.told("timers", lambda payload: orjson.loads(payload)["ringing"] == 0)
        await hub.send("command/stop_ringing")
        assert (await hub.result("result/stop_ringing"))["timers"] == []
        assert timers.asked == ["kitchen-1", None]


async def test_a_timer_is_cancelled_by_its_id(tmp_path: Path) -> None:
    async with mosquitto(tmp_path) as broker, driven(broker.url, timers=Timers()) as hub:
        await hub.send("command/cancel_timer", "t2")
        assert (await hub.result("result/cancel_timer"))["ok"]
        await hub.told("timers", lambda payload: "t2" not in payload)
        await hub.send("command/cancel_timer", {"timer": "t2", "id": 2})
        result = await hub.result("result/cancel_timer", 2)
        assert result["error"]["code"] == "unknown-timer"


async def test_names_of_timers_are_told_only_where_words_are(tmp_path: Path) -> None:
    async with mosquitto(tmp_path) as broker:
        async with driven(broker.url, timers=Timers()) as hub:
            assert "pasta" not in await hub.told("timers")
        async with driven(broker.url, timers=Timers(), words=True) as hub:
            await hub.told("timers", lambda payload: "pasta" in payload)
            assert "Stop ringing" in await hub.told(
                "homeassistant/device/sotto_1234abcd/hub/config"
            )


async def test_a_hub_without_timers_says_so(tmp_path: Path) -> None:
    async with mosquitto(tmp_path) as broker, driven(broker.url) as hub:
        await hub.send("command/stop_ringing")
        assert (await hub.result("result/stop_ringing"))["error"]["code"] == "unsupported"
