import json
from typing import Any

import pytest

from hub.mqtt.discovery import MAX_DISCOVERY_BYTES, Announcement, parse, parse_topic
from tests.hub.mqtt.announcing import PREFIX, entity, refusal

LIGHT = {"command_topic": "a/set", "state_topic": "a"}


def announced(topic: str, config: dict[str, Any]) -> Announcement:
    parts = parse_topic(topic, PREFIX)
    assert parts is not None
    return parse(parts, json.dumps(config).encode(), topic)


@pytest.mark.parametrize(
    ("topic", "component", "object_id"),
    [
        ("homeassistant/light/bed/config", "light", "bed"),
        ("homeassistant/sensor/0x00158d0001/battery/config", "sensor", "0x00158d0001/battery"),
        ("homeassistant/device/hub-7/config", "device", "hub-7"),
    ],
)
def test_a_discovery_topic_is_taken_apart(topic: str, component: str, object_id: str) -> None:
    parts = parse_topic(topic, PREFIX)
    assert parts is not None
    assert (parts.component, parts.object_id) == (component, object_id)


@pytest.mark.parametrize(
    "topic",
    [
        "homeassistant/light/config",
        "homeassistant/light/a/b/c/config",
        "homeassistant/light/bed/state",
        "homeassistant/light/bed room/config",
        "elsewhere/light/bed/config",
        "homeassistant/status",
    ],
)
def test_other_topics_are_no_discovery(topic: str) -> None:
    assert parse_topic(topic, PREFIX) is None


def test_a_prefix_may_have_several_levels() -> None:
    assert parse_topic("a/b/light/bed/config", "a/b") is not None


def test_short_keys_and_the_base_topic_are_expanded() -> None:
    light = entity(
        "light",
        {
            "~": "home/bed",
            "cmd_t": "~/set",
            "stat_t": "~/state",
            "bri_cmd_t": "~/bri",
            "uniq_id": "bed-7",
            "avty": [{"t": "~/online", "pl_avail": "yes"}],
            "dev": {"ids": ["7"], "name": "Bed Light", "sa": "Bed Room"},
        },
    )
    assert light.id == "light.bed-7"
    assert light.topics == {"home/bed/state", "home/bed/online"}
    assert light.commands["turn_off"]({})[0].topic == "home/bed/set"
    assert light.availability[0].available == "yes"
    assert (light.name, light.area) == ("Bed Light", "Bed Room")


def test_the_base_topic_may_stand_at_the_end() -> None:
    light = entity("light", {"~": "bed", "cmd_t": "cmnd/~", "stat_t": "stat/~"})
    assert light.topics == {"stat/bed"}


@pytest.mark.parametrize(
    ("own", "device", "expected"),
    [
        ({"name": "Lamp"}, {}, "Lamp"),
        ({}, {"name": "Bed Light"}, "Bed Light"),
        ({"name": None}, {"name": "Bed Light"}, "Bed Light"),
        ({"name": "Reading"}, {"name": "Bed"}, "Bed Reading"),
        ({"name": "Bed Reading"}, {"name": "Bed"}, "Bed Reading"),
        ({"device_class": "window"}, {"name": "Kitchen"}, "Kitchen Window"),
        ({"device_class": "window", "name": None}, {"name": "Kitchen"}, "Kitchen"),
        ({}, {}, "thing"),
        ({"name": "  Two \n lines "}, {}, "Two lines"),
    ],
)
def test_a_thing_is_called_what_people_call_it(
    own: dict[str, Any], device: dict[str, Any], expected: str
) -> None:
    assert entity("cover", {"command_topic": "a", **own, "device": device}).name == expected


def test_names_with_slashes_emoji_and_other_scripts_are_kept() -> None:
    assert entity("light", {**LIGHT, "name": "Lampe/Büro 💡 مصباح"}).name == "Lampe/Büro 💡 مصباح"


def test_a_device_message_announces_every_component_with_what_they_share() -> None:
    announcement = announced(
        "homeassistant/device/bridge/config",
        {
            "dev": {"ids": "7", "name": "Bridge", "sa": "Attic"},
            "o": {"name": "a bridge"},
            "~": "bridge",
            "avty_t": "~/online",
            "cmps": {
                "heat": {"p": "sensor", "stat_t": "~/t", "uniq_id": "t7", "name": "Heat"},
                "plug": {"p": "switch", "cmd_t": "~/set", "stat_t": "~/s", "uniq_id": "s7"},
                "gone": {"p": "sensor"},
                "odd": {"p": "hovercraft", "x": 1},
            },
        },
    )
    assert [(item.id, item.name, item.area) for item in announcement.entities] == [
        ("sensor.t7", "Bridge Heat", "Attic"),
        ("switch.s7", "Bridge", "Attic"),
    ]
    assert all("bridge/online" in item.topics for item in announcement.entities)
    assert [problem.code for problem in announcement.problems] == ["unsupported"]


