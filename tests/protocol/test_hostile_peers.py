"""Hostile bytes on real sockets: an error event with a code, then the end; nobody else notices."""

import asyncio
import gc
import random
import tracemalloc
from collections.abc import AsyncIterator

import psutil
import pytest

from protocol import link as link_module
from protocol.connection import KeepAlive
from protocol.frames import Event, FrameDecoder, encode
from protocol.limits import AUDIO_LIMITS, MAX_HEADER_BYTES
from protocol.link import Link
from protocol.messages import encode_message
from protocol.state import Role
from protocol.stream import Server, connect, serve
from protocol.wyoming_messages import AudioChunk, Transcript
from tests.protocol.sotto_samples import HELLO

CHUNK = encode_message(AudioChunk(16_000, 2, 1, bytes(1024)))
HOSTILE = {
    "10 GB payload_length": (b'{"type":"x","payload_length":10000000000}\n', "payload-too-large"),
    "10 GB data_length": (b'{"type":"x","data_length":10000000000}\n', "data-too-large"),
    "header without end": (b'{"type":"' + b"x" * 4 * MAX_HEADER_BYTES, "header-too-large"),
    "broken UTF-8 in the header": (b'{"type":"\xc3\x28"}\n', "bad-utf8"),
    "broken UTF-8 in the data": (b'{"type":"x","data_length":4}\n"\xff\xfe"', "bad-utf8"),
    "deep header": (b'{"type":"x","data":{"a":' + b"[" * 9000 + b"\n", "too-deep"),
    "deep data": (b'{"type":"x","data_length":60000}\n' + b"[" * 60_000, "too-complex"),
    "deep data under the count": (
        b'{"type":"x","data_length":9000}\n' + b"[" * 9_000,
        "too-deep",
    ),
    "many empty lists": (
        b'{"type":"x","data_length":60006}\n{"a":[' + b"[]," * 19_999 + b"0]}",
        "too-complex",
    ),
    "NaN": (b'{"type":"audio-start","data":{"rate":NaN}}\n', "bad-json"),
    "Infinity": (b'{"type":"audio-start","data":{"rate":-Infinity}}\n', "bad-json"),
    "header is a list": (b"[1,2]\n", "not-an-object"),
    "header is null": (b"null\n", "not-an-object"),
    "header is empty": (b"{}\n", "bad-type"),
    "blank line": (b"\n", "bad-json"),
    "type is an object": (b'{"type":{}}\n', "bad-type"),
    "data is a list": (b'{"type":"x","data":[1]}\n', "bad-data"),
    "data block is a list": (b'{"type":"x","data_length":3}\n[1]', "not-an-object"),
    "data is null with a block": (b'{"type":"x","data":null,"data_length":2}\n{}', "bad-data"),
    "length is true": (b'{"type":"x","payload_length":true}\n', "bad-length"),
    "length is a fraction": (b'{"type":"x","payload_length":3.5}\n', "bad-length"),
    "length is text": (b'{"type":"x","payload_length":"10"}\n', "bad-length"),
    "length is negative": (b'{"type":"x","payload_length":-1}\n', "bad-length"),
    "length is huge": (b'{"type":"x","payload_length":1' + b"0" * 300 + b"}\n", "bad-length"),
    "another protocol": (b"GET / HTTP/1.1\r\nHost: hub\r\n\r\n", "bad-json"),
    "TLS hello": (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\n", "bad-utf8"),
    "field of a wrong type": (encode(Event("transcript", {"text": [1]})), "bad-field"),
    "field missing": (encode(Event("audio-chunk", {"rate": 16_000})), "missing-field"),
    "no whole samples": (CHUNK.replace(b'"width":2', b'"width":3'), "bad-field"),
    "impossible format": (CHUNK.replace(b'"rate":16000', b'"rate":00000'), "bad-json"),
    "format of zero": (
        encode(Event("audio-start", {"rate": 0, "width": 0, "channels": 0})),
        "bad-field",
    ),
}


@pytest.fixture(autouse=True)
def patience(monkeypatch: pytest.MonkeyPatch) -> None:
    """Give peers the time to read our last words, however busy the machine is."""
    monkeypatch.setattr(link_module, "LINGER_S", 60.0)
    monkeypatch.setattr(link_module, "CLOSE_TIMEOUT_S", 60.0)


@pytest.fixture
async def server() -> AsyncIterator[Server]:
    async def echo(link: Link) -> None:
        async for message in link:
            await link.send(message)

    async with await serve(echo, "127.0.0.1", 0, role=Role.WYOMING, limits=AUDIO_LIMITS) as server:
        yield server


@pytest.fixture
async def bystander(server: Server) -> AsyncIterator[Link]:
    """Another link on the same server, which must work before and after."""
    async with await connect(*server.addresses[0], role=Role.WYOMING) as link:
        await link.send(Transcript("before"))
        assert await link.receive() == Transcript("before")
        yield link
        await link.send(Transcript("after"))
        assert await link.receive() == Transcript("after")


async def answers_to(server: Server, *pieces: bytes) -> list[Event]:
    """Send some bytes from a peer of our own making; return the events that come before the end."""
    reader, writer = await asyncio.open_connection(*server.addresses[0])
    decoder = FrameDecoder()
    events = []
    for piece in pieces:
        writer.write(piece)
        await asyncio.sleep(0)
    try:
        while data := await reader.read(65_536):
            events += decoder.feed(data)
    finally:
        writer.close()
    return events


@pytest.mark.parametrize("name", HOSTILE)
async def test_a_fault_is_answered_with_its_code_and_ends_that_link_only(
    server: Server, bystander: Link, name: str
) -> None:
    data, code = HOSTILE[name]
    events = await answers_to(server, data)
    assert [event.type for event in events] == ["error"]
    assert events[0].data["code"] == code
    assert events[0].data["text"]


@pytest.mark.parametrize("name", HOSTILE)
async def test_good_events_before_a_fault_are_answered_first(server: Server, name: str) -> None:
    data, code = HOSTILE[name]
    events = await answers_to(server, CHUNK, data, CHUNK)
    # The fault may be known before the handler has had its turn: then there is no echo any more.
    assert events[-1].data.get("code") == code
    assert [event.type for event in events[:-1]] in ([], ["audio-chunk"])


async def test_one_byte_at_a_time_is_slow_and_nothing_else(server: Server, bystander: Link) -> None:
    data, code = HOSTILE["field of a wrong type"]
    reader, writer = await asyncio.open_connection(*server.addresses[0])
    decoder = FrameDecoder()
    for said, answer in ((CHUNK, "audio-chunk"), (data, "error")):
        for value in said:
            writer.write(bytes([value]))
            await asyncio.sleep(0)
        # Only then the fault: bytes that came together would let it be known before the echo.
        events: list[Event] = []
        while not events:
            events = decoder.feed(await reader.read(65_536))
        assert [event.type for event in events] == [answer]
    assert events[-1].data["code"] == code
    assert await reader.read() == b""
    writer.close()


@pytest.mark.parametrize("cut", [1, 30, 90, 500])
async def test_an_end_inside_an_event_is_answered_with_its_code(
    server: Server, bystander: Link, cut: int
) -> None:
    reader, writer = await asyncio.open_connection(*server.addresses[0])
    writer.write(CHUNK[:cut])
    writer.write_eof()
    (event,) = FrameDecoder().feed(await reader.read())
    writer.close()
    assert event.data["code"] == "truncated"


async def test_an_event_that_stops_in_the_middle_is_given_up() -> None:
    async def wait(link: Link) -> None:
        async for _ in link:
            pass

    quick = KeepAlive(frame_s=0.02, dead_after_s=60.0)
    async with await serve(wait, "127.0.0.1", 0, role=Role.WYOMING, keep_alive=quick) as server:
        (event,) = await answers_to(server, CHUNK[:100])
    assert event.data["code"] == "frame-timeout"


async def test_a_handshake_that_is_flooded_with_audio_is_ended_at_the_first_event() -> None:
    async def wait(link: Link) -> None:
        async for _ in link:
            pass

    async with await serve(wait, "127.0.0.1", 0, role=Role.HUB) as server:
        events = await answers_to(server, CHUNK * 1000)
        assert [event.data["code"] for event in events] == ["unexpected-message"]
        events = await answers_to(server, encode_message(HELLO), encode_message(HELLO))
        assert [event.data["code"] for event in events] == ["unexpected-message"]


async def flood(server: Server, head: bytes, size: int) -> list[Event]:
    """Send a head and then `size` bytes of zeroes, reading at the same time; stop when cut off."""
    reader, writer = await asyncio.open_connection(*server.addresses[0])
    events: list[Event] = []

    async def read() -> None:
        decoder = FrameDecoder()
        while data := await reader.read(65_536):
            events.extend(decoder.feed(data))

    async def write() -> None:
        writer.write(head)
        block = bytes(65_536)
        for _ in range(0, size, len(block)):
            writer.write(block)
            await writer.drain()

    done, pending = await asyncio.wait(
        [asyncio.create_task(read()), asyncio.create_task(write())],
        return_when=asyncio.FIRST_EXCEPTION,
    )
    for task in pending:
        task.cancel()
    await asyncio.gather(*done, *pending, return_exceptions=True)
    writer.transport.abort()
    return events


@pytest.mark.parametrize(
    ("head", "code"),
    [
        (b'{"type":"x","payload_length":10000000000}\n', "payload-too-large"),
        (b'{"type":"x","data_length":10000000000}\n', "data-too-large"),
        (b"", "header-too-large"),
    ],
)
async def test_a_flood_does_not_grow_the_process(
    server: Server, bystander: Link, head: bytes, code: str
) -> None:
    await flood(server, head, 2**20)
    process = psutil.Process()
    before = process.memory_info().rss
    for _ in range(4):
        events = await flood(server, head, 64 * 2**20)
        assert [event.data["code"] for event in events] == [code]
    assert process.memory_info().rss - before < 8 * 2**20


async def test_a_peer_that_goes_on_talking_after_its_fault_is_cut_off(
    server: Server, bystander: Link
) -> None:
    events = await flood(server, b"\n", 2**40)
    assert [event.data["code"] for event in events] == ["bad-json"]
    while len(server.links) > 1:
        await asyncio.sleep(0)


async def test_hostile_links_leave_nothing_behind(server: Server, bystander: Link) -> None:
    loop = asyncio.get_running_loop()
    # The traceback of each callback takes most of the time, and seconds of it on a busy machine.
    loop.set_debug(False)

    async def all_of_them() -> None:
        for data, _ in HOSTILE.values():
            await answers_to(server, data)
        while len(server.links) > 1:  # the last one may still be on its way out
            await asyncio.sleep(0)
        # asyncio keeps timers that were cancelled until there are more of them than of others.
        for timer in [loop.call_later(60.0, print) for _ in range(200)]:
            timer.cancel()
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        gc.collect()

    await all_of_them()
    tracemalloc.start()
    try:
        await all_of_them()
        first, _ = tracemalloc.get_traced_memory()
        for _ in range(3):
            await all_of_them()
        last, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert last - first < 32 * 1024


async def test_random_and_mutated_bytes_never_break_the_server(
    server: Server, bystander: Link, caplog: pytest.LogCaptureFixture
) -> None:
    random_ = random.Random(20_240_229)
    for number in range(150):
        if number % 2:
            data = random_.randbytes(random_.randrange(1, 2000)) + b"\n"
        else:
            mutated = bytearray(CHUNK * 2)
            for _ in range(random_.randrange(1, 4)):
                mutated[random_.randrange(120)] = random_.randrange(256)
            data = bytes(mutated)
        reader, writer = await asyncio.open_connection(*server.addresses[0])
        writer.write(data)
        writer.write_eof()
        FrameDecoder().feed(await reader.read())
        writer.close()
    assert not [record for record in caplog.records if record.levelname in {"ERROR", "WARNING"}]
    while len(server.links) > 1:  # the last one may still be on its way out
        await asyncio.sleep(0)
