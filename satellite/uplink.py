"""The link to the hub: made, kept, and made again when it is lost."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from protocol import (
    AudioChunk,
    Link,
    LocalError,
    Message,
    Role,
    Settings,
    SottoError,
    Unreachable,
    connect,
)
from satellite.backoff import MOST_S, Backoff
from satellite.handshake import HubRefused, Identity, greet
from satellite.settings import Address

OUTBOX_MESSAGES = 256
"""8 s of frames: more than a link that lives ever lets pile up."""
ROOM_MESSAGES = 64
GOOD_LINK_S = 2.0
"""A hub that drops links at once is not to be asked four times a second."""
LONGEST_RETRY_S = 60.0


@dataclass(frozen=True, slots=True)
class Hub:
    """The hub at the other end of a link."""

    id: str
    name: str
    address: Address
    session: str


class UplinkListener(Protocol):
    """Who hears from the hub. None of these may block."""

    def link_up(self, hub: Hub) -> None:
        """The hub has taken us."""

    def link_down(self, error: SottoError, retry_in_s: float) -> None:
        """The link has ended, or could not be made."""

    def received(self, message: Message) -> None:
        """The hub has said something."""


class Uplink:
    """One link to one hub at a time."""

    def __init__(
        self,
        listener: UplinkListener,
        identity: Identity,
        token: str | None,
        locate: Callable[[], Awaitable[Sequence[Address]]],
        *,
        backoff: Backoff | None = None,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[object]] = asyncio.sleep,
    ) -> None:
        self._listener = listener
        self._identity = identity
        self._token = token
        self._locate = locate
        self._backoff = backoff or Backoff()
        self._clock = clock
        self._sleep = sleep
        self._link: Link | None = None
        self._outbox: asyncio.Queue[Message] = asyncio.Queue(OUTBOX_MESSAGES)
        self._room = asyncio.Event()
        self._room.set()
        self.dropped_chunks = 0
        """Audio that the link could not take."""

    async def run(self) -> None:
        """Keep a link to the hub, until cancelled."""
        while True:
            started = self._clock()
            try:
                error: SottoError = await self._serve_one_link()
            except SottoError as failure:
                error = failure
            except TimeoutError:
                error = Unreachable("handshake-timeout", "the hub did not finish its welcome")
            else:
                if self._clock() - started >= GOOD_LINK_S:
                    self._backoff.reset()
            retry_in_s = self._retry_in_s(error)
            self._listener.link_down(error, retry_in_s)
            await self._sleep(retry_in_s)

    def send(self, message: Message) -> None:
        """Send in order. Without a link nothing is sent; audio that does not fit is dropped."""
        if self._link is None:
            return
        try:
            self._outbox.put_nowait(message)
        except asyncio.QueueFull:
            if isinstance(message, AudioChunk):
                self.dropped_chunks += 1
            else:
                # The peer would not know what it missed; a new link begins with our state.
                self._link.reject("too-slow", "the hub does not read what it is sent")
        if self._outbox.qsize() >= ROOM_MESSAGES:
            self._room.clear()

    async def wait_for_room(self) -> None:
        """Wait while the hub is behind with reading. Ends with the link at the latest."""
        await self._room.wait()

    async def _serve_one_link(self) -> SottoError:
        """Return why an established link ended. Raises SottoError if none could be made."""
        address, link = await self._connect()
        try:
            welcome = await greet(link, self._identity, self._token)
            hub = Hub(welcome.hub, welcome.name, address, welcome.session)
            self._link = link
            self._listener.link_up(hub)
            if welcome.settings:
                self._listener.received(Settings(welcome.settings))
            sending = asyncio.create_task(self._send_all(link), name="uplink sender")
            try:
                return await self._receive_all(link)
            finally:
                sending.cancel()
                await asyncio.wait([sending])
        finally:
            self._link = None
            while not self._outbox.empty():
                self._outbox.get_nowait()
            self._room.set()
            await link.close("the satellite ends")

    async def _connect(self) -> tuple[Address, Link]:
        error: SottoError = Unreachable("unreachable", "no address of a hub is known")
        for address in await self._locate():
            try:
                link = await connect(address.host, address.port, role=Role.SATELLITE)
            except Unreachable as failure:
                error = failure
            else:
                return address, link
        raise error

    async def _receive_all(self, link: Link) -> SottoError:
        try:
            while True:
                self._listener.received(await link.receive())
        except SottoError as error:
            return error

    async def _send_all(self, link: Link) -> None:
        while True:
            message = await self._outbox.get()
            if self._outbox.qsize() < ROOM_MESSAGES:
                self._room.set()
            try:
                await link.send(message)
            except LocalError:
                # A fault of ours costs the message, not the link.
                self.dropped_chunks += isinstance(message, AudioChunk)
            except SottoError:
                # The receiving side hears of the same end, and says why.
                return

    def _retry_in_s(self, error: SottoError) -> float:
        retry_in_s = self._backoff.next_s()
        if isinstance(error, HubRefused):
            wanted_s = MOST_S if error.retry_after_ms is None else error.retry_after_ms / 1000
            retry_in_s = max(retry_in_s, min(wanted_s, LONGEST_RETRY_S))
        return retry_in_s
