"""Humidifiers and dehumidifiers."""

from typing import Any

from hub.mqtt import commands
from hub.mqtt.config import Config
from hub.mqtt.entity import Parts
from hub.mqtt.readings import attribute, reading, said, words


def humidifier(config: Config) -> Parts:
    """Read a humidifier. `set_humidity` takes `humidity` (%), `set_mode` takes `mode`."""
    on, off = config.text("payload_on", "ON"), config.text("payload_off", "OFF")
    switch = config.needed_command("command_topic", "command_template")
    target = config.needed_command(
        "target_humidity_command_topic", "target_humidity_command_template"
    )
    mode = config.command("mode_command_topic", "mode_command_template")
    modes = config.texts("modes")
    least, most = config.span("min_humidity", 0, "max_humidity", 100)
    readings = (
        *reading(config, "state_topic", "state_value_template", words({on: "on", off: "off"})),
        *reading(
            config,
            "target_humidity_state_topic",
            "target_humidity_state_template",
            attribute("humidity", none=config.text("payload_reset_humidity", "None")),
        ),
        *reading(
            config,
            "current_humidity_topic",
            "current_humidity_template",
            attribute("current_humidity"),
        ),
        *reading(
            config,
            "mode_state_topic",
            "mode_state_template",
            said("mode", modes, config.text("payload_reset_mode", "None")),
        ),
        *reading(config, "action_topic", "action_template", said("action")),
    )
    offers = {"state": "state_topic" in config, "humidity": True, "mode": mode is not None}
    facts: dict[str, Any] = {"min": commands.as_number(least), "max": commands.as_number(most)}
    return Parts(
        features=frozenset(name for name, offered in offers.items() if offered),
        readings=readings,
        commands={
            "turn_on": commands.word(switch, on),
            "turn_off": commands.word(switch, off),
            **commands.value(target, "set_humidity", "humidity", commands.within(least, most)),
            **commands.value(mode, "set_mode", "mode", commands.one_of(modes)),
        },
        unit="%",
        facts=facts | ({"options": modes} if modes else {}),
    )
