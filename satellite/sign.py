"""What the satellite shows of itself: one sign at a time, worked out from what happens."""

from enum import StrEnum

from satellite import events
from satellite.events import Event
from satellite.state import State


class Sign(StrEnum):
    """What people should see."""

    IDLE = "idle"
    LISTENING = "listening"
    THINKING = "thinking"
    SPEAKING = "speaking"
    MUTED = "muted"
    RINGING = "ringing"
    DISCONNECTED = "disconnected"


_OF_STATE = {
    State.DISCONNECTED: Sign.DISCONNECTED,
    State.IDLE: Sign.IDLE,
    State.WAKING: Sign.LISTENING,
    State.LISTENING: Sign.LISTENING,
    State.THINKING: Sign.THINKING,
    State.SPEAKING: Sign.SPEAKING,
}
_SEEN_THOUGH_MUTED = (Sign.THINKING, Sign.SPEAKING)
"""They end by themselves; then it is seen again that the microphone is off."""


class SignFollower:
    """Follows the events to the sign that holds.

    What rings is seen first: it wants to be stopped. That the microphone is off is seen whenever
    nothing is being answered, with a hub or without.
    """

    def __init__(self) -> None:
        self._state = Sign.DISCONNECTED
        self._muted = False
        self._ringing = False

    @property
    def sign(self) -> Sign:
        """Return what should be seen now."""
        if self._ringing:
            return Sign.RINGING
        if self._muted and self._state not in _SEEN_THOUGH_MUTED:
            return Sign.MUTED
        return self._state

    def follow(self, event: Event) -> None:
        """Take an event."""
        match event:
            case events.StateChanged(state=state):
                self._state = _OF_STATE[State(state)]
            case events.Muted(muted=muted):
                self._muted = muted
            case events.Ringing(ringing=ringing):
                self._ringing = ringing
            case _:
                pass
