"""Covers: blinds, shutters, garage doors. They open, close, stop, go to a position and tilt."""

from collections.abc import Callable, Mapping
from typing import Any

from hub.mqtt import commands
from hub.mqtt.config import Config, Message
from hub.mqtt.entity import VALUE, Changes, Command, Parts, Reading
from hub.mqtt.errors import DiscoveryError
from hub.mqtt.publication import Publication
from hub.mqtt.readings import number, reading, words

_STOPPED = "stopped"


def cover(config: Config) -> Parts:
    """Read a cover.

    `set_position` takes `position`, 0 (closed) to 100 (open), `set_tilt` takes `tilt` likewise.
    """
    opened, closed = ends(config, "position_open", 100, "position_closed", 0)
    told = "state_topic" in config
    readings = (
        *reading(config, "state_topic", "value_template", words(meanings(config))),
        *reading(
            config, "position_topic", "position_template", _position(opened, closed, told=told)
        ),
    )
    made: dict[str, Command] = {}
    message = config.command("command_topic", "command_template")
    if message is not None:
        made |= commands.words(
            config,
            message,
            open=("payload_open", "OPEN"),
            close=("payload_close", "CLOSE"),
            stop=("payload_stop", "STOP"),
        )
    go = config.command("set_position_topic", "set_position_template")
    if go is not None:
        position = _going(go, "position", opened, closed)
        made["set_position"] = position
        made.setdefault("open", lambda _: position({"position": 100}))
        made.setdefault("close", lambda _: position({"position": 0}))
    tilting, tilt_readings = _tilt(config)
    if not made and not tilting:
        raise DiscoveryError("bad-config", "The cover has neither a command nor a position topic.")
    offers = {"state": bool(readings), "position": go is not None, "tilt": bool(tilting)}
    return Parts(
        features=frozenset(name for name, offered in offers.items() if offered),
        readings=(*readings, *tilt_readings),
        commands=made | tilting,
        resolve=resolve,
    )


def meanings(config: Config) -> dict[str, str]:
    """Return what the words of something that opens and closes mean."""
    known = {
        config.text("state_open", "open"): "open",
        config.text("state_opening", "opening"): "opening",
        config.text("state_closed", "closed"): "closed",
        config.text("state_closing", "closing"): "closing",
    }
    known.setdefault(config.text("state_stopped", "stopped"), _STOPPED)
    return known


def ends(
    config: Config, open_key: str, opened: float, closed_key: str, closed: float
) -> tuple[float, float]:
    """Return what the device calls entirely open, and what entirely closed."""
    opened, closed = config.number(open_key, opened), config.number(closed_key, closed)
    if opened == closed:
        raise DiscoveryError("bad-config", f"{open_key!r} and {closed_key!r} are the same.")
    return opened, closed


def percent_open(value: float, opened: float, closed: float) -> int:
    """Return how far something is open, from the device's own number."""
    return min(max(round((value - closed) / (opened - closed) * 100), 0), 100)


def resolve(value: str, attributes: Mapping[str, Any]) -> str:
    """Tell whether a thing that stopped is closed; it only is if its position says so."""
    if value != _STOPPED:
        return value
    return "closed" if attributes.get("position") == 0 else "open"


def _position(opened: float, closed: float, *, told: bool) -> Callable[[str], Changes]:
    def read(text: str) -> Changes:
        value = number(text)
        if value is None:
            return {}
        percent = percent_open(value, opened, closed)
        changes: dict[str, Any] = {"position": percent}
        if not told:
            changes[VALUE] = "closed" if percent == 0 else "open"
        return changes

    return read


def _going(message: Message, key: str, opened: float, closed: float) -> Command:
    """Return the command that goes to so many percent."""

    def go(values: Mapping[str, Any]) -> tuple[Publication, ...]:
        percent = values[key]
        own = round(closed + (opened - closed) * percent / 100)
        if key == "position":
            return (message(own, position=round(percent)),)
        return (message(own, tilt_position=own),)

    return go


def _tilt(config: Config) -> tuple[dict[str, Command], tuple[Reading, ...]]:
    """Return how the slats of a cover are moved, and what tells how they stand."""
    most, least = ends(config, "tilt_max", 100, "tilt_min", 0)
    opened = config.number("tilt_opened_value", 100)
    closed = config.number("tilt_closed_value", 0)

    def read(text: str) -> Changes:
        value = number(text)
        return {} if value is None else {"tilt": percent_open(value, most, least)}

    readings = reading(config, "tilt_status_topic", "tilt_status_template", read)
    message = config.command("tilt_command_topic", "tilt_command_template")
    if message is None:
        return {}, readings
    made = {
        "set_tilt": _going(message, "tilt", most, least),
        "open_tilt": _fixed_tilt(message, opened),
        "close_tilt": _fixed_tilt(message, closed),
    }
    return made, readings


def _fixed_tilt(message: Message, value: float) -> Command:
    own = round(value)
    return lambda _: (message(own, tilt_position=own),)
