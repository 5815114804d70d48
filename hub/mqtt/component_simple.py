"""Components with one state or one command: switches, sensors, scenes, buttons."""

from collections.abc import Callable

from hub.mqtt import commands
from hub.mqtt.config import Config
from hub.mqtt.entity import UNKNOWN, VALUE, Changes, Parts
from hub.mqtt.lapses import lapse
from hub.mqtt.readings import MAX_WORD_CHARS, number, reading, tidy, words


def switch(config: Config) -> Parts:
    """Read a switch."""
    on, off = config.text("payload_on", "ON"), config.text("payload_off", "OFF")
    meanings = {config.text("state_on", on): "on", config.text("state_off", off): "off"}
    message = config.needed_command("command_topic", "command_template")
    return Parts(
        features=frozenset({"state"} if "state_topic" in config else ()),
        readings=reading(config, "state_topic", "value_template", words(meanings)),
        commands={
            "turn_on": commands.word(message, on),
            "turn_off": commands.word(message, off),
        },
    )


def sensor(config: Config) -> Parts:
    """Read a sensor. Its state is its value, a number without needless zeros."""
    config.topic("state_topic")
    return Parts(
        features=frozenset({"state"}),
        readings=reading(config, "state_topic", "value_template", _value),
        lapses=lapse(config, "expire_after"),
        unit=config.optional_text("unit_of_measurement"),
    )


def binary_sensor(config: Config) -> Parts:
    """Read a sensor that is on or off."""
    config.topic("state_topic")
    on, off = config.text("payload_on", "ON"), config.text("payload_off", "OFF")
    return Parts(
        features=frozenset({"state"}),
        readings=reading(config, "state_topic", "value_template", words({on: "on", off: "off"})),
        lapses=(*lapse(config, "expire_after"), *lapse(config, "off_delay", "off", "on")),
    )


def one_command(verb: str, payload_key: str, default: str) -> Callable[[Config], Parts]:
    """Return the reader of a component that only takes one command and tells nothing."""

    def read(config: Config) -> Parts:
        message = config.needed_command("command_topic", "command_template")
        return Parts(commands={verb: commands.word(message, config.text(payload_key, default))})

    return read


def notify(config: Config) -> Parts:
    """Read something that shows or says messages. `notify` takes `message`."""
    message = config.needed_command("command_topic", "command_template")
    return Parts(commands=commands.value(message, "notify", "message", str))


def _value(text: str) -> Changes:
    if text in {"", "None", "unknown", "unavailable"}:
        return {VALUE: UNKNOWN}
    value = number(text)
    return {VALUE: text[:MAX_WORD_CHARS] if value is None else str(tidy(value))}
