"""Timers at the satellite: those of its hub ring here too when the hub is gone.

The hub tells which timers are set here, and rings them itself while it can; between two rings, too,
it is known here that it rings, and it can be stopped. Where the link is lost the satellite rings in
their time, or goes on ringing, until somebody stops it; the hub hears afterwards what was stopped.
Home Assistant leaves ringing to the satellite altogether.
"""

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass, replace

from protocol import (
    Message,
    TimerCancelled,
    TimerFinished,
    TimerStarted,
    TimerUpdated,
)
from satellite import events
from satellite.events import Event

MOST_TIMERS = 64
RING_EVERY_S = 2.4
LONGEST_S = 15 * 60.0
"""Nobody is at home."""
GRACE_S = 1.5
"""The hub, if it lives, says by then that a timer has finished."""


@dataclass(frozen=True, slots=True)
class _Timer:
    id: str
    name: str | None
    due: float | None
    """`clock` time; None while it is paused."""
    finished: bool = False


class Ringing:
    """Follows the hub's timers, and rings where nobody else does."""

    def __init__(
        self,
        ring: Callable[[], None],
        hush: Callable[[], None],
        tell: Callable[[Event], None],
        send: Callable[[Message], None],
        *,
        alone: bool = False,
        inaudible: Callable[[], bool] = lambda: False,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """`ring` sounds once, `hush` stops that; `send` reaches the hub if there is one.

        `alone`: what is at the other end never rings, so the satellite always does. `inaudible`
        tells whether the hub's own ringing can not be heard here; then the satellite rings beside.
        """
        self._ring = ring
        self._hush = hush
        self._tell = tell
        self._send = send
        self._alone = alone
        self._inaudible = inaudible
        self._clock = clock
        self._linked = False
        self._timers: dict[str, _Timer] = {}
        self._stopped: list[str] = []
        self._since: float | None = None  # it rings itself
        self._rings = False
        self._changed = asyncio.Event()

    @property
    def rings(self) -> bool:
        """Return True while something rings here, by the hub or by the satellite itself."""
        return self._rings

    @property
    def by_hub(self) -> bool:
        """Return True while it is the hub that rings, and the hub alone."""
        return self._rings and self._since is None

    def receive(self, message: Message) -> None:
        """Take what the hub says about a timer."""
        now = self._clock()
        match message:
            case TimerStarted(id=key, total_seconds=seconds, name=name):
                if len(self._timers) < MOST_TIMERS or key in self._timers:
                    self._timers[key] = _Timer(key, name, now + max(0, seconds))
            case TimerUpdated(id=key, is_active=active, total_seconds=seconds):
                if key in self._timers:
                    due = now + max(0, seconds) if active else None
                    self._timers[key] = replace(self._timers[key], due=due, finished=False)
            case TimerCancelled(id=key):
                self._timers.pop(key, None)
            case TimerFinished(id=key):
                timer = self._timers.get(key, _Timer(key, None, now))
                if len(self._timers) < MOST_TIMERS or key in self._timers:
                    self._timers[key] = replace(timer, due=timer.due or now, finished=True)
            case _:
                return
        self._follow_up()

    def link_up(self) -> None:
        """The hub is there: it hears what was stopped, tells its timers anew, and rings them."""
        self._linked = True
        for key in self._stopped:
            self._send(TimerCancelled(key))
        self._stopped.clear()
        if not self._alone:
            self._timers.clear()
        self._follow_up()

    def link_down(self) -> None:
        """The hub is gone."""
        self._linked = False
        self._follow_up()

    def stop(self) -> bool:
        """Stop what rings, here and at the hub; return False where nothing does."""
        if not self._rings:
            return False
        for key in [key for key, timer in self._timers.items() if self._is_heard(timer)]:
            del self._timers[key]
            if self._linked:
                self._send(TimerCancelled(key))
            elif len(self._stopped) < MOST_TIMERS:
                self._stopped.append(key)
        self._follow_up()
        return True

    async def run(self) -> None:
        """Ring in time, until cancelled."""
        while True:
            self._changed.clear()
            self._look()
            if self._since is not None:
                self._ring()
            try:
                async with asyncio.timeout(self._wait_s()):
                    await self._changed.wait()
            except TimeoutError:
                pass

    def _follow_up(self) -> None:
        self._look()
        self._changed.set()

    def _is_due(self, timer: _Timer) -> bool:
        now = self._clock()
        if self._alone or not self._linked or self._inaudible():
            if timer.finished:
                return True
            # Home Assistant says itself when a timer has finished, while it is there.
            return not self._linked and timer.due is not None and timer.due + GRACE_S <= now
        return False

    def _is_heard(self, timer: _Timer) -> bool:
        """Tell whether the hub rings it, or the satellite has to."""
        return (self._linked and timer.finished) or self._is_due(timer)

    def _look(self) -> None:
        """Begin or end ringing, as the timers want it."""
        now = self._clock()
        due = [timer for timer in self._timers.values() if self._is_due(timer)]
        if self._since is not None and now - self._since > LONGEST_S:
            for timer in due:
                del self._timers[timer.id]
            due = []
        if due and self._since is None:
            self._since = now
        elif not due and self._since is not None:
            self._since = None
            self._hush()
        heard = [timer for timer in self._timers.values() if self._is_heard(timer)]
        if self._rings != bool(heard):
            self._rings = bool(heard)
            name = heard[0].name if heard else None
            self._tell(events.Ringing(now, ringing=self._rings, timer=name))

    def _wait_s(self) -> float | None:
        if self._since is not None:
            return RING_EVERY_S
        if self._linked:
            return None
        dues = [timer.due for timer in self._timers.values() if timer.due is not None]
        return max(0.001, min(dues) + GRACE_S - self._clock()) if dues else None
