"""A session from its first moment to its last: it is in the directory, and the hub is told."""

from typing import Protocol

import structlog

from hub.bus import Bus
from hub.events import SatelliteConnected, SatelliteGone
from hub.rooms.directory import Directory
from hub.rooms.session import Session

log = structlog.get_logger(__name__)


class Ending(Protocol):
    """What knows why it ended."""

    @property
    def reason(self) -> str:
        """Why, for people."""


async def attend(session: Session, link: Ending, directory: Directory, bus: Bus) -> None:
    """Serve a satellite that may come in, until its link ends."""
    satellite, name, area = session.satellite, session.name, session.area
    await directory.enter(session)
    bus.publish(SatelliteConnected(satellite, name, area))
    log.info("satellite connected", satellite=satellite, name=name, area=area)
    try:
        await session.run()
    finally:
        # One whose place was taken by a newer session is not gone.
        if directory.leave(session):
            bus.publish(SatelliteGone(satellite, link.reason))
            log.info("satellite gone", satellite=satellite, reason=link.reason)
