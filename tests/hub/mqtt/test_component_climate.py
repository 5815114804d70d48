from tests.hub.mqtt.announcing import entity, sent, told

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
