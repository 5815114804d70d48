"""Links over real sockets: both ends, their bounds, and their ends."""

import asyncio
import logging
import shutil
import socket
import ssl
import subprocess
from pathlib import Path

import pytest

from protocol import link as link_module
from protocol import stream as stream_module
from protocol.authentication import hub_mac, new_nonce, satellite_mac, verify
from protocol.connection import Connection, KeepAlive
from protocol.errors import (
    IllegalSend,
    LinkClosed,
    PeerSilent,
    PeerStalled,
    PeerTimeout,
    Unreachable,
)
from protocol.frames import Event, FrameDecoder, encode
from protocol.link import Link
from protocol.messages import encode_message
from protocol.schema import Message
from protocol.sotto_messages import Challenge, Hello, Proof, Refused, Status, Welcome
from protocol.state import LinkState, Role
from protocol.stream import Server, connect, open_link, serve
from protocol.wyoming_messages import AudioChunk, Describe, Error, Info, Transcript
from tests.protocol.sotto_samples import HELLO, STATUS, WELCOME

LIMIT_S = 5.0
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


class TestHandshake:
    async def shake(self, token_of_hub: str, token_of_satellite: str) -> list[Message]:
        """Do a whole handshake; return what the satellite hears of it."""

        async def admit(link: Link) -> None:
            hello = await link.receive()
            assert isinstance(hello, Hello)
            nonce = new_nonce()
            await link.send(Challenge(1, "hub-1", "Home", nonce))
            proof = await link.receive()
            assert isinstance(proof, Proof)
            given = {"satellite": hello.satellite, "hub": "hub-1"}
            nonces = {"satellite_nonce": hello.nonce, "hub_nonce": nonce}
            if not verify(satellite_mac(token_of_hub, **given, **nonces), proof.mac):
                await link.send(Refused("bad-token", "The token is wrong."))
                return
            mac = hub_mac(token_of_hub, **given, **nonces)
            await link.send(Welcome(1, "hub-1", "Home", "s-1", mac, 2000, {}))
            assert isinstance(await link.receive(), Status)

        heard: list[Message] = []
        async with (
            await listen(admit, Role.HUB) as server,
            await dial(server, Role.SATELLITE) as link,
        ):
            nonce = new_nonce()
            await link.send(
                Hello(1, "s", "S", None, nonce, "t", (), HELLO.microphone, HELLO.speaker)
            )
            challenge = await link.receive()
            assert isinstance(challenge, Challenge)
            ids = {"satellite": "s", "hub": challenge.hub}
            nonces = {"satellite_nonce": nonce, "hub_nonce": challenge.nonce}
            await link.send(Proof(satellite_mac(token_of_satellite, **ids, **nonces)))
            heard.append(await link.receive())
            if isinstance(heard[0], Welcome):
                assert verify(hub_mac(token_of_satellite, **ids, **nonces), heard[0].mac)
                await link.send(STATUS)
        return heard

    async def test_with_the_same_token_ends_in_a_welcome_that_proves_the_hub(self) -> None:
        (welcome,) = await self.shake("secret", "secret")
        assert isinstance(welcome, Welcome)

    async def test_with_another_token_ends_in_a_refusal(self) -> None:
        assert await self.shake("secret", "guess") == [Refused("bad-token", "The token is wrong.")]

    async def test_that_never_comes_is_ended_with_a_reason(self) -> None:
        faults = []

        async def wait(link: Link) -> None:
            try:
                await link.receive()
            except PeerTimeout as fault:
                faults.append(fault.code)
                raise

        quick = KeepAlive(handshake_s=0.02)
        async with await serve(wait, "127.0.0.1", 0, role=Role.HUB, keep_alive=quick) as server:
            reader, writer = await raw(server)
            (event,) = await rest_of(reader)
            writer.close()
        assert event.type == "error"
        assert event.data["code"] == "handshake-timeout"
        assert faults == ["handshake-timeout"]

    async def test_out_of_order_is_ended_with_a_reason(self) -> None:
        async with await listen(echo, Role.HUB) as server:
            reader, writer = await raw(server)
            writer.write(encode_message(STATUS))
            (event,) = await rest_of(reader)
            writer.close()
        assert event.data["code"] == "unexpected-message"


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

    async def test_what_is_not_taken_makes_the_peer_wait_and_costs_nothing_more(self) -> None:
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
            _, writer = await raw(server)
            writer.write(encode_message(Describe()) * 200)
            await until(lambda: server.links and not server.links[0]._reading)
            await until(lambda: excuses and excuses[-1] - excuses[0] > 2 * quick.dead_after_s)
            go.set()
            await until(lambda: seen)
            writer.close()
        assert seen == [False]

    async def test_a_peer_that_is_gone_without_a_word_is_noticed(self) -> None:
        faults = []

        async def wait(link: Link) -> None:
            try:
                await link.receive()
            except PeerSilent as fault:
                faults.append(fault.code)

        quick = KeepAlive(ping_after_s=0.01, dead_after_s=0.05)
        async with await serve(wait, "127.0.0.1", 0, role=Role.WYOMING, keep_alive=quick) as server:
            reader, writer = await raw(server)
            events = await rest_of(reader)
            writer.close()
        assert faults == ["peer-silent"]
        assert {event.type for event in events[:-1]} == {"ping"}
        assert events[-1].data["code"] == "peer-silent"


