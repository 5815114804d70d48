"""No connection outlives the client that made it, whatever a broker does and whoever is slow."""

import asyncio
import gc
import os
import socket
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Any, TypeVar

import pytest
from aiomqtt import ProtocolVersion

from hub.mqtt import client as client_module
from hub.mqtt.address import BrokerAddress
from hub.mqtt.client import Client
from hub.mqtt.waiting import is_set
from tests.hub.living_home import LIMIT_S, connected

CONNACK = b"\x20\x02\x00\x00"
NO_TOPIC = b"\x30\x03\x00\x01\xff"
"""A message to a topic that is no text."""
MUCH = 50_000_000
"""More than is kept on the way from one end of a connection to the other."""

_C = TypeVar("_C", bound=Client)


class Server:
    """Takes connections, answers each with the same, and tells when one is closed."""

    def __init__(self, answer: bytes) -> None:
        self.answer = answer
        self.port = 0
        self.received = 0
        self.serving: list[asyncio.Task[Any] | None] = []
        self.closed: asyncio.Queue[None] = asyncio.Queue()
        self.may_read = asyncio.Event()
        self.may_read.set()

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.serving.append(asyncio.current_task())
        said = await reader.read(1000)
        writer.write(self.answer)
        with suppress(ConnectionError):  # from who closes before it has read all of the answer
            while said:
                self.received += len(said)
                await self.may_read.wait()
                said = await reader.read(100_000)
        writer.close()
        self.closed.put_nowait(None)

    async def until_closed(self) -> None:
        async with asyncio.timeout(LIMIT_S):
            await self.closed.get()


@asynccontextmanager
async def serving(answer: bytes) -> AsyncIterator[Server]:
    server = Server(answer)
    async with await asyncio.start_server(server.serve, "127.0.0.1", 0) as listening:
        server.port = listening.sockets[0].getsockname()[1]
        yield server
        async with asyncio.timeout(LIMIT_S):
            await asyncio.gather(*filter(None, server.serving))


class Slow(Client):
    """Its thread dials when it is told to."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        self.may_dial = threading.Event()
        super().__init__(*arguments, **options)

    def _client_connect(self) -> None:
        assert self.may_dial.wait(LIMIT_S)
        super()._client_connect()


def client_of(server: Server, kind: type[_C]) -> _C:
    address = BrokerAddress("127.0.0.1", server.port)
    return kind(address, ProtocolVersion.V311, client_id="test", will=None, context=None)


async def test_what_is_dialled_too_late_is_closed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(client_module, "CLOSE_TIMEOUT_S", 0.01)
    async with serving(CONNACK) as server:
        client = client_of(server, Slow)
        try:
            with pytest.raises(TimeoutError):
                await client.enter(0.01)
        finally:
            client.may_dial.set()
        await server.until_closed()


async def test_what_takes_no_farewell_is_closed() -> None:
    async with serving(CONNACK) as server:
        client = client_of(server, Client)
        await client.enter(LIMIT_S)
        server.may_read.clear()
        filling = asyncio.create_task(client.publish("a", b"x" * MUCH))
        await asyncio.sleep(0)
        await client.leave(0.01)
        filling.cancel()
        await asyncio.gather(filling, return_exceptions=True)
        server.may_read.set()
        await server.until_closed()
        assert server.received < MUCH


async def test_what_breaks_the_rules_is_closed_before_it_is_dialled_again() -> None:
    async with (
        serving(CONNACK + NO_TOPIC) as server,
        connected(f"mqtt://127.0.0.1:{server.port}"),
    ):
        for _ in range(2):
            await server.until_closed()


async def test_what_is_dialled_after_a_second_cancel_is_closed() -> None:
    async with serving(CONNACK) as server:
        client = client_of(server, Slow)
        entering = asyncio.create_task(client.enter(LIMIT_S))
        try:
            for _ in range(2):
                await asyncio.sleep(0.01)
                entering.cancel()
            await asyncio.wait([entering])
        finally:
            client.may_dial.set()
        await server.until_closed()


@pytest.mark.parametrize("taken", [True, False])
async def test_what_is_closed_before_the_loop_looks_for_room_is_not_watched(taken: bool) -> None:
    """The number of a socket that is closed may be another one's."""
    loop = asyncio.get_running_loop()
    failures: list[dict[str, Any]] = []
    loop.set_exception_handler(lambda _, context: failures.append(context))
    client: Any = client_of(Server(CONNACK), Client)
    with socket.socket() as gone, socket.socket() as other:
        number = gone.fileno()
        client._client._sock = gone
        client._on_socket_register_write(client._client, None, gone)
        client._client._sock = None
        gone.close()
        if taken:
            os.dup2(other.fileno(), number)
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        watched = loop.remove_writer(number)
        if taken:
            os.close(number)
    assert not watched
    assert failures == []


async def test_a_loss_that_nobody_waits_for_is_no_complaint(
    caplog: pytest.LogCaptureFixture,
) -> None:
    async with serving(NO_TOPIC) as server:
        client = client_of(server, Client)
        with pytest.raises(TimeoutError):
            await client.enter(0.1)
        await client.leave(0.1)
        del client
        gc.collect()
        await server.until_closed()
    assert caplog.messages == []


async def test_the_loop_may_close_what_is_being_dialled() -> None:
    """As it does when the other side hung up, and the thread comes to its CONNECT after that."""
    client: Any = client_of(Server(CONNACK), Client)
    client._on_socket_register_write(client._client, None, None)
    await asyncio.sleep(0)


async def test_an_event_that_was_cleared_before_our_turn_is_waited_for_again() -> None:
    event = asyncio.Event()
    waiting = asyncio.create_task(is_set(event, LIMIT_S))
    await asyncio.sleep(0)
    event.set()
    event.clear()
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    assert not waiting.done()
    event.set()
    assert await waiting
