import json

import pytest

from tests.hub.mqtt.announcing import entity, sent, told

PLAIN = {"command_topic": "l/set", "state_topic": "l"}
FULL = {
    **PLAIN,
    "brightness_command_topic": "l/bri/set",
    "brightness_state_topic": "l/bri",
    "rgb_command_topic": "l/rgb/set",
    "rgb_state_topic": "l/rgb",
    "color_temp_command_topic": "l/ct/set",
    "color_temp_state_topic": "l/ct",
}
JSON = {
    "schema": "json",
    "command_topic": "l/set",
    "state_topic": "l",
    "brightness": True,
    "supported_color_modes": ["rgb", "color_temp"],
}


def test_a_plain_light_is_switched_and_tells_so() -> None:
    assert sent("light", PLAIN, "turn_on") == [("l/set", "ON")]
    assert sent("light", PLAIN, "turn_off") == [("l/set", "OFF")]
    assert told("light", PLAIN, ("l", "ON")).value == "on"
    assert told("light", PLAIN, ("l", "ON"), ("l", "OFF")).value == "off"
    assert entity("light", PLAIN).features == {"state"}


def test_its_own_words_and_template_are_used() -> None:
    config = {
        **PLAIN,
        "payload_on": "1",
        "payload_off": 0,
        "state_value_template": "{{ value_json.p }}",
    }
    assert sent("light", config, "turn_off") == [("l/set", "0")]
    assert told("light", config, ("l", '{"p": 1}')).value == "on"


def test_a_word_that_is_not_known_changes_nothing() -> None:
    assert told("light", PLAIN, ("l", "ON"), ("l", "BLINK")).value == "on"


def test_a_null_means_that_the_state_is_not_known() -> None:
    config = {**PLAIN, "value_template": "{{ value_json.s }}"}
    state = told("light", config, ("l", '{"s": "ON"}'), ("l", '{"s": null}'))
    assert state.value == "unknown"


def test_brightness_is_in_percent_here_and_on_its_own_scale_there() -> None:
    assert sent("light", FULL, "turn_on", brightness=50) == [("l/bri/set", "128"), ("l/set", "ON")]
    assert told("light", FULL, ("l/bri", "64")).attributes["brightness"] == 25
    scaled = {**FULL, "brightness_scale": 100}
    assert sent("light", scaled, "turn_on", brightness=50)[0] == ("l/bri/set", "50")


def test_the_darkest_light_is_not_off() -> None:
    assert sent("light", {**FULL, "brightness_scale": 10}, "turn_on", brightness=1)[0][1] == "1"


@pytest.mark.parametrize(
    ("order", "messages"),
    [
        ("last", [("l/bri/set", "255"), ("l/set", "ON")]),
        ("first", [("l/set", "ON"), ("l/bri/set", "255")]),
        ("brightness", [("l/bri/set", "255")]),
    ],
)
def test_the_order_of_on_and_brightness_is_the_lights_choice(
    order: str, messages: list[tuple[str, str]]
) -> None:
    config = {**FULL, "on_command_type": order}
    assert sent("light", config, "turn_on", brightness=100) == messages


@pytest.mark.parametrize(
    ("topic", "payload"),
    [("rgb_command_topic", "0,255,0"), ("hs_command_topic", "120.0,100.0"),
     ("xy_command_topic", "0.3,0.6")],
)  # fmt: skip
def test_a_colour_is_sent_in_the_way_that_the_light_offers(topic: str, payload: str) -> None:
    config = {**PLAIN, topic: "l/c"}
    assert sent("light", config, "turn_on", color=(0, 255, 0)) == [
        ("l/c", payload),
        ("l/set", "ON"),
    ]
    assert "color" in entity("light", config).features


def test_a_colour_template_gets_the_parts() -> None:
    config = {**FULL, "rgb_command_template": "#{{ red }}/{{ green }}/{{ blue }}"}
    assert sent("light", config, "turn_on", color=(1, 2, 3))[0] == ("l/rgb/set", "#1/2/3")


