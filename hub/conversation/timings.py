"""A timing record of one turn: which stage took how long."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from hub.events import Stage


class Timings:
    """Stages of one turn, in ms since the turn started. `clock` counts seconds, monotonically."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._started_at = clock()
        self._stages: dict[str, Stage] = {}

    @property
    def now_ms(self) -> float:
        """Time since the turn started."""
        return self.at_ms(self._clock())

    def at_ms(self, at: float) -> float:
        """Return a reading of the clock as time since the turn started."""
        return (at - self._started_at) * 1000

    def add(self, name: str, start_ms: float, end_ms: float) -> None:
        """Note a stage; one that was tried before is replaced: the last try counts."""
        self._stages.pop(name, None)
        self._stages[name] = Stage(name, round(start_ms, 2), round(end_ms, 2))

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Note a stage for as long as the block runs, whether it succeeds or not."""
        start_ms = self.now_ms
        try:
            yield
        finally:
            self.add(name, start_ms, self.now_ms)

    @property
    def stages(self) -> tuple[Stage, ...]:
        """Stages so far, in the order in which they ended."""
        return tuple(self._stages.values())
