"""What docs/mqtt.md says of driving the hub is what the hub does: each example is tried."""

import re
from pathlib import Path
from typing import Any

import orjson
import pytest

from hub.announcing import Fate
from hub.controlling import ControlError
from hub.events import TurnEnded
from hub.mqtt.own_guard import BURST, PER_S
from hub.mqtt.own_payloads import COMMANDS
from tests.hub.mqtt.driven import BASE, Timers, driven
from tests.hub.mqtt.mosquitto import mosquitto

PAGE = (Path(__file__).parents[3] / "docs" / "mqtt.md").read_text("utf-8")
ON_PAGE = "sotto/1a2b3c4d/"
EXAMPLES = [
    (topic.removeprefix(ON_PAGE), payload.strip())
    for topic, payload in re.findall(
        rf"^`({ON_PAGE}[^`\n<]+)`\n\n```(?:json|text)\n(.*?)```", PAGE, re.MULTILINE | re.DOTALL
    )
]
COMMANDED = [example for example in EXAMPLES if "command/" in example[0]]
RESULTS = [example for example in EXAMPLES if "result/" in example[0]]
STATES = [example for example in EXAMPLES if example not in COMMANDED + RESULTS]
WORDS = [example for example in STATES if "/last_" in example[0]]


def same(payload: str) -> Any:
    """What a payload says, whatever the order of its keys and the hour."""
    if not payload.startswith("{"):
        return payload
    values = orjson.loads(payload)
    if "at" in values:
        values["at"] = None
    return values


def test_the_page_has_examples_of_all_kinds() -> None:
    assert {topic.rpartition("/")[2] for topic, _ in COMMANDED} == {*COMMANDS} - {"forget"}
    assert len(RESULTS) == 4
    assert len(STATES) == 6


@pytest.mark.parametrize(("topic", "payload"), COMMANDED)
async def test_every_command_on_the_page_is_carried_out(
    tmp_path: Path, topic: str, payload: str
) -> None:
    async with mosquitto(tmp_path) as broker, driven(broker.url, timers=Timers()) as hub:
        await hub.send(topic, payload)
        if topic.endswith("/announce"):
            await hub.until(lambda: hub.house.accepted or None)
            [key] = hub.house.accepted
            hub.own.announced(key, {"kitchen-1": Fate.HEARD})
        named = orjson.loads(payload).get("id") if payload.startswith("{") else None
        result = await hub.result(topic.replace("command/", "result/"), named)
        assert result["ok"] is True
        for on_page in [orjson.loads(text) for _, text in RESULTS if "error" not in text]:
            if on_page["command"] == result["command"]:
                assert set(result) == set(on_page)


async def test_a_result_on_the_page_that_failed_is_told_so(tmp_path: Path) -> None:
    topic, payload = next(example for example in RESULTS if '"error"' in example[1])
    error = orjson.loads(payload)["error"]
    async with mosquitto(tmp_path) as broker, driven(broker.url) as hub:
        hub.house.fault = ControlError(error["code"], error["text"])
        await hub.send(topic.replace("result/", "command/"), "PRESS")
        assert same(await hub.told(topic)) == same(payload)


async def test_every_state_on_the_page_is_told(tmp_path: Path) -> None:
    async with mosquitto(tmp_path) as broker:
        async with driven(broker.url, timers=Timers()) as hub:
            for topic, payload in STATES:
                if (topic, payload) not in WORDS:
                    assert same(await hub.told(topic)) == same(payload)
        async with driven(broker.url, words=True) as hub:
            heard, said = (orjson.loads(payload)["text"] for _, payload in WORDS)
            hub.bus.publish(TurnEnded("kitchen-1", 3, "answered", heard, answer=said, heard=said))
            for topic, payload in WORDS:
                assert same(await hub.told(topic)) == same(payload)


async def test_every_entity_of_home_assistant_is_on_the_page(tmp_path: Path) -> None:
    async with (
        mosquitto(tmp_path) as broker,
        driven(broker.url, timers=Timers(), words=True) as hub,
    ):
        for device in ("hub", "kitchen-1"):
            topic = f"homeassistant/device/sotto_1234abcd/{device}/config"
            config = orjson.loads(await hub.told(topic))
            for part in config["components"].values():
                assert f'"{part["name"]}"' in PAGE


def test_every_command_and_limit_is_on_the_page() -> None:
    assert all(f"| `{command}` |" in PAGE for command in COMMANDS)
    assert f"More than {BURST} commands at once, or {PER_S:.0f} a second" in PAGE
    assert BASE not in PAGE
