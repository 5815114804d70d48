import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest

from satellite.lights.light import LightLost
from satellite.lights.look import LOOKS
from satellite.lights.wled import Wled
from satellite.sign import Sign


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


async def test_an_address_that_makes_no_sense_is_told() -> None:
    with pytest.raises(LightLost, match="'wled:port' is neither HOST nor HOST:PORT"):
        await Wled("wled:port", 0.5).show(LOOKS[Sign.MUTED], 0.0)
