"""Connections that are slow, idle or too many, over real TCP."""

import asyncio
import logging
import socket
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager

import pytest
from fastapi import FastAPI, Request, WebSocket
from fastapi.responses import StreamingResponse
from websockets.asyncio.client import connect

from hub.api import connections, server
from hub.api.server import serving
from hub.dashboard_settings import Dashboard

LIMIT_S = 30.0
GET = b"GET /fine HTTP/1.1\r\nHost: hub\r\n\r\n"
POST = b"POST /taken HTTP/1.1\r\nHost: hub\r\nContent-Length: 9\r\n\r\n"
PIECE = b"x" * 65_536


class End:
    """A client's end of a connection."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader = reader
        self.writer = writer

    async def answer(self) -> bytes:
        """Return the first line of an answer, once all of it is there."""
        async with asyncio.timeout(LIMIT_S):
            head = await self.reader.readuntil(b"\r\n\r\n")
            length = head.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0]
            await self.reader.readexactly(int(length))
            return head.partition(b"\r\n")[0]

    async def ends(self) -> bool:
        """Wait until the hub ends it; return whether it said nothing more."""
        async with asyncio.timeout(LIMIT_S):
            try:
                return await self.reader.read() == b""
            except ConnectionResetError:
                return True


class Served:
    """An app that is served, and who has come."""

    def __init__(self, address: str, stack: AsyncExitStack) -> None:
        self.port = int(address.rpartition(":")[2])
        self.stalled = asyncio.Event()
        self._stack = stack

    async def dial(self, here: str = "127.0.0.1", buffer_bytes: int | None = None) -> End:
        """Connect from an address of this machine."""
        dialling = socket.socket()
        if buffer_bytes is not None:
            dialling.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, buffer_bytes)
        dialling.bind((here, 0))
        dialling.setblocking(False)
        await asyncio.get_running_loop().sock_connect(dialling, ("127.0.0.1", self.port))
        end = End(*await asyncio.open_connection(sock=dialling, limit=1 << 12))
        self._stack.callback(end.writer.close)
        return end


@asynccontextmanager
async def served(*, proxies: tuple[str, ...] = ()) -> AsyncIterator[Served]:
    app = FastAPI()

    @app.get("/fine")
    async def fine() -> str:
        return "fine"

    @app.post("/taken")
    async def taken(request: Request) -> str:
        return str(len(await request.body()))

    @app.get("/large")
    async def large() -> StreamingResponse:
        async def pieces() -> AsyncGenerator[bytes]:
            try:
                for _ in range(10_000):
                    yield PIECE
            finally:
                here.stalled.set()

        return StreamingResponse(pieces())

    @app.websocket("/echo")
    async def echo(websocket: WebSocket) -> None:
        await websocket.accept()
        while True:
            await websocket.send_text(await websocket.receive_text())

    async with (
        AsyncExitStack() as stack,
        serving(app, Dashboard(port=0, proxies=proxies)) as address,
    ):
        here = Served(address, stack)
        yield here


async def test_one_that_sends_no_request_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connections, "HEAD_S", 0.1)
    async with served() as here:
        silent = await here.dial()
        assert await silent.ends()


async def test_one_that_sends_a_head_in_crumbs_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connections, "HEAD_S", 0.3)

    async def crumble(end: End) -> None:
        for byte in GET * 1000:
            end.writer.write(bytes([byte]))
            await asyncio.sleep(0.02)

    async with served() as here:
        slow = await here.dial()
        crumbling = asyncio.create_task(crumble(slow))
        try:
            assert await slow.ends()
        finally:
            crumbling.cancel()


async def test_one_that_stops_in_the_middle_of_a_body_ends_and_one_that_goes_on_does_not(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(connections, "PAUSE_S", 2.0)
    async with served() as here:
        stops, goes_on = await here.dial(), await here.dial()
        stops.writer.write(POST + b"1234")
        goes_on.writer.write(POST)
        for byte in b"123456789":
            await asyncio.sleep(0.3)  # longer than that in all, and far from it each time
            goes_on.writer.write(bytes([byte]))
        assert await goes_on.answer() == b"HTTP/1.1 200 OK"
        assert await stops.ends()


async def test_one_that_takes_nothing_of_an_answer_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connections, "STALL_S", 0.2)
    async with served() as here:
        stalled = await here.dial(buffer_bytes=4096)
        stalled.writer.write(GET.replace(b"fine", b"large"))
        async with asyncio.timeout(LIMIT_S):
            await here.stalled.wait()


async def test_a_websocket_that_says_nothing_is_left_alone(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(connections, "HEAD_S", 1.5)  # within that it has to be opened
    async with served() as here, connect(f"ws://127.0.0.1:{here.port}/echo") as opened:
        later = await here.dial()
        assert await later.ends()
        await opened.send("still here")
        async with asyncio.timeout(LIMIT_S):
            assert await opened.recv() == "still here"


async def test_one_address_has_so_many_and_others_have_theirs(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(connections, "MOST_OF_ONE", 3)
    async with served() as here:
        crowd = [await here.dial() for _ in range(2)]
        async with connect(f"ws://127.0.0.1:{here.port}/echo"):  # it counts as well
            refused = await here.dial()
            assert await refused.answer() == b"HTTP/1.1 503 Service Unavailable"
            assert await refused.ends()
            other = await here.dial("127.0.0.2")
            other.writer.write(GET)
            assert await other.answer() == b"HTTP/1.1 200 OK"
            crowd[0].writer.write(GET)
            assert await crowd[0].answer() == b"HTTP/1.1 200 OK"
        crowd[1].writer.close()
        await crowd[1].writer.wait_closed()
        again = await here.dial()
        again.writer.write(GET)
        assert await again.answer() == b"HTTP/1.1 200 OK"


async def test_a_proxy_that_is_named_has_as_many_as_there_are(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(connections, "MOST_OF_ONE", 1)
    monkeypatch.setattr(connections, "MOST", 3)
    async with served(proxies=("localhost", "127.0.0.0/24")) as here:
        for end in [await here.dial() for _ in range(3)]:
            end.writer.write(GET)
            assert await end.answer() == b"HTTP/1.1 200 OK"
        assert await (await here.dial()).answer() == b"HTTP/1.1 503 Service Unavailable"


async def test_what_strangers_send_writes_no_lines_into_the_log(
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG)
    async with served() as here:
        odd = await here.dial()
        odd.writer.write(b"\x16\x03\x01nonsense\r\n\r\n")
        assert not await odd.ends(), "it is told that this was no request"
    told = [record for record in caplog.records if record.levelno >= logging.WARNING]
    # A loop that is watched tells what took long: that is the machine's doing.
    assert not [record for record in told if record.name != "asyncio"]


@pytest.mark.parametrize(
    ("host", "by_name", "own", "shown"),
    [
        ("127.0.0.1", False, "192.168.1.9", "localhost"),
        ("0.0.0.0", False, "192.168.1.9", "192.168.1.9"),
        ("0.0.0.0", True, "192.168.1.9", "homehub"),
        ("0.0.0.0", False, None, "homehub"),
        ("::", False, "2001:db8::9", "[2001:db8::9]"),
        ("192.168.1.7", False, "192.168.1.9", "192.168.1.7"),
    ],
)
def test_the_link_that_is_shown_can_be_opened_from_a_phone(
    monkeypatch: pytest.MonkeyPatch, host: str, by_name: bool, own: str | None, shown: str
) -> None:
    monkeypatch.setattr(server, "_own_address", lambda: own)
    monkeypatch.setattr(socket, "gethostname", lambda: "homehub")
    assert server._shown(host, by_name=by_name) == shown
