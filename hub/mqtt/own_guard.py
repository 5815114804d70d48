"""What keeps commands from being carried out twice, and from coming too fast."""

import hashlib
from collections import OrderedDict
from collections.abc import Callable
from typing import Any

from hub.mqtt.command_link import Delivery

MAX_IDS = 1_000
MAX_DELIVERIES = 256
"""More than a broker has under way at once."""
BURST = 60
PER_S = 20.0
"""Somebody who drags a volume slider sends about this many. What is beyond it stays at the broker,
so that nothing is lost when the hub was away for long."""


class Repeats:
    """Knows which commands there were already. What is oldest is forgotten first."""

    def __init__(self) -> None:
        self._ids: OrderedDict[str | int, None] = OrderedDict()
        self._deliveries: OrderedDict[tuple[int, bytes], None] = OrderedDict()

    def delivered(self, delivery: Delivery) -> bool:
        """Take note of a delivery; return whether it is one that the broker made before."""
        digest = hashlib.sha256(f"{delivery.topic}\0".encode() + delivery.payload).digest()
        key = (delivery.number, digest)
        known = key in self._deliveries
        _note(self._deliveries, key, MAX_DELIVERIES)
        return known and delivery.repeated

    def named(self, command_id: str | int | None) -> bool:
        """Take note of a command's id; return whether there was one with it."""
        if command_id is None:
            return False
        known = command_id in self._ids
        _note(self._ids, command_id, MAX_IDS)
        return known

    def take_back(self, command_id: str | int | None) -> None:
        """Forget the id of a command that could not be carried out."""
        self._ids.pop(command_id, None)  # type: ignore[arg-type]  # None is never in it


class Rate:
    """A bucket that fills by PER_S and holds BURST commands. Those beyond it wait their time."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._left = float(BURST)
        self._at = clock()

    def take(self) -> float:
        """Take one out; return for how many seconds it has to wait."""
        now = self._clock()
        self._left = min(float(BURST), self._left + (now - self._at) * PER_S) - 1
        self._at = now
        return max(0.0, -self._left / PER_S)


def _note(known: OrderedDict[Any, None], key: object, most: int) -> None:
    known[key] = None
    known.move_to_end(key)
    if len(known) > most:
        known.popitem(last=False)