def test_the_colour_and_warmth_of_a_light_are_read() -> None:
    state = told("light", FULL, ("l/rgb", "1,2,3"), ("l/ct", "250"))
    assert state.attributes == {"color": (1, 2, 3), "color_temperature": 4000}
    hs = {**PLAIN, "hs_state_topic": "l/hs"}
    assert told("light", hs, ("l/hs", "120,100")).attributes["color"] == (0, 255, 0)


@pytest.mark.parametrize("payload", ["", "1,2", "red", "1,2,x", "nan,1,1"])
def test_what_is_no_colour_changes_nothing(payload: str) -> None:
    assert told("light", FULL, ("l/rgb", payload)).attributes == {}


@pytest.mark.parametrize("payload", ["", "bright", "inf", "nan"])
def test_what_is_no_brightness_changes_nothing(payload: str) -> None:
    assert told("light", FULL, ("l/bri", payload)).attributes == {}


def test_warmth_is_kelvin_here_and_mireds_or_kelvin_there() -> None:
    assert sent("light", FULL, "turn_on", color_temperature=2700)[0] == ("l/ct/set", "370")
    kelvin = {**FULL, "color_temp_kelvin": True}
    assert sent("light", kelvin, "turn_on", color_temperature=2700)[0] == ("l/ct/set", "2700")


def test_a_json_light_takes_everything_in_one_message() -> None:
    (topic, payload), *rest = sent(
        "light", JSON, "turn_on", brightness=50, color=(255, 0, 0), color_temperature=4000
    )
    assert topic == "l/set"
    assert not rest
    assert json.loads(payload) == {
        "state": "ON",
        "brightness": 128,
        "color": {"r": 255, "g": 0, "b": 0},
        "color_temp": 250,
    }
    assert sent("light", JSON, "turn_off") == [("l/set", '{"state":"OFF"}')]


def test_a_json_light_tells_everything_in_one_message() -> None:
    report = {"state": "ON", "brightness": 255, "color": {"h": 240, "s": 100}, "color_temp": 500}
    state = told("light", JSON, ("l", json.dumps(report)))
    assert state.value == "on"
    assert state.attributes == {
        "brightness": 100,
        "color": (0, 0, 255),
        "color_temperature": 2000,
    }


@pytest.mark.parametrize(
    ("modes", "features"),
    [
        ([], {"state", "brightness"}),
        (["onoff"], {"state", "brightness"}),
        (["xy"], {"state", "brightness", "color"}),
        (["color_temp"], {"state", "brightness", "color_temperature"}),
    ],
)
def test_a_json_light_offers_what_its_colour_modes_say(
    modes: list[str], features: set[str]
) -> None:
    assert entity("light", {**JSON, "supported_color_modes": modes}).features == features


def test_a_json_light_of_the_old_kind_has_a_flag_for_each() -> None:
    config = {"schema": "json", "command_topic": "l/set", "rgb": True, "color_temp": True}
    assert {"color", "color_temperature"} <= entity("light", config).features


@pytest.mark.parametrize(
    ("mode", "color"),
    [("hs", {"h": 240.0, "s": 100.0}), ("xy", {"x": 0.15, "y": 0.06})],
)
def test_a_json_light_gets_colours_in_its_own_mode(mode: str, color: dict[str, float]) -> None:
    config = {**JSON, "supported_color_modes": [mode]}
    (_, payload), *_rest = sent("light", config, "turn_on", color=(0, 0, 255))
    assert json.loads(payload)["color"] == pytest.approx(color, abs=0.001)


@pytest.mark.parametrize(
    "payload",
    ["", "[]", "nonsense", '{"state": 5, "brightness": "x", "color": 3, "color_temp": []}',
     '{"brightness": true, "color": {"r": 1}, "color_temp": 0}'],
)  # fmt: skip
def test_a_json_report_that_makes_no_sense_changes_nothing(payload: str) -> None:
    state = told("light", JSON, ("l", payload))
    assert state.value == "unknown"
    assert not {key: value for key, value in state.attributes.items() if value is not None}


def test_commands_are_retained_only_where_the_light_asks_for_it() -> None:
    for retain in (True, False):
        light = entity("light", {**FULL, "retain": retain})
        messages = light.commands["turn_on"]({"brightness": 5, "color": (1, 2, 3)})
        assert {message.retain for message in messages} == {retain}
