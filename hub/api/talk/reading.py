"""What is typed and answered without a voice."""

import asyncio
from collections.abc import Callable
from contextlib import suppress

from hub.rooms.house import House
from hub.rooms.session import Session
from hub.rooms.writing import Writer, answer


class Reading:
    """Answers, one after the other, what is typed at one client; a new one ends the one before."""

    def __init__(self, house: House, session: Session, language: Callable[[], str | None]) -> None:
        self._house = house
        self._session = session
        self._language = language
        self._task: asyncio.Task[None] | None = None

    def begin(self, text: str, ref: str) -> None:
        """Answer a text, in the place of what is being answered."""
        self.stop()
        self._task = asyncio.create_task(self._answer(text, ref))

    def stop(self) -> None:
        """End what is being answered."""
        if self._task is not None:
            self._task.cancel()

    async def ended(self) -> None:
        """Wait until nothing is being answered."""
        if self._task is not None:
            await asyncio.wait([self._task])

    async def _answer(self, text: str, ref: str) -> None:
        house, session, language = self._house, self._session, self._language()
        if house.languages and language not in house.languages:
            language = None
        writer = Writer(
            session.area or session.satellite,
            session.area,
            language,
            session.person,
            session.satellite,
            session.name,
            ref,
        )
        with suppress(TimeoutError):  # the turn's end tells it
            await answer(house, text, writer)
