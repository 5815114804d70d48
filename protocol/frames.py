"""Events to and from bytes: Wyoming's framing, with a cap on everything.

    {"type": ..., "data": {...}, "data_length": n, "payload_length": m}\\n
    n bytes of JSON, laid over `data` key by key
    m bytes of payload

No I/O happens here. Every length is checked before anything is kept for it.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

import orjson

from protocol.errors import FrameError, PeerError, TooLarge
from protocol.limits import Limits, read_object

# The version of Wyoming whose framing this is. Its own readers do not look at it; others may.
WYOMING_VERSION = "1.10.2"


@dataclass(frozen=True, slots=True)
class Event:
    """One event of the wire: a type, JSON data, and maybe a payload."""

    type: str
    data: dict[str, Any] = field(default_factory=dict)
    payload: bytes = b""


_SLOTS: dict[str, Any] = dict(vars(Event))
_set_type = _SLOTS["type"].__set__
_set_data = _SLOTS["data"].__set__
_set_payload = _SLOTS["payload"].__set__


def _init_event(
    self: Event,
    type: str,  # noqa: A002  # the name of the field
    data: dict[str, Any] | None = None,
    payload: bytes = b"",
) -> None:
    _set_type(self, type)
    _set_data(self, {} if data is None else data)
    _set_payload(self, payload)


# The generated one goes the long way round the frozen class, and takes twice as long.
Event.__init__ = _init_event  # type: ignore[method-assign]


Item = TypeVar("Item")

# What is longer than this is not worth remembering: audio has a header and a block of 50 to 90.
_MAX_REMEMBERED_BYTES = 256


@dataclass(slots=True)
class _Header:
    """A header line that has been read; its data block and payload may be on their way."""

    line: bytes
    type: str
    data: dict[str, Any]
    data_bytes: int
    payload_bytes: int


class Framer(ABC, Generic[Item]):
    """Cuts a stream of bytes into items; a subclass says what an item is.

    After the first fault `error` is set and every later byte is ignored.
    Takes linear time, however the bytes are split, and holds one frame at most.
    """

    def __init__(self, limits: Limits | None = None) -> None:
        self.error: PeerError | None = None
        self._limits = limits or Limits()
        self._pending = bytearray()
        self._header: _Header | None = None
        # Streams repeat their headers byte for byte, so one that was read is recognised.
        self._last_header: _Header | None = None
        self._last_block = b""
        # Audio mostly repeats its data too: then there is nothing to read but the payload.
        self._repeat_head = b""
        self._repeat_bytes = 0
        self._repeat: Callable[[bytes], Item] | None = None

    @property
    def inside_frame(self) -> bool:
        """True while a frame has begun and not ended."""
        return self._header is not None or bool(self._pending)

    def feed(self, data: bytes) -> list[Item]:
        """Return the items that `data` completes, up to the first fault. Raises nothing."""
        if (
            self._repeat is not None
            and len(data) == self._repeat_bytes
            and data.startswith(self._repeat_head)
            and not self.inside_frame
        ):
            # One whole event in one read, and like the one before: what a live stream is made of.
            return [self._repeat(data[len(self._repeat_head) :])]
        if self.error is not None:
            return []
        items: list[Item] = []
        try:
            if self._pending or self._header is not None:
                self._pending += data
                if not self._is_worth_reading(data):
                    return items
                data = bytes(self._pending)
                self._pending = bytearray()
            used = self._read_frames(data, items)
            if used < len(data):
                self._pending += data[used:] if used else data
        except PeerError as error:
            self._fail(error)
        return items

    def feed_eof(self) -> None:
        """Say that no more bytes will come; inside a frame that is a fault."""
        if self.error is None and self.inside_frame:
            self._fail(FrameError("truncated", "the connection ended inside an event"))

    @abstractmethod
    def _build(self, type_name: str, data: dict[str, Any], payload: bytes) -> Item:
        """Make an item. The data is the item's own."""

    @abstractmethod
    def _repeater(self, item: Item) -> Callable[[bytes], Item] | None:
        """Return what makes an item like this one with another payload of the same length."""

    def _fail(self, error: PeerError) -> None:
        # Its frames hold the bytes that were read; whoever raises it makes new ones.
        self.error = error.with_traceback(None)
        self.error.__context__ = self.error.__cause__ = None
        self._pending = bytearray()
        self._header = None
        self._repeat = None

    def _is_worth_reading(self, new: bytes) -> bool:
        if self._header is not None:
            return len(self._pending) >= self._header.data_bytes + self._header.payload_bytes
        return b"\n" in new or len(self._pending) > self._limits.header_bytes

    def _read_frames(self, data: bytes, items: list[Item]) -> int:
        position = 0
        size = len(data)
        while True:
            header = self._header
            if header is None:
                if self._repeat is not None and data.startswith(self._repeat_head, position):
                    end = position + self._repeat_bytes
                    if end <= size:
                        items.append(self._repeat(data[position + len(self._repeat_head) : end]))
                        position = end
                        continue
                newline = data.find(b"\n", position, position + self._limits.header_bytes + 1)
                if newline < 0:
                    if size - position > self._limits.header_bytes:
                        raise FrameError(
                            "header-too-large",
                            f"a header is longer than {self._limits.header_bytes} bytes",
                        )
                    return position
                line = data[position : newline + 1]
                last = self._last_header
                header = last if last and last.line == line else self._read_header(line)
                self._header = header
                position = newline + 1
            middle = position + header.data_bytes
            end = middle + header.payload_bytes
            if end > size:
                return position
            self._header = None
            items.append(self._read_body(header, data[position:middle], data[middle:end]))
            position = end

    def _read_header(self, line: bytes) -> _Header:
        limits = self._limits
        header = read_object(line, limits, "header")
        type_name = header.get("type")
        if type(type_name) is not str or not type_name:
            raise FrameError("bad-type", "the type of an event must be text")
        data = header.get("data", {})
        if type(data) is not dict:
            raise FrameError("bad-data", "the data of an event must be an object")
        data_bytes = _read_length(header, "data_length", limits.data_bytes, "data-too-large")
        payload_bytes = _read_length(
            header, "payload_length", limits.payload_bytes, "payload-too-large"
        )
        result = _Header(line, type_name, data, data_bytes, payload_bytes)
        if len(line) <= _MAX_REMEMBERED_BYTES and _is_flat(data):
            self._last_header = result
        return result

    def _read_body(self, header: _Header, block: bytes, payload: bytes) -> Item:
        data = header.data.copy()
        if block:
            data.update(read_object(block, self._limits, "data"))
        item = self._build(header.type, data, payload)
        if payload and header is self._last_header:
            if block != self._last_block:
                self._last_block = block if len(block) <= _MAX_REMEMBERED_BYTES else b""
            elif self._repeat_head != (head := header.line + block):
                self._repeat = self._repeater(item)
                self._repeat_head = head
                self._repeat_bytes = len(head) + len(payload)
        return item


