"""The wyoming package's own client and server on the other end of our codec."""

import asyncio
import dataclasses
import importlib
import io
import json
import pkgutil
from functools import partial
from typing import cast

import pytest
import wyoming
from wyoming.client import AsyncTcpClient
from wyoming.event import Event as WyomingEvent
from wyoming.event import Eventable, async_read_event, write_event
from wyoming.server import AsyncEventHandler, AsyncTcpServer

from protocol.connection import KeepAlive
from protocol.messages import MESSAGES, MessageDecoder, encode_message
from protocol.schema import Message
from protocol.sotto_messages import SOTTO_MESSAGES
from protocol.state import Role
from protocol.stream import Link, connect, serve
from protocol.wyoming_messages import WYOMING_MESSAGES, Describe, RunPipeline
from tests.protocol.sotto_samples import SOTTO_SAMPLES
from tests.protocol.wyoming_samples import BARE, FULL, Pair

PAIRS = [pytest.param(pair, id=pair.name) for pair in FULL] + [
    pytest.param(pair, id=f"{pair.name}-bare") for pair in BARE
]
# The link itself answers these two; tests of their own show it.
HANDED_UP = [param for param in PAIRS if not str(param.id).startswith(("ping", "pong"))]


class Recorder(AsyncEventHandler):
    """A handler for the wyoming package's server: records events and sends its answers to each."""

    def __init__(
        self,
        answers: list[WyomingEvent],
        seen: "asyncio.Queue[WyomingEvent]",
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
    ) -> None:
        super().__init__(reader, writer)
        self._answers = answers
        self._seen = seen

    async def handle_event(self, event: WyomingEvent) -> bool:
        self._seen.put_nowait(event)
        for answer in self._answers:
            await self.write_event(answer)
        return True


class TheirServer:
    """A server of the wyoming package on loopback."""

    def __init__(self, *answers: Eventable) -> None:
        self.seen: asyncio.Queue[WyomingEvent] = asyncio.Queue()
        self._answers = [answer.event() for answer in answers]
        self._server = AsyncTcpServer("127.0.0.1", 0)

    async def __aenter__(self) -> "TheirServer":
        await self._server.start(partial(Recorder, self._answers, self.seen))
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._server.stop()

    @property
    def port(self) -> int:
        server = cast("asyncio.Server", self._server._server)
        return int(server.sockets[0].getsockname()[1])

    async def connect(self, keep_alive: KeepAlive | None = None) -> Link:
        return await connect("127.0.0.1", self.port, role=Role.WYOMING, keep_alive=keep_alive)


@pytest.mark.parametrize("pair", PAIRS)
async def test_their_server_reads_every_field_that_our_client_sends(pair: Pair) -> None:
    async with TheirServer() as server, await server.connect() as link:
        await link.send(pair.ours)
        event = await server.seen.get()
    assert type(pair.theirs).is_type(event.type)
    assert type(pair.theirs).from_event(event) == pair.theirs


@pytest.mark.parametrize("pair", HANDED_UP)
async def test_our_client_reads_every_field_that_their_server_sends(pair: Pair) -> None:
    async with TheirServer(pair.theirs) as server, await server.connect() as link:
        await link.send(Describe())
        assert await link.receive() == pair.ours


@pytest.mark.parametrize("pair", HANDED_UP)
async def test_their_client_and_our_server_exchange_every_field(pair: Pair) -> None:
    seen: list[Message] = []

    async def answer(link: Link) -> None:
        async for message in link:
            seen.append(message)
            await link.send(pair.ours)

    async with (
        await serve(answer, "127.0.0.1", 0, role=Role.WYOMING) as server,
        AsyncTcpClient(*server.addresses[0]) as client,
    ):
        await client.write_event(pair.theirs.event())
        event = await client.read_event()
    assert seen == [pair.ours]
    assert event is not None
    assert type(pair.theirs).from_event(event) == pair.theirs


@pytest.mark.parametrize("pair", PAIRS)
async def test_their_reader_understands_our_bytes(pair: Pair) -> None:
    reader = asyncio.StreamReader()
    reader.feed_data(encode_message(pair.ours))
    reader.feed_eof()
    event = await async_read_event(reader)
    assert event is not None
    assert type(pair.theirs).from_event(event) == pair.theirs
    assert reader.at_eof()


@pytest.mark.parametrize("pair", PAIRS)
def test_our_decoder_understands_the_bytes_of_their_writer(pair: Pair) -> None:
    stream = io.BytesIO()
    write_event(pair.theirs.event(), stream)
    decoder = MessageDecoder()
    assert decoder.feed(stream.getvalue()) == [pair.ours]
    assert decoder.error is None
    assert not decoder.inside_frame


async def test_a_ping_of_their_client_is_answered_with_its_text() -> None:
    async def wait(link: Link) -> None:
        async for _ in link:
            pass

    async with (
        await serve(wait, "127.0.0.1", 0, role=Role.WYOMING) as server,
        AsyncTcpClient(*server.addresses[0]) as client,
    ):
        await client.write_event(WyomingEvent("ping", {"text": "seven"}))
        event = await client.read_event()
    assert event == WyomingEvent("pong", {"text": "seven"})


async def test_our_pings_keep_a_link_to_their_server_alive() -> None:
    class PongHandler(Recorder):
        async def handle_event(self, event: WyomingEvent) -> bool:
            await super().handle_event(event)
            await self.write_event(WyomingEvent("pong", {"text": event.data["text"]}))
            return True

    server = TheirServer()
    await server._server.start(partial(PongHandler, [], server.seen))
    quick = KeepAlive(ping_after_s=0.01, dead_after_s=60.0)
    async with await server.connect(quick) as link:
        first, second = await server.seen.get(), await server.seen.get()
        assert [first.type, second.type] == ["ping", "ping"]
        assert link.round_trip_s is not None
        assert not link.closed
    await server._server.stop()


