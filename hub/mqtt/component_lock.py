"""Locks."""

from collections.abc import Mapping
from typing import Any

from hub.mqtt.config import Config, Message
from hub.mqtt.entity import UNKNOWN, Command, Parts
from hub.mqtt.publication import Publication
from hub.mqtt.readings import reading, words


def lock(config: Config) -> Parts:
    """Read a lock. Its commands take the `code` that was said, where it wants one."""
    meanings = {
        config.text("state_locked", "LOCKED"): "locked",
        config.text("state_locking", "LOCKING"): "locking",
        config.text("state_unlocked", "UNLOCKED"): "unlocked",
        config.text("state_unlocking", "UNLOCKING"): "unlocking",
        config.text("state_jammed", "JAMMED"): "jammed",
    }
    meanings.setdefault(config.text("state_open", "OPEN"), "open")
    meanings.setdefault(config.text("state_opening", "OPENING"), "opening")
    meanings.setdefault(config.text("payload_reset", "None"), UNKNOWN)
    message = config.needed_command("command_topic", "command_template")
    made = {
        "lock": _turn(message, config.text("payload_lock", "LOCK")),
        "unlock": _turn(message, config.text("payload_unlock", "UNLOCK")),
    }
    if "payload_open" in config:
        made["open"] = _turn(message, config.text("payload_open", ""))
    offers = {
        "state": "state_topic" in config,
        "open": "open" in made,
        "code": "code_format" in config,
    }
    return Parts(
        features=frozenset(name for name, offered in offers.items() if offered),
        readings=reading(config, "state_topic", "value_template", words(meanings)),
        commands=made,
    )


def _turn(message: Message, payload: str) -> Command:
    def turn(values: Mapping[str, Any]) -> tuple[Publication, ...]:
        return (message(payload, code=values.get("code")),)

    return turn
