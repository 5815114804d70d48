"""What of the home can not be used, and why."""

from dataclasses import dataclass
from typing import Any

import orjson
import structlog

from hub.mqtt.abbreviations import expand
from hub.mqtt.errors import DiscoveryError

log = structlog.get_logger(__name__)

MAX_BROKEN = 1_000
MAX_CAUSES = 4_000
"""Causes that are remembered as logged; when there are more, they may be logged again."""
MAX_NAME_CHARS = 60
MAX_REASON_CHARS = 500


@dataclass(frozen=True, slots=True)
class Broken:
    """A device that can not be used, or not in full."""

    name: str
    """What it calls itself, as far as that can be made out."""
    topic: str
    """Where it said what can not be used: a discovery topic or a state topic."""
    reason: str


class BrokenDevices:
    """The broken devices of a home, by topic. Each cause is logged once."""

    def __init__(self) -> None:
        self._broken: dict[str, Broken] = {}
        self._logged: dict[tuple[str, str], None] = {}

    def __iter__(self) -> Any:
        return iter(tuple(self._broken.values()))

    def note(self, topic: str, name: str, problems: tuple[DiscoveryError, ...]) -> None:
        """Keep what is wrong with a topic now, which may be nothing."""
        if not problems:
            self._broken.pop(topic, None)
            return
        if topic in self._broken or len(self._broken) < MAX_BROKEN:
            reason = " ".join(str(problem) for problem in problems)[:MAX_REASON_CHARS]
            self._broken[topic] = Broken(name, topic, reason)
        # By code, for a reason may quote the payload, and that may be another one each time.
        cause = (topic, " ".join(sorted({problem.code for problem in problems})))
        if cause not in self._logged and topic in self._broken:
            if len(self._logged) >= MAX_CAUSES:
                del self._logged[next(iter(self._logged))]
            self._logged[cause] = None
            unsupported = all(problem.code == "unsupported" for problem in problems)
            tell = log.info if unsupported else log.warning
            broken = self._broken[topic]
            tell("device can not be used", device=name, topic=topic, reason=broken.reason)


def name_of(topic: str, payload: bytes) -> str:
    """Return what a discovery message calls its device; at worst a part of its topic."""
    levels = topic.split("/")
    name: Any = None
    try:
        config = expand(orjson.loads(payload)) if len(payload) < 10 * MAX_NAME_CHARS**2 else {}
        device = config.get("device")
        name = (device.get("name") if isinstance(device, dict) else None) or config.get("name")
    except (ValueError, AttributeError, DiscoveryError):
        pass
    if not isinstance(name, str) or not name.strip():
        name = levels[-2] if len(levels) > 1 else topic
    return " ".join(name.split())[:MAX_NAME_CHARS]
