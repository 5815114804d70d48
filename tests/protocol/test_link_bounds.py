"""What a link keeps and how long it waits is bounded, whatever the peer does."""

import asyncio
import socket

import pytest

from protocol import link as link_module
from protocol.connection import Connection, KeepAlive
from protocol.errors import (
    PeerSilent,
    PeerStalled,
)
from protocol.frames import Event, FrameDecoder, encode
from protocol.link import Link
from protocol.messages import encode_message
from protocol.state import Role
from protocol.stream import open_link, serve
from protocol.wyoming_messages import AudioChunk, Describe, Transcript, UserEvent
from tests.protocol.sockets import CHUNK, dial, listen, raw, until
from tests.virtual_time import run_virtual


class TestBounds:
    async def test_a_peer_that_never_reads_is_cut_off(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(link_module, "WRITE_TIMEOUT_S", 0.05)
        ended: asyncio.Future[int] = asyncio.get_running_loop().create_future()

        async def flood(link: Link) -> None:
            sent = 0
            try:
                while True:
                    await link.send(CHUNK)
                    sent += len(CHUNK.audio)
            except PeerStalled:
                ended.set_result(sent)
                raise

        async with await listen(flood) as server:
            _, writer = await raw(server)
            sent = await ended
            await until(lambda: not server.links)
            writer.transport.abort()
        # What the two kernels keep, and our own high-water mark; not all that the handler has.
        assert sent < 16 * 2**20

    async def test_a_peer_that_only_pings_and_never_reads_is_cut_off(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(link_module, "WRITE_TIMEOUT_S", 0.05)
        async with await listen() as server:
            sock = socket.create_connection(server.addresses[0])
            sock.setblocking(False)
            loop = asyncio.get_running_loop()
            ping = encode(Event("ping", {"text": "x" * 10_000}))

            async def flood() -> None:
                while True:
                    await loop.sock_sendall(sock, ping)

            with pytest.raises(ConnectionError):
                await flood()
            await until(lambda: not server.links)
            sock.close()

    async def test_messages_may_be_dropped_instead_of_waiting(self) -> None:
        ours, theirs = socket.socketpair(socket.AF_UNIX)
        async with await open_link(ours, role=Role.WYOMING) as link:
            taken = 0
            while link.send_nowait(CHUNK):
                taken += 1
            assert 0 < taken < 10_000
            theirs.close()

    async def test_what_is_not_taken_makes_the_peer_wait_and_costs_nothing_more(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        # All that the two kernels keep is read in this time.
        monkeypatch.setattr(link_module, "CLOSE_TIMEOUT_S", 60.0)
        monkeypatch.setattr(link_module, "WRITE_TIMEOUT_S", 60.0)
        go = asyncio.Event()
        taken = []

        async def sleepy(link: Link) -> None:
            await go.wait()
            taken.extend([message async for message in link])

        async with await listen(sleepy) as server, await dial(server) as link:
            sent = 0
            while link.send_nowait(Transcript("x" * 1000)):
                sent += 1
                await asyncio.sleep(0)
            (at_server,) = server.links
            assert not at_server._reading
            assert len(at_server._queue) <= link_module.MAX_QUEUED_MESSAGES + 17
            go.set()
            await link.close()
            await until(lambda: len(taken) == sent)

    async def test_large_messages_fill_the_queue_sooner(self) -> None:
        go = asyncio.Event()

        async def sleepy(link: Link) -> None:
            await go.wait()

        async with await listen(sleepy) as server, await dial(server) as link:
            await until(lambda: server.links)
            (at_server,) = server.links
            for _ in range(3):
                await link.send(AudioChunk(16_000, 2, 1, bytes(2**19)))
            await until(lambda: not at_server._reading)
            assert at_server._queued_bytes < link_module.MAX_QUEUED_BYTES + 2**20
            go.set()

    async def test_a_message_weighs_the_bytes_it_came_in(self) -> None:
        async def relay(link: Link) -> None:
            async for message in link:
                await link.send(message)

        async with await listen(relay) as server, await dial(server) as link:
            for _ in range(50):
                await link.send(CHUNK)
                await until(lambda: link._queue)
                assert link._queued_bytes == len(encode_message(CHUNK))
                await link.receive()
                assert link._queued_bytes == 0

    async def test_a_slow_program_is_not_taken_for_a_silent_peer(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        excuses = []
        excuse = Connection.excuse_silence

        def note(self: Connection, now: float) -> None:
            excuses.append(now)
            excuse(self, now)

        monkeypatch.setattr(Connection, "excuse_silence", note)
        go = asyncio.Event()
        seen = []

        async def sleepy(link: Link) -> None:
            await go.wait()
            seen.append(link.closed)

        quick = KeepAlive(ping_after_s=0.01, dead_after_s=0.03)
        async with await serve(
            sleepy, "127.0.0.1", 0, role=Role.WYOMING, keep_alive=quick
        ) as server:
            # It is all there before the link is, which then has no time to be silent in.
            peer = socket.create_connection(server.addresses[0])
            peer.sendall(encode_message(Describe()) * 200)
            await until(lambda: server.links and not server.links[0]._reading)
            await until(lambda: excuses and excuses[-1] - excuses[0] > 2 * quick.dead_after_s)
            go.set()
            await until(lambda: seen)
            peer.close()
        assert seen == [False]

    def test_a_peer_that_is_gone_without_a_word_is_noticed(self) -> None:
        ours, theirs = socket.socketpair(socket.AF_UNIX)

        async def wait() -> None:
            keep_alive = KeepAlive(ping_after_s=2.0, dead_after_s=4.5)
            link = await open_link(ours, role=Role.WYOMING, keep_alive=keep_alive)
            with pytest.raises(PeerSilent, match="nothing heard"):
                await link.receive()
            await link.close()

        run_virtual(wait())
        with theirs:
            events = FrameDecoder().feed(theirs.recv(65_536))
        assert [event.type for event in events] == ["ping", "ping", "error"]
        assert events[-1].data["code"] == "peer-silent"

    async def test_of_many_who_wait_to_send_every_one_sends(self) -> None:
        message, count, came = UserEvent("big", {"x": "y" * 250_000}), 40, 0
        reads = asyncio.Event()

        async def read(link: Link) -> None:
            nonlocal came
            await reads.wait()
            async for _ in link:
                came += 1

        async with await listen(read) as server, await dial(server) as link:
            senders = [asyncio.create_task(link.send(message)) for _ in range(count)]
            await until(lambda: not link._writable.is_set())
            reads.set()
            await asyncio.gather(*senders)
            await until(lambda: came == count)
