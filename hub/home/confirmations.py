"""What waits for somebody's yes: one thing for each conversation, and not for long."""

import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any

from hub.home.actions import ActionResult
from hub.home.keypad import Entry
from hub.origin import Origin

ASKED = "confirm"
"""Code of a result that is a question: nothing is done before somebody says yes, or the code."""
SILENCE_S = 20.0
"""After this long without an answer a question is no longer open."""
CHAR_S = 0.06
"""How long a character is spoken, about: silence begins when the question has been spoken."""
MAX_PENDING = 256
"""Conversations that can be asked something at once; the oldest question gives way."""

Deed = Callable[[], Awaitable[ActionResult]]


@dataclass(frozen=True, slots=True)
class Wish:
    """Something that somebody wants done."""

    origin: Origin
    tool: str
    """The name of the intent or of the tool."""
    arguments: Mapping[str, Any]
    question: str
    """How to ask whether it shall really be done."""


@dataclass(frozen=True, slots=True)
class Rest:
    """What is done after something that waited."""

    tool: str
    """What the audit calls it."""
    arguments: Mapping[str, Any]
    deed: Callable[[ActionResult, Origin], Awaitable[ActionResult]]
    """Given what came of the thing before, and who said yes to it, it returns what came of all."""


@dataclass(slots=True)
class Pending:
    """One thing that is done once somebody says yes."""

    wish: Wish
    deed: Deed
    expires_s: float
    entry: Entry | None = None
    """Where the code goes that was asked for; None where a yes is enough."""
    rest: tuple[Rest, ...] = ()
    answer_turn: int | None = None
    """The turn after the question, once it has begun: it alone can answer."""


class Confirmations:
    """The questions that are open. For one event loop."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._pending: dict[str, Pending] = {}

    def ask(self, wish: Wish, deed: Deed, entry: Entry | None = None) -> bool:
        """Keep `deed` for a yes, or for a code in `entry`, in the place of what waited before.

        Returns False where nobody can be asked: outside of any conversation.
        """
        conversation = wish.origin.conversation
        if conversation is None:
            return False
        self._pending.pop(conversation, None)
        while len(self._pending) >= MAX_PENDING:
            del self._pending[next(iter(self._pending))]
        expires_s = self._clock() + len(wish.question) * CHAR_S + SILENCE_S
        self._pending[conversation] = Pending(wish, deed, expires_s, entry)
        return True

    def follow(self, origin: Origin, *rest: Rest) -> None:
        """Have the rest done after what waits in the conversation of `origin`, if that is done."""
        pending = self._pending.get(origin.conversation or "")
        if pending is not None:
            pending.rest += rest

    def open(self, origin: Origin) -> Pending | None:
        """Return what waits for a yes of `origin`, who says something now.

        The same person in the same conversation, in the first turn after the question: whatever was
        said in a turn between, the question is no longer what a yes would mean. A question that was
        spoken is answered by voice, and one that was written in writing: who may publish on the
        broker can not say yes for somebody in the room, nor the other way round. May be called any
        number of times in one turn.
        """
        pending = self._pending.get(origin.conversation or "")
        if pending is None:
            return None
        if self._clock() >= pending.expires_s:
            self.drop(origin)
            return None
        asked = pending.wish.origin
        if asked.person is not None and asked.person != origin.person:
            return None
        if (asked.satellite is None) != (origin.satellite is None):
            return None
        if origin.turn is None or asked.turn is None:
            return pending
        if origin.turn == asked.turn:
            return None
        if pending.answer_turn is None:
            pending.answer_turn = origin.turn
        return pending if pending.answer_turn == origin.turn else None

    def asked(self, origin: Origin) -> bool:
        """Return whether something is being asked in the turn of `origin`."""
        pending = self._pending.get(origin.conversation or "")
        return pending is not None and pending.wish.origin.turn == origin.turn

    def redeem(self, pending: Pending) -> bool:
        """Have something wait no longer; False where it does not any more. So nothing is done
        twice."""
        if self._pending.get(pending.wish.origin.conversation or "") is not pending:
            return False
        self.drop(pending.wish.origin)
        return True

    def drop(self, origin: Origin) -> None:
        """Let what waits in the conversation of `origin` be."""
        self._pending.pop(origin.conversation or "", None)
