"""Announcements in the shape in which Tasmota, ESPHome, Shelly, OpenBeken and zwave-js-ui write
them."""

import json

from hub.mqtt.discovery import parse, parse_topic
from tests.hub.mqtt.announcing import PREFIX, entity, sent, told, topic_of

TASMOTA_LIGHT = {
    "name": "Lamp",
    "cmd_t": "cmnd/lamp/POWER",
    "stat_t": "tele/lamp/STATE",
    "val_tpl": "{{value_json.POWER}}",
    "pl_off": "OFF",
    "pl_on": "ON",
    "avty_t": "tele/lamp/LWT",
    "pl_avail": "Online",
    "pl_not_avail": "Offline",
    "uniq_id": "D7A2F0_LI_1",
    "bri_cmd_t": "cmnd/lamp/Dimmer",
    "bri_stat_t": "tele/lamp/STATE",
    "bri_scl": 100,
    "on_cmd_type": "brightness",
    "bri_val_tpl": "{{value_json.Dimmer}}",
    "rgb_cmd_t": "cmnd/lamp/Color2",
    "rgb_stat_t": "tele/lamp/STATE",
    "rgb_val_tpl": "{{value_json.Color.split(',')[0:3]|join(',')}}",
    "clr_temp_cmd_t": "cmnd/lamp/CT",
    "clr_temp_stat_t": "tele/lamp/STATE",
    "clr_temp_val_tpl": "{{value_json.CT}}",
    "fx_cmd_t": "cmnd/lamp/Scheme",
    "fx_stat_t": "tele/lamp/STATE",
    "fx_val_tpl": "{{value_json.Scheme|default(0)}}",
    "fx_list": [0, 1, 2, 3, 4],
    "dev": {"ids": ["D7A2F0"]},
}
ESPHOME_FAN = {
    "name": "Fan",
    "stat_t": "attic/fan/fan/state",
    "cmd_t": "attic/fan/fan/command",
    "osc_stat_t": "attic/fan/fan/oscillation/state",
    "osc_cmd_t": "attic/fan/fan/oscillation/command",
    "pct_stat_t": "attic/fan/fan/speed_level/state",
    "pct_cmd_t": "attic/fan/fan/speed_level/command",
    "spd_rng_max": 3,
    "avty_t": "attic/status",
    "uniq_id": "ESPfanfan",
    "dev": {"ids": "84f3eb", "name": "attic", "sw": "esphome v2025.2.0"},
}
ESPHOME_CLIMATE = {
    "name": "Heating",
    "curr_temp_t": "attic/climate/heating/current_temperature/state",
    "mode_cmd_t": "attic/climate/heating/mode/command",
    "mode_stat_t": "attic/climate/heating/mode/state",
    "modes": ["off", "heat"],
    "temp_cmd_t": "attic/climate/heating/target_temperature/command",
    "temp_stat_t": "attic/climate/heating/target_temperature/state",
    "min_temp": 15,
    "max_temp": 25,
    "temp_step": 0.5,
    "temp_unit": "C",
    "act_t": "attic/climate/heating/action/state",
    "uniq_id": "ESPclimateheating",
}
SHELLY_COVER = {
    "~": "shellyplus2pm-a8032a",
    "name": "Shutter",
    "cmd_t": "~/command/cover:0",
    "stat_t": "~/status/cover:0",
    "val_tpl": "{{ value_json.state }}",
    "pl_open": "open",
    "pl_cls": "close",
    "pl_stop": "stop",
    "pos_t": "~/status/cover:0",
    "pos_tpl": "{{ value_json.current_pos }}",
    "set_pos_t": "~/rpc",
    "set_pos_tpl": '{"id": 1, "src": "hub", "method": "Cover.GoToPosition",'
    ' "params": {"id": 0, "pos": {{ position }}}}',
    "avty_t": "~/online",
    "pl_avail": "true",
    "pl_not_avail": "false",
    "dev_cla": "shutter",
    "uniq_id": "shellyplus2pm-a8032a-cover-0",
}
SHELLY_METER = {
    "dev": {"ids": ["shellypro1pm-30"], "name": "Washing Machine", "mf": "Shelly"},
    "o": {"name": "shelly script", "sw": "1.2"},
    "avty": [{"t": "shellypro1pm-30/online", "pl_avail": "true", "pl_not_avail": "false"}],
    "cmps": {
        "relay": {
            "p": "switch",
            "name": None,
            "uniq_id": "shellypro1pm-30-switch",
            "cmd_t": "shellypro1pm-30/command/switch:0",
            "stat_t": "shellypro1pm-30/status/switch:0",
            "val_tpl": "{{ 'on' if value_json.output else 'off' }}",
            "pl_on": "on",
            "pl_off": "off",
        },
        "power": {
            "p": "sensor",
            "dev_cla": "power",
            "unit_of_meas": "W",
            "uniq_id": "shellypro1pm-30-power",
            "stat_t": "shellypro1pm-30/status/switch:0",
            "val_tpl": "{{ value_json.apower | round(1) }}",
        },
        "input": {
            "p": "device_automation",
            "atype": "trigger",
            "t": "shellypro1pm-30/events/rpc",
            "type": "button_short_press",
            "stype": "button_1",
        },
    },
}
OPENBEKEN_BULB = {
    "dev": {"ids": ["obkB0"], "name": "Bulb", "sw": "1.17", "mf": "Beken Corporation"},
    "name": "0",
    "~": "obkB0",
    "avty_t": "~/connected",
    "uniq_id": "obkB0_light",
    "cmd_t": "cmnd/obkB0/led_enableAll",
    "stat_t": "~/led_enableAll/get",
    "pl_on": "1",
    "pl_off": "0",
    "rgb_cmd_t": "cmnd/obkB0/led_basecolor_rgb",
    "rgb_stat_t": "~/led_basecolor_rgb/get",
    "rgb_cmd_tpl": "{{'#%02x%02x%02x0000'|format(red,green,blue)}}",
    "rgb_val_tpl": "{{ value[0:2]|int(base=16) }},{{ value[2:4]|int(base=16) }},"
    "{{ value[4:6]|int(base=16) }}",
    "bri_cmd_t": "cmnd/obkB0/led_dimmer",
    "bri_stat_t": "~/led_dimmer/get",
    "bri_scl": 100,
    "clr_temp_cmd_t": "cmnd/obkB0/led_temperature",
    "clr_temp_stat_t": "~/led_temperature/get",
}
ZWAVE_DIMMER = {
    "name": "Hall_dimmer",
    "command_topic": "zwave/Hall/38/0/targetValue/set",
    "state_topic": "zwave/Hall/38/0/currentValue",
    "state_value_template": '{{ "OFF" if value_json.value == 0 else "ON" }}',
    "brightness_command_topic": "zwave/Hall/38/0/targetValue/set",
    "brightness_scale": 99,
    "brightness_state_topic": "zwave/Hall/38/0/currentValue",
    "brightness_value_template": "{{ value_json.value }}",
    "on_command_type": "brightness",
    "rgb_command_topic": "zwave/Hall/51/0/targetColor/set",
    "rgb_state_topic": "zwave/Hall/51/0/currentColor",
    "rgb_command_template": "{{ {'red': red, 'green': green, 'blue': blue}|to_json }}",
    "rgb_value_template": "{{ value_json.value.red }},{{ value_json.value.green }},"
    "{{ value_json.value.blue }}",
}
ZWAVE_LOCK = {
    "command_topic": "zwave/Door/98/0/targetMode/set",
    "state_topic": "zwave/Door/98/0/currentMode",
    "payload_lock": 255,
    "payload_unlock": 0,
    "state_locked": 255,
    "state_unlocked": 0,
    "value_template": "{{ value_json.value }}",
}
ZWAVE_THERMOSTAT = {
    "min_temp": 5,
    "max_temp": 40,
    "temp_step": 0.5,
    "modes": ["off", "heat"],
    "mode_state_topic": "zwave/Room/64/0/mode",
    "mode_state_template": '{{ {0: "off", 1: "heat"}[value_json.value] | default("off") }}',
    "mode_command_topic": "zwave/Room/64/0/mode/set",
    "mode_command_template": '{{ {"off": 0, "heat": 1}[value] | default("0") }}',
    "temperature_state_topic": "zwave/Room/67/0/setpoint/1",
    "temperature_state_template": "{{ value_json.value }}",
    "temperature_command_topic": "zwave/Room/67/0/setpoint/1/set",
}
ZWAVE_GARAGE = {
    "device_class": "garage",
    "command_topic": "zwave/Garage/102/0/targetState/set",
    "state_topic": "zwave/Garage/102/0/currentState",
    "position_topic": "zwave/Garage/102/0/currentState",
    "position_template": "{{ value_json.value }}",
    "value_template": "{{ value_json.value }}",
    "payload_open": 255,
    "payload_close": 0,
    "payload_stop": 253,
    "state_open": 255,
    "state_opening": 254,
    "state_closed": 0,
    "state_closing": 252,
}


