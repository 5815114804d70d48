"""Devices that announce themselves again and again: each is taken less and less often."""

from collections.abc import Callable
from dataclasses import dataclass, field

FREE_CHANGES = 5
"""So many changes are taken at once: a device that is set up anew changes a few times."""
FIRST_WAIT_S = 10.0
LONGEST_WAIT_S = 600.0
FORGIVEN_AFTER_S = 120.0
"""A device that was quiet for so long is as good as new."""
MAX_TOPICS = 20_000
MAX_HELD_BYTES = 16_384
"""What is larger is taken at once: it is no lamp, and much of it must not lie about."""


@dataclass(slots=True)
class _Record:
    taken: int = 0
    last_s: float = 0.0
    next_s: float = 0.0
    wait_s: float = FIRST_WAIT_S
    held: bytes | None = field(default=None, repr=False)
    seen: int = 0


class Flapping:
    """Decides by topic whether a message is taken now or held, and the newest only, until later.

    Pure but for the clock: the caller asks `due` for what may be taken now.
    """

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._records: dict[str, _Record] = {}

    def takes(self, topic: str, payload: bytes) -> bool:
        """Return whether a message is to be taken now; otherwise it is held until it is due."""
        now_s = self._clock()
        record = self._records.pop(topic, None)
        if record is None or (
            record.held is None and now_s - record.last_s > FORGIVEN_AFTER_S + record.wait_s
        ):
            record = _Record()
            if len(self._records) >= MAX_TOPICS:
                del self._records[next(iter(self._records))]
        self._records[topic] = record  # the one that was heard longest ago is the first
        digest = hash(payload)
        if record.taken and digest == record.seen:
            return record.held is None  # nothing new, which costs nothing
        record.seen, record.last_s = digest, now_s
        if record.taken < FREE_CHANGES or len(payload) > MAX_HELD_BYTES:
            record.taken += 1
            return True
        if record.held is None:
            record.next_s = max(record.next_s, now_s + record.wait_s)
        record.held = payload
        return False

    def due(self) -> list[tuple[str, bytes]]:
        """Return what waited long enough, and has to be taken now."""
        now_s = self._clock()
        ready = []
        for topic, record in self._records.items():
            if record.held is not None and now_s >= record.next_s:
                ready.append((topic, record.held))
                record.held = None
                record.wait_s = min(LONGEST_WAIT_S, record.wait_s * 2)
                record.next_s = now_s + record.wait_s
        return ready

    def next_s(self) -> float | None:
        """Return when something becomes due, on the clock; None if nothing waits."""
        return min(
            (record.next_s for record in self._records.values() if record.held is not None),
            default=None,
        )
