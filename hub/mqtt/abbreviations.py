"""Discovery messages as devices with little memory send them: short keys, and a base for topics.

Keys that have no short name are taken as they are.
"""

from typing import Any

from hub.mqtt.short_keys import DEVICE_KEYS, KEYS, ORIGIN_KEYS


def expand(config: dict[str, Any]) -> dict[str, Any]:
    """Return a configuration with long keys, and with `~` in its topics filled in."""
    long = {KEYS.get(key, key): value for key, value in config.items()}
    for part, keys in (("device", DEVICE_KEYS), ("origin", ORIGIN_KEYS)):
        if isinstance(told := long.get(part), dict):
            long[part] = {keys.get(key, key): value for key, value in told.items()}
    if isinstance(origins := long.get("availability"), list):
        long["availability"] = [
            {KEYS.get(key, key): value for key, value in item.items()}
            for item in origins
            if isinstance(item, dict)
        ]
    base = long.pop("~", None)
    return _based(long, base) if isinstance(base, str) else long


def _based(config: dict[str, Any], base: str) -> dict[str, Any]:
    based: dict[str, Any] = {}
    for key, value in config.items():
        if isinstance(value, str) and (key.endswith("topic") or key == "topic"):
            based[key] = _filled(value, base)
        elif key == "availability" and isinstance(value, list):
            based[key] = [_based(item, base) for item in value]
        else:
            based[key] = value
    return based


def _filled(topic: str, base: str) -> str:
    if topic.startswith("~"):
        return base + topic[1:]
    if topic.endswith("~"):
        return topic[:-1] + base
    return topic