def test_a_tasmota_lamp() -> None:
    assert sent("light", TASMOTA_LIGHT, "turn_on", brightness=40) == [("cmnd/lamp/Dimmer", "40")]
    assert sent("light", TASMOTA_LIGHT, "turn_on", color=(255, 0, 0))[0] == (
        "cmnd/lamp/Color2", "255,0,0",
    )  # fmt: skip
    assert sent("light", TASMOTA_LIGHT, "turn_off") == [("cmnd/lamp/POWER", "OFF")]
    report = {"POWER": "ON", "Dimmer": 40, "Color": "102,0,0,0,0", "CT": 250, "Scheme": 2}
    state = told("light", TASMOTA_LIGHT, ("tele/lamp/STATE", json.dumps(report)))
    assert state.value == "on"
    assert state.attributes == {
        "brightness": 40, "color": (102, 0, 0), "color_temperature": 4000, "effect": "2",
        "effects": ("0", "1", "2", "3", "4"),
    }  # fmt: skip


def test_an_esphome_fan_and_a_thermostat() -> None:
    base = "attic/fan/fan"
    assert sent("fan", ESPHOME_FAN, "set_percentage", percentage=100) == [
        (f"{base}/speed_level/command", "3")
    ]
    assert sent("fan", ESPHOME_FAN, "oscillate", oscillating=False) == [
        (f"{base}/oscillation/command", "oscillate_off")
    ]
    state = told("fan", ESPHOME_FAN, (f"{base}/state", "ON"), (f"{base}/speed_level/state", "1"))
    assert (state.value, state.attributes["percentage"]) == ("on", 33)
    base = "attic/climate/heating"
    assert sent("climate", ESPHOME_CLIMATE, "set_temperature", temperature=20) == [
        (f"{base}/target_temperature/command", "20")
    ]
    heating = told(
        "climate",
        ESPHOME_CLIMATE,
        *((f"{base}/mode/state", "heat"), (f"{base}/action/state", "heating")),
        (f"{base}/target_temperature/state", "20.0"),
    )
    assert (heating.value, heating.attributes["temperature"]) == ("heat", 20)
    assert heating.attributes["action"] == "heating"


