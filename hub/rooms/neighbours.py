"""Which satellites may hear the same words: learned from who wakes together."""

from collections.abc import Collection
from dataclasses import dataclass

from hub.rooms.arbiter import HOLD_S

APART_AFTER = 20
"""Wakes of one satellite without the other: by then they stand in rooms of their own."""

MAX_SATELLITES = 256
"""Satellites that are remembered; those not seen for longest are forgotten."""


@dataclass(frozen=True, slots=True)
class _Woken:
    satellite: str
    wake_word: str | None
    spoken_at: float


class Neighbours:
    """Learns which satellites are near each other. Until it knows, all of them are."""

    def __init__(self) -> None:
        self._missed: dict[str, dict[str, int]] = {}
        """For each satellite, how many of its wakes in a row others did not hear."""
        self._recent: list[_Woken] = []

    def __len__(self) -> int:
        """Return how many satellites are remembered."""
        return len(self._missed)

    def woke(
        self, satellite: str, spoken_at: float, wake_word: str | None, idle: Collection[str]
    ) -> None:
        """Learn from one wake, as soon as it arrives.

        `idle` are the satellites that are connected and could have heard it. Those that wake with
        the same wake word within HOLD_S, before or after, have heard it.
        """
        together = {
            other.satellite
            for other in self._recent
            if other.satellite != satellite
            and other.wake_word == wake_word
            and abs(other.spoken_at - spoken_at) <= HOLD_S
        }
        self._see([*idle, *together, satellite])
        missed = self._missed[satellite]
        for other in (self._missed.keys() & set(idle)) - {satellite} - together:
            missed[other] = min(missed.get(other, 0) + 1, APART_AFTER)
        for other in self._missed.keys() & together:
            missed.pop(other, None)
            self._missed[other].pop(satellite, None)
        self._remember(_Woken(satellite, wake_word, spoken_at))

    def near(self, satellite: str, connected: Collection[str]) -> set[str]:
        """Return those of `connected` that may hear what `satellite` hears, without itself."""
        return set(connected) - self.apart(satellite) - {satellite}

    def apart(self, satellite: str) -> set[str]:
        """Return those of which it is known that they do not hear what `satellite` hears."""
        missed = self._missed.get(satellite, {})
        return {other for other, times in missed.items() if times >= APART_AFTER}

    def forget(self, satellite: str) -> None:
        """Forget a satellite: it was moved, or is gone for good."""
        self._missed.pop(satellite, None)
        for missed in self._missed.values():
            missed.pop(satellite, None)

    def _see(self, satellites: list[str]) -> None:
        """Note who is there, the surest last, and forget who was not there for longest."""
        for satellite in satellites:
            self._missed[satellite] = self._missed.pop(satellite, {})
        while len(self._missed) > MAX_SATELLITES:
            self.forget(next(iter(self._missed)))

    def _remember(self, woken: _Woken) -> None:
        newest = max([woken.spoken_at, *(other.spoken_at for other in self._recent)])
        self._recent = [
            other
            for other in (*self._recent, woken)
            if other.spoken_at >= newest - 2 * HOLD_S and other.satellite in self._missed
        ][-MAX_SATELLITES:]
