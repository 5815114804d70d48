"""The hub's end of one TCP connection: nobody takes all of them, or holds one for nothing."""

import asyncio
import logging
from collections.abc import Sequence
from ipaddress import ip_address, ip_network
from typing import Any, cast

from h11 import Request
from uvicorn.protocols.http.h11_impl import H11Protocol, RequestResponseCycle

from hub.accounts.attempts import network_key

MOST = 512
MOST_OF_ONE = 128
"""From one address, or one IPv6 network. Proxies that the settings name may have them all."""
HEAD_S = 15.0
"""The head of a request is there so soon after the connection, or after the answer before it."""
PAUSE_S = 30.0
"""The longest pause within the body of a request."""
STALL_S = 120.0
"""The longest time in which a client takes nothing of an answer; it may ask where to save it."""
_FULL = (
    b"HTTP/1.1 503 Service Unavailable\r\nConnection: close\r\nRetry-After: 5\r\n"
    b"Content-Type: text/plain\r\nContent-Length: 22\r\n\r\nToo many connections.\n"
)

# Strangers can have any number of lines written by what they send; failures are told still.
log = logging.getLogger(__name__)
log.setLevel(logging.ERROR)


class Connection(H11Protocol):
    """One more than there may be is refused, and one that is too slow ends."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.logger = log
        self._due: asyncio.TimerHandle | None = None
        self._due_head = False
        self._stalled: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Take a connection, if there is room for it."""
        super().connection_made(transport)
        if self._is_one_too_many():
            transport.write(_FULL)
            transport.close()
        else:
            self._watch()

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget a connection."""
        self._expect_nothing()
        self._flows()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Take some of a request."""
        super().data_received(data)
        self._watch()

    def on_response_complete(self) -> None:
        """Wait for the next request."""
        super().on_response_complete()
        self._watch()

    def handle_websocket_upgrade(self, event: Request) -> None:
        """Hand the connection over: a WebSocket is watched by its pings."""
        super().handle_websocket_upgrade(event)
        self._expect_nothing()

    def pause_writing(self) -> None:
        """Take note that the client takes nothing."""
        super().pause_writing()
        if self._stalled is None:
            self._stalled = self.loop.call_later(STALL_S, self.transport.abort)

    def resume_writing(self) -> None:
        """Take note that it goes on."""
        super().resume_writing()
        self._flows()

    def _watch(self) -> None:
        """Expect what the client has to send next."""
        cycle = cast("RequestResponseCycle | None", self.cycle)  # none before the first request
        if self.transport.is_closing() or self.transport.get_protocol() is not self:
            self._expect_nothing()
        elif cycle is None or cycle.response_complete:
            if not self._due_head:  # crumbs of a head earn no more time
                self._expect(HEAD_S)
                self._due_head = True
        elif cycle.more_body:
            self._expect(PAUSE_S)
        else:
            self._expect_nothing()

    def _expect(self, within_s: float) -> None:
        self._expect_nothing()
        self._due = self.loop.call_later(within_s, self._too_slow)

    def _expect_nothing(self) -> None:
        if self._due is not None:
            self._due.cancel()
        self._due, self._due_head = None, False

    def _too_slow(self) -> None:
        if self.flow.read_paused:  # it is the hub that does not read
            self._expect(PAUSE_S)
        else:
            self.transport.abort()

    def _flows(self) -> None:
        if self._stalled is not None:
            self._stalled.cancel()
        self._stalled = None

    def _is_one_too_many(self) -> bool:
        if len(self.connections) > MOST:
            return True
        if self.client is None or _is_proxy(self.client[0], self.config.forwarded_allow_ips):
            return False
        here = network_key(self.client[0])
        clients = [getattr(one, "client", None) for one in self.connections]
        return sum(one is not None and network_key(one[0]) == here for one in clients) > MOST_OF_ONE


def _is_proxy(address: str, proxies: Sequence[str] | str | None) -> bool:
    known = [proxies] if isinstance(proxies, str) else proxies or ()
    for one in known:
        try:
            if one in {"*", address} or ip_address(address) in ip_network(one, strict=False):
                return True
        except ValueError:  # a name, or the path of a socket
            continue
    return False
