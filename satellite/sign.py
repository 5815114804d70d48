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
    TROUBLE = "trouble"
    """A microphone, speaker or button is away, a wake word or the settings can not be used, or
    nothing can be kept."""
    IDENTIFYING = "identifying"
    """Somebody wants to know which satellite this is."""


_OF_STATE = {
    State.DISCONNECTED: Sign.DISCONNECTED,
    State.IDLE: Sign.IDLE,
    State.WAKING: Sign.LISTENING,
    State.LISTENING: Sign.LISTENING,
    State.THINKING: Sign.THINKING,
    State.SPEAKING: Sign.SPEAKING,
}
_SEEN_THOUGH_RINGING = (Sign.LISTENING, Sign.THINKING)
"""Who says what is to become of it sees that the hub listens."""
_SEEN_THOUGH_MUTED = (Sign.THINKING, Sign.SPEAKING)
"""They end by themselves; then it is seen again that the microphone is off."""

_SEEN_WITHOUT_SOUND = (Sign.IDLE, Sign.DISCONNECTED)
_AWAY = {
    f"{before}{kind}{after}": kind
    for kind in ("microphone", "speaker")
    for before, after in (("no-", ""), ("", "-lost"))
} | {"bad-settings": "settings", "no-pins": "button", "not-kept": "disk"}
"""What is away, by the code of what failed; settings are until the satellite begins anew."""
_WAKE_WORD = "wake word"


class SignFollower:
    """Follows the events to the sign that holds.

    What rings is seen before all but a conversation: it wants to be stopped. That the microphone is
    off is seen whenever nothing is being answered, with a hub or without.
    """

    def __init__(self) -> None:
        self._state = Sign.DISCONNECTED
        self._muted = False
        self._ringing = False
        self._identifying = False
        self._away: set[str] = set()

    @property
    def sign(self) -> Sign:
        """Return what should be seen now."""
        if self._identifying:
            return Sign.IDENTIFYING
        if self._ringing and self._state not in _SEEN_THOUGH_RINGING:
            return Sign.RINGING
        if self._muted and self._state not in _SEEN_THOUGH_MUTED:
            return Sign.MUTED
        if self._away and self._state in _SEEN_WITHOUT_SOUND:
            return Sign.TROUBLE
        return self._state

    def follow(self, event: Event) -> None:
        """Take an event."""
        match event:
            case events.StateChanged(state=state):
                self._state = _OF_STATE[State(state)]
            case events.Muted(muted=muted):
                self._muted = muted
            case events.Failed(code=code) if code in _AWAY:
                self._away.add(_AWAY[code])
            case events.DeviceOpened(kind=kind):
                self._away.discard(kind)
            case events.KeptAgain():
                self._away.discard("disk")
            case events.WakeWords(missing=missing) if missing:
                self._away.add(_WAKE_WORD)
            case events.WakeWords():
                self._away.discard(_WAKE_WORD)
            case events.Ringing(ringing=ringing):
                self._ringing = ringing
            case events.Identifying(identifying=identifying):
                self._identifying = identifying
            case _:
                pass
