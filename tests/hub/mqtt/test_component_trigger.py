import json
from typing import Any

import pytest

from hub.mqtt.discovery import parse, parse_topic
from hub.mqtt.entities import Entities
from tests.hub.mqtt.announcing import PREFIX, entity, refusal, told, topic_of

TRIGGER = {
    "automation_type": "trigger",
    "topic": "r",
    "type": "button_short_press",
    "subtype": "button_1",
    "payload": "on",
    "value_template": "{{ value_json.action }}",
    "device": {"identifiers": ["0x01"], "name": "Remote"},
}


def test_a_trigger_tells_what_happened_last_and_when() -> None:
    state = told("device_automation", TRIGGER, ("r", '{"action": "on"}'))
    assert state.value == "button_1 button_short_press"
    assert "time" in state.attributes


def test_another_payload_on_its_topic_is_another_trigger() -> None:
    state = told("device_automation", TRIGGER, ("r", '{"action": "off"}'), ("r", '{"action": ""}'))
    assert (state.value, "time" in state.attributes) == ("unknown", False)


def test_a_trigger_without_a_payload_takes_any() -> None:
    config = {**TRIGGER, "payload": None, "value_template": None}
    assert told("device_automation", config, ("r", "whatever")).value.startswith("button_1")


def test_a_retained_trigger_is_long_past() -> None:
    entities = Entities(PREFIX)
    entities.announce(topic_of("device_automation"), json.dumps(TRIGGER).encode())
    assert entities.feed("r", b'{"action": "on"}', retained=True) == ([], [])


def test_a_trigger_belongs_to_its_device_in_either_form_of_discovery() -> None:
    bare = {key: value for key, value in TRIGGER.items() if key != "device"}
    payload = {
        "dev": TRIGGER["device"],
        "o": {"name": "bridge"},
        "cmps": {"one": {"p": "device_automation", **bare}},
    }
    topic = parse_topic(topic_of("device"), PREFIX)
    assert topic is not None
    (found,) = parse(topic, json.dumps(payload).encode(), "t").entities
    assert found.device == entity("device_automation", TRIGGER).device == "0x01"
    assert found.name == "Remote"


def test_a_device_is_known_by_its_connections_too() -> None:
    device = {"connections": [["mac", "02:5b"]], "name": "Remote"}
    assert entity("device_automation", {**TRIGGER, "device": device}).device == "mac 02:5b"


@pytest.mark.parametrize(
    "wrong",
    [
        {"topic": None},
        {"type": None},
        {"subtype": ""},
        {"automation_type": "condition"},
        {"device": {"name": "Remote"}},
        {"qos": 7},
    ],
)
def test_one_that_makes_no_sense_is_refused(wrong: dict[str, Any]) -> None:
    assert refusal("device_automation", {**TRIGGER, **wrong}) == "bad-config"
