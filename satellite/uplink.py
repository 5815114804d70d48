"""The link to the hub: made, kept, and made again when it is lost.

A session outlasts a link that is lost for a moment: what is sent meanwhile is kept, and goes out
over the next link. Nobody is told until it is clear that the session is over.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from typing import Protocol

from protocol import (
    AudioChunk,
    Link,
    LinkClosed,
    LocalError,
    Message,
    Meter,
    Refused,
    Settings,
    SottoError,
    Status,
    Unreachable,
)
from satellite.backoff import Backoff
from satellite.handshake import HubRefused, Identity, greet
from satellite.link_health import LinkHealth
from satellite.locate import Candidate
from satellite.own_token import OwnToken
from satellite.reach import Reached, is_gone, reach
from satellite.retrying import Retrying
from satellite.session import Hub, Session

OUTBOX_MESSAGES = 256
"""8 s of frames: more than a link that lives ever lets pile up."""
ROOM_MESSAGES = 64
AWAY_ROOM_MESSAGES = 224
"""While the hub is away for a moment the microphone is not to be held up."""
GOOD_LINK_S = 2.0
"""A hub that drops links at once is not to be asked ten times a second."""
DIAL_S = 1.5
"""A first packet that is lost is sent again after 1 s."""
AWAY_DIAL_S = 0.7
AWAY_RETRY_S = 0.2
BETTER_S = 15.0
"""How often a hub that is preferred is looked for."""
SETTLE_S = 24 * 3600.0
"""A hub that was not there for so long does not come back: the one that is there is the one."""


class UplinkListener(Protocol):
    """Who hears from the hub. None of these may block."""

    @property
    def at_rest(self) -> bool:
        """Whether nothing would be lost with the hub."""

    def link_up(self, hub: Hub) -> None:
        """The hub has taken us."""

    def link_resumed(self, away_ms: int, again: int) -> None:
        """The session goes on over a new link; so many messages are sent again."""

    def link_down(self, error: SottoError, retry_in_s: float) -> None:
        """The session is over, or no hub was reached."""

    def received(self, message: Message) -> None:
        """The hub has said something."""


class Locator(Protocol):
    """Who knows where hubs are."""

    async def candidates(self) -> Sequence[Candidate]:
        """Return where to try, best first. Raises SottoError."""

    def rank(self, candidate: Candidate, hub: str) -> int:
        """Return 0 if a candidate that has proved to be `hub` is the one that is wanted."""

    def settle(self, hub: str) -> None:
        """Want this hub from now on."""

    async def changed(self) -> None:
        """Wait until a hub announces itself."""

    async def rest(self) -> None:
        """Look for no hubs for now."""

    async def close(self) -> None:
        """Look for no hubs any more."""


class Uplink:
    """One link to one hub at a time."""

    def __init__(
        self,
        listener: UplinkListener,
        identity: Identity,
        token: OwnToken | str | None,
        locator: Locator,
        *,
        backoff: Backoff | None = None,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[object]] = asyncio.sleep,
        on_proved: Callable[[str], None] = lambda _: None,
    ) -> None:
        """`on_proved` hears the id of each hub that has proved itself."""
        self._listener = listener
        self._identity = identity
        self._own = token if isinstance(token, OwnToken) else OwnToken(token)
        self._locator = locator
        self._retrying = Retrying(
            listener.link_down, locator.changed, backoff=backoff, clock=clock, sleep=sleep
        )
        self._clock = clock
        self._on_proved = on_proved
        self._link: Link | None = None
        self._session: Session | None = None
        self._better: Reached | None = None  # a hub that is preferred, and has taken us
        self._outbox: asyncio.Queue[Message] = asyncio.Queue(OUTBOX_MESSAGES)
        self._room = asyncio.Event()
        self._room.set()
        self.health = LinkHealth()
        self.dropped_chunks = 0
        """Audio that the link could not take."""

    async def run(self) -> None:
        """Keep a link to the hub, until cancelled."""
        try:
            while True:
                started = self._clock()
                try:
                    reached, self._better = self._better or await self._reach(), None
                except SottoError as failure:
                    await self._wait_to_retry(failure)
                    continue
                error = await self._serve(reached)
                if self._clock() - started >= GOOD_LINK_S:
                    self._retrying.reset()
                if self._better is None:
                    await self._wait_to_retry(error)
        finally:
            await self._locator.close()

    def send(self, message: Message) -> None:
        """Send in order. Without a session nothing is sent; audio that does not fit is dropped."""
        if self._session is None:
            return
        try:
            self._outbox.put_nowait(message)
        except asyncio.QueueFull:
            if isinstance(message, AudioChunk):
                self.dropped_chunks += 1
            else:
                # The peer would not know what it missed; a new session begins with our state.
                self._session.end()
                if self._link is not None:
                    self._link.reject("too-slow", "the hub does not read what it is sent")
        if self._outbox.qsize() >= self._room_messages:
            self._room.clear()

    async def wait_for_room(self) -> None:
        """Wait while the hub is behind with reading. Ends with the session at the latest."""
        await self._room.wait()

    @property
    def _room_messages(self) -> int:
        return AWAY_ROOM_MESSAGES if self._link is None else ROOM_MESSAGES

    async def _reach(self) -> Reached:
        """Return a hub that takes us; first, the one whose link was lost. Raises SottoError."""
        session = self._session
        at_rest = self._listener.at_rest
        left_s = None if session is None else session.left_s(self._clock(), at_rest)
        if session is None or left_s is None:
            return await self._try(await self._locator.candidates(), DIAL_S)
        address = session.hub.address
        try:
            async with asyncio.timeout(max(left_s, 0.0)):
                return await self._try([Candidate(address, 0)], AWAY_DIAL_S)
        except TimeoutError:
            raise Unreachable("connect-timeout", f"{address} did not answer in time") from None

    async def _try(self, candidates: Sequence[Candidate], dial_s: float) -> Reached:
        greeting = partial(greet, identity=self._identity, own=self._own)
        if self._session is not None:
            received = self._session.ledger.received
            greeting = partial(greeting, session=self._session.hub.session, received=received)
        return await reach(candidates, greeting, timeout_s=dial_s)

    async def _serve(self, reached: Reached) -> SottoError:
        """Keep a link until it ends; return why it did."""
        link = reached.link
        try:
            if self._own.token is not None:
                self._on_proved(reached.welcome.hub)
            try:
                again = self._begin(reached)
            except SottoError as over:
                return over
            work = (self._send_all(link, again), self._tend(reached))
            tasks = [asyncio.create_task(each) for each in work]
            try:
                error = await self._receive_all(link)
            finally:
                for task in tasks:
                    task.cancel()
                await asyncio.wait(tasks)
            self._link = None
            self._lose(error)
            return error
        finally:
            self._link = None
            if link.closed:
                link.abort()
            else:
                await link.close("the satellite ends")

    def _begin(self, reached: Reached) -> Sequence[Message]:
        """Begin a session, or go on with one; return what is sent again. Raises SottoError."""
        session = self._session
        if session is not None and session.is_gone_on_with(reached.welcome):
            return self._go_on(session, reached)
        if session is not None:
            self._give_up(session.error or LinkClosed("hub-changed", "a better hub is there"), 0.0)
        self._session = session = Session.begun(reached)
        self._link = reached.link
        self.health.reconnects += self._retrying.succeeded()
        self._listener.link_up(session.hub)
        if reached.welcome.settings:
            self._listener.received(Settings(reached.welcome.settings))
        return ()

    def _go_on(self, session: Session, reached: Reached) -> Sequence[Message]:
        again = session.ledger.after(reached.welcome.received or 0)
        if again is None or session.lost_at is None:
            error = LinkClosed("not-resumed", "more was lost than is kept")
            self._give_up(error, 0.0)
            raise error
        away_ms = round((self._clock() - session.lost_at) * 1000)
        session.lost_at = session.error = None
        waiting = [each for each in self._empty() if not isinstance(each, Status | Meter)]
        self._link = reached.link
        self.health.reconnects += 1
        self._listener.link_resumed(away_ms, len(again))
        told = self._empty()
        for message in waiting:
            self.send(message)
        return (*told, *again)  # the state first

    async def _receive_all(self, link: Link) -> SottoError:
        session = self._session
        assert session is not None
        try:
            while True:
                message = await link.receive()
                if isinstance(message, Refused):
                    return HubRefused.of(message)
                session.take(message, self._clock())
                if link.round_trip_s is not None:
                    self.health.round_trip_ms = round(link.round_trip_s * 1000, 1)
                self._listener.received(message)
        except SottoError as error:
            return error

    async def _send_all(self, link: Link, again: Sequence[Message]) -> None:
        session = self._session
        assert session is not None
        try:
            for message in again:
                await link.send(message)
            while True:
                message = await self._outbox.get()
                if self._outbox.qsize() < ROOM_MESSAGES:
                    self._room.set()
                # Counted before it is sent: nothing that comes in between may be lost.
                session.add(message, self._clock())
                try:
                    await link.send(message)
                except LocalError:
                    # A fault of ours costs the message, not the link.
                    session.ledger.take_back(message)
                    self.dropped_chunks += isinstance(message, AudioChunk)
        except SottoError:
            # The receiving side hears of the same end, and says why.
            return

    async def _tend(self, current: Reached) -> None:
        """Look for a hub that is preferred to this one, and go over to it while at rest."""
        hub, began = current.welcome.hub, self._clock()
        while rank := self._locator.rank(current.candidate, hub):
            await self._retrying.wait(BETTER_S)
            if self._clock() - began >= SETTLE_S:
                self._locator.settle(hub)
            if not self._listener.at_rest:
                continue
            try:
                better = [each for each in await self._locator.candidates() if each.rank < rank]
                greeting = partial(greet, identity=self._identity, own=self._own)
                reached = await reach(better, greeting, timeout_s=DIAL_S)
            except SottoError:
                continue
            link = self._link
            if link is None or not self._listener.at_rest:
                await reached.link.close("not now")
                continue
            self._better = reached
            link.abort()
            return
        await self._locator.rest()

    def _lose(self, error: SottoError) -> None:
        """Keep the session for a while if only its link was lost."""
        if self._session is None:
            return
        self._session.lose(error, self._clock())
        if self._better is not None:
            self._session.end()
        if self._outbox.qsize() < AWAY_ROOM_MESSAGES:
            self._room.set()

    async def _wait_to_retry(self, error: SottoError) -> None:
        retry_in_s = self._retrying.next_s(error)
        session = self._session
        if session is None:
            self._retrying.tell(error, retry_in_s)
        else:
            left_s = session.left_s(self._clock(), self._listener.at_rest) or 0.0
            # Of a hub that refuses, or is a program that is gone, nothing is to be hoped for.
            if left_s > 0 and not (isinstance(error, HubRefused) or is_gone(error)):
                await self._retrying.wait(min(retry_in_s, AWAY_RETRY_S, left_s))
                return
            self._give_up(session.error or error, retry_in_s)
        await self._retrying.wait(retry_in_s)

    def _give_up(self, error: SottoError, retry_in_s: float) -> None:
        """End the session, and say so."""
        self._session = None
        self._empty()
        self._room.set()
        self._retrying.tell(error, retry_in_s)

    def _empty(self) -> list[Message]:
        """Return what waits to be sent, and let it wait no more."""
        waiting = []
        while not self._outbox.empty():
            waiting.append(self._outbox.get_nowait())
        return waiting
