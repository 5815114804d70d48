"""The caps of a link, and reading JSON under them."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import orjson

from protocol.errors import FrameError

# Readers built on asyncio's streams end a link at 64 KiB; nothing sent today comes near 1 KiB.
MAX_HEADER_BYTES = 16 * 1024
# The largest real one is the info of a text-to-speech service with a thousand voices: about 100 kB.
MAX_DATA_BYTES = 256 * 1024
# Two seconds of the richest audio that is spoken of here: 96 kHz, 32 bit, stereo.
MAX_PAYLOAD_BYTES = 1024 * 1024
# What is sent today is at most 6 deep. Whoever walks through data may recurse without fear.
MAX_DEPTH = 32
# An empty list costs 3 bytes on the wire and 64 in memory. This makes it 1 MiB at most.
MAX_CONTAINERS = 16 * 1024
# A satellite sends 32 ms at a time, and half a second before the wake word: 16 kB.
MAX_SATELLITE_BYTES = 64 * 1024
# Where the parser gives up by itself.
_PARSER_DEPTH = 1024
_UNREAD = object()


@dataclass(frozen=True, slots=True)
class Limits:
    """The caps of one link."""

    header_bytes: int = MAX_HEADER_BYTES
    """Longest header line, without its newline."""
    data_bytes: int = MAX_DATA_BYTES
    """Longest data block."""
    payload_bytes: int = MAX_PAYLOAD_BYTES
    """Longest payload."""
    depth: int = MAX_DEPTH
    """Deepest nesting of header or data."""
    containers: int = MAX_CONTAINERS
    """Most lists and objects in a header or a data block."""


# For a port that satellites dial: nothing that they send is larger.
AUDIO_LIMITS = Limits(data_bytes=MAX_SATELLITE_BYTES, payload_bytes=MAX_SATELLITE_BYTES)


def read_object(text: bytes, limits: Limits, what: str) -> dict[str, Any]:
    """Parse the JSON object of a header or a data block; `what` names it in errors.

    Raises:
        FrameError: it is no JSON object, or larger or deeper than allowed.
    """
    containers = text.count(b"[") + text.count(b"{")
    if containers > limits.containers:
        raise FrameError(
            "too-complex", f"the {what} holds more than {limits.containers} lists and objects"
        )
    try:
        value = orjson.loads(text)
    except orjson.JSONDecodeError:
        value = _UNREAD
    if value is _UNREAD:
        # Outside of the handler: the parser's own error would keep all of the text alive.
        raise _explain(text, what, limits)
    if type(value) is not dict:
        raise FrameError("not-an-object", f"the {what} of an event must be a JSON object")
    # What has fewer containers than the limit can not be deeper than it.
    if containers > limits.depth and _is_deeper(value, limits.depth):
        raise FrameError("too-deep", f"the {what} is nested deeper than {limits.depth}")
    return value


def _explain(text: bytes, what: str, limits: Limits) -> FrameError:
    try:
        text.decode()
    except UnicodeDecodeError:
        return FrameError("bad-utf8", f"the {what} is not UTF-8")
    # The parser gives up on nesting long before it has seen the rest.
    if text.count(b"[") + text.count(b"{") > _PARSER_DEPTH >= limits.depth:
        return FrameError(
            "too-deep", f"the {what} is nested deeper than {limits.depth}, or is no JSON"
        )
    return FrameError("bad-json", f"the {what} is no JSON")


def _is_deeper(value: Any, depth: int) -> bool:
    level = [value]
    for _ in range(depth):
        level = [
            item
            for container in level
            for item in _children(container)
            if type(item) in {dict, list}
        ]
        if not level:
            return False
    return True


def _children(container: dict[str, Any] | list[Any]) -> Iterable[Any]:
    return container.values() if type(container) is dict else container
