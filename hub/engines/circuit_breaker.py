"""Leaves a server alone that is away, so that not every turn waits for it in vain."""

from collections.abc import Callable

FIRST_REST_S = 15.0
LONGEST_REST_S = 120.0
"""A server that comes back is used again after two minutes at the latest."""


class CircuitBreaker:
    """Closed while all is well; after a failure open, for longer each time."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._rest_s = 0.0
        self._open_until = 0.0

    @property
    def open(self) -> bool:
        """Whether it is of no use to try now."""
        return self._rest_s > 0 and self._clock() < self._open_until

    def failed(self) -> None:
        """Open it. What fails while it is open was tried before: that says nothing new."""
        if not self.open:
            self._rest_s = min(2 * self._rest_s, LONGEST_REST_S) or FIRST_REST_S
            self._open_until = self._clock() + self._rest_s

    def succeeded(self) -> None:
        """Close it."""
        self._rest_s = 0.0
