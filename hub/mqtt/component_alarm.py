"""Alarm panels."""

import hmac
from collections.abc import Mapping
from typing import Any

from hub.mqtt.config import Config, Message
from hub.mqtt.entity import UNKNOWN, Command, Parts
from hub.mqtt.errors import DiscoveryError
from hub.mqtt.publication import Publication
from hub.mqtt.readings import reading, words

_ARMS = {
    "arm_home": ("arm_home", "payload_arm_home", "ARM_HOME"),
    "arm_away": ("arm_away", "payload_arm_away", "ARM_AWAY"),
    "arm_night": ("arm_night", "payload_arm_night", "ARM_NIGHT"),
    "arm_vacation": ("arm_vacation", "payload_arm_vacation", "ARM_VACATION"),
    "arm_custom": ("arm_custom_bypass", "payload_arm_custom_bypass", "ARM_CUSTOM_BYPASS"),
}
"""Of each verb the name of its feature, the key of its word, and the word by default."""
_STATES = (
    "disarmed", "armed_home", "armed_away", "armed_night", "armed_vacation",
    "armed_custom_bypass", "pending", "triggered", "arming", "disarming",
)  # fmt: skip
_REMOTE = frozenset({"REMOTE_CODE", "REMOTE_CODE_TEXT"})
"""In place of a code: the panel checks it, not who sends it."""


def alarm_control_panel(config: Config) -> Parts:
    """Read an alarm panel. Its commands take the `code` that was said, where it wants one."""
    config.topic("state_topic")
    message = config.needed_command("command_topic", "command_template")
    code = config.optional_text("code")
    known = config.texts("supported_features")
    to_arm = code is not None and config.flag("code_arm_required", default=True)
    to_disarm = code is not None and config.flag("code_disarm_required", default=True)
    made = {
        verb: _told(message, config.text(key, default), code if to_arm else None)
        for verb, (feature, key, default) in _ARMS.items()
        if not known or feature in known
    }
    disarm = config.text("payload_disarm", "DISARM")
    offers = {
        "state": True,
        "code_to_arm": to_arm,
        "code_to_disarm": to_disarm,
        "code_checked": (to_arm or to_disarm) and code not in _REMOTE,
    }
    states = {state: state for state in _STATES} | {"None": UNKNOWN}
    return Parts(
        features=frozenset([*made, *(name for name, offered in offers.items() if offered)]),
        readings=reading(config, "state_topic", "value_template", words(states)),
        commands={**made, "disarm": _told(message, disarm, code if to_disarm else None)},
    )


def _told(message: Message, action: str, code: str | None) -> Command:
    """Return a command of an alarm panel that wants `code`, or none."""

    def tell(values: Mapping[str, Any]) -> tuple[Publication, ...]:
        said = values.get("code")
        # These texts go to logs: they must not tell either code.
        if code is not None and not said:
            raise DiscoveryError("needs-code", "The alarm panel needs its code.")
        if code is not None and code not in _REMOTE and not _same(str(said), code):
            raise DiscoveryError("wrong-code", "That is not the code of the alarm panel.")
        return (message(action, action=action, code=said),)

    return tell


def _same(said: str, code: str) -> bool:
    return hmac.compare_digest(said.encode(), code.encode())
