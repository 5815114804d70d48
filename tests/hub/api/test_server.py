"""How the API's server listens."""

import asyncio
import socket

from hub.api.server import _listen


async def test_no_piece_of_an_answer_is_held_back() -> None:
    loop = asyncio.get_running_loop()
    at_once: asyncio.Future[int] = loop.create_future()
    lost = asyncio.Event()

    class Accepted(asyncio.Protocol):
        def connection_made(self, transport: asyncio.BaseTransport) -> None:
            sock = transport.get_extra_info("socket")
            at_once.set_result(sock.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY))

        def connection_lost(self, exc: Exception | None) -> None:
            lost.set()

    server = await loop.create_server(Accepted, sock=_listen("127.0.0.1", 0))
    async with server, asyncio.timeout(30):
        _, writer = await asyncio.open_connection(*server.sockets[0].getsockname()[:2])
        assert await at_once
        writer.close()
        await writer.wait_closed()
        await lost.wait()
