"""Who is connected: the one place that knows every satellite's session."""

import itertools
from typing import Protocol

from hub.rooms.opening import Begin


class Connected(Protocol):
    """What the directory needs of a session."""

    @property
    def satellite(self) -> str:
        """The satellite's id."""

    @property
    def area(self) -> str | None:
        """The room that it is in."""

    @property
    def at_rest(self) -> bool:
        """Whether no turn is going on."""

    @property
    def hears_wake_words(self) -> bool:
        """Whether it could have heard a wake word just now."""

    def begin(self, begin: Begin) -> None:
        """Begin a turn."""

    async def replace(self) -> None:
        """End, because the same satellite has connected anew."""


class Directory:
    """Sessions by satellite id, and the numbers of turns."""

    def __init__(self) -> None:
        self._sessions: dict[str, Connected] = {}
        self._turns = itertools.count(1)

    def __len__(self) -> int:
        return len(self._sessions)

    async def enter(self, session: Connected) -> None:
        """Take a session in. An older one of the same satellite is a link that died: it ends."""
        older = self._sessions.get(session.satellite)
        self._sessions[session.satellite] = session
        if older is not None:
            await older.replace()

    def leave(self, session: Connected) -> None:
        """Forget a session, unless a newer one took its place."""
        if self._sessions.get(session.satellite) is session:
            del self._sessions[session.satellite]

    def hearing(self) -> set[str]:
        """Return the satellites that hear wake words."""
        return {name for name, session in self._sessions.items() if session.hears_wake_words}

    def in_room(self, room: str) -> Connected | None:
        """Return a satellite in the room called `room`, a busy one if one is.

        Upper and lower case are the same.
        """
        wanted = room.casefold()
        here = [s for s in self._sessions.values() if s.area and s.area.casefold() == wanted]
        return min(here, key=lambda session: session.at_rest, default=None)

    def next_turn(self) -> int:
        """Return the number of the next turn: one series for all satellites and all their links."""
        return next(self._turns)
