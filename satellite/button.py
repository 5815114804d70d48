"""The button to talk: what it means to press it, and to hold it."""

from collections.abc import Callable

from satellite import events
from satellite.effects import Effect
from satellite.events import Event
from satellite.machine import Machine
from satellite.ringing import Ringing
from satellite.state import State

HOLD_S = 0.6
"""Who holds the button longer talks while it is held."""


class Button:
    """Pure like the machine that it asks: the caller carries out the effects."""

    def __init__(
        self, machine: Machine, tell: Callable[[Event], None], clock: Callable[[], float]
    ) -> None:
        """`tell` hears why a press is of no use."""
        self._machine = machine
        self._tell = tell
        self._clock = clock
        self._pressed_at = 0.0

    def press(self, ringing: Ringing | None) -> list[Effect]:
        """Talk, or end what is said; what rings is stopped instead.

        Where nothing can be heard, what is answered is stopped, else it is told why.
        """
        now = self._pressed_at = self._clock()
        stopped = self.stop_ringing(ringing)
        if stopped is not None:
            return stopped
        if self._machine.muted or self._machine.hearing.deaf:
            if self._machine.turn is not None:
                return self._machine.stop("stopped", now)
            self._tell(_why_in_vain(now, muted=self._machine.muted))
            return []
        return self._machine.button(now)

    def stop_ringing(self, ringing: Ringing | None) -> list[Effect] | None:
        """Stop what rings, here or at the hub; None where nothing does."""
        if ringing is None or not ringing.rings:
            return None
        by_hub = ringing.by_hub
        if by_hub and self._machine.state is State.LISTENING:
            return None  # somebody says what is to become of it
        ringing.stop()
        return self._machine.stop("stopped", self._clock()) if by_hub else []

    def release(self) -> list[Effect]:
        """Let go of it: who held it while speaking has finished."""
        now = self._clock()
        if now - self._pressed_at >= HOLD_S and self._machine.state is State.LISTENING:
            return self._machine.button(now)
        return []


def _why_in_vain(now: float, *, muted: bool) -> events.Failed:
    if muted:
        return events.Failed(now, "muted", "the button was pressed while the microphone is off")
    return events.Failed(
        now, "nothing-hears", "the button was pressed while there is no microphone"
    )