async def test_events_in_a_row_keep_their_order_and_payloads_both_ways() -> None:
    pairs = [pair for pair in FULL if pair.ours.type_name not in {"ping", "pong"}]
    seen: list[Message] = []

    async def echo(link: Link) -> None:
        async for message in link:
            seen.append(message)
            await link.send(message)

    async with (
        await serve(echo, "127.0.0.1", 0, role=Role.WYOMING) as server,
        AsyncTcpClient(*server.addresses[0]) as client,
    ):
        for pair in pairs:
            await client.write_event(pair.theirs.event())
        back = [await client.read_event() for _ in pairs]
    assert seen == [pair.ours for pair in pairs]
    for pair, event in zip(pairs, back, strict=True):
        assert event is not None
        assert type(pair.theirs).from_event(event) == pair.theirs


def test_we_know_exactly_the_events_that_the_wyoming_package_knows() -> None:
    skipped = {"wyoming.http", "wyoming.zeroconf"}  # they need packages that are not installed
    for module in pkgutil.iter_modules(wyoming.__path__, "wyoming."):
        if module.name not in skipped:
            importlib.import_module(module.name)
    theirs = {
        cls.__name__ for cls in Eventable.__subclasses__() if cls.__module__.startswith("wyoming.")
    }
    assert theirs == {cls.__name__ for cls in WYOMING_MESSAGES}
    assert {pair.name for pair in FULL} == {cls.type_name for cls in WYOMING_MESSAGES}


@pytest.mark.parametrize("pair", FULL, ids=lambda pair: pair.name)
def test_every_field_of_the_wyoming_package_is_a_field_of_ours(pair: Pair) -> None:
    extensions = {"turn"}
    if isinstance(pair.ours, RunPipeline):
        extensions |= {"name", "snd_format"}
    theirs = {field.name for field in dataclasses.fields(pair.theirs)}  # type: ignore[arg-type]
    mine = {field.name for field in dataclasses.fields(pair.ours)}  # type: ignore[arg-type]
    assert mine - extensions == theirs


@pytest.mark.parametrize("pair", FULL, ids=lambda pair: pair.name)
def test_full_samples_set_every_field_of_ours(pair: Pair) -> None:
    values = {
        field.name: getattr(pair.ours, field.name)
        for field in dataclasses.fields(pair.ours)  # type: ignore[arg-type]
        if field.name not in {"turn", "snd_format"}
        and (pair.name, field.name) != ("run-pipeline", "name")
    }
    assert None not in values.values()


@pytest.mark.parametrize(
    "message",
    [*(pair.ours for pair in (*FULL, *BARE)), *SOTTO_SAMPLES],
    ids=lambda message: message.type_name,
)
def test_a_reader_of_wyoming_1_5_4_always_gets_data(message: Message) -> None:
    event = read_like_wyoming_1_5_4(encode_message(message))
    assert isinstance(event["data"], dict)
    assert event["type"] == message.type_name


def read_like_wyoming_1_5_4(frame: bytes) -> dict[str, object]:
    """Do what the reader in wyoming-satellite does: no data becomes None and crashes it."""
    line, _, rest = frame.partition(b"\n")
    header = json.loads(line)
    data = header.get("data")
    length = header.get("data_length")
    if length is not None:
        data = {**(data or {}), **json.loads(rest[:length])}
    return {"type": header["type"], "data": data}


async def test_their_client_survives_every_message_of_ours_that_it_does_not_know() -> None:
    async with TheirServer() as server:
        link = await server.connect()
        transport = link._transport
        assert transport is not None
        for message in SOTTO_SAMPLES:
            transport.write(encode_message(message))
        for message in SOTTO_SAMPLES:
            event = await server.seen.get()
            assert event.type == message.type_name
        await link.close()


async def test_turn_ids_are_ignored_by_the_wyoming_package() -> None:
    for pair in FULL:
        if hasattr(pair.ours, "turn"):
            tagged = dataclasses.replace(pair.ours, turn=7)  # type: ignore[type-var]
            async with TheirServer() as server, await server.connect() as link:
                await link.send(tagged)
                event = await server.seen.get()
            assert event.data["turn"] == 7
            assert type(pair.theirs).from_event(event) == pair.theirs


async def test_an_older_satellite_tells_its_pipeline_by_name() -> None:
    sent = {
        "start_stage": "asr",
        "end_stage": "tts",
        "name": "kitchen",
        "snd_format": {"rate": 22050, "width": 2, "channels": 1},
    }
    seen: list[Message] = []

    async def record(link: Link) -> None:
        seen.append(await link.receive())
        await link.send(Describe())

    async with (
        await serve(record, "127.0.0.1", 0, role=Role.WYOMING) as server,
        AsyncTcpClient(*server.addresses[0]) as client,
    ):
        await client.write_event(WyomingEvent("run-pipeline", sent))
        assert await client.read_event() is not None
    assert isinstance(seen[0], RunPipeline)
    assert seen[0].name == "kitchen"
    assert seen[0].snd_format is not None
    assert seen[0].snd_format.rate == 22050


def test_no_type_of_ours_can_be_taken_for_one_of_wyoming() -> None:
    assert all(cls.type_name.startswith("sotto-") for cls in SOTTO_MESSAGES)
    assert len(MESSAGES) == len(WYOMING_MESSAGES) + len(SOTTO_MESSAGES)
