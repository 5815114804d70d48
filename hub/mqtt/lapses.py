"""What is only true for a time: values that grow old, and motion that nobody says the end of."""

import heapq
from dataclasses import dataclass

from hub.mqtt.config import Config
from hub.mqtt.entity import UNKNOWN, Lapse
from hub.mqtt.errors import DiscoveryError

MAX_S = 31_536_000.0
"""A year: what is not told again for so long is as good as for ever."""


def lapse(
    config: Config, key: str, value: str = UNKNOWN, of: str | None = None
) -> tuple[Lapse, ...]:
    """Return the lapse after as many seconds as the configuration says, if it says any."""
    after_s = config.number(key, 0)
    if after_s < 0:
        raise DiscoveryError("bad-config", f"{key!r} must not be less than 0.")
    return (Lapse(min(after_s, MAX_S), value, of),) if after_s else ()


@dataclass(frozen=True, slots=True, order=True)
class _Entry:
    at_s: float
    key: tuple[str, str]


class Lapses:
    """When which state of which entity lapses. Pure: the caller says what time it is."""

    def __init__(self) -> None:
        self._at: dict[tuple[str, str], float] = {}
        self._heap: list[_Entry] = []

    def start(self, entity_id: str, value: str, at_s: float) -> None:
        """Have an entity's state become `value` at a time; one for that value is replaced."""
        self._at[entity_id, value] = at_s
        heapq.heappush(self._heap, _Entry(at_s, (entity_id, value)))
        if len(self._heap) > 2 * len(self._at) + 64:  # most of them were replaced
            self._heap = [_Entry(at, key) for key, at in self._at.items()]
            heapq.heapify(self._heap)

    def stop(self, entity_id: str, value: str) -> None:
        """Have an entity's state not become `value`."""
        self._at.pop((entity_id, value), None)

    def next_s(self) -> float | None:
        """Return when the next state lapses."""
        while self._heap and self._at.get(self._heap[0].key) != self._heap[0].at_s:
            heapq.heappop(self._heap)
        return self._heap[0].at_s if self._heap else None

    def due(self, now_s: float) -> list[tuple[str, str]]:
        """Return which entities' states have lapsed, and to what."""
        found = []
        while (at_s := self.next_s()) is not None and at_s <= now_s:
            key = heapq.heappop(self._heap).key
            del self._at[key]
            found.append(key)
        return found