def test_a_shelly_shutter() -> None:
    topic = "shellyplus2pm-a8032a"
    assert sent("cover", SHELLY_COVER, "open") == [(f"{topic}/command/cover:0", "open")]
    ((where, payload),) = sent("cover", SHELLY_COVER, "set_position", position=25)
    assert where == f"{topic}/rpc"
    assert json.loads(payload)["params"] == {"id": 0, "pos": 25}
    report = '{"id": 0, "state": "opening", "current_pos": 20}'
    state = told(
        "cover", SHELLY_COVER, (f"{topic}/online", "true"), (f"{topic}/status/cover:0", report)
    )
    assert (state.value, state.attributes) == ("opening", {"position": 20})
    assert told("cover", SHELLY_COVER, (f"{topic}/online", "false")).value == "unavailable"


def test_a_shelly_relay_that_announces_all_of_itself_at_once() -> None:
    topic = parse_topic(topic_of("device"), PREFIX)
    assert topic is not None
    announcement = parse(topic, json.dumps(SHELLY_METER).encode(), "t")
    assert not announcement.problems
    relay, power, button = announcement.entities
    assert (button.device, button.facts["subtype"]) == (relay.device, "button_1")
    assert (relay.name, power.name) == ("Washing Machine", "Washing Machine Power")
    assert (power.unit, power.origin) == ("W", "shelly script 1.2")
    assert relay.commands["turn_on"]({})[0].payload == "on"


