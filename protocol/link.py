"""One link over a socket.

Every wait ends: writing when the peer reads too slowly, closing after a fixed time, receiving when
the keep-alive gives the peer up. What was received and not taken is bounded; then the peer waits.
"""

import asyncio
import math
from collections import deque
from collections.abc import Callable
from types import TracebackType
from typing import Self, cast

from protocol.connection import Connection, KeepAlive
from protocol.errors import LinkClosed, PeerError, PeerStalled
from protocol.limits import Limits
from protocol.schema import Message
from protocol.state import LinkState, Role
from protocol.wyoming_messages import Error

# Who does not read 48 KiB (high minus low water) in this time does not listen to audio either.
WRITE_TIMEOUT_S = 4.5
# All of closing; half of it is for the peer to read our last words.
CLOSE_TIMEOUT_S = 2.0
LINGER_S = 0.5
# Closing with unread bytes in the kernel makes it drop our last words: read and throw them away.
MAX_LINGER_BYTES = 4 * 1024 * 1024
# Two seconds of 32 ms frames: more means that the program is stuck.
MAX_QUEUED_MESSAGES = 64
MAX_QUEUED_BYTES = 1024 * 1024
WRITE_HIGH_BYTES = 64 * 1024
WRITE_LOW_BYTES = 16 * 1024
# asyncio reads into 256 KiB by default, which are mapped and unmapped each time: 14 us a read.
READ_BYTES = 16 * 1024


