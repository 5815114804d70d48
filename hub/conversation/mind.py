"""What the conversation asks of whoever understands, acts and thinks."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from hub.origin import Origin

PromptMessage = tuple[str, str]
"""Role ("user" or "assistant") and content."""


@dataclass(frozen=True, slots=True)
class Understanding:
    """A sentence that was understood. Nothing has been done yet."""

    intent: str
    match: Any
    """The mind's own record of it, handed back to `act` as it is."""
    grows: bool = False
    """Whether more of it may come: a code may have one more digit."""


@dataclass(frozen=True, slots=True)
class Reply:
    """What there is to say."""

    text: str
    ok: bool = True
    """Whether what was asked for was done."""
    details: Mapping[str, Any] = field(default_factory=dict)
    """Facts for the turn log: what was published, whether the home confirmed it."""


@dataclass(frozen=True, slots=True)
class Thought:
    """What a language model is asked."""

    messages: tuple[PromptMessage, ...]
    """The conversation so far, the person's words last."""
    origin: Origin
    committed: asyncio.Event
    """Set once the person has finished. Before that nothing may be done: no tool, no message."""
    acted: asyncio.Event = field(default_factory=asyncio.Event)
    """To be set before the first thing is done that talking on can not undo."""


class Mind(Protocol):
    """Understands sentences, acts on them, and thinks about the rest."""

    def understand(self, text: str, origin: Origin) -> Understanding | None:
        """Return what `text` means; None if it means nothing. Does nothing."""

    def kept(self, text: str, origin: Origin) -> str:
        """Return `text` as it may be shown, kept and told to a model: without secrets.

        To be asked before `act`.
        """

    def is_answer(self, text: str, origin: Origin) -> bool:
        """Return whether `text` answers what is being asked in the turn of `origin`."""

    async def act(self, understanding: Understanding, origin: Origin) -> Reply:
        """Do it, and say what was done. A home that refuses is told in the reply."""

    def think(self, thought: Thought) -> AsyncIterator[str] | None:
        """Stream an answer to what is no command; None where there is nobody to think.

        It may be started before the person has finished, and closed when they go on.
        """

    def remark(self, code: str, language: str) -> str:
        """Return a short sentence for "not-understood", "failed", "late", "no-room", "busy", "here"
        or "noted"."""
