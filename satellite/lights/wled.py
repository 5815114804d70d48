"""WLED: a strip in the network that is told what to show by its JSON interface.

It moves by itself: effect 0 is solid, 1 blinks, 2 breathes, 23 flashes, 28 chases (WLED's list of
effects).
"""

import asyncio
import re
from http import HTTPStatus
from urllib.parse import urlsplit

import orjson

from satellite.lights.light import LightLost
from satellite.lights.look import Look, Motion

LIMIT_S = 5.0
"""From its name in the network to the end of its answer."""
_PORT = 80
_STATUS = re.compile(rb"HTTP/1\.[01] (\d{3}) ")
_EFFECTS = {
    Motion.STILL: 0,
    Motion.FIRST: 0,
    Motion.ALTERNATE: 0,
    Motion.BLINK: 1,
    Motion.BREATHE: 2,
    Motion.FLASH: 23,
    Motion.CHASE: 28,
}


class Wled:
    """A strip with WLED."""

    def __init__(self, address: str, brightness: float) -> None:
        """`address` is HOST or HOST:PORT; `brightness` from 0 to 1."""
        self._address = address
        self.brightness = brightness
        """Of what is shown next."""

    async def show(self, look: Look, at_s: float) -> float | None:
        """Show a look; it moves by itself. Raises LightLost."""
        del at_s
        try:
            async with asyncio.timeout(LIMIT_S):
                status = await self._post(orjson.dumps(self._wanted(look)))
        except TimeoutError as error:
            text = f"WLED at {self._address} has not answered within {LIMIT_S:g} s"
            raise LightLost(text) from error
        except (OSError, asyncio.IncompleteReadError, asyncio.LimitOverrunError) as error:
            text = str(error) or type(error).__name__
            raise LightLost(f"WLED at {self._address}: {text}") from error
        if status != HTTPStatus.OK:
            raise LightLost(f"WLED at {self._address} answered {status}")
        return None

    def close(self) -> None:
        """Leave it: what a strip in the room does without a satellite is its owner's business."""

    def _wanted(self, look: Look) -> dict[str, object]:
        if look.dark:
            return {"on": False}
        segment = {"col": [list(look.colour)], "fx": _EFFECTS[look.motion]}
        bright = max(1, round(self.brightness * 255))
        return {"on": True, "bri": bright, "transition": 2, "seg": [segment]}

    async def _post(self, body: bytes) -> int:
        """Send a state; return the status of the answer. Raises LightLost, OSError."""
        host, port = self._host_and_port()
        reader, writer = await asyncio.open_connection(host, port)
        try:
            head = (
                f"POST /json/state HTTP/1.1\r\nHost: {self._address}\r\nConnection: close\r\n"
                f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
            )
            writer.write(head.encode() + body)
            await writer.drain()
            answer = await reader.readuntil(b"\r\n\r\n")
        finally:
            writer.close()
        status = _STATUS.match(answer)
        if status is None:
            raise LightLost(f"WLED at {self._address}: that is no HTTP")
        return int(status[1])

    def _host_and_port(self) -> tuple[str, int]:
        try:
            parts = urlsplit(f"//{self._address}")
            host, port = parts.hostname, parts.port
        except ValueError:
            host, port = None, None
        if not host:
            raise LightLost(f"WLED: {self._address!r} is neither HOST nor HOST:PORT")
        return host, port or _PORT