class TestServer:
    async def test_a_handler_that_fails_costs_its_own_link_and_is_logged_once(
        self, caplog: pytest.LogCaptureFixture
    ) -> None:
        async def fragile(link: Link) -> None:
            async for message in link:
                if message == Transcript("bomb"):
                    raise RuntimeError("boom")
                await link.send(message)

        async with (
            await listen(fragile) as server,
            await dial(server) as good,
            await dial(server) as bad,
        ):
            await bad.send(Transcript("bomb"))
            assert await bad.receive() == Error(
                "the other side failed; its log says why", "internal-error"
            )
            with pytest.raises(LinkClosed):
                await bad.receive()
            await good.send(Transcript("still here"))
            assert await good.receive() == Transcript("still here")
        errors = [record for record in caplog.records if record.levelno >= logging.ERROR]
        assert len(errors) == 1
        assert "boom" in caplog.text

    async def test_a_peer_that_misbehaves_is_no_error_of_ours(
        self, caplog: pytest.LogCaptureFixture
    ) -> None:
        async with await listen() as server:
            reader, writer = await raw(server)
            writer.write(b"\n")
            assert len(await rest_of(reader)) == 1
            writer.close()
        assert not [record for record in caplog.records if record.levelno >= logging.WARNING]

    @pytest.mark.parametrize("limits", [(2, 9), (9, 2)])
    async def test_one_link_too_many_is_turned_away_with_a_reason(
        self, limits: tuple[int, int]
    ) -> None:
        server = await serve(
            echo,
            "127.0.0.1",
            0,
            role=Role.WYOMING,
            max_links=limits[0],
            max_links_per_host=limits[1],
        )
        async with server, await dial(server) as first, await dial(server) as second:
            for link in (first, second):
                await link.send(Describe())
                await link.receive()
            async with await dial(server) as third:
                refusal = await third.receive()
                assert isinstance(refusal, Error)
                assert refusal.code == "too-many-links"
                with pytest.raises(LinkClosed):
                    await third.receive()
            await second.close()
            await until(lambda: len(server.links) == 1)
            async with await dial(server) as fourth:
                await fourth.send(Describe())
                assert await fourth.receive() == Describe()

    async def test_a_flood_of_links_is_cut_off_without_a_word(self) -> None:
        server = await serve(echo, "127.0.0.1", 0, role=Role.WYOMING, max_links=1)
        async with server, await dial(server) as first:
            await first.send(Describe())
            await first.receive()
            peers = [await raw(server) for _ in range(20)]
            answers = [await rest_of(reader) for reader, _ in peers]
            for _, writer in peers:
                writer.close()
            assert [] in answers
            told = [events[0].data["code"] for events in answers if events]
            assert set(told) == {"too-many-links"}
            await first.send(Info())
            assert await first.receive() == Info()

    async def test_closing_ends_every_link_even_with_a_handler_that_waits_for_ever(self) -> None:
        async def stuck(link: Link) -> None:
            await link.send(Info())
            await asyncio.Event().wait()

        server = await listen(stuck)
        async with await dial(server) as link:
            assert await link.receive() == Info()
            await server.close()
            assert not server.links
            with pytest.raises(LinkClosed):
                await link.receive()

    async def test_closing_is_bounded_even_with_a_handler_that_clings_to_life(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(stream_module, "CLOSE_TIMEOUT_S", 0.05)
        release = asyncio.Event()

        async def clinging(link: Link) -> None:
            await link.send(Info())
            while not release.is_set():
                try:
                    await release.wait()
                except asyncio.CancelledError:
                    continue

        server = await listen(clinging)
        link = await dial(server)
        assert await link.receive() == Info()
        await server.close()
        assert server.links
        with pytest.raises(LinkClosed):
            await link.receive()
        release.set()
        await until(lambda: not server.links)
        await link.close()

    async def test_closing_lets_links_that_are_already_closing_finish(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(link_module, "LINGER_S", 0.05)
        aborted = []

        async def say_and_go(link: Link) -> None:
            await link.send(Transcript("last words"))
            monkeypatch.setattr(link, "abort", lambda: aborted.append(link))

        server = await listen(say_and_go)
        reader, writer = await raw(server)
        await until(lambda: server.links and server.links[0].closed)
        await server.close()
        assert not aborted
        assert [event.data for event in await rest_of(reader)] == [{"text": "last words"}]
        writer.close()

    async def test_an_address_in_use_is_an_os_error(self) -> None:
        async with await listen() as server:
            with pytest.raises(OSError, match="in use"):
                await serve(echo, *server.addresses[0], role=Role.WYOMING)


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


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    """Return a certificate for localhost with its key, made for this test."""
    if shutil.which("openssl") is None:
        pytest.skip("openssl, which makes the certificate, is not installed")
    path = tmp_path / "both.pem"
    key, cert = tmp_path / "key.pem", tmp_path / "cert.pem"
    subprocess.run(
        [
            *(
                "openssl",
                "req",
                "-x509",
                "-newkey",
                "ec",
                "-pkeyopt",
                "ec_paramgen_curve:prime256v1",
            ),
            *("-nodes", "-days", "1", "-subj", "/CN=localhost"),
            *("-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1"),
            *("-keyout", str(key), "-out", str(cert)),
        ],
        check=True,
        capture_output=True,
        timeout=LIMIT_S,
    )
    path.write_text(key.read_text() + cert.read_text())
    return path


class TestTls:
    async def test_links_work_over_tls_and_end_in_time(self, certificate: Path) -> None:
        inside = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        inside.load_cert_chain(certificate)
        outside = ssl.create_default_context(cafile=str(certificate))
        async with await serve(echo, "127.0.0.1", 0, role=Role.WYOMING, ssl=inside) as server:
            host, port = server.addresses[0]
            async with await connect(host, port, role=Role.WYOMING, ssl=outside) as link:
                await link.send(CHUNK)
                assert await link.receive() == CHUNK
            with pytest.raises(Unreachable):
                await connect(host, port, role=Role.WYOMING, ssl=ssl.create_default_context())

    async def test_a_peer_that_does_not_speak_tls_is_not_let_in(self, certificate: Path) -> None:
        inside = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        inside.load_cert_chain(certificate)
        async with await serve(echo, "127.0.0.1", 0, role=Role.WYOMING, ssl=inside) as server:
            reader, writer = await raw(server)
            writer.write(encode_message(Describe()))
            assert await rest_of(reader) == []
            assert not server.links
            writer.close()
