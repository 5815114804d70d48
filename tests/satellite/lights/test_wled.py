import asyncio
import json
import threading
from collections.abc import Iterator
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest

from satellite.lights import wled
from satellite.lights.light import LightLost
from satellite.lights.look import LOOKS
from satellite.lights.wled import Wled
from satellite.sign import Sign

PATIENCE_S = 60.0


class Strip:
    """The part of WLED's JSON interface that is used, and what it was told."""

    def __init__(self) -> None:
        self.told: list[tuple[str, dict[str, Any]]] = []
        self.status = 200
        strip = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                assert self.headers["Content-Type"] == "application/json"
                strip.told.append((self.path, json.loads(body)))
                self.send_response(strip.status)
                self.end_headers()
                self.wfile.write(b'{"success":true}')

            def log_message(self, *args: object) -> None:
                pass

        self.server = HTTPServer(("127.0.0.1", 0), Handler)
        self.address = f"127.0.0.1:{self.server.server_port}"


@pytest.fixture
def strip() -> Iterator[Strip]:
    strip = Strip()
    thread = threading.Thread(target=strip.server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield strip
    strip.server.shutdown()
    thread.join()
    strip.server.server_close()


async def test_a_sign_is_a_colour_and_an_effect(strip: Strip) -> None:
    light = Wled(strip.address, 0.5)
    assert await light.show(LOOKS[Sign.RINGING], 0.0) is None
    path, told = strip.told[0]
    assert path == "/json/state"
    assert told["on"] is True
    assert told["bri"] == 128
    assert told["seg"] == [{"col": [[255, 160, 0]], "fx": 1}]


async def test_at_rest_it_is_switched_off(strip: Strip) -> None:
    await Wled(strip.address, 0.5).show(LOOKS[Sign.IDLE], 0.0)
    assert strip.told == [("/json/state", {"on": False})]


async def test_a_strip_that_refuses_is_told(strip: Strip) -> None:
    strip.status = 503
    with pytest.raises(LightLost, match="answered 503"):
        await Wled(strip.address, 0.5).show(LOOKS[Sign.IDLE], 0.0)


@pytest.mark.parametrize("address", ["127.0.0.1:9", "[::1]:9"])
async def test_a_strip_that_is_not_there_is_told(address: str) -> None:
    with pytest.raises(LightLost, match=r"WLED at .*:9: "):
        await Wled(address, 0.5).show(LOOKS[Sign.MUTED], 0.0)


async def test_a_strip_that_answers_a_byte_at_a_time_is_given_up(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(wled, "LIMIT_S", 0.3)
    gone = asyncio.Event()

    async def trickle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(ConnectionError):
            while True:
                writer.write(b"H")
                await writer.drain()
                await asyncio.sleep(0.01)
        writer.close()
        gone.set()

    async with (
        asyncio.timeout(PATIENCE_S),
        await asyncio.start_server(trickle, "127.0.0.1", 0) as server,
    ):
        port = server.sockets[0].getsockname()[1]
        with pytest.raises(LightLost, match=f"127.0.0.1:{port} has not answered within 0.3 s"):
            await Wled(f"127.0.0.1:{port}", 0.5).show(LOOKS[Sign.IDLE], 0.0)
        await gone.wait()


@pytest.mark.parametrize("answer", [b"hello\r\n\r\n", b"HTTP/1.1 200 OK\r\n", b"x" * 100_000])
async def test_what_is_no_strip_is_told(answer: bytes) -> None:
    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(answer)
        writer.close()

    async with (
        asyncio.timeout(PATIENCE_S),
        await asyncio.start_server(talk, "127.0.0.1", 0) as server,
    ):
        port = server.sockets[0].getsockname()[1]
        with pytest.raises(LightLost, match=f"WLED at 127.0.0.1:{port}: "):
            await Wled(f"127.0.0.1:{port}", 0.5).show(LOOKS[Sign.IDLE], 0.0)


async def test_an_address_that_makes_no_sense_is_told() -> None:
    with pytest.raises(LightLost, match="'wled:port' is neither HOST nor HOST:PORT"):
        await Wled("wled:port", 0.5).show(LOOKS[Sign.MUTED], 0.0)
