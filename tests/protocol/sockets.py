"""Both ends of a link on loopback, and peers without our code."""

import asyncio

from protocol import stream as stream_module
from protocol.frames import Event, FrameDecoder
from protocol.link import Link
from protocol.state import Role
from protocol.stream import Server, connect, serve
from protocol.wyoming_messages import AudioChunk

CHUNK = AudioChunk(16_000, 2, 1, bytes(1024), turn=1)


async def echo(link: Link) -> None:
    async for message in link:
        await link.send(message)


async def listen(handler: stream_module.Handler = echo, role: Role = Role.WYOMING) -> Server:
    return await serve(handler, "127.0.0.1", 0, role=role)


async def dial(server: Server, role: Role = Role.WYOMING) -> Link:
    host, port = server.addresses[0]
    return await connect(host, port, role=role)


async def raw(server: Server) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    """Connect without our code."""
    return await asyncio.open_connection(*server.addresses[0])


async def rest_of(reader: asyncio.StreamReader) -> list[Event]:
    """Return the events that come until the other side ends the connection."""
    decoder = FrameDecoder()
    events = []
    while data := await reader.read(65_536):
        events += decoder.feed(data)
    return events


async def until(condition: object) -> None:
    """Let the loop turn until `condition()` holds; the time limit of the test ends it."""
    assert callable(condition)
    while not condition():
        await asyncio.sleep(0)
