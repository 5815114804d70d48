"""What payloads tell, in the words that the home uses."""

import math
from collections.abc import Callable, Collection, Mapping
from typing import Any

import orjson

from hub.mqtt.config import Config
from hub.mqtt.entity import UNKNOWN, VALUE, Changes, Reading

MAX_WORD_CHARS = 255
"""Longer texts are cut: nobody wants to hear more."""

_EXTRAS = {
    "battery": "battery_level",
    "battery_level": "battery_level",
    "power": "power",
    "energy": "energy",
}
"""Other keys that a device tells may mean something else here: a wanted or a measured heat."""


def words(meanings: Mapping[str, str]) -> Callable[[str], Changes]:
    """Read a state that is one of a few words; other words tell nothing."""

    def read(text: str) -> Changes:
        if text == "None":  # what a template makes of null: the device does not know either
            return {VALUE: UNKNOWN}
        meaning = meanings.get(text)
        if meaning is None and text in {"true", "false"}:
            meaning = meanings.get(text.title())
        return {} if meaning is None else {VALUE: meaning}

    return read


def number(text: str) -> float | None:
    """Read a finite number, or None."""
    try:
        value = float(text)
    except ValueError:
        return None
    return value if math.isfinite(value) else None


def attribute(name: str, *, none: str = "None") -> Callable[[str], Changes]:
    """Read a number into an attribute; `none` says that it is not known."""

    def read(text: str) -> Changes:
        if text == none:
            return {name: None}
        value = number(text)
        return {} if value is None else {name: tidy(value)}

    return read


def said(name: str, options: Collection[str] = (), none: str = "None") -> Callable[[str], Changes]:
    """Read a word into an attribute; of some options, only one of them.

    `none` says that there is nothing to say.
    """

    def read(text: str) -> Changes:
        if text == none:
            return {name: None}
        return {name: text[:MAX_WORD_CHARS]} if text in options or (text and not options) else {}

    return read


def is_number(value: Any) -> bool:
    """Tell whether a value of a JSON message is a number."""
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


def tidy(value: float) -> float | int:
    """Return a whole number as one: 21.0 is spoken as 21."""
    return int(value) if value == int(value) else round(value, 3)


def json_object(text: str) -> dict[str, Any]:
    """Read a JSON object; anything else is an empty one."""
    try:
        value = orjson.loads(text)
    except orjson.JSONDecodeError:
        return {}
    return value if isinstance(value, dict) else {}


def reading(
    config: Config,
    topic_key: str,
    template_key: str,
    read: Callable[[str], Changes],
    *,
    live: bool = False,
) -> tuple[Reading, ...]:
    """Return the reading of a topic, if the configuration names it."""
    topic = config.optional_topic(topic_key)
    return () if topic is None else (Reading(topic, config.render(template_key), read, live),)


def extra(config: Config) -> tuple[Reading, ...]:
    """Return the reading of what matters to people of what a device tells beside its state."""

    def read(text: str) -> Changes:
        told = json_object(text)
        return {name: tidy(told[key]) for key, name in _EXTRAS.items() if is_number(told.get(key))}

    return reading(config, "json_attributes_topic", "json_attributes_template", read)
