"""What happens at a device that has nothing else to tell: a button is pressed, a knob is turned."""

from hub.mqtt.config import Config
from hub.mqtt.entity import NOW, VALUE, Changes, Parts
from hub.mqtt.errors import DiscoveryError
from hub.mqtt.readings import reading


def device_trigger(config: Config) -> Parts:
    """Read one of a device's triggers. Its state is what happened, its `time` is when."""
    if config.text("automation_type", "trigger") != "trigger":
        raise DiscoveryError("bad-config", "'automation_type' must be 'trigger'.")
    config.topic("topic")
    config.qos()
    kind, part = _needed(config, "type"), _needed(config, "subtype")
    if device_key(config) is None:
        raise DiscoveryError("bad-config", "'device' needs 'identifiers' or 'connections'.")
    payload = config.text("payload", "") if "payload" in config else None

    def read(text: str) -> Changes:
        return {VALUE: f"{part} {kind}", "time": NOW} if payload in (None, text) else {}

    return Parts(
        readings=reading(config, "topic", "value_template", read, live=True),
        facts={"type": kind, "subtype": part},
    )


def device_key(config: Config) -> str | None:
    """Return by what a device is known as one, whatever it announces of itself."""
    device = config.mapping("device")
    known = device.get("identifiers")
    if isinstance(known, str | list) and known:
        return known if isinstance(known, str) else str(known[0])
    connections = device.get("connections")
    if isinstance(connections, list) and connections and isinstance(connections[0], list):
        return " ".join(str(part) for part in connections[0]) or None
    return None


def _needed(config: Config, key: str) -> str:
    text = config.optional_text(key)
    if text is None:
        raise DiscoveryError("bad-config", f"{key!r} is missing.")
    return text
