"""Fans: speed, presets, oscillation and direction."""

import math
from collections.abc import Callable, Mapping
from typing import Any

from hub.mqtt import commands
from hub.mqtt.config import Config, Message
from hub.mqtt.entity import VALUE, Changes, Command, Parts
from hub.mqtt.publication import Publication
from hub.mqtt.readings import number, reading, said, words

_DIRECTIONS = ("forward", "reverse")


def fan(config: Config) -> Parts:
    """Read a fan.

    `set_percentage` takes `percentage`, `oscillate` takes `oscillating`, `set_preset` takes
    `preset`, `set_direction` takes `direction` ("forward" or "reverse").
    """
    on, off = config.text("payload_on", "ON"), config.text("payload_off", "OFF")
    switch = config.needed_command("command_topic", "command_template")
    least, most = config.span("speed_range_min", 1, "speed_range_max", 100)
    presets = config.texts("preset_modes")
    swings = {
        True: config.text("payload_oscillation_on", "oscillate_on"),
        False: config.text("payload_oscillation_off", "oscillate_off"),
    }
    ways = {way: config.text(f"payload_direction_{way}", way) for way in _DIRECTIONS}
    speed = config.command("percentage_command_topic", "percentage_command_template")
    swing = config.command("oscillation_command_topic", "oscillation_command_template")
    direction = config.command("direction_command_topic", "direction_command_template")
    preset = config.command("preset_mode_command_topic", "preset_mode_command_template")
    made: dict[str, Command] = {
        "turn_on": commands.word(switch, on),
        "turn_off": commands.word(switch, off),
        **_speed(speed, switch, off, least, most),
        **commands.value(swing, "oscillate", "oscillating", lambda wanted: swings[bool(wanted)]),
        **commands.value(
            direction,
            "set_direction",
            "direction",
            lambda wanted: ways[commands.one_of(_DIRECTIONS)(wanted)],
        ),
        **commands.value(preset, "set_preset", "preset", commands.one_of(presets)),
    }
    told = "state_topic" in config
    readings = (
        *reading(config, "state_topic", "state_value_template", words({on: "on", off: "off"})),
        *reading(
            config,
            "percentage_state_topic",
            "percentage_value_template",
            _percentage(config, least, most, told=told),
        ),
        *reading(
            config,
            "preset_mode_state_topic",
            "preset_mode_value_template",
            said("preset", presets, config.text("payload_reset_preset_mode", "None")),
        ),
        *reading(
            config,
            "oscillation_state_topic",
            "oscillation_value_template",
            _meant("oscillating", {payload: meant for meant, payload in swings.items()}),
        ),
        *reading(
            config,
            "direction_state_topic",
            "direction_value_template",
            _meant("direction", {payload: way for way, payload in ways.items()}),
        ),
    )
    offers = {
        "state": told or "percentage_state_topic" in config,
        "percentage": speed is not None,
        "oscillate": swing is not None,
        "direction": direction is not None,
        "preset": preset is not None,
    }
    facts: dict[str, Any] = {"presets": presets} if presets else {}
    if speed is not None:
        facts["step"] = round(100 / (most - least + 1), 2)
    return Parts(
        features=frozenset(name for name, offered in offers.items() if offered),
        readings=readings,
        commands=made,
        facts=facts,
    )


def _speed(
    speed: Message | None, switch: Message, off: str, least: float, most: float
) -> dict[str, Command]:
    """Return the command that sets a speed; none at all means off."""
    if speed is None:
        return {}

    def set_percentage(values: Mapping[str, Any]) -> tuple[Publication, ...]:
        percent = values["percentage"]
        if percent <= 0:
            return (switch(off),)
        # Up, not down: what is asked to turn must not stand still.
        return (speed(math.ceil(round(least - 1 + percent * (most - least + 1) / 100, 6))),)

    return {"set_percentage": set_percentage}


def _percentage(
    config: Config, least: float, most: float, *, told: bool
) -> Callable[[str], Changes]:
    reset = config.text("payload_reset_percentage", "None")

    def read(text: str) -> Changes:
        if text == reset:
            return {"percentage": None}
        value = number(text)
        if value is None:
            return {}
        percent = round((value - least + 1) / (most - least + 1) * 100)
        changes: dict[str, Any] = {"percentage": min(max(percent, 0), 100)}
        if not told:
            changes[VALUE] = "on" if percent > 0 else "off"
        return changes

    return read


def _meant(name: str, meanings: Mapping[str, Any]) -> Callable[[str], Changes]:
    """Read one of a few words into an attribute."""
    return lambda text: {name: meanings[text]} if text in meanings else {}
