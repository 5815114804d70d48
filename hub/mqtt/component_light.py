"""Lights: the default schema (a topic for each property) and the JSON schema (one for all)."""

from collections.abc import Callable, Mapping
from typing import Any

import orjson

from hub.mqtt.colors import Rgb, hs_to_rgb, kelvin_to_mireds, rgb_to_hs, rgb_to_xy
from hub.mqtt.config import Config
from hub.mqtt.entity import VALUE, Changes, Command, Parts
from hub.mqtt.errors import DiscoveryError
from hub.mqtt.publication import Publication
from hub.mqtt.readings import json_object, number, reading, words
from hub.mqtt.templates import Template

_COLOR_MODES = ("rgb", "rgbw", "rgbww", "hs", "xy")
_COLOR_FORMS: Mapping[str, tuple[tuple[str, ...], Callable[[Rgb], tuple[float, ...]]]] = {
    "rgb": (("red", "green", "blue"), lambda rgb: rgb),
    "hs": (("hue", "sat"), rgb_to_hs),
    "xy": (("x", "y"), rgb_to_xy),
}
"""How a colour is told: the names of its parts in templates, and where they come from."""


def light(config: Config) -> Parts:
    """Read a light. Its commands take `brightness` (%), `color` (RGB), `color_temperature` (K)."""
    schema = config.text("schema", "basic")
    if schema == "json":
        return _json_light(config)
    if schema in {"basic", "default"}:
        return _basic_light(config)
    raise DiscoveryError("unsupported", f"The light schema {schema!r} is not supported yet.")


def _basic_light(config: Config) -> Parts:
    scale = config.number("brightness_scale", 255)
    on, off = config.text("payload_on", "ON"), config.text("payload_off", "OFF")
    kelvin = config.flag("color_temp_kelvin")
    template = "state_value_template" if "state_value_template" in config else "value_template"
    readings = (
        *reading(config, "state_topic", template, words({on: "on", off: "off"})),
        *reading(config, "brightness_state_topic", "brightness_value_template", _percent(scale)),
        *reading(config, "rgb_state_topic", "rgb_value_template", _rgb_list),
        *reading(config, "hs_state_topic", "hs_value_template", _hs_list),
        *reading(
            config, "color_temp_state_topic", "color_temp_value_template", _temperature(kelvin)
        ),
    )
    return Parts(
        features=_basic_features(config),
        readings=readings,
        commands={
            "turn_on": _basic_turn_on(config, scale, on, kelvin=kelvin),
            "turn_off": lambda _: (_switch(config, off),),
        },
    )


def _basic_features(config: Config) -> frozenset[str]:
    offers = {
        "state": ("state_topic",),
        "brightness": ("brightness_command_topic",),
        "color": ("rgb_command_topic", "hs_command_topic", "xy_command_topic"),
        "color_temperature": ("color_temp_command_topic",),
    }
    return frozenset(name for name, keys in offers.items() if any(key in config for key in keys))


def _switch(config: Config, payload: str) -> Publication:
    return Publication(config.topic("command_topic"), payload, retain=config.flag("retain"))


def _basic_turn_on(config: Config, scale: float, on: str, *, kelvin: bool) -> Command:
    order = config.text("on_command_type", "last")
    switch = _switch(config, on)
    brightness = config.command("brightness_command_topic", "brightness_command_template")
    temperature = config.command("color_temp_command_topic", "color_temp_command_template")
    color = _basic_color(config)

    def turn_on(values: Mapping[str, Any]) -> tuple[Publication, ...]:
        style: list[Publication] = []
        if color is not None and (rgb := values.get("color")) is not None:
            style.append(color(rgb))
        if temperature is not None and (wanted_k := values.get("color_temperature")) is not None:
            style.append(temperature(str(wanted_k if kelvin else kelvin_to_mireds(wanted_k))))
        percent = values.get("brightness")
        if brightness is not None and (percent is not None or order == "brightness"):
            style.append(brightness(str(_scaled(100 if percent is None else percent, scale))))
        if order == "brightness" and brightness is not None:
            return tuple(style)
        return (switch, *style) if order == "first" else (*style, switch)

    return turn_on


def _basic_color(config: Config) -> Callable[[Rgb], Publication] | None:
    """Return what makes a colour's message, in the first of the ways that the light offers."""
    for form, (names, convert) in _COLOR_FORMS.items():
        if f"{form}_command_topic" in config:
            return _color_command(config, form, names, convert)
    return None


