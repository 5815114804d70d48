"""Commands as most components make them: a word, or a value, to a topic."""

from collections.abc import Callable
from typing import Any

from hub.mqtt.config import Config, Message
from hub.mqtt.entity import Command
from hub.mqtt.errors import DiscoveryError

Convert = Callable[[Any], Any]
"""Makes what is sent of what is wanted. Raises DiscoveryError where that can not be."""


def word(message: Message, payload: str) -> Command:
    """Return a command that always sends the same."""
    return lambda _: (message(payload),)


def words(config: Config, message: Message, **payloads: tuple[str, str]) -> dict[str, Command]:
    """Return commands of a word each, given as verb=(key of the word, default).

    A device that sets a word to null does not know it.
    """
    return {
        verb: word(message, config.text(key, default))
        for verb, (key, default) in payloads.items()
        if key in config or not config.says(key)
    }


def value(message: Message | None, verb: str, key: str, convert: Convert) -> dict[str, Command]:
    """Return the command that sends the value `key`, if there is a topic for it."""
    if message is None:
        return {}
    return {verb: lambda values: (message(convert(values[key])),)}


def as_number(wanted: float) -> float | int:
    """Send a whole number as one."""
    return int(wanted) if float(wanted).is_integer() else wanted


def within(low: float, high: float) -> Convert:
    """Send a number, but none that the device does not know."""

    def convert(wanted: float) -> float | int:
        if not low <= wanted <= high:
            text = f"{as_number(wanted)} is not from {as_number(low)} to {as_number(high)}."
            raise DiscoveryError("out-of-range", text)
        return as_number(wanted)

    return convert


def one_of(options: tuple[str, ...]) -> Convert:
    """Send one of a few words, in whatever case it was said."""
    known = {option.casefold(): option for option in reversed(options)}

    def convert(wanted: str) -> str:
        option = known.get(str(wanted).casefold())
        if option is None:
            raise DiscoveryError("out-of-range", f"{str(wanted)[:80]!r} is not among its options.")
        return option

    return convert
