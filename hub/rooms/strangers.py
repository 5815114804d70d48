"""Satellites that were not let in: who an owner may look at, and approve or turn away."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from hub.rooms.pairing import MAX_ID_CHARS, Pairings
from protocol.sotto_messages import Hello

MAX_WAITING = 32
"""Strangers that are shown; whoever can reach the port could name any number."""
WAITING_KEPT = timedelta(minutes=10)
"""One that has not tried again for so long has given up."""
MAX_NAME_CHARS = 100


@dataclass(frozen=True, slots=True)
class Waiting:
    """A satellite that was not let in."""

    id: str
    name: str
    area: str | None
    software: str
    address: str
    code: str
    """Why: "no-token", "bad-token" or "removed"."""
    first_tried: datetime
    last_tried: datetime
    pairing_code: str | None = None
    """What it shows now, to be compared; None: it does not wait to be paired."""


class Strangers:
    """Those that tried last. One that waits to be paired is not pushed out by others."""

    def __init__(self, pairings: Pairings, now: Callable[[], datetime]) -> None:
        self._pairings = pairings
        self._now = now
        self._waiting: dict[str, Waiting] = {}

    def get(self, satellite: str) -> Waiting | None:
        """Return one that tried."""
        return self._waiting.get(satellite)

    def all(self) -> Sequence[Waiting]:
        """Return those that want to come in, the newest first."""
        since = self._now() - WAITING_KEPT
        self._waiting = {k: one for k, one in self._waiting.items() if one.last_tried >= since}
        shown = [
            replace(one, pairing_code=self._pairings.code(one.id)) for one in self._waiting.values()
        ]
        return sorted(shown, key=lambda one: one.last_tried, reverse=True)

    def note(self, hello: Hello, address: str, code: str) -> bool:
        """Take note of one that was not let in; return whether that is news."""
        if not 0 < len(hello.satellite) <= MAX_ID_CHARS:
            return False
        now = self._now()
        before = self._waiting.pop(hello.satellite, None)
        if len(self._waiting) >= MAX_WAITING:
            del self._waiting[next(one for one in self._waiting if one not in self._pairings)]
        self._waiting[hello.satellite] = Waiting(
            hello.satellite,
            short(hello.name),
            None if hello.area is None else short(hello.area),
            short(hello.software),
            address,
            code,
            now if before is None else before.first_tried,
            now,
        )
        return before is None or before.code != code

    def forget(self, satellite: str) -> bool:
        """Forget one; return whether there was one."""
        return self._waiting.pop(satellite, None) is not None


def short(text: str) -> str:
    """Return what is kept of a text that a satellite tells of itself."""
    return text[:MAX_NAME_CHARS]
