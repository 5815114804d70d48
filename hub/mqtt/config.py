"""Reading a device's configuration: every value is checked, for strangers write them."""

import math
from collections.abc import Callable
from typing import Any

from hub.mqtt.errors import DiscoveryError
from hub.mqtt.publication import Publication
from hub.mqtt.templates import Template

MAX_TOPIC_BYTES = 1_024
MAX_NAME_CHARS = 128

Render = Callable[[str], str]
"""Turns a payload into the value that it means. Raises DiscoveryError("bad-template")."""


class Config:
    """The configuration of one component. Every method raises DiscoveryError on a wrong value."""

    def __init__(self, values: dict[str, Any]) -> None:
        self._values = values

    def __contains__(self, key: str) -> bool:
        return self._values.get(key) is not None

    def says(self, key: str) -> bool:
        """Return whether a key is there at all, even with null for its value."""
        return key in self._values

    def text(self, key: str, default: str) -> str:
        """Return text; numbers and truth values become text, as a payload would be."""
        value = self._values.get(key, default)
        if isinstance(value, str | int | float):
            return str(value)  # true becomes "True", which is what a template makes of it
        raise DiscoveryError("bad-config", f"{key!r} must be text.")

    def optional_text(self, key: str) -> str | None:
        """Return text, or None where there is none."""
        return (self.text(key, "").strip() or None) if key in self else None

    def number(self, key: str, default: float) -> float:
        """Return a finite number."""
        value = self._values.get(key, default)
        if (
            isinstance(value, bool)
            or not isinstance(value, int | float)
            or not math.isfinite(value)
        ):
            raise DiscoveryError("bad-config", f"{key!r} must be a number.")
        return float(value)

    def flag(self, key: str, *, default: bool = False) -> bool:
        """Return whether something is so."""
        value = self._values.get(key, default)
        if not isinstance(value, bool):
            raise DiscoveryError("bad-config", f"{key!r} must be true or false.")
        return value

    def texts(self, key: str) -> tuple[str, ...]:
        """Return a list of texts."""
        value = self._values.get(key) or []
        if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
            raise DiscoveryError("bad-config", f"{key!r} must be a list of texts.")
        return tuple(value)

    def mapping(self, key: str) -> dict[str, Any]:
        """Return an object, empty where there is none."""
        value = self._values.get(key) or {}
        if not isinstance(value, dict):
            raise DiscoveryError("bad-config", f"{key!r} must be an object.")
        return value

    def configs(self, key: str) -> list["Config"]:
        """Return a list of objects."""
        value = self._values.get(key) or []
        if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
            raise DiscoveryError("bad-config", f"{key!r} must be a list of objects.")
        return [Config(item) for item in value]

    def topic(self, key: str) -> str:
        """Return a topic that must be there."""
        topic = self.optional_topic(key)
        if topic is None:
            raise DiscoveryError("bad-config", f"{key!r} is missing.")
        return topic

    def optional_topic(self, key: str) -> str | None:
        """Return a topic, or None where there is none."""
        if key not in self:
            return None
        topic = self.text(key, "")
        if not topic or len(topic.encode()) > MAX_TOPIC_BYTES or any(c in topic for c in "+#\0"):
            raise DiscoveryError("bad-topic", f"{key!r} is no topic: {topic[:80]!r}.")
        return topic

    def render(self, key: str) -> Render:
        """Return what turns a payload into a value; without a template it is the payload."""
        return Template(self.text(key, "")).render if key in self else _as_it_is

    def command(self, key: str, template_key: str) -> Callable[[str], Publication] | None:
        """Return what makes a message for a command topic out of a value, or None without one."""
        topic = self.optional_topic(key)
        if topic is None:
            return None
        template = Template(self.text(template_key, "")) if template_key in self else None
        retain = self.flag("retain")

        def publication(value: str) -> Publication:
            payload = value if template is None else template.render(value)
            return Publication(topic, payload, retain=retain)

        return publication


def _as_it_is(payload: str) -> str:
    return payload
