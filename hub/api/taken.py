"""What was typed and has reached the hub: what is sent once more is not done twice."""

import asyncio
from collections import OrderedDict
from contextlib import suppress
from dataclasses import dataclass, field

from hub.bus import Bus
from hub.events import Fact, ToolCalled, TurnEnded, TurnStarted

MOST = 1000
"""Texts that are remembered; one client can send that many in a quarter of an hour at best."""
KNOWN_S = 3.0
"""How long a client's older socket may take to end, and with it what was being answered there."""


@dataclass(slots=True)
class _Text:
    """What has become of a text."""

    turn: tuple[str, int] | None = None
    """The satellite and number of the turn that answers it."""
    answered: bool = False
    """Whether something was done for it, or it was answered."""
    known: asyncio.Event = field(default_factory=asyncio.Event)
    """Set once something was done, or nothing will be."""


class Taken:
    """Remembers texts by their client and reference; the oldest is forgotten first."""

    def __init__(self) -> None:
        self._texts: OrderedDict[tuple[str, str], _Text] = OrderedDict()
        self._turns: dict[tuple[str, int], _Text] = {}

    def note(self, satellite: str, ref: str) -> None:
        """Remember a text. One without a reference can not be told from others."""
        if not ref:
            return
        self._texts.pop((satellite, ref), None)
        self._texts[satellite, ref] = _Text()
        while len(self._texts) > MOST:
            _, text = self._texts.popitem(last=False)
            if text.turn is not None:
                self._turns.pop(text.turn, None)

    async def holds(self, satellite: str, ref: str) -> bool:
        """Return whether a client's text of that reference is done, or about to be.

        A lost socket takes with it what was being answered there. Of a text that came to nothing
        by that nothing is done twice: it counts as one that did not come.
        """
        text = self._texts.get((satellite, ref))
        if text is None:
            return False
        with suppress(TimeoutError):
            async with asyncio.timeout(KNOWN_S):
                await text.known.wait()
        return text.answered or (text.turn is not None and not text.known.is_set())

    async def follow(self, bus: Bus) -> None:
        """Follow what becomes of the texts, until cancelled."""
        with bus.subscribe() as facts:
            async for fact in facts:
                self._take(fact)

    def _take(self, fact: Fact) -> None:
        match fact:
            case TurnStarted(satellite=satellite, turn=turn, ref=ref):
                text = self._texts.get((satellite, ref))
                if text is not None and text.turn is None:
                    text.turn = (satellite, turn)
                    self._turns[text.turn] = text
            case ToolCalled(satellite=str(satellite), turn=int(turn)):
                self._settle(self._turns.get((satellite, turn)), answered=True)
            case TurnEnded(satellite=satellite, turn=turn, outcome=outcome):
                text = self._turns.pop((satellite, turn), None)
                self._settle(text, answered=outcome != "cancelled")
            case _:
                pass

    def _settle(self, text: _Text | None, *, answered: bool) -> None:
        if text is not None:
            text.answered |= answered
            text.known.set()
