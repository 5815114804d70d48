"""Our end of the socket to an engine process."""

import asyncio
import socket

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
