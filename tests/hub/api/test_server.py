"""How the API's server listens."""

import asyncio
import gc
import socket
from contextlib import suppress

import pytest
import uvicorn
from fastapi import FastAPI

from hub.api.server import _listen, _Server


@pytest.mark.parametrize("rounds", range(6))
async def test_one_who_connects_while_it_closes_is_cut_off(rounds: int) -> None:
    listening = _listen("127.0.0.1", 0)
    server = _Server(uvicorn.Config(FastAPI(), lifespan="off", log_config=None))
    serving = asyncio.create_task(server.serve(sockets=[listening]))
    await server.listens.wait()
    try:
        with socket.create_connection(listening.getsockname()) as peer:
            for _ in range(rounds):
                await asyncio.sleep(0)
            await server.shutdown(sockets=[listening])
            peer.setblocking(False)
            with suppress(ConnectionResetError):
                assert peer.recv(1) == b""
    finally:
        server.should_exit = True
        await serving
    gc.collect()  # tells of a socket that was left open


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
