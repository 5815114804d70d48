"""What the conversation asks of whoever understands and acts."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol


@dataclass(frozen=True, slots=True)
class Understanding:
    """A sentence that was understood. Nothing has been done yet."""

    intent: str
    match: Any
    """The mind's own record of it, handed back to `act` as it is."""


@dataclass(frozen=True, slots=True)
class Reply:
    """What there is to say."""

    text: str
    ok: bool = True
    """Whether what was asked for was done."""
    details: Mapping[str, Any] = field(default_factory=dict)
    """Facts for the turn log: what was published, whether the home confirmed it."""


class Mind(Protocol):
    """Understands sentences and acts on them."""

    def understand(self, text: str, *, area: str | None, language: str) -> Understanding | None:
        """Return what `text`, spoken in `area`, means; None if it means nothing. Does nothing."""

    async def act(self, understanding: Understanding, *, area: str | None, language: str) -> Reply:
        """Do it, and say what was done. A home that refuses is told in the reply."""

    def apology(self, code: str, language: str) -> str:
        """Return a short sentence for "not-understood" or "failed"."""
