"""Announcements in the shape in which zigbee2mqtt writes them."""

import json
from typing import Any

from tests.hub.mqtt.announcing import entity, sent, told

BASE = "zigbee2mqtt"


def announced(name: str, **config: Any) -> dict[str, Any]:
    """What zigbee2mqtt says of every entity, and what it says of this one."""
    topic = f"{BASE}/{name}"
    return {
        "availability": [
            {"topic": f"{BASE}/bridge/state", "value_template": "{{ value_json.state }}"}
        ],
        "availability_mode": "all",
        "device": {"identifiers": [f"zigbee2mqtt_{name}"], "name": name},
        "name": None,
        "object_id": name.lower().replace(" ", "_"),
        "origin": {
            "name": "Zigbee2MQTT", "sw": "2.1.0", "url": "https://www.zigbee2mqtt.io",
        },
        "state_topic": topic,
        "unique_id": f"{name}_zigbee2mqtt",
        **config,
    }  # fmt: skip


def test_who_announced_it_is_kept() -> None:
    assert entity("switch", announced("Plug", command_topic="x")).origin == "Zigbee2MQTT 2.1.0"


def test_a_thermostatic_valve() -> None:
    topic = f"{BASE}/Radiator"
    trv = announced(
        "Radiator",
        action_template="{% set values = {None:None,'idle':'idle','heat':'heating'} %}"
        "{{ values[value_json.running_state] }}",
        action_topic=topic,
        current_temperature_template="{{ value_json.local_temperature }}",
        current_temperature_topic=topic,
        max_temp="30",
        min_temp="5",
        mode_command_topic=f"{topic}/set/system_mode",
        mode_state_template="{{ value_json.system_mode }}",
        mode_state_topic=topic,
        modes=["off", "auto", "heat"],
        preset_mode_command_topic=f"{topic}/set/preset",
        preset_mode_state_topic=topic,
        preset_mode_value_template="{{ value_json.preset }}",
        preset_modes=["eco", "holiday"],
        temp_step=0.5,
        temperature_command_topic=f"{topic}/set/occupied_heating_setpoint",
        temperature_state_template="{{ value_json.occupied_heating_setpoint }}",
        temperature_state_topic=topic,
        temperature_unit="C",
    )
    report = {
        "local_temperature": 19.4, "occupied_heating_setpoint": 21, "running_state": "heat",
        "system_mode": "heat", "preset": "eco",
    }  # fmt: skip
    state = told("climate", trv, (topic, json.dumps(report)))
    assert state.value == "heat"
    assert state.attributes == {
        "mode": "heat", "action": "heating", "current_temperature": 19.4, "temperature": 21,
        "preset": "eco", "options": ("off", "auto", "heat"), "min": 5, "max": 30, "step": 0.5,
        "presets": ("none", "eco", "holiday"),
    }  # fmt: skip
    assert sent("climate", trv, "set_temperature", temperature=22.5) == [
        (f"{topic}/set/occupied_heating_setpoint", "22.5")
    ]
    assert sent("climate", trv, "set_mode", mode="auto") == [(f"{topic}/set/system_mode", "auto")]
    assert sent("climate", trv, "turn_off") == [(f"{topic}/set/system_mode", "off")]


def test_a_fan_of_four_speeds() -> None:
    topic = f"{BASE}/Fan"
    fan = announced(
        "Fan",
        command_topic=f"{topic}/set/fan_state",
        percentage_command_template="{{ {0:'off', 1:'low', 2:'medium', 3:'high', 4:'on'}[value]"
        " | default('') }}",
        percentage_command_topic=f"{topic}/set/fan_mode",
        percentage_state_topic=topic,
        percentage_value_template="{{ {'off':0, 'low':1, 'medium':2, 'high':3, 'on':4}"
        "[value_json.fan_mode] | default('None') }}",
        preset_mode_command_topic=f"{topic}/set/fan_mode",
        preset_mode_state_topic=topic,
        preset_mode_value_template="{{ value_json.fan_mode if value_json.fan_mode in ['smart']"
        " else 'None' | default('None') }}",
        preset_modes=["smart"],
        speed_range_max=4,
        speed_range_min=1,
        state_value_template="{{ value_json.fan_state }}",
    )
    assert sent("fan", fan, "set_percentage", percentage=50) == [
        (f"{topic}/set/fan_mode", "medium")
    ]
    assert sent("fan", fan, "set_preset", preset="smart") == [(f"{topic}/set/fan_mode", "smart")]
    state = told("fan", fan, (topic, '{"fan_state": "ON", "fan_mode": "high"}'))
    assert (state.value, state.attributes["percentage"]) == ("on", 75)
    smart = told("fan", fan, (topic, '{"fan_state": "ON", "fan_mode": "smart"}'))
    assert smart.attributes["preset"] == "smart"
    assert "percentage" not in smart.attributes


