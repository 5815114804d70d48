"""What opens and closes: covers and locks."""

from collections.abc import Callable, Mapping
from typing import Any

from hub.mqtt.config import Config
from hub.mqtt.entity import VALUE, Changes, Command, Parts
from hub.mqtt.errors import DiscoveryError
from hub.mqtt.publication import Publication
from hub.mqtt.readings import number, reading, words
from hub.mqtt.templates import Template

_STOPPED = "stopped"


def cover(config: Config) -> Parts:
    """Read a cover. `set_position` takes `position`, 0 (closed) to 100 (open)."""
    opened, closed = config.number("position_open", 100), config.number("position_closed", 0)
    if opened == closed:
        raise DiscoveryError("bad-config", "'position_open' and 'position_closed' are the same.")
    meanings = {
        config.text("state_open", "open"): "open",
        config.text("state_opening", "opening"): "opening",
        config.text("state_closed", "closed"): "closed",
        config.text("state_closing", "closing"): "closing",
    }
    meanings.setdefault(config.text("state_stopped", "stopped"), _STOPPED)
    told = "state_topic" in config
    readings = (
        *reading(config, "state_topic", "value_template", words(meanings)),
        *reading(
            config, "position_topic", "position_template", _position(opened, closed, told=told)
        ),
    )
    commands = {
        **_words(config, open=("payload_open", "OPEN"), close=("payload_close", "CLOSE")),
        **_words(config, stop=("payload_stop", "STOP")),
    }
    position = _set_position(config, opened, closed)
    if position is not None:
        commands["set_position"] = position
        commands.setdefault("open", lambda _: position({"position": 100}))
        commands.setdefault("close", lambda _: position({"position": 0}))
    if not commands:
        raise DiscoveryError("bad-config", "The cover has neither a command nor a position topic.")
    features = {"state"} if readings else set()
    return Parts(
        features=frozenset(features | ({"position"} if position is not None else set())),
        readings=readings,
        commands=commands,
        resolve=_resolve,
    )


def lock(config: Config) -> Parts:
    """Read a lock."""
    meanings = {
        config.text("state_locked", "LOCKED"): "locked",
        config.text("state_locking", "LOCKING"): "locking",
        config.text("state_unlocked", "UNLOCKED"): "unlocked",
        config.text("state_unlocking", "UNLOCKING"): "unlocking",
        config.text("state_jammed", "JAMMED"): "jammed",
    }
    config.topic("command_topic")
    return Parts(
        features=frozenset({"state"} if "state_topic" in config else ()),
        readings=reading(config, "state_topic", "value_template", words(meanings)),
        commands=_words(config, lock=("payload_lock", "LOCK"), unlock=("payload_unlock", "UNLOCK")),
    )


def _resolve(value: str, attributes: Mapping[str, Any]) -> str:
    """Tell whether a cover that stopped is closed; it only is if its position says so."""
    if value != _STOPPED:
        return value
    return "closed" if attributes.get("position") == 0 else "open"


def _words(config: Config, **payloads: tuple[str, str]) -> dict[str, Command]:
    """Return commands that are one word each, given as verb=(key of the word, default)."""
    command = config.command("command_topic", "command_template")
    if command is None:
        return {}
    return {
        verb: _fixed(command, config.text(key, default))
        for verb, (key, default) in payloads.items()
    }


def _fixed(command: Callable[[str], Publication], payload: str) -> Command:
    return lambda _: (command(payload),)


def _position(opened: float, closed: float, *, told: bool) -> Callable[[str], Changes]:
    def read(text: str) -> Changes:
        value = number(text)
        if value is None:
            return {}
        percent = min(max(round((value - closed) / (opened - closed) * 100), 0), 100)
        changes: dict[str, Any] = {"position": percent}
        if not told:
            changes[VALUE] = "closed" if percent == 0 else "open"
        return changes

    return read


def _set_position(config: Config, opened: float, closed: float) -> Command | None:
    topic = config.optional_topic("set_position_topic")
    if topic is None:
        return None
    key = "set_position_template"
    template = Template(config.text(key, "")) if key in config else None
    retain = config.flag("retain")

    def set_position(values: Mapping[str, Any]) -> tuple[Publication, ...]:
        percent = values["position"]
        text = str(round(closed + (opened - closed) * percent / 100))
        if template is not None:
            text = template.render(text, position=round(percent))
        return (Publication(topic, text, retain=retain),)

    return set_position
