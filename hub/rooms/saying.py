"""Something that the hub says unasked at one satellite, and what becomes of it there."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

from hub.announcing import Fate
from hub.conversation.mind import Mind, Reply, Thought, Understanding
from hub.conversation.turn import Turn
from hub.origin import Origin


@dataclass(eq=False, slots=True)
class Saying:
    """One thing to say. For one satellite, and for one time."""

    text: str
    chime: str | None = None
    language: str | None = None
    """None: what is spoken there."""
    asks: bool = False
    """Whether the answer is waited for, and noted instead of understood."""
    urgent: bool = False
    """Whether it may end what goes on."""
    volume: float | None = None
    """From 0 to 1; None: as loud as the satellite is."""
    answer: str | None = None
    """What was answered; None as long as nothing was."""
    _fate: asyncio.Future[Fate | None] = field(
        default_factory=lambda: asyncio.get_running_loop().create_future()
    )

    async def over(self) -> Fate | None:
        """Wait for its end; None: something else came before it began."""
        return await asyncio.shield(self._fate)

    def end(self, fate: Fate | None) -> None:
        """Tell how it ended. The first word counts."""
        if not self._fate.done():
            self._fate.set_result(fate)

    def said(self, turn: Turn) -> None:
        """Take note of the turn in which it was said."""
        outcome = turn.record.outcome
        if turn.lost:
            self.end(Fate.UNREACHABLE)
        elif outcome == "failed":
            self.end(Fate.FAILED)
        elif outcome not in ("answered", "interrupted"):
            self.end(Fate.STOPPED if turn.begun else None)
        elif not self.asks:
            self.end(Fate.HEARD if outcome == "answered" else Fate.STOPPED)

    def answered(self, turn: Turn) -> None:
        """Take note of the turn in which the answer was waited for."""
        self.end(Fate.UNREACHABLE if turn.lost else Fate.HEARD)


class Noting:
    """A mind that notes what is said, and leaves all else to another."""

    def __init__(self, mind: Mind, saying: Saying) -> None:
        self._mind = mind
        self._saying = saying

    def understand(self, text: str, origin: Origin) -> Understanding | None:
        """Return None: an answer is no command, whatever its words."""
        del text, origin
        return None

    def kept(self, text: str, origin: Origin) -> str:
        """Return `text` as it is: who asked is told all of the answer."""
        del origin
        return text

    def is_answer(self, text: str, origin: Origin) -> bool:
        """Return False: nothing is asked in return."""
        del text, origin
        return False

    async def act(self, understanding: Understanding, origin: Origin) -> Reply:
        """Do what was understood elsewhere."""
        return await self._mind.act(understanding, origin)

    def think(self, thought: Thought) -> AsyncIterator[str]:
        """Note what was said, once the person has finished."""
        return self._noted(thought)

    def remark(self, code: str, language: str) -> str:
        """Return a short sentence for one of the codes of the port."""
        return self._mind.remark(code, language)

    async def _noted(self, thought: Thought) -> AsyncIterator[str]:
        await thought.committed.wait()
        _, self._saying.answer = thought.messages[-1]
        yield self._mind.remark("noted", thought.origin.language)
