"""Lights of the default schema: a topic for each property."""

from collections.abc import Callable, Mapping
from typing import Any

from hub.mqtt import commands
from hub.mqtt.colors import Rgb, rgb_to_hs, rgb_to_rgbw, rgb_to_rgbww, rgb_to_xy
from hub.mqtt.component_light_values import (
    Warmth,
    brightness_scale,
    effect,
    effect_facts,
    hs_color,
    percent,
    rgb_color,
    scaled,
    warmth,
    white_color,
    xy_color,
)
from hub.mqtt.config import Config, Message
from hub.mqtt.entity import Changes, Command, Parts, Reading
from hub.mqtt.publication import Publication
from hub.mqtt.readings import reading, words

_COLOR_FORMS: Mapping[str, tuple[tuple[str, ...], Callable[[Rgb], tuple[float, ...]]]] = {
    "rgb": (("red", "green", "blue"), lambda rgb: rgb),
    "rgbw": (("red", "green", "blue", "white"), rgb_to_rgbw),
    "rgbww": (("red", "green", "blue", "cold_white", "warm_white"), rgb_to_rgbww),
    "hs": (("hue", "sat"), rgb_to_hs),
    "xy": (("x", "y"), rgb_to_xy),
}
"""How a colour is told: the names of its parts in templates, and where they come from."""
_COLOR_READINGS: Mapping[str, Callable[[str], Changes]] = {
    "rgb": rgb_color,
    "rgbw": white_color(4),
    "rgbww": white_color(5),
    "hs": hs_color,
    "xy": xy_color,
}
_WHITE = (255, 255, 255)


def basic_light(config: Config) -> Parts:
    """Read a light of the default schema."""
    scale, degrees = brightness_scale(config), warmth(config)
    on, off = config.text("payload_on", "ON"), config.text("payload_off", "OFF")
    switch = config.needed_command("command_topic", "command_template")
    effects = config.texts("effect_list") if "effect_command_topic" in config else ()
    return Parts(
        features=_features(config, effects),
        readings=(*_readings(config, scale, degrees, on, off), *_color_readings(config)),
        commands={
            "turn_on": _turn_on(config, scale, degrees, on, effects),
            "turn_off": commands.word(switch, off),
        },
        recalls=_recalls(config),
        facts=effect_facts(effects)
        | (degrees.facts() if "color_temp_command_topic" in config else {}),
    )


def _recalls(config: Config) -> Mapping[str, frozenset[str]]:
    """A light that is turned on by its brightness gets as bright as it was."""
    if config.text("on_command_type", "last") != "brightness":
        return {}
    return {"turn_on": frozenset({"brightness"})}


def _features(config: Config, effects: tuple[str, ...]) -> frozenset[str]:
    offers = {
        "state": ("state_topic",),
        "brightness": ("brightness_command_topic",),
        "color": tuple(f"{form}_command_topic" for form in _COLOR_FORMS),
        "color_temperature": ("color_temp_command_topic",),
    }
    known = {name for name, keys in offers.items() if any(key in config for key in keys)}
    return frozenset(known | ({"effect"} if effects else set()))


def _readings(
    config: Config, scale: float, degrees: Warmth, on: str, off: str
) -> tuple[Reading, ...]:
    template = "state_value_template" if "state_value_template" in config else "value_template"
    return (
        *reading(config, "state_topic", template, words({on: "on", off: "off"})),
        *reading(config, "brightness_state_topic", "brightness_value_template", percent(scale)),
        *reading(config, "color_temp_state_topic", "color_temp_value_template", degrees.read),
        *reading(config, "effect_state_topic", "effect_value_template", effect),
        *reading(config, "color_mode_state_topic", "color_mode_value_template", _color_mode),
    )


def _color_readings(config: Config) -> tuple[Reading, ...]:
    return tuple(
        one
        for form, read in _COLOR_READINGS.items()
        for one in reading(config, f"{form}_state_topic", f"{form}_value_template", read)
    )


def _color_mode(text: str) -> Changes:
    """Forget what the light does not show now."""
    if text == "color_temp":
        return {"color": None, "xy_color": None}
    return {"color_temperature": None} if text in _COLOR_FORMS else {}


def _turn_on(
    config: Config, scale: float, degrees: Warmth, on: str, effects: tuple[str, ...]
) -> Command:
    order = config.choice("on_command_type", ("last", "first", "brightness"), "last")
    switch = config.needed_command("command_topic", "command_template")
    brightness = config.command("brightness_command_topic", "brightness_command_template")
    temperature = config.command("color_temp_command_topic", "color_temp_command_template")
    play = config.command("effect_command_topic", "effect_command_template")
    choose = commands.one_of(effects)
    color, white = _color(config), _white(config)

    def turn_on(values: Mapping[str, Any]) -> tuple[Publication, ...]:
        style: list[Publication] = []
        level, rgb = values.get("brightness"), values.get("color")
        is_lit = False
        whole = white is not None and rgb is not None and tuple(rgb) == _WHITE
        if white is not None and whole and level is not None:
            style.append(white(level))
            is_lit = True  # it has told how bright, too
        elif color is not None and rgb is not None:
            style.append(color(rgb))
        if temperature is not None and (wanted_k := values.get("color_temperature")) is not None:
            style.append(temperature(degrees.own(wanted_k)))
        if play is not None and effects and (name := values.get("effect")) is not None:
            style.append(play(choose(name)))
        if brightness is not None and not (is_lit or (level is None and order != "brightness")):
            style.append(brightness(scaled(100 if level is None else level, scale)))
        if order == "brightness" and brightness is not None:
            return tuple(style)
        return (switch(on), *style) if order == "first" else (*style, switch(on))

    return turn_on


def _white(config: Config) -> Callable[[float], Publication] | None:
    """Return what lights the white channel, so many percent bright."""
    message = config.command("white_command_topic", "white_command_template")
    scale = brightness_scale(config, "white_scale")
    return None if message is None else lambda level: message(scaled(level, scale))


def _color(config: Config) -> Callable[[Rgb], Publication] | None:
    """Return what makes a colour's message, in the first of the ways that the light offers."""
    for form, (names, convert) in _COLOR_FORMS.items():
        message = config.command(f"{form}_command_topic", f"{form}_command_template")
        if message is not None:

            def publication(
                rgb: Rgb,
                message: Message = message,
                names: tuple[str, ...] = names,
                convert: Callable[[Rgb], tuple[float, ...]] = convert,
            ) -> Publication:
                parts = convert(rgb)
                text = ",".join(str(part) for part in parts)
                return message(text, **dict(zip(names, parts, strict=True)))

            return publication
    return None
