"""Lights of the template schema: one topic, and templates that write and read its messages."""

from collections.abc import Callable, Mapping
from typing import Any

from hub.mqtt import commands
from hub.mqtt.colors import rgb_to_hs
from hub.mqtt.component_light_values import effect, effect_facts, percent, scaled, warmth
from hub.mqtt.config import Config, Message, Render
from hub.mqtt.entity import Changes, Parts, Reading
from hub.mqtt.errors import DiscoveryError
from hub.mqtt.publication import Publication
from hub.mqtt.readings import number, reading, words

_SCALE = 255
_CHANNELS = ("red", "green", "blue")


def template_light(config: Config) -> Parts:
    """Read a light of the template schema."""
    on, off = (_written(config, f"command_{way}_template") for way in ("on", "off"))
    degrees = warmth(config)
    effects = config.texts("effect_list")
    choose = commands.one_of(effects)
    offers = {
        "state": "state_topic" in config,
        "brightness": "brightness_template" in config,
        "color": all(f"{channel}_template" in config for channel in _CHANNELS),
        "color_temperature": "color_temp_template" in config,
        "effect": bool(effects),
    }

    def turn_on(values: Mapping[str, Any]) -> tuple[Publication, ...]:
        named: dict[str, Any] = {"state": "on"}
        if offers["brightness"] and (level := values.get("brightness")) is not None:
            named["brightness"] = scaled(level, _SCALE)
        if (
            offers["color_temperature"]
            and (wanted_k := values.get("color_temperature")) is not None
        ):
            named["color_temp"] = degrees.own(wanted_k)
        if offers["color"] and (rgb := values.get("color")) is not None:
            named |= dict(zip((*_CHANNELS, "hue", "sat"), (*rgb, *rgb_to_hs(rgb)), strict=True))
        if effects and (name := values.get("effect")) is not None:
            named["effect"] = choose(name)
        return (on("on", **named),)

    return Parts(
        features=frozenset(name for name, offered in offers.items() if offered),
        readings=(
            *reading(config, "state_topic", "state_template", words({"on": "on", "off": "off"})),
            *_reading(config, "brightness_template", percent(_SCALE)),
            *_reading(config, "color_temp_template", degrees.read),
            *_reading(config, "effect_template", effect),
            *(_colors(config) if offers["color"] else ()),
        ),
        commands={"turn_on": turn_on, "turn_off": lambda _: (off("off", state="off"),)},
        facts=effect_facts(effects) | (degrees.facts() if offers["color_temperature"] else {}),
    )


def _written(config: Config, key: str) -> Message:
    if key not in config:
        raise DiscoveryError("bad-config", f"{key!r} is missing.")
    return config.needed_command("command_topic", key)


def _reading(config: Config, key: str, read: Callable[[str], Changes]) -> tuple[Reading, ...]:
    return reading(config, "state_topic", key, read) if key in config else ()


def _colors(config: Config) -> tuple[Reading, ...]:
    """Return the one reading of three templates."""
    renders: list[Render] = [config.render(f"{channel}_template") for channel in _CHANNELS]

    def joined(payload: str) -> str:
        return ",".join(render(payload) for render in renders)

    def read(text: str) -> Changes:
        told = [number(part) for part in text.split(",")]
        parts = [min(max(round(part), 0), 255) for part in told if part is not None]
        return {"color": tuple(parts)} if len(parts) == len(told) == len(_CHANNELS) else {}

    topic = config.optional_topic("state_topic")
    return () if topic is None else (Reading(topic, joined, read),)
