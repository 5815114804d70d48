"""What drives about: vacuum cleaners and lawn mowers."""

from collections.abc import Callable, Mapping
from typing import Any

import orjson

from hub.mqtt import commands
from hub.mqtt.config import Config, Message
from hub.mqtt.entity import UNKNOWN, VALUE, Changes, Command, Parts
from hub.mqtt.errors import DiscoveryError
from hub.mqtt.publication import Publication
from hub.mqtt.readings import is_number, json_object, reading, tidy, words

MAX_SEGMENTS = 256
_VACUUM_STATES = ("cleaning", "docked", "paused", "idle", "returning", "error")
_MOWER_STATES = ("mowing", "docked", "paused", "returning", "error")
_WORDS = {
    "start": ("start", "payload_start", "start"),
    "pause": ("pause", "payload_pause", "pause"),
    "stop": ("stop", "payload_stop", "stop"),
    "return_home": ("return_home", "payload_return_to_base", "return_to_base"),
    "locate": ("locate", "payload_locate", "locate"),
    "clean_spot": ("clean_spot", "payload_clean_spot", "clean_spot"),
}
"""The verb of each feature, the key of its word, and the word if the key is not there."""
_FEATURES = ("start", "stop", "return_home", "status", "clean_spot")
"""What a vacuum that does not say can do."""

Segments = dict[str, str]
"""Names of areas by the ids that the vacuum has for them."""


def vacuum(config: Config) -> Parts:
    """Read a vacuum. `set_fan_speed` takes `fan_speed`, `clean_area` the name of an `area`."""
    if config.text("schema", "state") != "state":
        raise DiscoveryError("unsupported", "A vacuum of the legacy schema is not supported.")
    offered = frozenset(config.texts("supported_features") or _FEATURES)
    message = config.command("command_topic", "command_template")
    made: dict[str, Command] = {}
    if message is not None:
        for feature, (verb, key, default) in _WORDS.items():
            if feature in offered:
                made[verb] = commands.word(message, config.text(key, default))
    speeds = config.texts("fan_speed_list")
    speed = config.command("set_fan_speed_topic", "set_fan_speed_template")
    if speed is not None and speeds:
        made |= commands.value(speed, "set_fan_speed", "fan_speed", commands.one_of(speeds))
    segments: Segments = {}
    cleaning = config.command("clean_segments_command_topic", "clean_segments_command_template")
    if cleaning is not None:
        as_it_is = "clean_segments_command_template" not in config
        made["clean_area"] = _clean_area(cleaning, segments, as_json=as_it_is)
    names = {"set_fan_speed": "fan_speed"}
    told = "state_topic" in config
    return Parts(
        features=frozenset(names.get(verb, verb) for verb in made) | ({"state"} if told else set()),
        readings=reading(config, "state_topic", "value_template", _vacuum_state(segments)),
        commands=made,
        facts={"fan_speeds": speeds} if "set_fan_speed" in made else {},
    )


def lawn_mower(config: Config) -> Parts:
    """Read a lawn mower."""
    made: dict[str, Command] = {}
    for verb in ("start_mowing", "pause", "dock"):
        message = config.command(f"{verb}_command_topic", f"{verb}_command_template")
        if message is not None:
            made[verb] = commands.word(message, verb)
    read = words({state: state for state in _MOWER_STATES} | {"none": UNKNOWN})
    told = "activity_state_topic" in config
    return Parts(
        features=frozenset(made) | ({"state"} if told else set()),
        readings=reading(config, "activity_state_topic", "activity_value_template", read),
        commands=made,
    )


def _vacuum_state(segments: Segments) -> Callable[[str], Changes]:
    def read(text: str) -> Changes:
        report = json_object(text)
        changes: dict[str, Any] = {}
        if report.get("state") in _VACUUM_STATES:
            changes[VALUE] = report["state"]
        elif "state" in report and report["state"] is None:
            changes[VALUE] = UNKNOWN
        if isinstance(report.get("fan_speed"), str):
            changes["fan_speed"] = report["fan_speed"]
        if is_number(report.get("battery_level")):
            changes["battery_level"] = tidy(report["battery_level"])
        told = report.get("segments")
        if isinstance(told, dict):
            segments.clear()
            segments.update((key, str(name)) for key, name in list(told.items())[:MAX_SEGMENTS])
            changes["areas"] = tuple(segments.values())
        return changes

    return read


def _clean_area(message: Message, segments: Segments, *, as_json: bool) -> Command:
    """Return the command that cleans an area which the vacuum has told of."""

    def clean_area(values: Mapping[str, Any]) -> tuple[Publication, ...]:
        wanted = str(values["area"]).strip().casefold()
        ids = [key for key, name in segments.items() if name.strip().casefold() == wanted]
        if not ids:
            raise DiscoveryError("out-of-range", f"It knows no area {values['area']!r:.80}.")
        return (message(orjson.dumps(ids).decode() if as_json else ids),)

    return clean_area
