"""Lights of the JSON schema: one topic, and an object with everything."""

from collections.abc import Callable, Mapping
from typing import Any

import orjson

from hub.mqtt import commands
from hub.mqtt.colors import (
    Rgb,
    hs_to_rgb,
    rgb_to_hs,
    rgb_to_rgbw,
    rgb_to_rgbww,
    rgb_to_xy,
    rgbw_to_rgb,
)
from hub.mqtt.component_light_values import (
    Warmth,
    brightness_scale,
    effect,
    effect_facts,
    percent,
    scaled,
    warmth,
)
from hub.mqtt.config import Config
from hub.mqtt.entity import UNKNOWN, VALUE, Changes, Parts
from hub.mqtt.publication import Publication
from hub.mqtt.readings import is_number, json_object, reading

_COLOR_FORMS: Mapping[str, tuple[str, Callable[[Rgb], tuple[float, ...]]]] = {
    "rgb": ("rgb", lambda rgb: rgb),
    "rgbw": ("rgbw", rgb_to_rgbw),
    "rgbww": ("rgbcw", rgb_to_rgbww),
    "hs": ("hs", rgb_to_hs),
    "xy": ("xy", rgb_to_xy),
}
"""The keys of a colour's parts, a letter each, and where they come from."""


def json_light(config: Config) -> Parts:
    """Read a light of the JSON schema."""
    scale, degrees = brightness_scale(config), warmth(config)
    switch = config.needed_command("command_topic", "command_template")
    modes = set(config.texts("supported_color_modes"))
    # Before there were colour modes, each had a flag of its own.
    modes |= {mode for mode in (*_COLOR_FORMS, "color_temp") if _flagged(config, mode)}
    form = next((form for form in _COLOR_FORMS if form in modes), None)
    effects = config.texts("effect_list") if _flagged(config, "effect") else ()
    choose = commands.one_of(effects)
    offers = {
        "state": "state_topic" in config,
        "brightness": _flagged(config, "brightness") or bool(modes - {"onoff"}),
        "color": form is not None,
        "color_temperature": "color_temp" in modes,
        "effect": bool(effects),
    }

    def turn_on(values: Mapping[str, Any]) -> tuple[Publication, ...]:
        wanted: dict[str, Any] = {"state": "ON"}
        if offers["brightness"] and (level := values.get("brightness")) is not None:
            wanted["brightness"] = scaled(level, scale)
        if form is not None and (rgb := values.get("color")) is not None:
            keys, convert = _COLOR_FORMS[form]
            wanted["color"] = dict(zip(keys, convert(rgb), strict=True))
        if (
            offers["color_temperature"]
            and (wanted_k := values.get("color_temperature")) is not None
        ):
            wanted["color_temp"] = degrees.own(wanted_k)
        if effects and (name := values.get("effect")) is not None:
            wanted["effect"] = choose(name)
        return (switch(orjson.dumps(wanted).decode()),)

    return Parts(
        features=frozenset(name for name, offered in offers.items() if offered),
        readings=reading(config, "state_topic", "value_template", _state(scale, degrees)),
        commands={"turn_on": turn_on, "turn_off": commands.word(switch, '{"state":"OFF"}')},
        facts=effect_facts(effects) | (degrees.facts() if offers["color_temperature"] else {}),
    )


def _flagged(config: Config, key: str) -> bool:
    return key in config and config.flag(key)


def _state(scale: float, degrees: Warmth) -> Callable[[str], Changes]:
    read_brightness = percent(scale)

    def read(text: str) -> Changes:
        state = json_object(text)
        changes: dict[str, Any] = {}
        value = {"ON": "on", "OFF": "off"}.get(str(state.get("state")))
        if value is not None:
            changes[VALUE] = value
        elif "state" in state and state["state"] is None:
            changes[VALUE] = UNKNOWN
        if is_number(state.get("brightness")):
            changes |= read_brightness(str(state["brightness"]))
        if isinstance(state.get("effect"), str):
            changes |= effect(state["effect"])
        mode = state.get("color_mode")
        if mode == "color_temp":
            changes |= {"color": None, "xy_color": None}
        elif isinstance(color := state.get("color"), dict):
            changes |= _color(color)
        if mode in _COLOR_FORMS:
            changes["color_temperature"] = None
        else:
            changes |= degrees.read(str(state.get("color_temp")))
        return changes

    return read


def _color(color: Mapping[str, Any]) -> dict[str, Any]:
    """Read a colour; from x and y alone it can not be told exactly."""
    told = {key: float(part) for key, part in color.items() if is_number(part)}
    if told.keys() >= set("rgb"):
        whites = [told[key] for key in "cw" if key in told]
        return {"color": rgbw_to_rgb(told["r"], told["g"], told["b"], *whites)}
    if told.keys() >= set("hs"):
        return {"color": hs_to_rgb(told["h"], told["s"])}
    if told.keys() >= set("xy"):
        return {"color": None, "xy_color": (told["x"], told["y"])}
    return {}
