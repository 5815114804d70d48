"""What is asked of the satellites themselves: their volume, and a word to all rooms."""

import asyncio
from collections.abc import Mapping

from hub.announcing import Announcement
from hub.home.actions import ActionResult, Deed
from hub.home.answers import Answers
from hub.home.targets import Refusal, Request
from hub.origin import Origin
from hub.rooms.announcements import Announcements
from hub.rooms.changing import NotChanged
from hub.rooms.directory import Connected, Directory
from protocol.errors import WireError

VOLUME_STEP = 10
"""Percent, for "louder"."""
LEAST_VOLUME = 10
"""Percent: below it nobody hears the answer, nor how to get louder again."""
MAX_MESSAGES = 16
"""Messages to all rooms that are under way at once."""


class SpokenRequests:
    """Carries out what is said about satellites. For one event loop."""

    def __init__(self, directory: Directory, announcements: Announcements) -> None:
        self._directory = directory
        self._announcements = announcements
        self._messages: set[asyncio.Task[object]] = set()

    def deeds(self) -> Mapping[str, Deed]:
        """Return what is done, by intent."""
        return {
            "HassBroadcast": self._broadcast,
            "HassSetVolume": self._set_volume,
            "HassSetVolumeRelative": self._change_volume,
        }

    async def _broadcast(self, request: Request, origin: Origin, answers: Answers) -> ActionResult:
        """Say something in all rooms but the one that it was said in."""
        message = str(request.slot("message") or "").strip()
        others = tuple(
            session.satellite
            for session in self._directory
            if session.satellite != origin.satellite
            and (origin.area is None or (session.area or "").casefold() != origin.area.casefold())
        )
        if not message or len(self._messages) >= MAX_MESSAGES:
            raise Refusal("handle_error")
        if not others:
            return ActionResult(answers.remark("nobody_else"), ok=False, code="nobody-else")
        announcement = Announcement(
            message, satellites=others, chime="chime", language=origin.language
        )
        # Who asked for it does not wait until it has been said.
        task = asyncio.create_task(self._announcements.announce(announcement))
        self._messages.add(task)
        task.add_done_callback(self._messages.discard)
        return ActionResult(_said(request, answers), ok=True)

    async def _set_volume(
        self, request: Request, origin: Origin, answers: Answers
    ) -> ActionResult | None:
        return await self._turn(request, origin, answers, float(request.slot("volume_level")))

    async def _change_volume(
        self, request: Request, origin: Origin, answers: Answers
    ) -> ActionResult | None:
        session = self._meant(request, origin)
        if session is None or session.status is None or session.status.volume is None:
            return None
        step = request.slot("volume_step")
        change = {"up": VOLUME_STEP, "down": -VOLUME_STEP}.get(step, step)
        now = round(session.status.volume * 100)
        wanted = max(now + change, min(LEAST_VOLUME, now))
        return await self._turn(request, origin, answers, wanted)

    async def _turn(
        self, request: Request, origin: Origin, answers: Answers, percent: float
    ) -> ActionResult | None:
        session = self._meant(request, origin)
        if session is None:
            return None
        try:
            await session.set({"volume": min(max(percent, 0.0), 100.0) / 100})
        except (WireError, NotChanged):
            raise Refusal("handle_error") from None
        return ActionResult(_said(request, answers), ok=True)

    def _meant(self, request: Request, origin: Origin) -> Connected | None:
        """Return the satellite that was spoken to, unless a media player is meant."""
        if origin.satellite is None or request.slot("name") is not None:
            return None
        if request.slot("floor") is not None:
            return None
        if request.slot("area") is not None and not request.match.here:
            return None
        playing = any(
            device.domain == "media_player"
            and device.area == request.area
            and request.home.state(device.id).value == "playing"
            for device in request.home.devices()
        )
        return None if playing else self._directory.get(origin.satellite)


def _said(request: Request, answers: Answers) -> str:
    match = request.match
    said = answers.say(
        match.intent,
        match.response,
        slots=match.slots,
        state_of=lambda device: request.home.state(device.id),
    )
    return said or answers.remark("noted")
