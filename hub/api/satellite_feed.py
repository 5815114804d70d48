"""Keeps the live view of satellites and browsers: what they are like, and what was said last."""

import asyncio
from datetime import UTC, datetime

from hub.api.access import Role
from hub.api.browser_views import browser, browsers_of
from hub.api.parts import Parts
from hub.api.satellite_views import stranger, tile
from hub.events import (
    SatelliteChanged,
    SatelliteConnected,
    SatelliteGone,
    TranscriptGrew,
    TurnEnded,
)
from hub.origin import is_fixed

MAX_WORDS_CHARS = 300


class SatelliteFeed:
    """The topics "satellites", "browsers", "satellite_words" and "satellites_waiting"."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._satellites = parts.live.topic("satellites", Role.PANEL)
        self._browsers = browsers_of(parts)
        self._since: dict[str, datetime] = {}
        # What people say is not for a panel on the wall.
        self._words = parts.live.topic("satellite_words", Role.MEMBER)
        self._waiting = parts.live.topic("satellites_waiting", Role.OWNER)
        self._changed = asyncio.Event()

    async def run(self) -> None:
        """Follow satellites until cancelled."""
        self._parts.registry.follow(self._changed.set)
        self._show()
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._follow())
            while True:
                await self._changed.wait()
                self._changed.clear()
                self._show()

    async def _follow(self) -> None:
        with self._parts.bus.subscribe() as facts:
            async for fact in facts:
                match fact:
                    case SatelliteConnected() | SatelliteGone() | SatelliteChanged():
                        self._changed.set()
                    case TranscriptGrew():
                        self._said(fact.satellite, fact.text, None)
                    case TurnEnded(transcript=str()):
                        self._said(fact.satellite, fact.transcript or "", fact.heard or fact.answer)
                    case _:
                        pass

    def _said(self, satellite: str, words: str, answer: str | None) -> None:
        if satellite not in self._satellites.values and satellite not in self._browsers.values:
            return
        answered = None if answer is None else answer[:MAX_WORDS_CHARS]
        self._words.put(satellite, {"words": words[:MAX_WORDS_CHARS], "answer": answered})

    def _show(self) -> None:
        registry = self._parts.registry
        known = list(registry)
        self._satellites.replace({one.id: tile(self._parts, one) for one in known})
        here = {one.id for one in known} | self._show_browsers()
        for satellite in [one for one in self._words.values if one not in here]:
            self._words.drop(satellite)
        self._waiting.replace(
            {
                one.id: stranger(self._parts, one).model_dump(mode="json", exclude={"last_tried"})
                for one in registry.waiting()
            }
        )

    def _show_browsers(self) -> set[str]:
        """Show who talks in a browser now; return their ids."""
        sessions = [one for one in self._parts.directory if not is_fixed(one.satellite)]
        now = datetime.now(UTC)
        self._since = {one.satellite: self._since.get(one.satellite, now) for one in sessions}
        shown = {
            one.satellite: browser(one, self._since[one.satellite]).model_dump(mode="json")
            for one in sessions
        }
        self._browsers.replace(shown)
        return set(shown)
