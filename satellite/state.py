"""The states of a satellite, and how long each may last."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from protocol import Wake


class State(StrEnum):
    """What the satellite is doing."""

    DISCONNECTED = "disconnected"
    IDLE = "idle"
    WAKING = "waking"
    LISTENING = "listening"
    THINKING = "thinking"
    SPEAKING = "speaking"


WAKING_S = 4.0
"""A link that is lost for 3 s just then costs no command."""
LISTENING_GRACE_S = 2.0
"""On top of the hub's own limit: while the hub lives, its timeout is the one that counts."""
LISTENING_MOST_S = 60.0
"""Whatever a hub asks for, the microphone closes after this."""
FLUSH_S = 2.0
"""A speaker that is not silent this long after it was told to is given up."""

QUIET_LIMITS_S: Mapping[State, float] = MappingProxyType(
    {State.WAKING: WAKING_S, State.THINKING: 30.0, State.SPEAKING: 10.0}
)
"""How long a state lasts without a message of its turn or playback that moves on."""


@dataclass(frozen=True, slots=True)
class Trigger:
    """Why the satellite wants to be listened to; the fields are those of the `Wake` message."""

    kind: str
    wake_word: str | None = None
    score: float | None = None
    loudness_dbfs: float | None = None
    noise_dbfs: float | None = None
    age_ms: int | None = None
    language: str | None = None
    began_before: bool = False
    """What is said began before it was noticed; so it does after a wake word."""

    def message(self, candidate: int) -> Wake:
        """Return what the hub is asked."""
        return Wake(
            candidate,
            self.kind,
            wake_word=self.wake_word,
            score=self.score,
            loudness_dbfs=self.loudness_dbfs,
            noise_dbfs=self.noise_dbfs,
            age_ms=self.age_ms,
            language=self.language,
        )
