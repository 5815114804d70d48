"""A client that writes faster than any library: a CONNECT, and then whatever it is told."""

import asyncio
from collections.abc import Iterable

from tests.hub.living_home import LIMIT_S

_CONNECT = b"\x10\x11\x00\x04MQTT\x04\x02\x00\x00\x00\x05flood"


async def flood(port: int, messages: Iterable[tuple[str, bytes]], *, retain: bool = False) -> None:
    """Publish messages at QoS 0, all at once."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(_CONNECT)
    async with asyncio.timeout(LIMIT_S):
        assert (await reader.readexactly(4))[3] == 0
        writer.write(b"".join(_packet(topic, payload, retain) for topic, payload in messages))
        await writer.drain()
        writer.write(b"\xe0\x00")
        writer.close()
        await writer.wait_closed()


def _packet(topic: str, payload: bytes, retain: bool) -> bytes:
    name = topic.encode()
    body = len(name).to_bytes(2, "big") + name + payload
    length, left = b"", len(body)
    while True:
        left, digit = left // 128, left % 128
        length += bytes([digit | (0x80 if left else 0)])
        if not left:
            return bytes([0x31 if retain else 0x30]) + length + body
