"""Thermostats and air conditioners."""

from collections.abc import Callable, Mapping
from typing import Any

from hub.mqtt import commands
from hub.mqtt.config import Config, Message
from hub.mqtt.entity import UNKNOWN, VALUE, Changes, Command, Parts, Reading
from hub.mqtt.errors import DiscoveryError
from hub.mqtt.publication import Publication
from hub.mqtt.readings import attribute, reading, said

_MODES = ("auto", "off", "cool", "heat", "dry", "fan_only")
_FAN_MODES = ("auto", "low", "medium", "high")
_SWING_MODES = ("on", "off")
_ON_MODES = ("heat_cool", "auto", "heat", "cool")
"""What "on" means for a thermostat without a power switch: the first that it knows."""
_RANGES = {"C": (7, 35), "F": (45, 95)}


def climate(config: Config) -> Parts:
    """Read a thermostat; its state is its mode.

    `set_temperature` takes `temperature` in the thermostat's unit, `set_temperature_range` takes
    `low` and `high`, `set_humidity` takes `humidity` (%). `set_mode`, `set_fan_mode`,
    `set_swing_mode` and `set_preset` take `mode`, `fan_mode`, `swing_mode` and `preset`.
    """
    modes = config.texts("modes") or _MODES
    unit = temperature_unit(config)
    least, most = config.span("min_temp", _RANGES[unit][0], "max_temp", _RANGES[unit][1])
    mode = config.command("mode_command_topic", "mode_command_template")
    temperature = config.command("temperature_command_topic", "temperature_command_template")
    humidity = config.command("target_humidity_command_topic", "target_humidity_command_template")
    span = _range(config, least, most)
    choices = _choices(config)
    made: dict[str, Command] = {
        **commands.value(
            temperature, "set_temperature", "temperature", commands.within(least, most)
        ),
        **span,
        **commands.value(
            humidity,
            "set_humidity",
            "humidity",
            commands.within(*config.span("min_humidity", 30, "max_humidity", 99)),
        ),
        **mode_commands(config, mode, modes, _ON_MODES),
    }
    facts: dict[str, Any] = range_facts(config, least, most) if temperature or span else {}
    if mode is not None:
        facts["options"] = modes
    features = {"temperature"} if temperature is not None else set()
    readings = [*mode_reading(config, modes), *temperature_readings(config)]
    for bound in ("low", "high"):
        readings += _attribute(config, f"temperature_{bound}_state", f"temperature_{bound}")
    readings += _attribute(config, "current_humidity", "current_humidity")
    readings += _attribute(config, "target_humidity_state", "humidity")
    readings += reading(config, "action_topic", "action_template", said("action"))
    for name, options, message, read in choices:
        readings += read
        if message is not None:
            made |= commands.value(message, f"set_{name}", name, commands.one_of(options))
            facts[f"{name}s"] = options
            features.add(name)
    offers = {
        "state": "mode_state_topic" in config,
        "mode": mode is not None,
        "humidity": humidity is not None,
        "temperature_range": bool(span),
    }
    return Parts(
        features=frozenset(features | {name for name, offered in offers.items() if offered}),
        readings=tuple(readings),
        commands=made,
        unit=f"°{unit}",
        facts=facts,
    )


def temperature_unit(config: Config) -> str:
    """Return "C" or "F"."""
    unit = config.text("temperature_unit", "C").removeprefix("°").upper()
    if unit not in _RANGES:
        raise DiscoveryError("bad-config", "'temperature_unit' must be C or F.")
    return unit


def range_facts(config: Config, least: float, most: float) -> dict[str, Any]:
    """Return from where to where, and in which steps, a temperature can be set."""
    facts = {"min": least, "max": most, "step": config.number("temp_step", 1)}
    return {name: commands.as_number(value) for name, value in facts.items()}


def mode_commands(
    config: Config, mode: Message | None, modes: tuple[str, ...], on_modes: tuple[str, ...]
) -> dict[str, Command]:
    """Return the commands that set a mode, and those that turn on and off."""
    made = commands.value(mode, "set_mode", "mode", commands.one_of(modes))
    if mode is not None:
        on = next((known for known in on_modes if known in modes), None)
        if on is not None:
            made["turn_on"] = commands.word(mode, on)
        if "off" in modes:
            made["turn_off"] = commands.word(mode, "off")
    power = config.command("power_command_topic", "power_command_template")
    if power is not None:
        made["turn_on"] = commands.word(power, config.text("payload_on", "ON"))
        made["turn_off"] = commands.word(power, config.text("payload_off", "OFF"))
    return made


def mode_reading(config: Config, modes: tuple[str, ...]) -> tuple[Reading, ...]:
    """Return the reading of the mode, which is the state as well."""

    def read(text: str) -> Changes:
        known = text in modes
        return {VALUE: text if known else UNKNOWN, "mode": text if known else None}

    return reading(config, "mode_state_topic", "mode_state_template", read)


def temperature_readings(config: Config) -> list[Reading]:
    """Return the readings of the temperature that is, and of the one that is wanted."""
    return [
        *_attribute(config, "current_temperature", "current_temperature"),
        *_attribute(config, "temperature_state", "temperature"),
    ]


def _attribute(config: Config, key: str, name: str) -> tuple[Reading, ...]:
    return reading(config, f"{key}_topic", f"{key}_template", attribute(name))


def _range(config: Config, least: float, most: float) -> dict[str, Command]:
    """Return the command that sets both ends of a range of temperatures."""
    low = config.command("temperature_low_command_topic", "temperature_low_command_template")
    high = config.command("temperature_high_command_topic", "temperature_high_command_template")
    if low is None or high is None:
        return {}
    allowed: Callable[[float], Any] = commands.within(least, most)

    def set_range(values: Mapping[str, Any]) -> tuple[Publication, ...]:
        if values["low"] > values["high"]:
            raise DiscoveryError("out-of-range", "The low temperature is above the high one.")
        return (low(allowed(values["low"])), high(allowed(values["high"])))

    return {"set_temperature_range": set_range}


def _choices(
    config: Config,
) -> list[tuple[str, tuple[str, ...], Message | None, tuple[Reading, ...]]]:
    """Return what can be chosen beside the mode: name, options, where to say it, what tells it."""
    presets = config.texts("preset_modes")
    fan_modes = config.texts("fan_modes") or _FAN_MODES
    swing_modes = config.texts("swing_modes") or _SWING_MODES
    return [
        (
            "fan_mode",
            fan_modes,
            config.command("fan_mode_command_topic", "fan_mode_command_template"),
            reading(
                config,
                "fan_mode_state_topic",
                "fan_mode_state_template",
                said("fan_mode", fan_modes),
            ),
        ),
        (
            "swing_mode",
            swing_modes,
            config.command("swing_mode_command_topic", "swing_mode_command_template"),
            reading(
                config,
                "swing_mode_state_topic",
                "swing_mode_state_template",
                said("swing_mode", swing_modes),
            ),
        ),
        (
            "preset",
            ("none", *presets),
            config.command("preset_mode_command_topic", "preset_mode_command_template")
            if presets
            else None,
            reading(
                config,
                "preset_mode_state_topic",
                "preset_mode_value_template",
                said("preset", ("none", *presets)),
            ),
        ),
    ]