def test_a_light_of_hue_and_saturation_with_an_effect() -> None:
    topic = f"{BASE}/Strip"
    strip = announced(
        "Strip",
        brightness=True,
        brightness_scale=254,
        command_topic=f"{topic}/set",
        effect=True,
        effect_list=["blink", "colorloop", "stop_effect"],
        max_mireds=500,
        min_mireds=153,
        schema="json",
        supported_color_modes=["hs", "color_temp"],
    )
    ((_, payload),) = sent("light", strip, "turn_on", color=(0, 0, 255), effect="colorloop")
    assert json.loads(payload) == {
        "state": "ON", "color": {"h": 240, "s": 100}, "effect": "colorloop",
    }  # fmt: skip
    report = {"state": "ON", "color_mode": "color_temp", "color_temp": 370,
              "color": {"h": 28, "s": 70}, "brightness": 254}  # fmt: skip
    attributes = told("light", strip, (topic, json.dumps(report))).attributes
    assert attributes["color_temperature"] == 2703
    assert "color" not in attributes


def test_a_blind_with_slats() -> None:
    topic = f"{BASE}/Venetian"
    blind = announced(
        "Venetian",
        command_topic=f"{topic}/set",
        position_template="{{ value_json.position }}",
        position_topic=topic,
        set_position_template='{ "position": {{ position }} }',
        set_position_topic=f"{topic}/set",
        state_closed="CLOSE",
        state_open="OPEN",
        tilt_command_topic=f"{topic}/set/tilt",
        tilt_status_template="{{ value_json.tilt }}",
        tilt_status_topic=topic,
        value_template="{{ value_json.state }}",
    )
    assert sent("cover", blind, "set_tilt", tilt=30) == [(f"{topic}/set/tilt", "30")]
    state = told("cover", blind, (topic, '{"state": "OPEN", "position": 80, "tilt": 30}'))
    assert (state.value, state.attributes) == ("open", {"position": 80, "tilt": 30})


def test_a_siren() -> None:
    topic = f"{BASE}/Siren"
    siren = announced(
        "Siren",
        available_tones=["burglar", "fire"],
        command_off_template='{"warning": {"mode": "stop"}}',
        command_template='{"warning": {"mode": "{{ tone | default(\'emergency\') }}",'
        " \"level\": \"{{ 'high' if volume_level | default(1) > 0.5 else 'low' }}\","
        ' "duration": {{ duration | default(10) | int }} } }',
        command_topic=f"{topic}/set",
        state_value_template="{{ 'ON' if value_json.alarm else 'OFF' }}",
    )
    ((_, payload),) = sent("siren", siren, "turn_on", tone="fire", duration=60, volume=30)
    assert json.loads(payload) == {"warning": {"mode": "fire", "level": "low", "duration": 60}}
    ((_, payload),) = sent("siren", siren, "turn_off")
    assert json.loads(payload) == {"warning": {"mode": "stop"}}
    assert told("siren", siren, (topic, '{"alarm": true}')).value == "on"


def test_a_selection_and_a_number() -> None:
    topic = f"{BASE}/Sensor"
    mode = announced(
        "Sensor",
        command_topic=f"{topic}/set/sensitivity",
        options=["low", "medium", "high"],
        value_template="{{ value_json.sensitivity }}",
    )
    assert sent("select", mode, "select_option", option="high") == [
        (f"{topic}/set/sensitivity", "high")
    ]
    assert told("select", mode, (topic, '{"sensitivity": "low"}')).value == "low"
    timeout = announced(
        "Sensor",
        command_topic=f"{topic}/set/timeout",
        max=65535,
        min=0,
        unit_of_measurement="s",
        value_template="{{ value_json.timeout }}",
    )
    assert sent("number", timeout, "set_value", value=90) == [(f"{topic}/set/timeout", "90")]
    assert told("number", timeout, (topic, '{"timeout": 60}')).value == "60"
    assert entity("number", timeout).unit == "s"


def test_a_button_that_tells_its_presses_as_events() -> None:
    topic = f"{BASE}/Knob"
    knob = announced(
        "Knob",
        event_types=["single", "double", "rotate"],
        value_template='{"event_type": "{{ value_json.action | regex_replace("_(left|right)$", "")'
        ' }}"}',
    )
    state = told("event", knob, (topic, '{"action": "rotate_left"}'))
    assert state.value == "rotate"
    assert "time" in state.attributes


def test_what_is_for_upkeep_is_left_out() -> None:
    config = announced("Plug", command_topic="x", entity_category="config", options=["a"])
    try:
        entity("select", config)
    except IndexError:
        return
    raise AssertionError("it should not be there")
