"""Locks."""

from collections.abc import Mapping
from typing import Any

from hub.mqtt.config import Config, Message
from hub.mqtt.entity import UNKNOWN, Command, Parts
from hub.mqtt.errors import DiscoveryError
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
    # What a code looks like is for the lock to judge: a pattern of strangers may run for ever.
    coded = "code_format" in config
    made = {
        "lock": _turn(message, config.text("payload_lock", "LOCK"), coded=coded),
        "unlock": _turn(message, config.text("payload_unlock", "UNLOCK"), coded=coded),
    }
    if "payload_open" in config:
        made["open"] = _turn(message, config.text("payload_open", ""), coded=coded)
    offers = {
        "state": "state_topic" in config,
        "open": "open" in made,
        "code": coded,
    }
    return Parts(
        features=frozenset(name for name, offered in offers.items() if offered),
        readings=reading(config, "state_topic", "value_template", words(meanings)),
        commands=made,
    )


def _turn(message: Message, payload: str, *, coded: bool) -> Command:
    def turn(values: Mapping[str, Any]) -> tuple[Publication, ...]:
        if coded and not values.get("code"):
            raise DiscoveryError("needs-code", "The lock needs its code.")
        return (message(payload, code=values.get("code")),)

    return turn
