"""What the outside may ask of the hub and have it do: MQTT, the dashboard, the command line.

Everything here is limited in time, and what can not be done is told by ControlError.
"""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import aclosing

from hub.announcing import Announcement, Fate
from hub.controlling import ControlError, SatelliteView, TextAnswer
from hub.conversation.answering import Opening
from hub.conversation.attempt import Setting
from hub.conversation.written import WrittenTurn
from hub.origin import Origin
from hub.rooms.announcements import Announcements
from hub.rooms.directory import Connected
from hub.rooms.house import House
from hub.rooms.opening import Begin
from protocol.errors import WireError

MAX_TEXT_CHARS = 2000
"""Two minutes of speech."""
TEXT_ROOM = "text"
"""Where a conversation takes place that is written and has no room."""
TEXT_TIMEOUT_S = 60.0
"""The longest answer to a written command."""


class Control:
    """The commands and queries of one hub."""

    def __init__(
        self, house: House, announcements: Announcements, languages: Sequence[str] = ()
    ) -> None:
        """`languages` are those that are spoken here; without them, any may be."""
        self._languages = tuple(languages)
        self._house = house
        self._announcements = announcements

    def satellites(self) -> tuple[SatelliteView, ...]:
        """Return the satellites that are connected, by their ids."""
        views = [_view(session) for session in self._house.directory]
        return tuple(sorted(views, key=lambda view: view.id))

    async def announce(self, announcement: Announcement) -> Mapping[str, Fate]:
        """Say something; return what became of it, by satellite. Raises ControlError."""
        if not announcement.text.strip() and announcement.chime is None:
            raise ControlError("bad-text", "There is nothing to say.")
        _check_length(announcement.text)
        return await self._announcements.announce(announcement)

    async def ask(self, satellite: str, question: Announcement) -> tuple[Fate, str | None]:
        """Ask something at a satellite; return what became of it, and the answer if one came.

        Raises ControlError.
        """
        if not question.text.strip():
            raise ControlError("bad-text", "There is nothing to ask.")
        _check_length(question.text)
        return await self._announcements.ask(satellite, question)

    def listen(self, satellite: str) -> None:
        """Listen at a satellite, as if somebody had said the wake word. Raises ControlError."""
        session = self._session(satellite)
        if not session.hears_wake_words:
            raise ControlError("unsupported", f"The microphone of {satellite} is off.")
        session.begin(Begin(Opening.WAKE))

    def stop(self, satellite: str | None = None) -> None:
        """Fall silent at a satellite, or everywhere: what goes on there ends. Raises ControlError.

        Announcements that wait are said later.
        """
        sessions = self._house.directory if satellite is None else [self._session(satellite)]
        for session in sessions:
            session.stop()

    async def set_volume(self, satellite: str, volume: float) -> None:
        """Set the volume of a satellite, from 0 to 1. Raises ControlError."""
        if not 0 <= volume <= 1:
            raise ControlError("bad-value", "A volume is from 0 to 1.")
        await self._set(satellite, volume=float(volume))

    async def set_muted(self, satellite: str, muted: bool) -> None:
        """Switch the microphone of a satellite off, or on again. Raises ControlError."""
        await self._set(satellite, muted=muted)

    async def run_text(
        self,
        text: str,
        *,
        area: str | None = None,
        language: str | None = None,
        person: str | None = None,
    ) -> TextAnswer:
        """Do what a text asks for, as if it had been said in a room. Raises ControlError."""
        if not text.strip():
            raise ControlError("bad-text", "There is nothing to do: the text is empty.")
        _check_length(text)
        self._check_language(language)
        house = self._house
        conversation = house.conversations.here(area or TEXT_ROOM, person)
        number = house.directory.next_turn()
        spoken = language or house.language
        origin = Origin(area, spoken, None, person, conversation.id, number)
        turn = WrittenTurn(number, house.parts.mind, conversation, Setting(origin), house.clock)
        try:
            async with asyncio.timeout(TEXT_TIMEOUT_S):
                said = await _joined(turn.answer(text))
        except TimeoutError:
            raise ControlError("timeout", "The answer took too long.") from None
        reply = turn.reply
        if reply is None:
            return TextAnswer(said, turn.thought)
        return TextAnswer(said, reply.ok, turn.intent, reply.details)

    async def _set(self, satellite: str, **values: float | bool) -> None:
        session = self._session(satellite)
        try:
            await session.set(**values)
        except WireError:
            raise ControlError("not-connected", f"{satellite} was lost.") from None

    def _check_language(self, language: str | None) -> None:
        if language is None or not self._languages:
            return
        known = {_base(one) for one in self._languages}
        if _base(language) not in known:
            spoken = ", ".join(self._languages)
            raise ControlError(
                "unknown-language",
                f"{language!r} is not spoken here; spoken are: {spoken}. Others are set with "
                "language and other_languages.",
            )

    def _session(self, satellite: str) -> Connected:
        session = self._house.directory.get(satellite)
        if session is None:
            raise ControlError("not-connected", f"There is no satellite {satellite!r} connected.")
        return session


def _base(language: str) -> str:
    return language.replace("_", "-").split("-", maxsplit=1)[0].casefold()


def _check_length(text: str) -> None:
    if len(text) > MAX_TEXT_CHARS:
        raise ControlError("bad-text", f"The text has more than {MAX_TEXT_CHARS} characters.")


def _view(session: Connected) -> SatelliteView:
    status = session.status
    if status is None:
        return SatelliteView(session.satellite, session.name, session.area, "idle")
    return SatelliteView(
        session.satellite, session.name, session.area, status.state, status.muted, status.volume
    )


async def _joined(parts: AsyncIterator[str]) -> str:
    async with aclosing(parts) as stream:  # type: ignore[type-var]
        return "".join([part async for part in stream])
