"""Announcements in the shape in which bridges and firmwares write them."""

import json

from tests.hub.mqtt.announcing import entity, sent, told

ZIGBEE_BULB = {
    "availability": [
        {"topic": "zigbee2mqtt/bridge/state", "value_template": "{{ value_json.state }}"},
        {"topic": "zigbee2mqtt/Bed Light/availability", "value_template": "{{ value_json.state }}"},
    ],
    "availability_mode": "all",
    "brightness": True,
    "brightness_scale": 254,
    "command_topic": "zigbee2mqtt/Bed Light/set",
    "device": {
        "identifiers": ["zigbee2mqtt_0x0017880103d55d65"],
        "manufacturer": "Philips",
        "model": "Hue white and color ambiance",
        "name": "Bed Light",
        "via_device": "zigbee2mqtt_bridge_0x00124b00",
    },
    "effect": True,
    "effect_list": ["blink", "breathe"],
    "max_mireds": 500,
    "min_mireds": 153,
    "name": None,
    "object_id": "bed_light",
    "origin": {"name": "Zigbee2MQTT", "sw": "2.1.0"},
    "schema": "json",
    "state_topic": "zigbee2mqtt/Bed Light",
    "supported_color_modes": ["xy", "color_temp"],
    "unique_id": "0x0017880103d55d65_light_zigbee2mqtt",
}
ZIGBEE_BLIND = {
    "command_topic": "zigbee2mqtt/Blind/set",
    "device": {"identifiers": ["zigbee2mqtt_0x01"], "name": "Blind"},
    "name": None,
    "position_template": "{{ value_json.position }}",
    "position_topic": "zigbee2mqtt/Blind",
    "set_position_template": '{ "position": {{ position }} }',
    "set_position_topic": "zigbee2mqtt/Blind/set",
    "state_closing": "DOWN",
    "state_opening": "UP",
    "state_stopped": "STOP",
    "state_topic": "zigbee2mqtt/Blind",
    "unique_id": "0x01_cover_zigbee2mqtt",
    "value_template": '{% if "moving" in value_json and value_json.moving %}'
    "{{ value_json.moving }}{% else %}STOP{% endif %}",
}
ZIGBEE_LOCK = {
    "command_topic": "zigbee2mqtt/Front Door/set",
    "name": None,
    "device": {"name": "Front Door"},
    "payload_lock": "LOCK",
    "payload_unlock": "UNLOCK",
    "state_locked": "LOCK",
    "state_topic": "zigbee2mqtt/Front Door",
    "state_unlocked": "UNLOCK",
    "value_template": "{{ value_json.state }}",
}
ZIGBEE_THERMOMETER = {
    "device": {"name": "Bathroom"},
    "device_class": "temperature",
    "enabled_by_default": True,
    "state_class": "measurement",
    "state_topic": "zigbee2mqtt/Bathroom",
    "unique_id": "0x02_temperature_zigbee2mqtt",
    "unit_of_measurement": "°C",
    "value_template": "{{ value_json.temperature }}",
}
ZIGBEE_CONTACT = {
    "device": {"name": "Cellar"},
    "device_class": "door",
    "payload_off": True,
    "payload_on": False,
    "state_topic": "zigbee2mqtt/Cellar",
    "value_template": "{{ value_json.contact }}",
}
ESPHOME_LIGHT = {
    "schema": "json",
    "clrm": True,
    "sup_clrm": ["rgb"],
    "bri": True,
    "name": "Desk",
    "stat_t": "desk/light/desk/state",
    "cmd_t": "desk/light/desk/command",
    "avty_t": "desk/status",
    "uniq_id": "ESPlightdesk",
    "dev": {"ids": "84f3eb", "name": "desk", "sw": "esphome v2025.2.0", "mdl": "nodemcuv2"},
}
OPENBEKEN_PLUG = {
    "dev": {"ids": ["obk1A2B"], "name": "Plug", "sw": "1.17", "mf": "Beken", "mdl": "BK7231T"},
    "~": "obk1A2B",
    "avty_t": "~/connected",
    "uniq_id": "Windows_relay_0",
    "name": "Relay",
    "stat_t": "~/1/get",
    "cmd_t": "~/1/set",
    "pl_on": "1",
    "pl_off": "0",
}
TASMOTA_PLUG = {
    "name": "Heater",
    "stat_t": "tele/heater/STATE",
    "val_tpl": "{{value_json.POWER}}",
    "avty_t": "tele/heater/LWT",
    "pl_avail": "Online",
    "pl_not_avail": "Offline",
    "cmd_t": "cmnd/heater/POWER",
    "pl_off": "OFF",
    "pl_on": "ON",
    "uniq_id": "C45BBE_RL_1",
    "dev": {"ids": ["C45BBE"]},
}


