"""Lights, in each of the three schemas in which they speak."""

from hub.mqtt.component_light_basic import basic_light
from hub.mqtt.component_light_json import json_light
from hub.mqtt.component_light_template import template_light
from hub.mqtt.config import Config
from hub.mqtt.entity import Parts

_SCHEMAS = {
    "basic": basic_light,
    "default": basic_light,
    "json": json_light,
    "template": template_light,
}


def light(config: Config) -> Parts:
    """Read a light.

    `turn_on` takes `brightness` (%), `color` (RGB), `color_temperature` (K) and `effect`; what a
    light does not know, it leaves out.
    """
    return _SCHEMAS[config.choice("schema", _SCHEMAS, "basic")](config)
