"""States that are only true for a time."""

import asyncio
import json
from typing import Any, cast

import pytest

from hub.home.model import DeviceId, Home
from hub.household import Household
from hub.mqtt.entities import Entities
from hub.mqtt.lapses import Lapses
from hub.mqtt.link import MqttLink
from tests.hub.mqtt.announcing import PREFIX, refusal, topic_of
from tests.virtual_time import run_virtual

TOPIC = topic_of("binary_sensor")
MOTION = {"unique_id": "m", "state_topic": "m", "off_delay": 30}
HEAT = {"unique_id": "h", "state_topic": "h", "expire_after": "60"}


class Clock:
    now_s = 0.0


def known(component: str, config: dict[str, Any]) -> tuple[Entities, Clock, str]:
    clock = Clock()
    entities = Entities(PREFIX, clock=lambda: clock.now_s)
    difference = entities.announce(topic_of(component), json.dumps(config).encode())
    return entities, clock, difference.announced[0].id


def test_motion_ends_by_itself_after_its_delay() -> None:
    entities, clock, motion = known("binary_sensor", MOTION)
    entities.feed("m", b"ON")
    clock.now_s = 20
    entities.feed("m", b"ON")  # and begins anew
    clock.now_s = 49
    assert (entities.lapse(), entities.next_lapse_s()) == ([], 50)
    clock.now_s = 50
    assert entities.lapse() == [motion]
    assert entities.state(motion).value == "off"
    assert entities.next_lapse_s() is None


def test_motion_whose_end_is_told_waits_for_nothing() -> None:
    entities, _, _ = known("binary_sensor", MOTION)
    entities.feed("m", b"ON")
    entities.feed("m", b"OFF")
    assert entities.next_lapse_s() is None


def test_a_value_that_is_not_told_again_is_not_known_any_more() -> None:
    entities, clock, heat = known("sensor", HEAT)
    entities.feed("h", b"21")
    clock.now_s = 59
    entities.feed("h", b"21")
    clock.now_s = 118
    assert entities.lapse() == []
    clock.now_s = 119
    assert entities.lapse() == [heat]
    assert entities.state(heat).value == "unknown"
    entities.feed("h", b"22")
    assert entities.state(heat).value == "22"


def test_what_is_removed_or_says_otherwise_lapses_no_more() -> None:
    entities, _, _ = known("sensor", HEAT)
    entities.feed("h", b"21")
    entities.announce(topic_of("sensor"), json.dumps({**HEAT, "expire_after": 0}).encode())
    assert entities.next_lapse_s() is None
    entities, _, _ = known("sensor", HEAT)
    entities.feed("h", b"21")
    entities.announce(topic_of("sensor"), b"")
    assert entities.next_lapse_s() is None


def test_many_messages_take_no_more_room_than_what_lapses() -> None:
    lapses = Lapses()
    for at_s in range(10_000):
        lapses.start("a", "off", float(at_s))
    assert len(lapses._heap) < 100
    assert lapses.due(9_998) == []
    assert lapses.due(9_999) == [("a", "off")]


@pytest.mark.parametrize("wrong", [-1, "soon", [1]])
def test_a_time_that_makes_no_sense_is_refused(wrong: Any) -> None:
    assert refusal("sensor", {"state_topic": "h", "expire_after": wrong}) == "bad-config"
    assert refusal("binary_sensor", {"state_topic": "h", "off_delay": wrong}) == "bad-config"


class Link:
    """A link that is connected and takes note of what is listened to."""

    def __init__(self) -> None:
        self.connected = True
        self.handlers: dict[str, Any] = {}

    def on_connection(self, _: Any) -> None:
        pass

    def subscribe(self, topic: str, handler: Any) -> None:
        self.handlers[topic] = handler


def test_the_household_lets_states_lapse_in_time() -> None:
    async def evening() -> list[str]:
        link, home = Link(), Home()
        household = Household(home, cast("MqttLink", link))
        household.start()
        link.handlers["homeassistant/+/+/config"](TOPIC, json.dumps(MOTION).encode(), False)
        sensor, seen = DeviceId("binary_sensor.m"), []
        link.handlers["m"]("m", b"ON", False)
        seen.append(home.state(sensor).value)
        await asyncio.sleep(29.9)
        seen.append(home.state(sensor).value)
        await asyncio.sleep(0.2)
        seen.append(home.state(sensor).value)
        return seen

    assert run_virtual(evening()) == ["on", "on", "off"]