class FrameDecoder(Framer[Event]):
    """Bytes in, events out."""

    def _build(self, type_name: str, data: dict[str, Any], payload: bytes) -> Event:
        return Event(type_name, data, payload)

    def _repeater(self, item: Event) -> Callable[[bytes], Event] | None:
        if not _is_flat(item.data):
            return None
        type_name, data = item.type, item.data.copy()
        return lambda payload: Event(type_name, data.copy(), payload)


def encode(event: Event) -> bytes:
    """Return the bytes of an event: one buffer, so that it is one write.

    Raises:
        TooLarge: a value can not be expressed in JSON.
    """
    payload = event.payload
    try:
        data = orjson.dumps(event.data) if event.data else b""
        start = _starts.get(event.type) or _make_start(event.type)
    except TypeError as error:
        raise TooLarge("not-expressible", f"JSON can not express {event.type}: {error}") from error
    if data and payload:
        lengths = b'"data_length":%d,"payload_length":%d}\n' % (len(data), len(payload))
        return b"".join((start, lengths, data, payload))
    if data:
        return b'%b"data_length":%d}\n%b' % (start, len(data), data)
    # Readers up to wyoming 1.5 give None to their program when there is no data at all.
    if payload:
        return b'%b"data":{},"payload_length":%d}\n%b' % (start, len(payload), payload)
    return b'%b"data":{}}\n' % start


def encode_audio_chunk(
    rate: int,
    width: int,
    channels: int,
    payload: bytes,
    *,
    turn: int | None = None,
    timestamp: int | None = None,
) -> bytes:
    """Return the bytes of an audio-chunk event: what `encode` returns, many times faster."""
    key = (rate, width, channels, turn, timestamp, len(payload))
    head = _chunk_heads.get(key)
    if head is None:
        data = {
            "rate": rate,
            "width": width,
            "channels": channels,
            "timestamp": timestamp,
            "turn": turn,
        }
        data = {name: value for name, value in data.items() if value is not None}
        whole = encode(Event("audio-chunk", data, payload))
        head = whole[: len(whole) - len(payload)]
        if timestamp is not None:
            return whole
        if len(_chunk_heads) >= _MAX_CHUNK_HEADS:
            _chunk_heads.clear()
        _chunk_heads[key] = head
    return head + payload


def _make_start(type_name: str) -> bytes:
    start = b'{"type":%b,"version":"%b",' % (orjson.dumps(type_name), WYOMING_VERSION.encode())
    if len(_starts) < _MAX_STARTS:
        _starts[type_name] = start
    return start


# How the header of each type starts. There are about 70 types; a program that makes up more may.
_MAX_STARTS = 256
_starts: dict[str, bytes] = {}
_FLAT = frozenset({str, int, float, bool, type(None)})


def _is_flat(data: dict[str, Any]) -> bool:
    """Return whether a copy of `data` shares nothing that can change."""
    return all(type(value) in _FLAT for value in data.values())


# One for each live turn; when there are more they are made anew.
_MAX_CHUNK_HEADS = 256
_chunk_heads: dict[tuple[int, int, int, int | None, int | None, int], bytes] = {}


def _read_length(header: dict[str, Any], name: str, limit: int, code: str) -> int:
    length = header.get(name)
    if length is None:
        return 0
    # A bool is an int in Python; here it is not.
    if type(length) is not int or length < 0:
        raise FrameError("bad-length", f"{name} must be a whole number from 0")
    if length > limit:
        raise FrameError(code, f"{name} is {length}, more than {limit} bytes")
    return length
