"""An event loop whose clock jumps to the next timer: long conversations in milliseconds.

Only for code that waits for timers and for other tasks; nothing real is waited for.
"""

import asyncio
import selectors
from collections.abc import Coroutine
from typing import Any, TypeVar

T = TypeVar("T")

MAX_VIRTUAL_S = 3600.0
TICK_S = 1e-9
"""What a round of the loop takes: a wait that rounding made too short to count ends too."""


class _JumpingSelector(selectors.SelectSelector):
    """A selector that never waits: it moves the clock on by as long as it was asked to."""

    def __init__(self) -> None:
        super().__init__()
        self.now = 0.0

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        if timeout is None:
            raise RuntimeError("every task waits for something that will never happen")
        self.now += max(timeout, TICK_S)
        if self.now > MAX_VIRTUAL_S:
            raise RuntimeError(f"the conversation took over {MAX_VIRTUAL_S:g} virtual seconds")
        return super().select(0)


class VirtualLoop(asyncio.SelectorEventLoop):
    """The loop. `time()` starts at 0."""

    def __init__(self) -> None:
        self._jumping = _JumpingSelector()
        super().__init__(self._jumping)

    def time(self) -> float:
        return self._jumping.now


def run_virtual(main: Coroutine[Any, Any, T], *, debug: bool = True) -> T:
    """Run `main` to its end on a loop of virtual time.

    In debug mode the loop keeps a traceback of every timer, most of the time of a long scene.
    """
    with asyncio.Runner(debug=debug, loop_factory=VirtualLoop) as runner:
        return runner.run(main)
