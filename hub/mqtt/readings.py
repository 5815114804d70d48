"""What payloads tell, in the words that the home uses."""

import math
from collections.abc import Callable, Mapping
from typing import Any

import orjson

from hub.mqtt.config import Config
from hub.mqtt.entity import UNKNOWN, VALUE, Changes, Reading


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


def attribute(name: str, convert: Callable[[float], Any] | None = None) -> Callable[[str], Changes]:
    """Read a number into an attribute."""

    def read(text: str) -> Changes:
        value = number(text)
        if value is None:
            return {}
        return {name: tidy(value) if convert is None else convert(value)}

    return read


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
    config: Config, topic_key: str, template_key: str, read: Callable[[str], Changes]
) -> tuple[Reading, ...]:
    """Return the reading of a topic, if the configuration names it."""
    topic = config.optional_topic(topic_key)
    return () if topic is None else (Reading(topic, config.render(template_key), read),)
