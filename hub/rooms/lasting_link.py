"""A satellite's way to the hub that outlasts a lost connection: the session does not notice.

Link --lost--> nothing, what is sent is kept --the satellite is back in time--> another Link
"""

import asyncio
import uuid
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Protocol

import structlog

from protocol.errors import LinkClosed, PeerSilent, PeerStalled, PeerTimeout, WireError
from protocol.resumption import Ledger
from protocol.schema import Message
from protocol.sotto_messages import Refused, Welcome
from protocol.stream import Link

log = structlog.get_logger(__name__)

DROP_S = 3.0
"""A drop that costs nothing."""
RESUME_S = 5.0
"""Such a drop, and the time to notice it and to be back."""
ENDED_RETRY_MS = 2000
FEATURE = "resume"


class SatelliteLink(Protocol):
    """What a session needs of the way to its satellite."""

    @property
    def closed(self) -> bool:
        """Whether the satellite can not be reached now."""

    async def send(self, message: Message) -> None:
        """Send a message. Raises WireError."""

    async def close(self, reason: str) -> None:
        """End it for good."""

    def __aiter__(self) -> AsyncIterator[Message]:
        """Iterate over what the satellite sends, until it is gone. Raises WireError."""


class LastingLink:
    """One session's links, one after the other. Without `lasts`, there is only the first."""

    def __init__(self, link: Link, satellite: str, *, lasts: bool) -> None:
        self.satellite = satellite
        self.session = uuid.uuid4().hex
        self.reason = "the link was closed"
        """Why the last link ended."""
        self.resumes = 0
        """How often it went on after a lost link."""
        self._lasts = lasts
        self._link: Link | None = link
        self._newest = link  # the one that is or will be the link
        self._ledger = Ledger()
        self._ended = False
        self._changed = asyncio.Event()

    @property
    def resume_ms(self) -> int:
        """Return how long a lost link is waited for."""
        return round(RESUME_S * 1000) if self._lasts else 0

    @property
    def closed(self) -> bool:
        """Whether the satellite can not be reached now."""
        return self._ended or self._link is None or self._link.closed

    @property
    def round_trip_s(self) -> float | None:
        """Return the time that the last ping took, there and back."""
        return None if self._link is None else self._link.round_trip_s

    def can_resume(self, satellite: str, received: int) -> bool:
        """Return whether a satellite that got so many messages of ours can go on."""
        known = satellite == self.satellite and self._lasts and not self._ended
        return known and self._ledger.after(received) is not None

    async def send(self, message: Message) -> None:
        """Send a message, or keep it until the satellite is back. Raises WireError."""
        while not self._ended:
            link = self._link
            if link is None or (self._lasts and link.closed) or link.send_nowait(message):
                self._ledger.add(message)
                return
            await link.wait_writable()
        raise LinkClosed("link-closed", self.reason)

    async def close(self, reason: str, code: str = "replaced") -> None:
        """End the session, and tell why: another one has taken its place. Nothing is waited for."""
        if self._ended:
            return
        self.reason = reason
        if self._link is not None and not self._link.closed:
            # For whoever gave two satellites one id; a link that is dead takes no harm.
            self._link.send_nowait(Refused(code, reason, ENDED_RETRY_MS))
        self._end()

    async def __aiter__(self) -> AsyncIterator[Message]:
        """Yield what the satellite sends, until it is gone for good. Raises PeerError."""
        try:
            while not self._ended:
                link = self._link
                if link is None:
                    await self._wait_for_another()
                    continue
                try:
                    message = await link.receive()
                except WireError as error:
                    if link is self._link:
                        self._lose(error)
                    continue
                if link is self._link:  # else it comes again over the newer one
                    self._ledger.took(message)
                    yield message
        finally:
            self._end()

    async def carry(self, link: Link, received: int, welcome: Welcome) -> None:
        """Go on over `link`, whose satellite got `received` messages, for as long as it lives.

        `welcome` is sent, with how much has come. Raises WireError.
        """
        older, self._link, self._newest = self._link, None, link
        self._changed.set()
        if older is not None:
            older.abort()
        await link.send(replace(welcome, session=self.session, received=self._ledger.received))
        # What is sent meanwhile is kept, and goes out here.
        while missing := self._ledger.after(received):
            for message in missing:
                await link.send(message)
            received += len(missing)
        if missing is None or self._ended or self._newest is not link:
            await link.close("the session is over")
            return
        self._link = link
        self.resumes += 1
        self._changed.set()
        log.info("satellite back", satellite=self.satellite, session=self.session)
        await link.wait_closed()

    def _lose(self, error: WireError) -> None:
        if not self._ended:
            self.reason = str(error)
        lost = isinstance(error, LinkClosed | PeerSilent | PeerStalled | PeerTimeout)
        if not self._lasts or not (lost or error.code == "truncated"):
            self._end()
            if not isinstance(error, LinkClosed):
                raise error
        self._link = None

    async def _wait_for_another(self) -> None:
        try:
            async with asyncio.timeout(RESUME_S):
                while self._link is None and not self._ended:
                    self._changed.clear()
                    await self._changed.wait()
        except TimeoutError:
            self._end()

    def _end(self) -> None:
        self._ended = True
        self._changed.set()
        if self._link is not None and not self._link.closed:
            self._link.abort()