def test_one_broken_component_does_not_cost_the_others() -> None:
    announcement = announced(
        "homeassistant/device/bridge/config",
        {
            "cmps": {
                "good": {"p": "sensor", "stat_t": "t"},
                "bad": {"p": "sensor", "stat_t": "t/#"},
            }
        },
    )
    assert [item.id for item in announcement.entities] == ["sensor.bridge/good"]
    assert announcement.problems[0].code == "bad-topic"
    assert str(announcement.problems[0]).startswith("bad: ")


@pytest.mark.parametrize(
    "upkeep", [{"entity_category": "diagnostic"}, {"ent_cat": "config"}, {"en": False}]
)
def test_what_is_for_a_devices_upkeep_is_no_part_of_the_home(upkeep: dict[str, Any]) -> None:
    sensor = {"state_topic": "rssi", **upkeep}
    assert announced("homeassistant/sensor/rssi/config", sensor) == Announcement()
    device = {"cmps": {"rssi": {"p": "sensor", **sensor}, "t": {"p": "sensor", "stat_t": "t"}}}
    announcement = announced("homeassistant/device/bridge/config", device)
    assert [item.id for item in announcement.entities] == ["sensor.bridge/t"]


def test_an_empty_message_announces_nothing() -> None:
    parts = parse_topic("homeassistant/light/bed/config", PREFIX)
    assert parts is not None
    assert parse(parts, b" ", "t") == Announcement()


@pytest.mark.parametrize(
    ("payload", "code"),
    [
        (b"{", "bad-json"),
        (b"\xff\xfe", "bad-json"),
        (b"[1]", "bad-json"),
        (b"null", "bad-json"),
        (b"[" * 5000 + b"]" * 5000, "bad-json"),
        (b'{"a":"' + b"x" * MAX_DISCOVERY_BYTES + b'"}', "too-large"),
    ],
)
def test_what_is_no_json_object_is_refused_with_a_code(payload: bytes, code: str) -> None:
    parts = parse_topic("homeassistant/light/bed/config", PREFIX)
    assert parts is not None
    announcement = parse(parts, payload, "t")
    assert [problem.code for problem in announcement.problems] == [code]
    assert not announcement.entities


@pytest.mark.parametrize(
    ("component", "config", "code"),
    [
        ("hovercraft", {}, "unsupported"),
        ("light", {}, "bad-config"),
        ("light", {**LIGHT, "schema": "template"}, "bad-config"),
        ("light", {**LIGHT, "schema": "hologram"}, "bad-config"),
        ("light", {**LIGHT, "command_topic": 5, "state_topic": "a/+"}, "bad-topic"),
        ("light", {**LIGHT, "command_topic": "a/#"}, "bad-topic"),
        ("light", {**LIGHT, "command_topic": "x" * 2000}, "bad-topic"),
        ("light", {**LIGHT, "command_topic": ["a"]}, "bad-config"),
        ("light", {**LIGHT, "brightness_scale": "bright"}, "bad-config"),
        ("light", {**LIGHT, "retain": "perhaps"}, "bad-config"),
        ("light", {**LIGHT, "device": ["x"]}, "bad-config"),
        ("light", {**LIGHT, "availability": "x"}, "bad-config"),
        ("light", {**LIGHT, "availability": [{}]}, "bad-config"),
        ("light", {**LIGHT, "availability_mode": "some"}, "bad-config"),
        ("light", {**LIGHT, "unique_id": "x" * 300}, "bad-config"),
        ("light", {**LIGHT, "value_template": "{% include 'x' %}"}, "bad-template"),
        ("light", {"schema": "json", "supported_color_modes": {}, "cmd_t": "a"}, "bad-config"),
        ("light", {**LIGHT, "encoding": "rot13"}, "bad-config"),
        ("light", {**LIGHT, "qos": 3}, "bad-config"),
        ("light", {**LIGHT, "optimistic": "perhaps"}, "bad-config"),
        ("light", {**LIGHT, "origin": "me"}, "bad-config"),
        ("cover", {}, "bad-config"),
        ("cover", {"cmd_t": "a", "position_open": 0, "position_closed": 0}, "bad-config"),
        ("sensor", {}, "bad-config"),
        ("lock", {"state_topic": "a"}, "bad-config"),
        ("media_player", {"state_topic": "a"}, "bad-config"),
        ("weather", {}, "bad-config"),
        ("scene", {}, "bad-config"),
        ("device", {"cmps": []}, "bad-config"),
        ("device", {"cmps": {str(n): {"p": "sensor", "x": 1} for n in range(300)}}, "too-large"),
    ],
)
def test_a_configuration_that_makes_no_sense_is_refused_with_a_code(
    component: str, config: dict[str, Any], code: str
) -> None:
    assert refusal(component, config) == code
