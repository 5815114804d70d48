"""How long to wait before the next try."""

import random
from collections.abc import Callable

FIRST_S = 0.25
MOST_S = 10.0


class Backoff:
    """Doubles the wait with every failure; spread, so that a house does not knock at once."""

    def __init__(
        self,
        *,
        first_s: float = FIRST_S,
        most_s: float = MOST_S,
        draw: Callable[[], float] = random.random,
    ) -> None:
        """`draw` returns a number from 0 to 1."""
        self._first_s = first_s
        self._most_s = most_s
        self._draw = draw
        self._next_s = first_s

    def next_s(self) -> float:
        """Return the next wait: between half and all of the current step."""
        step_s = self._next_s
        self._next_s = min(step_s * 2, self._most_s)
        return step_s * (0.5 + 0.5 * self._draw())

    def reset(self) -> None:
        """Begin again with the shortest wait."""
        self._next_s = self._first_s
