"""Requests to one engine: who is served, who is next, and whether the engine is stuck. Pure.

An engine does one thing at a time. Whoever waits is ranked anew each time that it is free: a
request becomes more urgent once the person has stopped speaking (`hub.engines.base.Rank`).
"""

from collections.abc import Callable
from typing import Generic, Protocol, TypeVar

from hub.engines.base import Rank


class Entry(Protocol):
    """What stands in line."""

    number: int
    """Later ones have higher numbers."""
    rank: Callable[[], Rank]
    """How urgent it is at the moment."""
    abandon_s: float
    """How long it may hold up the engine once nobody waits for it any more."""
    given_up_at: float | None
    """Since when nobody waits for it."""


_E = TypeVar("_E", bound=Entry)


class LineFull(Exception):
    """There are too many requests, none of them less urgent than the new one."""


class Line(Generic[_E]):
    """The requests to one engine."""

    def __init__(self, places: int) -> None:
        self.served: _E | None = None
        """What the engine works on."""
        self._places = places
        self._waiting: dict[int, _E] = {}
        self._moved_at = 0.0

    @property
    def waiting(self) -> list[_E]:
        """Who waits, the longest first."""
        return list(self._waiting.values())

    @property
    def idle(self) -> bool:
        """Whether nobody waits and nothing is worked on."""
        return not self._waiting and self.served is None

    def join(self, entry: _E) -> _E | None:
        """Let `entry` wait; return who must leave for it, if the line is full.

        Raises LineFull where nobody is less urgent.
        """
        leaving = None
        if len(self._waiting) >= self._places:
            leaving = max(self._waiting.values(), key=_urgency)
            if leaving.rank() <= entry.rank():
                raise LineFull
            del self._waiting[leaving.number]
        self._waiting[entry.number] = entry
        return leaving

    def serve_next(self) -> _E | None:
        """Begin with the most urgent request, the oldest of these, if the engine is free."""
        if self.served is not None or not self._waiting:
            return None
        entry = min(self._waiting.values(), key=_urgency)
        self.serve(entry)
        return entry

    def serve(self, entry: _E) -> None:
        """Let the engine begin with `entry`, whoever waits."""
        self._waiting.pop(entry.number, None)
        self.served = entry

    def answered(self, number: int, now: float, *, last: bool) -> None:
        """Note an answer, or the last one, to the request that is served: the engine lives."""
        if self.served is None or self.served.number != number:
            return
        self._moved_at = now
        if last:
            self.served = None

    def give_up(self, entry: _E, now: float) -> bool:
        """Note that nobody waits for `entry` any more; return whether the engine works on it."""
        self._waiting.pop(entry.number, None)
        if entry.given_up_at is None:
            entry.given_up_at = now
        return self.served is entry

    def interrupt(self) -> _E | None:
        """Free the engine, which is another one now; return what it was working on."""
        served, self.served = self.served, None
        return served

    def wait_again(self, entry: _E) -> None:
        """Let a request that the engine was interrupted in wait, before all of its rank."""
        self._waiting[entry.number] = entry

    @property
    def stuck_at(self) -> float | None:
        """Return when the engine is stuck unless it answers something; None if it may work on."""
        served = self.served
        if served is None or served.given_up_at is None:
            return None
        return max(served.given_up_at, self._moved_at) + served.abandon_s


def _urgency(entry: Entry) -> tuple[Rank, int]:
    return entry.rank(), entry.number
