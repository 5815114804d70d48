"""Opening links and accepting them, with TLS and without."""

import asyncio
import gc
import logging
import shutil
import socket
import ssl
import subprocess
from pathlib import Path

import pytest

from protocol import link as link_module
from protocol import stream as stream_module
from protocol.errors import (
    LinkClosed,
    Unreachable,
)
from protocol.link import Link
from protocol.messages import encode_message
from protocol.state import Role
from protocol.stream import connect, serve
from protocol.wyoming_messages import Describe, Error, Info, Transcript
from tests.protocol.sockets import CHUNK, dial, echo, listen, raw, rest_of, until

LIMIT_S = 60.0


class TestServer:
    @pytest.mark.parametrize("rounds", range(8))
    async def test_nobody_is_served_once_it_is_closed(self, rounds: int) -> None:
        closed, late = False, []

        async def handler(link: Link) -> None:
            late.append(closed)
            await asyncio.Event().wait()

        server = await listen(handler)
        with socket.create_connection(server.addresses[0]):
            for _ in range(rounds):
                await asyncio.sleep(0)
            await server.close()
            closed = True
            for _ in range(10):
                await asyncio.sleep(0)
        assert not any(late)
        gc.collect()  # tells of a socket that was left open

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

    async def test_a_flood_of_links_is_cut_off_without_a_word(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        # The first that is turned away is there for as long as the others come.
        monkeypatch.setattr(link_module, "LINGER_S", 60.0)
        monkeypatch.setattr(link_module, "CLOSE_TIMEOUT_S", 60.0)
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
        monkeypatch.setattr(link_module, "CLOSE_TIMEOUT_S", 60.0)
        monkeypatch.setattr(stream_module, "CLOSE_TIMEOUT_S", 60.0)
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
