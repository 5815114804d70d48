from typing import Any

import pytest

from hub.home.model import Device, DeviceId, DeviceState
from hub.home.verbs import VERBS


def reached(verb: str, state: DeviceState, **values: Any) -> bool:
    test = VERBS[verb].reached
    assert test is not None
    return test(state, values)


@pytest.mark.parametrize(
    ("verb", "value", "expected"),
    [
        ("turn_on", "on", True),
        ("turn_on", "heat", True),
        ("turn_on", "off", False),
        ("turn_on", "unknown", False),
        ("turn_off", "off", True),
        ("turn_off", "on", False),
        ("open", "opening", True),
        ("open", "closed", False),
        ("close", "closing", True),
        ("close", "open", False),
        ("lock", "locking", True),
        ("lock", "jammed", False),
        ("unlock", "unlocked", True),
        ("play", "playing", True),
        ("pause", "paused", True),
        ("pause", "playing", False),
    ],
)
def test_a_state_shows_whether_a_verb_came_true(verb: str, value: str, expected: bool) -> None:
    assert reached(verb, DeviceState(value)) is expected


@pytest.mark.parametrize(
    ("attributes", "expected"),
    [
        ({"brightness": 50}, True),
        ({"brightness": 51}, True),
        ({"brightness": 60}, False),
        ({}, True),
    ],
)
def test_a_light_shows_its_brightness_if_it_tells_it(
    attributes: dict[str, Any], expected: bool
) -> None:
    assert reached("turn_on", DeviceState("on", attributes), brightness=50) is expected
    assert not reached("turn_on", DeviceState("off", attributes), brightness=50)


@pytest.mark.parametrize(
    ("color", "expected"), [((0, 255, 0), True), ((5, 250, 8), True), ((255, 0, 0), False)]
)
def test_a_light_shows_its_colour_about(color: tuple[int, int, int], expected: bool) -> None:
    state = DeviceState("on", {"color": color})
    assert reached("turn_on", state, color=(0, 255, 0)) is expected


@pytest.mark.parametrize(
    ("value", "attributes", "expected"),
    [
        ("open", {"position": 40}, True),
        ("open", {"position": 41}, True),
        ("open", {"position": 100}, False),
        ("opening", {"position": 0}, True),
        ("closed", {}, False),
    ],
)
def test_a_cover_shows_its_position(value: str, attributes: dict[str, Any], expected: bool) -> None:
    assert reached("set_position", DeviceState(value, attributes), position=40) is expected


def test_a_thermostat_and_a_player_show_what_they_were_set_to() -> None:
    assert reached("set_temperature", DeviceState("heat", {"temperature": 21}), temperature=21.5)
    assert not reached(
        "set_temperature", DeviceState("heat", {"temperature": 20}), temperature=21.5
    )
    assert reached("set_volume", DeviceState("playing", {"volume": 30}), volume=30)
    assert not reached("set_mute", DeviceState("playing", {"muted": False}), muted=True)


@pytest.mark.parametrize(
    ("domain", "device_class", "verbs"),
    [
        ("lock", None, {"unlock", "open"}),
        ("cover", "garage", {"open", "close", "set_position"}),
        ("cover", "door", {"open", "close", "set_position"}),
        ("cover", "gate", {"open", "close", "set_position"}),
        ("cover", "blind", set()),
        ("cover", None, set()),
        ("valve", "water", {"open", "set_position"}),
        ("siren", None, {"turn_on"}),
        ("alarm_control_panel", None, {"disarm"}),
        ("light", None, set()),
        ("vacuum", None, set()),
    ],
)
def test_what_opens_floods_or_wakes_the_house_is_risky_and_nothing_else(
    domain: str, device_class: str | None, verbs: set[str]
) -> None:
    device = Device(DeviceId("it"), "It", domain, device_class=device_class)
    risky = {name for name, verb in VERBS.items() if verb.risk(device) == "confirm"}
    assert risky & {name for name, verb in VERBS.items() if domain in verb.domains} == verbs


@pytest.mark.parametrize(
    ("name", "device_class", "risk"),
    [
        ("Big Garage Door", None, "confirm"),
        ("Haustür", None, "confirm"),
        ("Tor", None, "confirm"),
        ("Portail", None, "confirm"),
        ("Puerta", None, "confirm"),
        ("Rollladenmotor", None, "low"),
        ("Left Window", None, "low"),
        ("Door Blind", "blind", "low"),
    ],
)
def test_a_cover_that_does_not_tell_its_class_is_judged_by_its_name(
    name: str, device_class: str | None, risk: str
) -> None:
    device = Device(DeviceId("it"), name, "cover", device_class=device_class)
    assert VERBS["open"].risk(device) == risk


@pytest.mark.parametrize(
    ("verb", "values", "value", "attributes", "expected"),
    [
        ("set_percentage", {"percentage": 50}, "on", {"percentage": 50}, True),
        ("set_percentage", {"percentage": 50}, "on", {"percentage": 67, "step": 33.3}, True),
        ("set_percentage", {"percentage": 50}, "on", {"percentage": 20, "step": 1}, False),
        ("set_percentage", {"percentage": 0}, "off", {"percentage": 33}, True),
        ("oscillate", {"oscillating": True}, "on", {"oscillating": True}, True),
        ("set_preset", {"preset": "Eco"}, "heat", {"preset": "eco"}, True),
        ("set_fan_mode", {"fan_mode": "high"}, "cool", {"fan_mode": "low"}, False),
        ("set_mode", {"mode": "sleep"}, "on", {"mode": "sleep"}, True),
        ("set_humidity", {"humidity": 45}, "on", {"humidity": 45}, True),
        ("set_tilt", {"tilt": 50}, "open", {"tilt": 52}, True),
        ("set_temperature_range", {"low": 18, "high": 22}, "auto",
         {"temperature_low": 18, "temperature_high": 22}, True),
        ("set_temperature_range", {"low": 18, "high": 22}, "auto",
         {"temperature_low": 18, "temperature_high": 25}, False),
        ("start", {}, "cleaning", {}, True),
        ("start", {}, "docked", {}, False),
        ("return_home", {}, "returning", {}, True),
        ("start_mowing", {}, "mowing", {}, True),
        ("dock", {}, "docked", {}, True),
        ("set_value", {"value": 5}, "5", {}, True),
        ("set_value", {"value": 5}, "6", {"step": 1}, False),
        ("set_value", {"value": 5}, "unknown", {}, False),
        ("select_option", {"option": "Sport"}, "sport", {}, True),
        ("set_text", {"text": "hello"}, "hello", {}, True),
        ("arm_away", {}, "arming", {}, True),
        ("arm_away", {}, "armed_home", {}, False),
        ("disarm", {}, "disarmed", {}, True),
        ("install", {}, "on", {"in_progress": True}, True),
        ("install", {}, "off", {}, True),
        ("install", {}, "on", {}, False),
    ],
)  # fmt: skip
def test_what_devices_tell_shows_whether_they_obeyed(
    verb: str, values: dict[str, Any], value: str, attributes: dict[str, Any], expected: bool
) -> None:
    assert reached(verb, DeviceState(value, attributes), **values) is expected


def test_every_schema_is_closed_and_names_what_it_needs() -> None:
    for verb in VERBS.values():
        assert verb.schema["additionalProperties"] is False
        assert set(verb.schema["required"]) <= verb.schema["properties"].keys()
    assert VERBS["turn_on"].schema["required"] == []
    assert VERBS["set_position"].schema["required"] == ["position"]
