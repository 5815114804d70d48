"""Thermostats."""

from collections.abc import Mapping
from typing import Any

from hub.mqtt.config import Config
from hub.mqtt.entity import UNKNOWN, VALUE, Changes, Command, Parts
from hub.mqtt.publication import Publication
from hub.mqtt.readings import attribute, reading

_DEFAULT_MODES = ("auto", "off", "cool", "heat", "dry", "fan_only")
_ON_MODES = ("heat_cool", "auto", "heat", "cool")
"""What "on" means for a thermostat without a power switch: the first that it knows."""


def climate(config: Config) -> Parts:
    """Read a thermostat; its state is its mode.

    `set_temperature` takes `temperature` in the thermostat's unit, `set_mode` takes `mode`.
    """
    modes = config.texts("modes") or _DEFAULT_MODES
    commands: dict[str, Command] = {}
    temperature = config.command("temperature_command_topic", "temperature_command_template")
    if temperature is not None:

        def set_temperature(values: Mapping[str, Any]) -> tuple[Publication, ...]:
            return (temperature(str(values["temperature"])),)

        commands["set_temperature"] = set_temperature
    mode = config.command("mode_command_topic", "mode_command_template")
    if mode is not None:
        commands["set_mode"] = lambda values: (mode(str(values["mode"])),)
        on = next((known for known in _ON_MODES if known in modes), None)
        if on is not None:
            commands["turn_on"] = lambda _: (mode(on),)
        if "off" in modes:
            commands["turn_off"] = lambda _: (mode("off"),)
    power = config.command("power_command_topic", "power_command_template")
    if power is not None:
        on_payload, off_payload = config.text("payload_on", "ON"), config.text("payload_off", "OFF")
        commands["turn_on"] = lambda _: (power(on_payload),)
        commands["turn_off"] = lambda _: (power(off_payload),)

    def read_mode(text: str) -> Changes:
        return {VALUE: text if text in modes else UNKNOWN}

    readings = (
        *reading(config, "mode_state_topic", "mode_state_template", read_mode),
        *reading(
            config,
            "current_temperature_topic",
            "current_temperature_template",
            attribute("current_temperature"),
        ),
        *reading(
            config,
            "temperature_state_topic",
            "temperature_state_template",
            attribute("temperature"),
        ),
        *reading(
            config,
            "current_humidity_topic",
            "current_humidity_template",
            attribute("current_humidity"),
        ),
    )
    offers = {
        "state": "mode_state_topic" in config,
        "temperature": temperature is not None,
        "mode": mode is not None,
    }
    unit = config.text("temperature_unit", "C").removeprefix("°")
    return Parts(
        features=frozenset(name for name, offered in offers.items() if offered),
        readings=readings,
        commands=commands,
        unit=f"°{unit}",
    )
