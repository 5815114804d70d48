import pytest

from hub.mqtt.errors import DiscoveryError
from tests.hub.mqtt.announcing import entity, refusal, sent, told

HEATER = {
    "modes": ["off", "eco", "performance"],
    "mode_command_topic": "w/mode/set",
    "mode_state_topic": "w/mode",
    "temperature_command_topic": "w/set",
    "temperature_state_topic": "w/to",
    "current_temperature_topic": "w/is",
}


def test_a_water_heater_is_set_and_tells_so() -> None:
    assert sent("water_heater", HEATER, "set_temperature", temperature=55) == [("w/set", "55")]
    assert sent("water_heater", HEATER, "set_mode", mode="eco") == [("w/mode/set", "eco")]
    state = told("water_heater", HEATER, ("w/mode", "eco"), ("w/to", "55.0"), ("w/is", "48"))
    assert state.value == "eco"
    assert state.attributes["temperature"] == 55
    assert state.attributes["current_temperature"] == 48
    assert state.attributes["mode"] == "eco"


def test_on_is_its_first_mode_and_off_is_off() -> None:
    assert sent("water_heater", HEATER, "turn_on") == [("w/mode/set", "eco")]
    assert sent("water_heater", HEATER, "turn_off") == [("w/mode/set", "off")]
    config = {**HEATER, "power_command_topic": "w/power"}
    assert sent("water_heater", config, "turn_off") == [("w/power", "OFF")]


def test_it_says_what_can_be_asked_of_it() -> None:
    heater = entity("water_heater", HEATER)
    assert heater.features == {"state", "temperature", "mode"}
    assert heater.unit == "°C"
    assert heater.facts == {
        "options": ("off", "eco", "performance"), "min": 43.3, "max": 60, "step": 1,
    }  # fmt: skip


def test_a_temperature_beyond_its_range_is_not_sent() -> None:
    with pytest.raises(DiscoveryError, match=r"90 is not from 43\.3 to 60"):
        sent("water_heater", HEATER, "set_temperature", temperature=90)


def test_a_water_heater_that_makes_no_sense_is_refused() -> None:
    assert refusal("water_heater", {**HEATER, "min_temp": 99}) == "bad-config"
    assert refusal("water_heater", {**HEATER, "temperature_unit": "R"}) == "bad-config"
    assert refusal("water_heater", {**HEATER, "modes": 5.5, "mode_command_topic": {}}) == (
        "bad-config"
    )
