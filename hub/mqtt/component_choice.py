"""What holds a value that can be set: numbers, selections, texts."""

from collections.abc import Callable

from jinja2.exceptions import SecurityError

from hub.mqtt import commands
from hub.mqtt.config import Config
from hub.mqtt.entity import UNKNOWN, VALUE, Changes, Parts
from hub.mqtt.errors import DiscoveryError
from hub.mqtt.readings import MAX_WORD_CHARS, number, reading, tidy
from hub.mqtt.template_patterns import matches


def number_setting(config: Config) -> Parts:
    """Read a number. `set_value` takes `value`, from its fact `min` to its fact `max`."""
    message = config.needed_command("command_topic", "command_template")
    least, most = config.span("min", 1, "max", 100)
    step = config.number("step", 1)
    reset = config.text("payload_reset", "None")

    def read(text: str) -> Changes:
        if text == reset:
            return {VALUE: UNKNOWN}
        value = number(text)
        return {} if value is None else {VALUE: str(tidy(value))}

    return Parts(
        features=_told(config),
        readings=reading(config, "state_topic", "value_template", read),
        commands=commands.value(message, "set_value", "value", commands.within(least, most)),
        unit=config.optional_text("unit_of_measurement"),
        facts={
            name: commands.as_number(fact)
            for name, fact in (("min", least), ("max", most), ("step", step))
        },
    )


def select(config: Config) -> Parts:
    """Read a selection. `select_option` takes one of its fact `options`."""
    message = config.needed_command("command_topic", "command_template")
    options = config.texts("options")
    if not options:
        raise DiscoveryError("bad-config", "'options' is missing.")

    def read(text: str) -> Changes:
        if text == "None":
            return {VALUE: UNKNOWN}
        return {VALUE: text} if text in options else {}

    return Parts(
        features=_told(config),
        readings=reading(config, "state_topic", "value_template", read),
        commands=commands.value(message, "select_option", "option", commands.one_of(options)),
        facts={"options": options},
    )


def text(config: Config) -> Parts:
    """Read a text. `set_text` takes `text`."""
    message = config.needed_command("command_topic", "command_template")
    shortest = config.number("min", 0)
    longest = min(config.number("max", MAX_WORD_CHARS), MAX_WORD_CHARS)
    if not 0 <= shortest <= longest:
        raise DiscoveryError("bad-config", "'min' must not be more than 'max', nor than 255.")
    pattern = config.text("pattern", "") if "pattern" in config else ""
    _matches(pattern, "")
    return Parts(
        features=_told(config),
        readings=reading(
            config, "state_topic", "value_template", lambda told: {VALUE: told[:MAX_WORD_CHARS]}
        ),
        commands=commands.value(message, "set_text", "text", _fitting(shortest, longest, pattern)),
    )


def _fitting(shortest: float, longest: float, pattern: str) -> Callable[[str], str]:
    """Send a text, but none that the device does not take."""

    def convert(wanted: str) -> str:
        if not shortest <= len(wanted) <= longest:
            text = f"The text has {len(wanted)} characters; it takes {shortest:g} to {longest:g}."
            raise DiscoveryError("out-of-range", text)
        if not _matches(pattern, wanted):
            raise DiscoveryError("out-of-range", f"The text does not fit {pattern[:80]!r}.")
        return wanted

    return convert


def _matches(pattern: str, text: str) -> bool:
    """Tell whether a text begins as a pattern says; one that takes too long lets all pass."""
    try:
        return not pattern or matches(text, pattern)
    except SecurityError:
        return True
    except ValueError as error:
        raise DiscoveryError("bad-config", f"'pattern': {error}") from None


def _told(config: Config) -> frozenset[str]:
    return frozenset({"state"} if "state_topic" in config else ())
