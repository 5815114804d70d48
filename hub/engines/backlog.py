"""What an engine was sent and has not finished, in order: it works on the first. Pure."""

from dataclasses import dataclass


@dataclass(slots=True)
class _Entry:
    limit_s: float
    given_up_at: float | None = None


class Backlog:
    """Requests in one engine. Tells when a request that nobody waits for holds up all others."""

    def __init__(self) -> None:
        self._entries: dict[int, _Entry] = {}
        self._moved_at = 0.0

    def add(self, number: int, limit_s: float) -> None:
        """Take in a request; given up, it may hold the engine for `limit_s` more."""
        self._entries[number] = _Entry(limit_s)

    def give_up(self, number: int, now: float) -> None:
        """Note that nobody waits for a request any more."""
        entry = self._entries.get(number)
        if entry is not None and entry.given_up_at is None:
            entry.given_up_at = now

    def answered(self, number: int, now: float, *, last: bool) -> None:
        """Note an answer, or the last one, to a request: the engine lives."""
        self._moved_at = now
        if last:
            self._entries.pop(number, None)

    @property
    def stuck_at(self) -> float | None:
        """Return when the engine is stuck unless it answers something; None if it may work on."""
        first = next(iter(self._entries.values()), None)
        if first is None or first.given_up_at is None:
            return None
        return max(first.given_up_at, self._moved_at) + first.limit_s
