"""Something that is to be done at a time of the loop's clock, the earliest of all times told."""

import asyncio
from collections.abc import Callable


class Due:
    """Calls `take` when it is time."""

    def __init__(self, take: Callable[[], None]) -> None:
        self._take = take
        self._handle: asyncio.TimerHandle | None = None

    @property
    def is_set(self) -> bool:
        """Whether `take` will be called."""
        return self._handle is not None

    def by(self, due_s: float | None) -> None:
        """Call at this time, if that is not to be done earlier anyway."""
        if due_s is None or (self._handle is not None and self._handle.when() <= due_s):
            return
        self.cancel()
        self._handle = asyncio.get_running_loop().call_at(due_s, self._fire)

    def cancel(self) -> None:
        """Call no more."""
        if self._handle is not None:
            self._handle.cancel()
            self._handle = None

    def _fire(self) -> None:
        self._handle = None
        self._take()
