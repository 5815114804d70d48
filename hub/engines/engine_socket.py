"""Our end of the socket to an engine process."""

import asyncio
import socket
from collections.abc import Callable

WRITE_TIMEOUT_S = 5.0

_READ_BYTES = 65_536


async def read(sock: socket.socket) -> bytes:
    """Return what the process has sent, b"" where it has ended."""
    try:
        return await asyncio.get_running_loop().sock_recv(sock, _READ_BYTES)
    except ConnectionError:
        return b""


async def write(sock: socket.socket, data: bytes) -> bool:
    """Write all of `data`; return whether the process can be talked to any more.

    One that is late has half a frame. One that has died is seen by the reader.
    """
    try:
        async with asyncio.timeout(WRITE_TIMEOUT_S):
            await asyncio.get_running_loop().sock_sendall(sock, data)
    except TimeoutError:
        return False
    except OSError:
        pass
    return True


class Outbox:
    """What is to be written to the process: a request, and then perhaps its cancel."""

    def __init__(self, broken: Callable[[], None]) -> None:
        """`broken` is called when the process can not be talked to any more."""
        self._broken = broken
        self._request = b""
        self._cancel = b""
        self._filled = asyncio.Event()

    @property
    def empty(self) -> bool:
        """Whether nothing waits to be written."""
        return not (self._request or self._cancel)

    def put(self, request: bytes) -> None:
        """Have a request written."""
        self._request = request
        self._filled.set()

    def put_cancel(self, cancel: bytes) -> None:
        """Have the cancel of the last request written, after that."""
        self._cancel = cancel
        self._filled.set()

    def clear(self) -> None:
        """Forget what was not written: the process is another one."""
        self._request = self._cancel = b""

    async def write_all(self, sock: socket.socket) -> None:
        """Write what is put. What was begun is written to its end, wanted or not."""
        while True:
            self._filled.clear()
            request, self._request = self._request, b""
            cancel, self._cancel = self._cancel, b""
            if not await write(sock, request) or not await write(sock, cancel):
                self._broken()
            if not (request or cancel):
                await self._filled.wait()