def test_a_zigbee2mqtt_bulb() -> None:
    bulb = entity("light", ZIGBEE_BULB)
    assert bulb.name == "Bed Light"
    assert bulb.features == {"state", "brightness", "color", "color_temperature", "effect"}
    topic = "zigbee2mqtt/Bed Light"
    report = {"brightness": 127, "color": {"x": 0.4, "y": 0.4}, "color_mode": "xy", "state": "ON"}
    state = told("light", ZIGBEE_BULB, (topic, json.dumps(report)))
    assert state.value == "on"
    assert state.attributes == {
        "brightness": 50,
        "xy_color": (0.4, 0.4),
        "effects": ("blink", "breathe"),
        "color_temperature_min": 2000,
        "color_temperature_max": 6536,
    }
    ((where, payload),) = sent("light", ZIGBEE_BULB, "turn_on", color=(255, 0, 0), brightness=100)
    assert where == f"{topic}/set"
    assert json.loads(payload) == {
        "state": "ON",
        "brightness": 254,
        "color": {"x": 0.6401, "y": 0.33},
    }


def test_a_zigbee2mqtt_bulb_that_is_unplugged() -> None:
    up, down = '{"state":"online"}', '{"state":"offline"}'
    bridge, bulb = "zigbee2mqtt/bridge/state", "zigbee2mqtt/Bed Light/availability"
    assert told("light", ZIGBEE_BULB, (bridge, up), (bulb, down)).value == "unavailable"


def test_a_zigbee2mqtt_blind() -> None:
    topic = "zigbee2mqtt/Blind"
    assert sent("cover", ZIGBEE_BLIND, "set_position", position=30) == [
        (f"{topic}/set", '{ "position": 30 }')
    ]
    assert told("cover", ZIGBEE_BLIND, (topic, '{"position":30,"moving":"UP"}')).value == "opening"
    still = told("cover", ZIGBEE_BLIND, (topic, '{"position":30,"moving":"STOP"}'))
    assert (still.value, still.attributes) == ("open", {"position": 30})


def test_a_zigbee2mqtt_blind_that_is_shut_is_closed() -> None:
    topic = "zigbee2mqtt/Blind"
    assert told("cover", ZIGBEE_BLIND, (topic, '{"position":0,"moving":"STOP"}')).value == "closed"


def test_a_zigbee2mqtt_lock() -> None:
    assert sent("lock", ZIGBEE_LOCK, "unlock") == [("zigbee2mqtt/Front Door/set", "UNLOCK")]
    state = told("lock", ZIGBEE_LOCK, ("zigbee2mqtt/Front Door", '{"state":"LOCK"}'))
    assert state.value == "locked"


def test_a_zigbee2mqtt_thermometer_and_a_contact() -> None:
    thermometer = entity("sensor", ZIGBEE_THERMOMETER)
    assert (thermometer.name, thermometer.unit) == ("Bathroom Temperature", "°C")
    state = told("sensor", ZIGBEE_THERMOMETER, ("zigbee2mqtt/Bathroom", '{"temperature":21.50}'))
    assert state.value == "21.5"
    contact = told("binary_sensor", ZIGBEE_CONTACT, ("zigbee2mqtt/Cellar", '{"contact":false}'))
    assert contact.value == "on"


def test_an_esphome_light() -> None:
    assert entity("light", ESPHOME_LIGHT).features == {"state", "brightness", "color"}
    state = told(
        "light",
        ESPHOME_LIGHT,
        ("desk/status", "online"),
        ("desk/light/desk/state", '{"color_mode":"rgb","state":"ON","brightness":255,'
         '"color":{"r":255,"g":0,"b":0}}'),
    )  # fmt: skip
    assert state.value == "on"
    assert state.attributes == {"brightness": 100, "color": (255, 0, 0)}


def test_an_openbeken_plug() -> None:
    assert sent("switch", OPENBEKEN_PLUG, "turn_on") == [("obk1A2B/1/set", "1")]
    assert told("switch", OPENBEKEN_PLUG, ("obk1A2B/1/get", "1")).value == "on"
    assert entity("switch", OPENBEKEN_PLUG).name == "Plug Relay"


def test_a_tasmota_plug() -> None:
    state = told(
        "switch",
        TASMOTA_PLUG,
        ("tele/heater/LWT", "Online"),
        ("tele/heater/STATE", '{"Time":"2026-01-01T00:00:00","POWER":"ON"}'),
    )
    assert state.value == "on"
    assert sent("switch", TASMOTA_PLUG, "turn_off") == [("cmnd/heater/POWER", "OFF")]