class Link(asyncio.Protocol):
    """One link. The methods of `asyncio.Protocol` are for asyncio only."""

    def __init__(
        self,
        role: Role,
        *,
        limits: Limits | None = None,
        keep_alive: KeepAlive | None = None,
        on_open: Callable[["Link"], None] | None = None,
    ) -> None:
        self._loop = asyncio.get_running_loop()
        self._connection = Connection(
            role, now=self._loop.time(), limits=limits, keep_alive=keep_alive
        )
        self._on_open = on_open
        self._transport: asyncio.Transport | None = None
        # With each message, the bytes it came in: its share of the bound.
        self._queue: deque[tuple[Message, int]] = deque()
        self._queued_bytes = 0
        self._uncharged_bytes = 0
        self._reading = True
        self._arrived = asyncio.Event()
        self._writable = asyncio.Event()
        self._writable.set()
        self._gone = asyncio.Event()
        self._deadline: asyncio.TimerHandle | None = None
        self._stall: asyncio.TimerHandle | None = None
        self._ending: list[asyncio.TimerHandle] = []
        self._lingered_bytes = 0
        self._close_reason = "the peer has closed the link"
        self.peer = ""
        """Address of the peer, for people."""
        self.host = ""
        """The part of the address that all links of one machine share."""

    @property
    def state(self) -> LinkState:
        """State of the link."""
        return self._connection.state

    @property
    def fault(self) -> PeerError | None:
        """What the peer did wrong, if that ended the link."""
        return self._connection.fault

    @property
    def round_trip_s(self) -> float | None:
        """Time that the last ping took, there and back."""
        return self._connection.round_trip_s

    @property
    def closed(self) -> bool:
        """True when nothing more can be sent; what was received before can still be taken."""
        return self._connection.closed

    async def receive(self) -> Message:
        """Return the next message. One task may wait at a time.

        Raises:
            PeerError: the peer ended the link by breaking the protocol.
            LinkClosed: the link has ended.
        """
        while not self._queue:
            if self.closed:
                raise self._reason()
            self._arrived.clear()
            # Ended by the keep-alive deadlines of the connection, where it has some.
            await self._arrived.wait()
        message, size = self._queue.popleft()
        self._queued_bytes -= size
        if not self._reading and len(self._queue) <= MAX_QUEUED_MESSAGES // 2:
            self._resume_reading()
        return message

    def __aiter__(self) -> Self:
        """Iterate over messages until the link is closed, or raise the PeerError that ended it."""
        return self

    async def __anext__(self) -> Message:
        try:
            return await self.receive()
        except LinkClosed:
            raise StopAsyncIteration from None

    async def send(self, message: Message) -> None:
        """Send a message; wait while the peer is behind with reading, `WRITE_TIMEOUT_S` at most.

        Raises:
            IllegalSend: it is not legal from our side in this state.
            TooLarge: no peer would take it.
            PeerError: the peer broke the protocol, for instance by not reading, and ended the link.
            LinkClosed: the link has ended.
        """
        # Whoever waited as well may have filled it again.
        while not self.send_nowait(message):
            await self.wait_writable()

    async def wait_writable(self) -> None:
        """Wait until the peer is not behind with reading, or the link has ended."""
        # Set again by the stall timer, which ends the link.
        await self._writable.wait()

    def send_nowait(self, message: Message) -> bool:
        """Send a message, or drop it and return False when the peer is behind with reading.

        Raises:
            As `send`.
        """
        if self.closed:
            raise self._reason()
        if not self._writable.is_set():
            return False
        self._connection.send(message, self._loop.time())
        self._settle()
        return True

    async def close(self, reason: str = "closed on our side") -> None:
        """Send what is queued and end the link, within `CLOSE_TIMEOUT_S`; at once if cancelled."""
        if not self.closed:
            self._close_reason = reason
            self._connection.close()
            self._settle()
        try:
            await self.wait_closed()
        except asyncio.CancelledError:
            self.abort()
            raise

    async def wait_closed(self) -> None:
        """Wait until the connection is gone."""
        await self._gone.wait()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.close()

    def abort(self) -> None:
        """End the link without last words."""
        if not self.closed:
            self._close_reason = "ended on our side"
            self._connection.close()
        if self._transport is not None:
            self._transport.abort()

    def reject(self, code: str, text: str) -> None:
        """Say why and end the link, without waiting."""
        if not self.closed:
            self._close_reason = text
            self._connection.send(Error(text=text, code=code), self._loop.time())
            self._connection.close()
            self._settle()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """asyncio: the transport is there."""
        # Not checked: the transports of uvloop are of no class of asyncio's.
        self._transport = transport = cast("asyncio.Transport", transport)
        if hasattr(transport, "max_size"):
            transport.max_size = READ_BYTES
        transport.set_write_buffer_limits(high=WRITE_HIGH_BYTES, low=WRITE_LOW_BYTES)
        name = transport.get_extra_info("peername")
        if isinstance(name, tuple):
            self.host = str(name[0])
            self.peer = f"[{name[0]}]:{name[1]}" if ":" in self.host else f"{name[0]}:{name[1]}"
        else:
            self.peer = str(name or "local")
        if self._on_open is not None:
            self._on_open(self)
        self._settle()

    def data_received(self, data: bytes) -> None:
        """asyncio: the peer has sent something."""
        if self.closed:
            self._lingered_bytes += len(data)
            if self._lingered_bytes > MAX_LINGER_BYTES:
                self.abort()
            return
        self._uncharged_bytes += len(data)
        messages = self._connection.receive_data(data, self._loop.time())
        if messages:
            size = self._uncharged_bytes // len(messages)
            self._uncharged_bytes = 0
            self._queue.extend([(message, size) for message in messages])
            self._queued_bytes += size * len(messages)
            self._arrived.set()
            full = len(self._queue) > MAX_QUEUED_MESSAGES or self._queued_bytes > MAX_QUEUED_BYTES
            if full and not self.closed:
                self._pause_reading()
        self._settle()

    def eof_received(self) -> bool:
        """asyncio: the peer will send no more."""
        if not self.closed:
            self._connection.receive_eof(self._loop.time())
        self._settle()
        if self._transport is not None:
            self._transport.close()
        return False

    def pause_writing(self) -> None:
        """asyncio: the peer is behind with reading."""
        self._writable.clear()
        self._stall = self._loop.call_later(WRITE_TIMEOUT_S, self._give_up_writing)

    def resume_writing(self) -> None:
        """asyncio: the peer has caught up."""
        if self._stall is not None:
            self._stall.cancel()
            self._stall = None
        self._writable.set()
        self._settle()

    def connection_lost(self, error: Exception | None) -> None:
        """asyncio: the transport is gone."""
        if not self.closed:
            if error is not None:
                self._close_reason = f"the connection broke: {error}"
            self._connection.receive_eof(self._loop.time())
        self._transport = None
        for timer in filter(None, (self._deadline, self._stall, *self._ending)):
            timer.cancel()
        self._arrived.set()
        self._writable.set()
        self._gone.set()

    def _settle(self) -> None:
        """Write what is queued, keep the timer right, end the transport when the link has ended."""
        transport = self._transport
        if transport is None:
            return
        # While the peer does not read, answers stay in the connection, which bounds them.
        if self._writable.is_set() or self.closed:
            data = self._connection.data_to_send()
            if data and not transport.is_closing():
                transport.write(data)
        if self.closed:
            self._begin_to_end(transport)
            return
        deadline = self._connection.next_deadline()
        if self._deadline is not None and self._deadline.when() <= deadline:
            # It fires early, finds nothing to do and is set anew: cheaper than moving it.
            return
        if self._deadline is not None:
            self._deadline.cancel()
        self._deadline = None if deadline == math.inf else self._loop.call_at(deadline, self._tick)

    def _tick(self) -> None:
        self._deadline = None
        now = self._loop.time()
        if not self._reading:
            self._connection.excuse_silence(now)
        self._connection.tick(now)
        self._settle()

    def _begin_to_end(self, transport: asyncio.Transport) -> None:
        self._arrived.set()
        if self._stall is None:
            self._writable.set()
        if self._ending:
            return
        if not self._reading:
            self._reading = True
            transport.resume_reading()
        if transport.can_write_eof() and not transport.is_closing():
            try:
                transport.write_eof()
            except OSError:  # the peer is gone already
                transport.abort()
                return
            self._ending = [
                self._loop.call_later(LINGER_S, transport.close),
                self._loop.call_later(CLOSE_TIMEOUT_S, self.abort),
            ]
        else:
            transport.close()
            self._ending = [self._loop.call_later(CLOSE_TIMEOUT_S, self.abort)]

    def _give_up_writing(self) -> None:
        self._stall = None
        self._connection.fail(
            PeerStalled("peer-stalled", f"the peer read nothing for {WRITE_TIMEOUT_S:g} s")
        )
        self._connection.data_to_send()
        self._writable.set()
        self._arrived.set()
        self.abort()

    def _pause_reading(self) -> None:
        if self._reading and self._transport is not None and not self._transport.is_closing():
            self._reading = False
            self._transport.pause_reading()

    def _resume_reading(self) -> None:
        self._reading = True
        if self._transport is not None and not self._transport.is_closing():
            self._transport.resume_reading()

    def _reason(self) -> PeerError | LinkClosed:
        return self.fault or LinkClosed("link-closed", self._close_reason)
