"""Links over real sockets: what travels on them, and how they end."""

import asyncio
import socket
import ssl

import pytest

from protocol import link as link_module
from protocol.errors import (
    IllegalSend,
    LinkClosed,
    Unreachable,
)
from protocol.link import Link
from protocol.messages import encode_message
from protocol.schema import Message
from protocol.state import LinkState, Role
from protocol.stream import connect, open_link
from protocol.wyoming_messages import Describe, Transcript
from tests.protocol.sockets import CHUNK, dial, echo, listen, raw, rest_of, until
from tests.protocol.sotto_samples import HELLO, STATUS, WELCOME


class TestMessages:
    async def test_come_back_in_order_over_tcp(self) -> None:
        sent = [Transcript(str(number)) for number in range(500)]
        async with await listen() as server, await dial(server) as link:
            for message in sent:
                await link.send(message)
            assert [await link.receive() for _ in sent] == sent

    async def test_travel_through_a_unix_socketpair(self) -> None:
        ours, theirs = socket.socketpair(socket.AF_UNIX)
        async with (
            await open_link(ours, role=Role.HUB) as hub,
            await open_link(theirs, role=Role.SATELLITE) as satellite,
        ):
            await satellite.send(HELLO)
            assert await hub.receive() == HELLO
            await hub.send(WELCOME)
            assert await satellite.receive() == WELCOME
            assert hub.state is satellite.state is LinkState.READY
            assert hub.peer == "local"

    async def test_are_not_lost_when_a_receive_is_cancelled(self) -> None:
        async with await listen() as server, await dial(server) as link:
            for _ in range(3):
                with pytest.raises(TimeoutError):
                    async with asyncio.timeout(0.001):
                        await link.receive()
            await link.send(Transcript("a"))
            assert await link.receive() == Transcript("a")

    async def test_that_were_received_are_there_after_the_end(self) -> None:
        async def say_and_go(link: Link) -> None:
            await link.send(Transcript("a"))
            await link.send(Transcript("b"))

        async with await listen(say_and_go) as server, await dial(server) as link:
            await until(lambda: link.closed)
            assert [message async for message in link] == [Transcript("a"), Transcript("b")]
            with pytest.raises(LinkClosed):
                await link.receive()
            with pytest.raises(LinkClosed):
                await link.send(Describe())

    async def test_that_may_not_be_sent_harm_nothing(self) -> None:
        async with await listen() as server, await dial(server) as link:
            with pytest.raises(IllegalSend):
                await link.send(STATUS)
            await link.send(Describe())
            assert await link.receive() == Describe()

    async def test_travel_on_uvloop_too(self) -> None:
        uvloop = pytest.importorskip("uvloop")

        async def talk() -> list[Message]:
            ours, theirs = socket.socketpair(socket.AF_UNIX)
            async with (
                await open_link(ours, role=Role.WYOMING) as one,
                await open_link(theirs, role=Role.WYOMING) as other,
                await listen() as server,
                await dial(server) as third,
            ):
                await one.send(CHUNK)
                await third.send(await other.receive())
                return [await third.receive()]

        def run() -> list[Message]:
            with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
                return runner.run(talk())

        assert await asyncio.to_thread(run) == [CHUNK]

    async def test_are_read_in_small_pieces_from_the_socket(self) -> None:
        async with await listen() as server, await dial(server) as link:
            transport = link._transport
            assert getattr(transport, "max_size", None) == link_module.READ_BYTES


class TestEnds:
    async def test_nobody_at_the_address_is_told_in_one_line(self) -> None:
        server = await listen()
        host, port = server.addresses[0]
        await server.close()
        with pytest.raises(Unreachable) as caught:
            await connect(host, port, role=Role.WYOMING)
        assert caught.value.code == "unreachable"
        assert f"{host}:{port}" in str(caught.value)

    async def test_an_address_that_does_not_answer_is_given_up(self) -> None:
        async with await listen() as server:
            with pytest.raises(Unreachable) as caught:
                await connect(
                    *server.addresses[0],
                    role=Role.WYOMING,
                    timeout_s=0.05,
                    ssl=ssl.create_default_context(),
                )
        assert caught.value.code in {"connect-timeout", "unreachable"}

    async def test_closing_does_not_wait_long_for_a_peer_that_does_not_care(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(link_module, "LINGER_S", 0.02)
        monkeypatch.setattr(link_module, "CLOSE_TIMEOUT_S", 0.1)
        monkeypatch.setattr(link_module, "WRITE_TIMEOUT_S", 3600.0)
        ours, theirs = socket.socketpair(socket.AF_UNIX)
        link = await open_link(ours, role=Role.WYOMING)
        while link.send_nowait(CHUNK):
            pass
        await link.close()
        assert link.closed
        theirs.close()

    async def test_last_words_arrive_although_the_peer_is_still_talking(self) -> None:
        async def hang_up(link: Link) -> None:
            await link.receive()
            await link.send(Transcript("last words"))

        async with await listen(hang_up) as server:
            reader, writer = await raw(server)
            writer.write(encode_message(CHUNK) * 1000)
            events = await rest_of(reader)
            writer.close()
        assert [event.data for event in events] == [{"text": "last words"}]

    async def test_closing_twice_or_after_a_fault_does_nothing(self) -> None:
        async with await listen() as server, await dial(server) as link:
            await link.close()
            await link.close("again")
            assert link.closed
        async with await listen(echo, Role.HUB) as server:
            reader, writer = await raw(server)
            writer.write(b"\n")
            await rest_of(reader)
            writer.close()

    async def test_the_reason_is_told(self) -> None:
        async with await listen() as server:
            link = await dial(server)
            await link.close("we go to bed")
            with pytest.raises(LinkClosed, match="we go to bed"):
                await link.receive()
            with pytest.raises(LinkClosed, match="we go to bed"):
                link.send_nowait(Describe())

    async def test_a_reset_is_an_end_with_a_reason(self) -> None:
        reasons = []

        async def wait(link: Link) -> None:
            try:
                await link.receive()
            except LinkClosed as error:
                reasons.append(error.text)

        async with await listen(wait) as server:
            _, writer = await raw(server)
            await until(lambda: server.links)
            sock = writer.get_extra_info("socket")
            # Linger of zero: the kernel sends a reset instead of a farewell.
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
            writer.transport.abort()
            await until(lambda: reasons)
        assert "broke" in reasons[0] or "closed" in reasons[0]
