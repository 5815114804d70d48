"""Who is connected: the one place that knows every satellite's session."""

import asyncio
import itertools
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any, Protocol

from hub.announcing import Fate
from hub.origin import is_fixed
from hub.rooms.opening import Begin
from hub.rooms.saying import Saying
from protocol.live_setting import LiveSetting
from protocol.schema import Message
from protocol.sotto_messages import Status


class Connected(Protocol):
    """What the directory needs of a session."""

    name: str
    """Its name, for people."""
    area: str | None
    """The room that it is in."""

    @property
    def satellite(self) -> str:
        """The satellite's id."""

    @property
    def status(self) -> Status | None:
        """How it said that it is; None before it has."""

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

    @property
    def settings(self) -> Sequence[LiveSetting]:
        """What can be changed there, with what holds."""

    async def set(self, values: Mapping[str, Any]) -> Mapping[str, Any]:
        """Change the satellite's settings; return what holds. Raises WireError, NotChanged."""

    async def identify(self, seconds: float) -> bool:
        """Have it show which one it is; False: it can not. Raises WireError."""

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

    @property
    def satellites(self) -> int:
        """Return how many satellites are there; browsers are none of them."""
        return sum(is_fixed(satellite) for satellite in self._sessions)

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
        """Return a satellite in the room called `room`, a busy one if one is."""
        here = [session for session in self if is_in(session, {room.casefold()})]
        return min(here, key=lambda session: session.at_rest, default=None)

    def rooms(self) -> set[str]:
        """Return the rooms in which there is a satellite, in lower case."""
        return {room.casefold() for session in self if (room := room_of(session)) is not None}

    def next_turn(self) -> int:
        """Return the number of the next turn: one series for all satellites and all their links."""
        return next(self._turns)


def room_of(session: Connected) -> str | None:
    """Return the room that a satellite is in; None: nobody knows, as of any browser."""
    return session.area if session.area and is_fixed(session.satellite) else None


def is_in(session: Connected, rooms: Collection[str]) -> bool:
    """Return whether a satellite is in one of some rooms, which are in lower case."""
    room = room_of(session)
    return room is not None and room.casefold() in rooms
