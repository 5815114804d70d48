"""WLED: a strip in the network that is told what to show by its JSON interface.

It moves by itself: effect 0 is solid, 1 blinks, 2 breathes, 28 chases (WLED's list of effects).
"""

import asyncio
import http.client

import orjson

from satellite.lights.light import LightLost
from satellite.lights.look import Look, Motion

LIMIT_S = 2.0
_EFFECTS = {
    Motion.STILL: 0,
    Motion.FIRST: 0,
    Motion.ALTERNATE: 0,
    Motion.BLINK: 1,
    Motion.BREATHE: 2,
    Motion.CHASE: 28,
}


class Wled:
    """A strip with WLED."""

    def __init__(self, address: str, brightness: float) -> None:
        """`address` is HOST or HOST:PORT; `brightness` from 0 to 1."""
        self._address = address
        self._brightness = brightness

    async def show(self, look: Look, at_s: float) -> float | None:
        """Show a look; it moves by itself. Raises LightLost."""
        del at_s
        await asyncio.to_thread(self._post, look)
        return None

    def close(self) -> None:
        """Leave it: what a strip in the room does without a satellite is its owner's business."""

    def _post(self, look: Look) -> None:
        wanted: dict[str, object] = {"on": False}
        if not look.dark:
            segment = {"col": [list(look.colour)], "fx": _EFFECTS[look.motion]}
            bright = max(1, round(self._brightness * 255))
            wanted = {"on": True, "bri": bright, "transition": 2, "seg": [segment]}
        try:
            connection = http.client.HTTPConnection(self._address, timeout=LIMIT_S)
        except http.client.InvalidURL as error:
            raise LightLost(f"WLED: {self._address!r} is neither HOST nor HOST:PORT") from error
        try:
            body = orjson.dumps(wanted)
            connection.request("POST", "/json/state", body, {"Content-Type": "application/json"})
            answer = connection.getresponse()
            answer.read(4096)
        except (OSError, http.client.HTTPException) as error:
            raise LightLost(
                f"WLED at {self._address}: {str(error) or type(error).__name__}"
            ) from error
        finally:
            connection.close()
        if answer.status != http.client.OK:
            raise LightLost(f"WLED at {self._address} answered {answer.status}")
