"""Conversations between a person and the hub, in whichever room, by voice or by text."""

import itertools
from collections.abc import Callable
from dataclasses import dataclass, field

from hub.conversation.history import History
from hub.conversation.patience import Pauses

IDLE_LIMIT_S = 120.0
"""After this long without a word the next one begins a new conversation."""
MAX_CONVERSATIONS = 256


@dataclass(slots=True)
class Conversation:
    """One conversation."""

    id: str
    room: str
    """Where it takes place."""
    person: str | None
    """Who takes part, where that is known."""
    used_at: float
    """When something was said last, in seconds of the clock."""
    language: str | None = None
    """What was spoken last."""
    turns: int = 0
    """Turns under way in it: however long an answer is, its conversation is not over meanwhile."""
    history: History = field(default_factory=History)


class Conversations:
    """The conversations that go on, by person and room."""

    def __init__(self, clock: Callable[[], float], *, idle_limit_s: float = IDLE_LIMIT_S) -> None:
        self._clock = clock
        self._idle_limit_s = idle_limit_s
        self._here: dict[tuple[str | None, str], Conversation] = {}
        self._pauses: dict[str | None, Pauses] = {}
        self._numbers = itertools.count(1)

    def __len__(self) -> int:
        return len(self._here)

    def here(self, room: str, person: str | None = None) -> Conversation:
        """Return the conversation that goes on with `person` in `room`, or a new one."""
        now = self._clock()
        self._forget(now)
        found = self._here.get((person, room))
        if found is None:
            found = Conversation(f"c{next(self._numbers)}", room, person, now)
            self._here[person, room] = found
        found.used_at = now
        return found

    def join(self, conversation_id: str) -> Conversation | None:
        """Return a conversation by its id, for who joins it from elsewhere; None if it is over."""
        self._forget(self._clock())
        return next((c for c in self._here.values() if c.id == conversation_id), None)

    def hand_over(self, conversation: Conversation, room: str) -> None:
        """Let a conversation go on in another room; one that went on there is over."""
        self._here.pop((conversation.person, conversation.room), None)
        conversation.room = room
        conversation.used_at = self._clock()
        self._here[conversation.person, room] = conversation

    def pauses(self, speaker: str | None) -> Pauses:
        """Return how long `speaker`, a person or where nobody is known a room, pauses."""
        while len(self._pauses) >= MAX_CONVERSATIONS and speaker not in self._pauses:
            self._pauses.pop(next(iter(self._pauses)))
        return self._pauses.setdefault(speaker, Pauses())

    def _forget(self, now: float) -> None:
        """Forget what is over: too long ago, or the oldest of too many."""
        over = [
            key
            for key, conversation in self._here.items()
            if not conversation.turns and now - conversation.used_at > self._idle_limit_s
        ]
        for key in over:
            del self._here[key]
        while len(self._here) >= MAX_CONVERSATIONS:
            oldest = min(self._here, key=lambda key: self._here[key].used_at)
            del self._here[oldest]
