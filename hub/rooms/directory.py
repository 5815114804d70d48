"""Who is connected: the one place that knows every satellite's session."""

import asyncio
import itertools
from collections.abc import Iterator
from typing import Protocol

from hub.announcing import Fate
from hub.rooms.opening import Begin
from hub.rooms.saying import Saying
from protocol.schema import Message
from protocol.sotto_messages import Status


class Connected(Protocol):
    """What the directory needs of a session."""

    @property
    def satellite(self) -> str:
        """The satellite's id."""

    @property
    def name(self) -> str:
        """Its name, for people."""

    @property
    def status(self) -> Status | None:
        """How it said that it is; None before it has."""

    @property
    def area(self) -> str | None:
        """The room that it is in."""

    @property
    def person(self) -> str | None:
        """Whose it is."""

    @property
    def at_rest(self) -> bool:
        """Whether no turn is going on."""

    @property
    def hears_wake_words(self) -> bool:
        """Whether it could have heard a wake word just now."""

    def begin(self, begin: Begin) -> None:
        """Begin a turn."""

    async def rest(self) -> None:
        """Wait until no turn is going on, nor about to begin."""

    async def say(self, saying: Saying) -> Fate | None:
        """Say something unasked; None: something else came before it began."""

    def stop(self) -> None:
        """Fall silent."""

    async def set(self, **values: float | bool) -> None:
        """Change the satellite's settings. Raises WireError."""

    async def tell(self, *messages: Message) -> None:
        """Send what concerns no turn. Raises WireError."""

    async def replace(self) -> None:
        """End, because the same satellite has connected anew."""


class Directory:
    """Sessions by satellite id, and the numbers of turns."""

    def __init__(self) -> None:
        self._sessions: dict[str, Connected] = {}
        self._turns = itertools.count(1)
        self._entered = asyncio.Event()

    def __len__(self) -> int:
        return len(self._sessions)

    async def enter(self, session: Connected) -> None:
        """Take a session in. An older one of the same satellite is a link that died: it ends."""
        older = self._sessions.get(session.satellite)
        self._sessions[session.satellite] = session
        self._entered.set()
        self._entered = asyncio.Event()
        if older is not None:
            await older.replace()

    def leave(self, session: Connected) -> bool:
        """Forget a session; return False if a newer one has taken its place."""
        if self._sessions.get(session.satellite) is not session:
            return False
        del self._sessions[session.satellite]
        return True

    def __iter__(self) -> Iterator[Connected]:
        return iter(tuple(self._sessions.values()))

    def get(self, satellite: str) -> Connected | None:
        """Return the session of a satellite."""
        return self._sessions.get(satellite)

    async def wait_entered(self) -> None:
        """Wait until a satellite connects."""
        await self._entered.wait()

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
