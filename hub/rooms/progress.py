"""Tells the hub what is heard and written in one turn, as it goes on."""

import asyncio
from collections.abc import Callable, Sequence

from hub.events import AnswerGrew, Fact, SpokenWord, TranscriptGrew, WordsTimed

PAUSE_S = 0.05
"""A model writes faster than anybody reads: what it writes within this time is told at once."""


class Progress:
    """The progress of one turn."""

    def __init__(self, publish: Callable[[Fact], None], satellite: str, turn: int) -> None:
        self._publish = publish
        self._satellite = satellite
        self._turn = turn
        self._written = ""
        self._told = ""
        self._due: asyncio.TimerHandle | None = None

    def heard(self, text: str) -> None:
        """Tell what was heard so far of a sentence that goes on."""
        self._publish(TranscriptGrew(self._satellite, self._turn, text))

    def written(self, text: str) -> None:
        """Tell what was written so far, soon."""
        self._written = text
        if self._due is None and text != self._told:
            self._told = text
            self._publish(AnswerGrew(self._satellite, self._turn, text))
            self._due = asyncio.get_running_loop().call_later(PAUSE_S, self._tell_rest)

    def timed(self, words: Sequence[SpokenWord]) -> None:
        """Tell when words sound."""
        self._publish(WordsTimed(self._satellite, self._turn, tuple(words)))

    def _tell_rest(self) -> None:
        self._due = None
        self.written(self._written)
