"""Which turn goes on and which are over, as the state machine counts them on one link."""

from typing import Any

from protocol import TurnEnded
from satellite import events
from satellite.effects import Effect, Emit


class Turns:
    """Numbers only rise. Pure like the machine it belongs to: the caller passes `now`."""

    def __init__(self) -> None:
        self.newest = -1
        self.ended = False
        """The hub has ended the newest turn; its audio may still play."""
        self._over = -1
        self._answered = False

    @property
    def current(self) -> int | None:
        """Return the turn that is going on."""
        return self.newest if self.newest > self._over else None

    def is_stale(self, turn: int) -> bool:
        """Return True for a turn that is over, or older than the newest."""
        return turn < self.newest or turn <= self._over

    def begin(self, turn: int) -> None:
        """Make a turn the newest."""
        self.newest = turn
        self.ended = self._answered = False

    def finish(self, turn: int) -> None:
        """Make a turn and all before it stale."""
        self.newest = max(self.newest, turn)
        self._over = max(self._over, turn)

    def answer(self, text: str, now: float) -> list[Effect]:
        """Tell what the hub answers, or the next part of it."""
        self._answered = True
        return [Emit(events.Answered(now, self.newest, text))]

    def end(self, message: TurnEnded, now: float) -> list[Effect]:
        """Tell that the hub has ended the newest turn, and its answer if that was not told yet."""
        told: list[Effect] = []
        if message.text and not self._answered and message.outcome == "answered":
            told += self.answer(message.text, now)
        self.ended = True
        return told + self.tell_over(message.outcome, message.text, now, message.stages)

    def break_off(self, outcome: str, reason: str, now: float) -> list[Effect]:
        """Tell that the newest turn is over, if the hub has not ended it."""
        return [] if self.ended else self.tell_over(outcome, reason, now)

    def tell_over(
        self, outcome: str, text: str | None, now: float, stages: dict[str, Any] | None = None
    ) -> list[Effect]:
        """Tell that the newest turn is over."""
        return [Emit(events.TurnOver(now, self.newest, outcome, text, stages or {}))]
