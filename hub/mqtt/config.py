"""Reading a device's configuration: every value is checked, for strangers write them."""

import math
from collections.abc import Callable, Collection
from contextlib import suppress
from typing import Any, Protocol

from hub.mqtt.errors import DiscoveryError
from hub.mqtt.publication import Publication
from hub.mqtt.templates import Template

MAX_TOPIC_BYTES = 1_024
MAX_NAME_CHARS = 128

Render = Callable[[str], str]
"""Turns a payload into the value that it means. Raises DiscoveryError("bad-template")."""

# Not every name of a codec: some take far longer than their text is long.
ENCODINGS = {
    "": "utf-8",
    **dict.fromkeys(("utf-8", "utf8"), "utf-8"),
    **dict.fromkeys(("ascii", "us-ascii"), "ascii"),
    **dict.fromkeys(("latin-1", "latin1", "iso-8859-1", "iso8859-1"), "latin-1"),
    **dict.fromkeys(("cp1252", "windows-1252"), "cp1252"),
    **dict.fromkeys(("utf-16", "utf16"), "utf-16"),
}
"""What a device may write its payloads in."""

_FLAGS = {
    **dict.fromkeys(("true", "yes", "on", "enable", "1"), True),
    **dict.fromkeys(("false", "no", "off", "disable", "0"), False),
}


class Message(Protocol):
    """Makes the message of a command topic."""

    def __call__(self, value: Any, **named: Any) -> Publication:
        """Put a value into the topic's template, where there is one, or send it as it is.

        `named` are further values for the template. Raises DiscoveryError("bad-template").
        """


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
        """Return a finite number; some devices write theirs as text."""
        value = self._values.get(key, default)
        with suppress(ValueError, OverflowError):
            if isinstance(value, str | int | float) and not isinstance(value, bool):
                number = float(value)
                if math.isfinite(number):
                    return number
        raise DiscoveryError("bad-config", f"{key!r} must be a number.")

    def flag(self, key: str, *, default: bool = False) -> bool:
        """Return whether something is so; some devices write it as a word or a number."""
        value = self._values.get(key, default)
        if not isinstance(value, str | int) or str(value).casefold() not in _FLAGS:
            raise DiscoveryError("bad-config", f"{key!r} must be true or false.")
        return _FLAGS[str(value).casefold()]

    def choice(self, key: str, options: Collection[str], default: str) -> str:
        """Return one of a few words."""
        value = self.text(key, default)
        if value not in options:
            raise DiscoveryError("bad-config", f"{key!r} must be one of {', '.join(options)}.")
        return value

    def texts(self, key: str) -> tuple[str, ...]:
        """Return a list of texts; a single one counts as a list, and numbers count as text."""
        value = self._values.get(key)
        items = [] if value is None else value if isinstance(value, list) else [value]
        if not all(isinstance(item, str | int | float) for item in items):
            raise DiscoveryError("bad-config", f"{key!r} must be a list of texts.")
        return tuple(str(item) for item in items)

    def span(self, low_key: str, low: float, high_key: str, high: float) -> tuple[float, float]:
        """Return the least and the most that a value may be."""
        least, most = self.number(low_key, low), self.number(high_key, high)
        if least >= most:
            raise DiscoveryError("bad-config", f"{low_key!r} must be less than {high_key!r}.")
        return least, most

    def encoding(self) -> str:
        """Return the codec of the payloads."""
        name = self.text("encoding", "utf-8").casefold()
        if name not in ENCODINGS:
            raise DiscoveryError("bad-config", f"The encoding {name[:40]!r} is not known here.")
        return ENCODINGS[name]

    def qos(self) -> int:
        """Return the QoS of commands: 1, so that none is lost, or 2 if the device asks for it."""
        qos = self.number("qos", 1)
        if qos not in {0, 1, 2}:
            raise DiscoveryError("bad-config", "'qos' must be 0, 1 or 2.")
        return max(1, int(qos))

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

    def command(self, key: str, template_key: str) -> Message | None:
        """Return what makes the messages of a command topic, or None without one."""
        topic = self.optional_topic(key)
        if topic is None:
            return None
        template = Template(self.text(template_key, "")) if template_key in self else None
        retain, qos = self.flag("retain"), self.qos()

        def publication(value: Any, **named: Any) -> Publication:
            payload = str(value) if template is None else template.render(value, **named)
            return Publication(topic, payload, qos=qos, retain=retain)

        return publication

    def needed_command(self, key: str, template_key: str) -> Message:
        """Return what makes the messages of a command topic that must be there."""
        self.topic(key)
        message = self.command(key, template_key)
        if message is None:  # `topic` has raised
            raise DiscoveryError("bad-config", f"{key!r} is missing.")
        return message


def _as_it_is(payload: str) -> str:
    return payload
