"""What Home Assistant has no MQTT platform for: media players and the weather.

The vocabulary is ours and small; `docs/mqtt.md` specifies it.
"""

from collections.abc import Mapping
from typing import Any

import orjson

from hub.mqtt.config import Config
from hub.mqtt.entity import VALUE, Changes, Command, Parts
from hub.mqtt.publication import Publication
from hub.mqtt.readings import is_number, json_object, reading, tidy

MEDIA_COMMANDS = ("turn_on", "turn_off", "play", "pause", "next", "previous", "volume", "mute")
SEARCH = "play_media"
"""Only of players that list it: they look for what is asked for by themselves."""
MEDIA_STATES = ("on", "off", "idle", "playing", "paused", "standby", "buffering")
_VERBS = {"volume": "set_volume", "mute": "set_mute"}
_WEATHER_NUMBERS = (
    "temperature", "humidity", "pressure", "wind_speed", "wind_bearing", "wind_gust_speed",
    "uv_index",
)  # fmt: skip


def media_player(config: Config) -> Parts:
    """Read a media player. `set_volume` takes `volume` (0 to 100), `set_mute` takes `muted`,
    `play_media` takes `query` and maybe `media_class`."""
    topic, retain = config.topic("command_topic"), config.flag("retain")
    offered = config.texts("commands") or MEDIA_COMMANDS
    commands = {
        _VERBS.get(name, name): _media_command(topic, name, retain=retain)
        for name in offered
        if name in (*MEDIA_COMMANDS, SEARCH)
    }
    return Parts(
        features=frozenset([*offered, *(["state"] if "state_topic" in config else [])]),
        readings=reading(config, "state_topic", "value_template", _media_state),
        commands=commands,
    )


def weather(config: Config) -> Parts:
    """Read a weather report: the condition is its state, the figures are its attributes."""
    config.topic("state_topic")
    return Parts(
        features=frozenset({"state"}),
        readings=reading(config, "state_topic", "value_template", _weather_state),
        unit=config.text("temperature_unit", "°C"),
    )


def _media_command(topic: str, name: str, *, retain: bool) -> Command:
    def publications(values: Mapping[str, Any]) -> tuple[Publication, ...]:
        message: dict[str, Any] = {"command": name}
        if name == "volume":
            message["volume"] = values["volume"]
        if name == "mute":
            message["muted"] = values["muted"]
        if name == SEARCH:
            message |= {key: values[key] for key in ("query", "media_class") if key in values}
        return (Publication(topic, orjson.dumps(message).decode(), retain=retain),)

    return publications


def _media_state(text: str) -> Changes:
    report = json_object(text)
    changes: dict[str, Any] = {}
    if report.get("state") in MEDIA_STATES:
        changes[VALUE] = report["state"]
    if is_number(report.get("volume")):
        changes["volume"] = tidy(report["volume"])
    if isinstance(report.get("muted"), bool):
        changes["muted"] = report["muted"]
    if isinstance(report.get("title"), str):
        changes["title"] = report["title"]
    return changes


def _weather_state(text: str) -> Changes:
    report = json_object(text)
    changes: dict[str, Any] = {
        name: tidy(report[name]) for name in _WEATHER_NUMBERS if is_number(report.get(name))
    }
    if isinstance(report.get("condition"), str):
        changes[VALUE] = report["condition"]
    return changes