def _color_command(
    config: Config, form: str, names: tuple[str, ...], convert: Callable[[Rgb], tuple[float, ...]]
) -> Callable[[Rgb], Publication]:
    topic, key = config.topic(f"{form}_command_topic"), f"{form}_command_template"
    template = Template(config.text(key, "")) if key in config else None
    retain = config.flag("retain")

    def publication(rgb: Rgb) -> Publication:
        numbers = convert(rgb)
        text = ",".join(str(part) for part in numbers)
        if template is not None:
            text = template.render(text, **dict(zip(names, numbers, strict=True)))
        return Publication(topic, text, retain=retain)

    return publication


def _json_light(config: Config) -> Parts:
    scale = config.number("brightness_scale", 255)
    kelvin = config.flag("color_temp_kelvin")
    modes = set(config.texts("supported_color_modes"))
    # Before there were colour modes, each had a flag of its own.
    modes |= {mode for mode in (*_COLOR_MODES, "color_temp") if _flagged(config, mode)}
    color_mode = next((mode for mode in _COLOR_MODES if mode in modes), None)
    features = {
        "state": "state_topic" in config,
        "brightness": _flagged(config, "brightness") or bool(modes - {"onoff"}),
        "color": color_mode is not None,
        "color_temperature": "color_temp" in modes,
    }

    def turn_on(values: Mapping[str, Any]) -> tuple[Publication, ...]:
        wanted: dict[str, Any] = {"state": "ON"}
        if (percent := values.get("brightness")) is not None:
            wanted["brightness"] = _scaled(percent, scale)
        if color_mode is not None and (rgb := values.get("color")) is not None:
            wanted["color"] = _json_color(color_mode, rgb)
        if (wanted_k := values.get("color_temperature")) is not None:
            wanted["color_temp"] = wanted_k if kelvin else kelvin_to_mireds(wanted_k)
        return (_switch(config, orjson.dumps(wanted).decode()),)

    _switch(config, "")  # refuse a light without a command topic now, not when it is used
    return Parts(
        features=frozenset(name for name, offered in features.items() if offered),
        readings=reading(config, "state_topic", "value_template", _json_state(scale, kelvin)),
        commands={"turn_on": turn_on, "turn_off": lambda _: (_switch(config, '{"state":"OFF"}'),)},
    )


def _flagged(config: Config, key: str) -> bool:
    return key in config and config.text(key, "") == "True"


def _json_state(scale: float, kelvin: bool) -> Callable[[str], Changes]:
    def read(text: str) -> Changes:
        state = json_object(text)
        changes: dict[str, Any] = {}
        value = {"ON": "on", "OFF": "off"}.get(str(state.get("state")))
        if value is not None:
            changes[VALUE] = value
        level: Any = state.get("brightness")
        if _is_number(level):
            changes["brightness"] = round(level / scale * 100)
        color = state.get("color")
        if isinstance(color, dict):
            changes["color"] = _rgb_of(color)
        changes.update(_temperature(kelvin)(str(state.get("color_temp"))))
        return changes

    return read


def _json_color(mode: str, rgb: Rgb) -> dict[str, float]:
    if mode == "hs":
        return dict(zip(("h", "s"), rgb_to_hs(rgb), strict=True))
    if mode == "xy":
        return dict(zip(("x", "y"), rgb_to_xy(rgb), strict=True))
    return dict(zip(("r", "g", "b"), rgb, strict=True))


def _rgb_of(color: Mapping[str, Any]) -> Rgb | None:
    """Return the colour of a JSON state; from x and y alone it can not be told exactly."""
    if all(_is_number(color.get(key)) for key in "rgb"):
        return round(color["r"]), round(color["g"]), round(color["b"])
    if all(_is_number(color.get(key)) for key in "hs"):
        return hs_to_rgb(color["h"], color["s"])
    return None


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _scaled(percent: float, scale: float) -> int:
    """Return a brightness on the light's own scale; what is not off stays on."""
    return max(1, round(percent * scale / 100)) if percent > 0 else 0


def _percent(scale: float) -> Callable[[str], Changes]:
    def read(text: str) -> Changes:
        level = number(text)
        return {} if level is None or not scale else {"brightness": round(level / scale * 100)}

    return read


def _temperature(kelvin: bool) -> Callable[[str], Changes]:
    def read(text: str) -> Changes:
        value = number(text)
        if value is None or value <= 0:
            return {}
        return {"color_temperature": round(value) if kelvin else kelvin_to_mireds(value)}

    return read


def _rgb_list(text: str) -> Changes:
    parts = [number(part) for part in text.split(",")]
    red, green, blue = (parts + [None] * 3)[:3]
    if red is None or green is None or blue is None:
        return {}
    return {"color": (round(red), round(green), round(blue))}


def _hs_list(text: str) -> Changes:
    parts = [number(part) for part in text.split(",")]
    hue, saturation = (parts + [None] * 2)[:2]
    return {} if hue is None or saturation is None else {"color": hs_to_rgb(hue, saturation)}
