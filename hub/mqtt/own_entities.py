"""Home Assistant's discovery of the hub and its satellites: one device message for each."""

from typing import Any

import orjson

from hub.mqtt.discovery import OWN_ORIGIN
from hub.mqtt.own_satellites import Known
from hub.mqtt.own_topics import OwnTopics

_MAX_STATE_CHARS = 255
"""Home Assistant shows no longer states."""
_WORDS = f"{{{{ (value_json.text or '')[:{_MAX_STATE_CHARS}] }}}}"
_STATES = ["idle", "waking", "listening", "thinking", "speaking", "offline"]


class OwnEntities:
    """Makes discovery messages."""

    def __init__(
        self,
        topics: OwnTopics,
        hub: str,
        name: str,
        prefix: str,
        *,
        words: bool,
        timers: bool,
    ) -> None:
        """`words` tells whether it is published what was heard and said, `timers` whether there
        are some.
        """
        self._topics = topics
        self._node = f"sotto_{hub}"
        self._name = name
        self._prefix = prefix
        self._words = words
        self._timers = timers

    def topic(self, level: str | None = None) -> str:
        """Return the discovery topic of a satellite, or of the hub."""
        return f"{self._prefix}/device/{self._node}/{level or 'hub'}/config"

    def hub(self) -> str:
        """Return the message about the hub."""
        topics = self._topics
        components = {
            "announce": _entity("notify", "Announce everywhere", topics.command("announce")),
            "text": _entity("text", "Command", topics.command("text"), max=_MAX_STATE_CHARS),
            "stop": _entity("button", "Stop everywhere", topics.command("stop"), icon="mdi:stop"),
            "turn": {
                "platform": "sensor",
                "name": "Turn",
                "state_topic": topics.state,
                "value_template": "{{ value_json.turn or 'none' }}",
                "json_attributes_topic": topics.state,
                "icon": "mdi:account-voice",
            },
            "satellites": {
                "platform": "sensor",
                "name": "Satellites",
                "state_topic": topics.state,
                "value_template": "{{ value_json.satellites }}",
                "state_class": "measurement",
                "icon": "mdi:speaker-wireless",
            },
        }
        if self._timers:
            stop = topics.command("stop_ringing")
            components["stop_ringing"] = _entity(
                "button", "Stop ringing", stop, icon="mdi:alarm-off"
            )
            components["ringing"] = {
                "platform": "binary_sensor",
                "name": "Ringing",
                "state_topic": topics.timers,
                "value_template": "{{ 'ON' if value_json.ringing else 'OFF' }}",
                "json_attributes_topic": topics.timers,
                "icon": "mdi:alarm",
            }
        device = {"identifiers": [self._node], "name": self._name, "model": "Sotto hub"}
        return self._message(self._node, device, components, [topics.status])

    def satellite(self, one: Known) -> str:
        """Return the message about a satellite."""
        topics, level = self._topics, one.level
        state, status = topics.of_satellite(level, "state"), topics.of_satellite(level, "status")

        def command(name: str) -> str:
            return topics.command(name, level)

        components: dict[str, dict[str, Any]] = {
            "announce": _entity("notify", "Announce", command("announce")),
            "text": _entity("text", "Command", command("text"), max=_MAX_STATE_CHARS),
            "listen": _entity("button", "Listen", command("listen"), icon="mdi:microphone"),
            "stop": _entity("button", "Stop", command("stop"), icon="mdi:stop"),
            "identify": _entity(
                "button", "Identify", command("identify"), icon="mdi:crosshairs-question"
            ),
            "volume": _entity(
                "number",
                "Volume",
                command("volume"),
                state_topic=state,
                value_template="{{ value_json.volume }}",
                min=0,
                max=100,
                unit_of_measurement="%",
                icon="mdi:volume-high",
            ),
            "mute": _entity(
                "switch",
                "Microphone muted",
                command("mute"),
                state_topic=state,
                value_template="{{ 'ON' if value_json.muted else 'OFF' }}",
                icon="mdi:microphone-off",
            ),
            "state": {
                "platform": "sensor",
                "name": "State",
                "state_topic": state,
                "value_template": "{{ value_json.state }}",
                "device_class": "enum",
                "options": _STATES,
                "json_attributes_topic": state,
            },
            "turn": {
                "platform": "sensor",
                "name": "Turn",
                "state_topic": state,
                "value_template": "{{ value_json.turn or 'none' }}",
            },
            "connected": {
                "platform": "binary_sensor",
                "name": "Connected",
                "state_topic": status,
                "payload_on": "online",
                "payload_off": "offline",
                "device_class": "connectivity",
                "entity_category": "diagnostic",
                "availability": [{"topic": topics.status}],
            },
        }
        if self._words:
            for name in ("heard", "said"):
                topic = topics.of_satellite(level, f"last_{name}")
                components[f"last_{name}"] = {
                    "platform": "sensor",
                    "name": f"Last {name}",
                    "state_topic": topic,
                    "value_template": _WORDS,
                    "json_attributes_topic": topic,
                }
        device: dict[str, Any] = {
            "identifiers": [f"{self._node}_{level}"],
            "name": one.name,
            "model": "Sotto satellite",
            "via_device": self._node,
        }
        if one.area:
            device["suggested_area"] = one.area
        return self._message(f"{self._node}_{level}", device, components, [topics.status, status])

    def _message(
        self,
        unique: str,
        device: dict[str, Any],
        components: dict[str, dict[str, Any]],
        availability: list[str],
    ) -> str:
        for key, component in components.items():
            component["unique_id"] = f"{unique}_{key}"
            component.setdefault("availability", [{"topic": topic} for topic in availability])
            component["availability_mode"] = "all"
        message = {
            "device": {**device, "manufacturer": OWN_ORIGIN},
            "origin": {"name": OWN_ORIGIN},
            "components": components,
        }
        return orjson.dumps(message).decode()


def _entity(platform: str, name: str, command_topic: str, **more: Any) -> dict[str, Any]:
    return {"platform": platform, "name": name, "command_topic": command_topic, "qos": 1, **more}
