"""What the outside may ask of the hub and have it do: MQTT, the dashboard, the command line.

Everything here is limited in time, and what can not be done is told by ControlError.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from hub.announcing import Announcement, Fate
from hub.controlling import ControlError, SatelliteView, SettingView, TextAnswer
from hub.conversation.answering import Opening
from hub.rooms.announcements import Announcements
from hub.rooms.changing import NotChanged
from hub.rooms.directory import Connected
from hub.rooms.house import House
from hub.rooms.opening import Begin
from hub.rooms.writing import Writer, answer
from hub.words import worded
from protocol.errors import WireError

MAX_TEXT_CHARS = 2000
"""Two minutes of speech."""
TEXT_ROOM = "text"
"""Where a conversation takes place that is written and has no room."""
IDENTIFY_S = 5.0
"""How long a satellite shows which one it is, unless it is said."""
MOST_IDENTIFY_S = 60.0


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
            raise ControlError("bad-text", worded("nothing-to-say", "There is nothing to say."))
        _check_length(announcement.text)
        return await self._announcements.announce(announcement)

    async def ask(self, satellite: str, question: Announcement) -> tuple[Fate, str | None]:
        """Ask something at a satellite; return what became of it, and the answer if one came.

        Raises ControlError.
        """
        if not question.text.strip():
            raise ControlError("bad-text", worded("nothing-to-ask", "There is nothing to ask."))
        _check_length(question.text)
        return await self._announcements.ask(satellite, question)

    def listen(self, satellite: str) -> None:
        """Listen at a satellite, as if somebody had said the wake word. Raises ControlError."""
        session = self._session(satellite)
        if not session.hears_wake_words:
            raise ControlError(
                "unsupported",
                worded(
                    "microphone-off", "The microphone of {satellite} is off.", satellite=satellite
                ),
            )
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
            raise ControlError("bad-value", worded("volume-range", "A volume is from 0 to 1."))
        await self.set(satellite, {"volume": float(volume)})

    async def set_muted(self, satellite: str, muted: bool) -> None:
        """Switch the microphone of a satellite off, or on again. Raises ControlError."""
        await self.set(satellite, {"muted": muted})

    def settings(self, satellite: str) -> Sequence[SettingView]:
        """Return what can be changed at a satellite, with what holds. Raises ControlError."""
        return tuple(
            SettingView(
                one.name, one.kind, one.value, one.own, one.least, one.greatest, one.choices
            )
            for one in self._session(satellite).settings
        )

    async def set(self, satellite: str, values: Mapping[str, Any]) -> Mapping[str, Any]:
        """Change settings of a satellite; return what holds of them now. Raises ControlError.

        The names are those of the satellite's settings file, and `muted`; None: as in that file.
        """
        session = self._session(satellite)
        try:
            return await session.set(values)
        except WireError:
            raise ControlError(
                "not-connected",
                worded("satellite-lost", "{satellite} was lost.", satellite=satellite),
            ) from None
        except NotChanged as error:
            raise ControlError(
                error.code,
                worded(
                    "satellite-refused", "{satellite}: {why}.", satellite=satellite, why=str(error)
                ),
            ) from None

    async def identify(self, satellite: str, seconds: float = IDENTIFY_S) -> None:
        """Have a satellite show which one it is, with light and sound. Raises ControlError."""
        if not 0 <= seconds <= MOST_IDENTIFY_S:
            raise ControlError("bad-value", f"seconds are from 0 to {MOST_IDENTIFY_S:g}.")
        try:
            able = await self._session(satellite).identify(seconds)
        except WireError:
            raise ControlError(
                "not-connected",
                worded("satellite-lost", "{satellite} was lost.", satellite=satellite),
            ) from None
        if not able:
            raise ControlError(
                "unsupported",
                worded(
                    "satellite-too-old", "{satellite} is too old for that.", satellite=satellite
                ),
            )

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
            raise ControlError(
                "bad-text", worded("nothing-to-do", "There is nothing to do: the text is empty.")
            )
        _check_length(text)
        self._check_language(language)
        writer = Writer(area or TEXT_ROOM, area, language or self._house.language, person)
        try:
            said = await answer(self._house, text, writer)
        except TimeoutError:
            raise ControlError(
                "timeout", worded("answer-too-late", "The answer took too long.")
            ) from None
        reply = said.turn.reply
        if reply is None:
            return TextAnswer(said.text, said.turn.thought)
        return TextAnswer(said.text, reply.ok, said.turn.intent, reply.details)

    def _check_language(self, language: str | None) -> None:
        if language is None or not self._languages:
            return
        known = {_base(one) for one in self._languages}
        if _base(language) not in known:
            spoken = ", ".join(self._languages)
            raise ControlError(
                "unknown-language",
                worded(
                    "language-not-spoken",
                    "'{language}' is not spoken here; spoken are: {spoken}. Others are set with "
                    "language and other_languages.",
                    language=language,
                    spoken=spoken,
                ),
            )

    def _session(self, satellite: str) -> Connected:
        session = self._house.directory.get(satellite)
        if session is None:
            raise ControlError(
                "not-connected",
                worded(
                    "not-connected",
                    "There is no satellite '{satellite}' connected.",
                    satellite=satellite,
                ),
            )
        return session


def _base(language: str) -> str:
    return language.replace("_", "-").split("-", maxsplit=1)[0].casefold()


def _check_length(text: str) -> None:
    if len(text) > MAX_TEXT_CHARS:
        raise ControlError(
            "bad-text",
            worded(
                "text-too-long", "The text has more than {most} characters.", most=MAX_TEXT_CHARS
            ),
        )


def _view(session: Connected) -> SatelliteView:
    status = session.status
    if status is None:
        return SatelliteView(session.satellite, session.name, session.area, "idle")
    return SatelliteView(
        session.satellite, session.name, session.area, status.state, status.muted, status.volume
    )