def test_an_openbeken_bulb() -> None:
    assert sent("light", OPENBEKEN_BULB, "turn_on", color=(255, 128, 0))[0] == (
        "cmnd/obkB0/led_basecolor_rgb", "#ff80000000",
    )  # fmt: skip
    assert sent("light", OPENBEKEN_BULB, "turn_on", brightness=30)[0] == (
        "cmnd/obkB0/led_dimmer", "30",
    )  # fmt: skip
    state = told(
        "light",
        OPENBEKEN_BULB,
        *(("obkB0/led_enableAll/get", "1"), ("obkB0/led_basecolor_rgb/get", "FF8000")),
        ("obkB0/led_dimmer/get", "30"),
    )
    assert state.value == "on"
    assert state.attributes == {"color": (255, 128, 0), "brightness": 30}


def test_a_zwave_dimmer_and_its_colours() -> None:
    assert sent("light", ZWAVE_DIMMER, "turn_on", brightness=100) == [
        ("zwave/Hall/38/0/targetValue/set", "99")
    ]
    messages = sent("light", ZWAVE_DIMMER, "turn_on", color=(1, 2, 3))
    assert json.loads(messages[0][1]) == {"red": 1, "green": 2, "blue": 3}
    state = told(
        "light",
        ZWAVE_DIMMER,
        ("zwave/Hall/38/0/currentValue", '{"time": 1, "value": 50}'),
        ("zwave/Hall/51/0/currentColor", '{"value": {"red": 9, "green": 8, "blue": 7}}'),
    )
    assert (state.value, state.attributes) == ("on", {"brightness": 51, "color": (9, 8, 7)})


def test_a_zwave_lock_counts_to_255() -> None:
    assert sent("lock", ZWAVE_LOCK, "lock") == [("zwave/Door/98/0/targetMode/set", "255")]
    assert told("lock", ZWAVE_LOCK, ("zwave/Door/98/0/currentMode", '{"value": 0}')).value == (
        "unlocked"
    )


def test_a_zwave_thermostat_has_numbers_for_modes() -> None:
    assert sent("climate", ZWAVE_THERMOSTAT, "set_mode", mode="heat") == [
        ("zwave/Room/64/0/mode/set", "1")
    ]
    state = told("climate", ZWAVE_THERMOSTAT, ("zwave/Room/64/0/mode", '{"value": 1}'))
    assert state.value == "heat"


def test_a_zwave_garage_door() -> None:
    topic = "zwave/Garage/102/0/currentState"
    assert sent("cover", ZWAVE_GARAGE, "close") == [("zwave/Garage/102/0/targetState/set", "0")]
    assert told("cover", ZWAVE_GARAGE, (topic, '{"value": 254}')).value == "opening"
    assert told("cover", ZWAVE_GARAGE, (topic, '{"value": 0}')).value == "closed"
    assert entity("cover", ZWAVE_GARAGE).device_class == "garage"
