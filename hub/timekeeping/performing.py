"""Carrying out a sentence that was said before: what is asked of whoever can."""

from dataclasses import dataclass
from typing import Protocol

from hub.origin import Origin


@dataclass(frozen=True, slots=True)
class Performed:
    """What came of a sentence that was carried out."""

    text: str
    ok: bool


class Performer(Protocol):
    """Who carries out sentences."""

    async def perform(self, text: str, origin: Origin) -> Performed:
        """Do what a sentence says, and return what there is to say about it."""

    def repeatable(self, text: str, origin: Origin) -> bool:
        """Return whether doing it twice does no more than doing it once."""
