from typing import Any

import pytest

from hub.mqtt.errors import DiscoveryError
from tests.hub.mqtt.announcing import entity, refusal, sent, told

THERMOSTAT = {
    "modes": ["off", "heat", "auto"],
    "mode_command_topic": "t/mode/set",
    "mode_state_topic": "t",
    "mode_state_template": "{{ value_json.mode }}",
    "temperature_command_topic": "t/set",
    "temperature_command_template": '{"to": {{ value }}}',
    "temperature_state_topic": "t",
    "temperature_state_template": "{{ value_json.to }}",
    "current_temperature_topic": "t",
    "current_temperature_template": "{{ value_json.is }}",
}


def test_a_thermostat_is_set_to_a_temperature() -> None:
    assert sent("climate", THERMOSTAT, "set_temperature", temperature=21.5) == [
        ("t/set", '{"to": 21.5}')
    ]


def test_a_thermostat_tells_its_mode_and_its_temperatures() -> None:
    state = told("climate", THERMOSTAT, ("t", '{"mode": "heat", "to": 21.0, "is": 19.25}'))
    assert state.value == "heat"
    assert state.attributes == {
        "mode": "heat",
        "temperature": 21,
        "current_temperature": 19.25,
        "options": ("off", "heat", "auto"),
        "min": 7,
        "max": 35,
        "step": 1,
    }


def test_a_mode_that_is_not_among_its_modes_is_not_known() -> None:
    assert told("climate", THERMOSTAT, ("t", '{"mode": "turbo"}')).value == "unknown"


def test_without_a_power_switch_on_and_off_are_modes() -> None:
    assert sent("climate", THERMOSTAT, "turn_on") == [("t/mode/set", "auto")]
    assert sent("climate", THERMOSTAT, "turn_off") == [("t/mode/set", "off")]
    assert sent("climate", THERMOSTAT, "set_mode", mode="heat") == [("t/mode/set", "heat")]


def test_a_power_switch_is_used_where_there_is_one() -> None:
    config = {**THERMOSTAT, "power_command_topic": "t/power", "payload_off": "0"}
    assert sent("climate", config, "turn_on") == [("t/power", "ON")]
    assert sent("climate", config, "turn_off") == [("t/power", "0")]


def test_a_thermometer_that_only_tells_offers_no_commands() -> None:
    config = {"current_temperature_topic": "t", "temperature_unit": "F"}
    thermometer = entity("climate", config)
    assert (thermometer.commands, thermometer.unit) == ({}, "°F")
    assert told("climate", config, ("t", "70.0")).attributes == {"current_temperature": 70}


def test_only_a_thermostat_that_tells_its_mode_tells_its_state() -> None:
    assert "state" in entity("climate", THERMOSTAT).features
    assert "state" not in entity("climate", {"current_temperature_topic": "t"}).features


AIR = {
    "modes": ["off", "cool", "heat_cool"],
    "mode_command_topic": "a/mode/set",
    "fan_mode_command_topic": "a/fan/set",
    "fan_mode_state_topic": "a/fan",
    "swing_mode_command_topic": "a/swing/set",
    "swing_mode_state_topic": "a/swing",
    "preset_modes": ["eco", "boost"],
    "preset_mode_command_topic": "a/preset/set",
    "preset_mode_state_topic": "a/preset",
    "temperature_low_command_topic": "a/low/set",
    "temperature_low_state_topic": "a/low",
    "temperature_high_command_topic": "a/high/set",
    "temperature_high_state_topic": "a/high",
    "target_humidity_command_topic": "a/hum/set",
    "target_humidity_state_topic": "a/hum",
    "current_humidity_topic": "a/hum/is",
    "action_topic": "a/action",
}


@pytest.mark.parametrize(
    ("verb", "values", "messages"),
    [
        ("set_fan_mode", {"fan_mode": "High"}, [("a/fan/set", "high")]),
        ("set_swing_mode", {"swing_mode": "on"}, [("a/swing/set", "on")]),
        ("set_preset", {"preset": "eco"}, [("a/preset/set", "eco")]),
        ("set_preset", {"preset": "none"}, [("a/preset/set", "none")]),
        ("set_temperature_range", {"low": 19, "high": 23.5},
         [("a/low/set", "19"), ("a/high/set", "23.5")]),
        ("set_humidity", {"humidity": 50}, [("a/hum/set", "50")]),
        ("turn_on", {}, [("a/mode/set", "heat_cool")]),
    ],
)  # fmt: skip
def test_an_air_conditioner_takes_what_it_announced(
    verb: str, values: dict[str, Any], messages: list[tuple[str, str]]
) -> None:
    assert sent("climate", AIR, verb, **values) == messages


def test_an_air_conditioner_tells_all_of_it() -> None:
    state = told(
        "climate",
        AIR,
        *(("a/fan", "low"), ("a/swing", "off"), ("a/preset", "eco"), ("a/action", "cooling")),
        *(("a/low", "19.0"), ("a/high", "23.5"), ("a/hum", "50"), ("a/hum/is", "44")),
    )
    assert state.attributes == {
        "fan_mode": "low",
        "swing_mode": "off",
        "preset": "eco",
        "action": "cooling",
        "temperature_low": 19,
        "temperature_high": 23.5,
        "humidity": 50,
        "current_humidity": 44,
        "options": ("off", "cool", "heat_cool"),
        "fan_modes": ("auto", "low", "medium", "high"),
        "swing_modes": ("on", "off"),
        "presets": ("none", "eco", "boost"),
        "min": 7,
        "max": 35,
        "step": 1,
    }


def test_an_air_conditioner_offers_what_it_has_topics_for() -> None:
    assert entity("climate", AIR).features == {
        "mode", "fan_mode", "swing_mode", "preset", "humidity", "temperature_range",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("verb", "values"),
    [
        ("set_fan_mode", {"fan_mode": "hurricane"}),
        ("set_mode", {"mode": "heat"}),
        ("set_temperature_range", {"low": 24, "high": 20}),
        ("set_temperature_range", {"low": 1, "high": 20}),
        ("set_humidity", {"humidity": 100}),
    ],
)
def test_what_it_does_not_allow_is_not_sent(verb: str, values: dict[str, Any]) -> None:
    with pytest.raises(DiscoveryError) as caught:
        sent("climate", AIR, verb, **values)
    assert caught.value.code == "out-of-range"


def test_a_thermostat_that_makes_no_sense_is_refused() -> None:
    assert refusal("climate", {**AIR, "min_temp": 40}) == "bad-config"
    assert refusal("climate", {**AIR, "temperature_unit": "K"}) == "bad-config"
    assert refusal("climate", {**AIR, "fan_modes": [{}]}) == "bad-config"
