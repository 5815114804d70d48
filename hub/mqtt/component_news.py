"""What happens or is to be had: events, updates, and where somebody is."""

from collections.abc import Callable, Mapping
from typing import Any

from hub.mqtt import commands
from hub.mqtt.config import Config
from hub.mqtt.entity import NOW, UNKNOWN, VALUE, Changes, Parts
from hub.mqtt.errors import DiscoveryError
from hub.mqtt.readings import MAX_WORD_CHARS, is_number, json_object, reading

_VERSIONS = ("installed_version", "latest_version", "title")


def event(config: Config) -> Parts:
    """Read an event. Its state is what happened last, its `time` is when."""
    config.topic("state_topic")
    types = config.texts("event_types")
    if not types:
        raise DiscoveryError("bad-config", "'event_types' is missing.")

    def read(text: str) -> Changes:
        happened = json_object(text).get("event_type")
        return {VALUE: happened, "time": NOW} if happened in types else {}

    return Parts(
        features=frozenset({"state"}),
        readings=reading(config, "state_topic", "value_template", read, live=True),
        facts={"options": types},
    )


def update(config: Config) -> Parts:
    """Read whether newer software is to be had: its state is "on" then. `install` installs it."""
    message = config.command("command_topic", "command_template")
    payload = config.optional_text("payload_install")
    made = (
        {} if message is None or payload is None else {"install": commands.word(message, payload)}
    )
    title = config.optional_text("title")
    return Parts(
        features=frozenset({*made, *(["state"] if "state_topic" in config else [])}),
        readings=(
            *reading(config, "state_topic", "value_template", _update_state),
            *reading(
                config,
                "latest_version_topic",
                "latest_version_template",
                _version("latest_version"),
            ),
        ),
        commands=made,
        resolve=_newer,
        facts={"title": title} if title else {},
    )


def device_tracker(config: Config) -> Parts:
    """Read where somebody or something is: "home", "not_home", or the name of a place."""
    config.topic("state_topic")
    meanings = {
        config.text("payload_home", "home"): "home",
        config.text("payload_not_home", "not_home"): "not_home",
        config.text("payload_reset", "None"): UNKNOWN,
    }

    def read(text: str) -> Changes:
        return {VALUE: meanings.get(text, text[:MAX_WORD_CHARS])} if text else {}

    return Parts(
        features=frozenset({"state"}),
        readings=reading(config, "state_topic", "value_template", read),
    )


def _update_state(text: str) -> Changes:
    """Read the version that is installed, or a JSON object that tells more."""
    report = json_object(text)
    if not report:
        return _version("installed_version")(text)
    changes: dict[str, Any] = {
        name: str(report[name])[:MAX_WORD_CHARS]
        for name in _VERSIONS
        if isinstance(report.get(name), str | int | float)
    }
    if isinstance(report.get("in_progress"), bool):
        changes["in_progress"] = report["in_progress"]
    if is_number(report.get("update_percentage")):
        changes["in_progress"] = True
    return changes


def _version(name: str) -> Callable[[str], Changes]:
    return lambda text: {name: text[:MAX_WORD_CHARS]} if text and text != "None" else {}


def _newer(_: str, attributes: Mapping[str, Any]) -> str:
    installed, latest = attributes.get("installed_version"), attributes.get("latest_version")
    if installed is None or latest is None:
        return UNKNOWN
    return "off" if installed == latest else "on"
