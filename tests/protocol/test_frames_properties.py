"""What holds for any bytes: splits do not matter, memory stays under the caps, time is linear."""

import itertools
import json
import random
import tracemalloc
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from protocol.errors import MessageError
from protocol.frames import Event, FrameDecoder, encode
from protocol.limits import Limits
from protocol.messages import MessageDecoder, _good_chunk, encode_message
from protocol.schema import read_part
from protocol.wyoming_messages import AudioChunk

SEED = 20_240_229
# The JSON parser's own scratch memory is 12 to 13 times the text, and gone when it returns.
PARSING = 16
SMALL = Limits(header_bytes=256, data_bytes=256, payload_bytes=256)

json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**63 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(codec="utf-8")),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.text(st.characters(codec="utf-8")), inner, max_size=4)
    ),
    max_leaves=8,
)
events = st.builds(
    Event,
    st.text(st.characters(codec="utf-8"), min_size=1, max_size=20),
    st.dictionaries(st.text(st.characters(codec="utf-8"), max_size=8), json_values, max_size=4),
    st.binary(max_size=200),
)
cuts = st.lists(st.integers(0, 4000), max_size=20)


def pieces_of(data: bytes, at: list[int]) -> list[bytes]:
    """Cut bytes at some offsets, in order; offsets beyond the end cut nothing."""
    bounds = [0, *sorted(at), len(data)]
    return [data[a:b] for a, b in itertools.pairwise(bounds)]


def outcome(
    pieces: list[bytes], limits: Limits | None = None
) -> tuple[list[Event], str | None, bool]:
    """Return the events, the code of the fault, and whether the end is inside an event."""
    decoder = FrameDecoder(limits)
    decoded = [event for piece in pieces for event in decoder.feed(piece)]
    return decoded, decoder.error.code if decoder.error else None, decoder.inside_frame


@given(st.lists(events, max_size=6), cuts)
def test_any_events_survive_any_split(sent: list[Event], at: list[int]) -> None:
    stream = b"".join(encode(event) for event in sent)
    assert outcome(pieces_of(stream, at)) == (sent, None, False)


@given(st.binary(max_size=600), cuts)
def test_any_bytes_give_the_same_outcome_however_they_are_split(data: bytes, at: list[int]) -> None:
    assert outcome(pieces_of(data, at), SMALL) == outcome([data], SMALL)


@given(st.lists(events, min_size=1, max_size=3), st.data())
def test_a_mutated_stream_gives_the_same_outcome_however_it_is_split(
    sent: list[Event], data: st.DataObject
) -> None:
    stream = bytearray(b"".join(encode(event) for event in sent))
    for _ in range(data.draw(st.integers(1, 4))):
        position = data.draw(st.integers(0, len(stream) - 1))
        stream[position] = data.draw(st.integers(0, 255))
    at = data.draw(cuts)
    assert outcome(pieces_of(bytes(stream), at), SMALL) == outcome([bytes(stream)], SMALL)


@given(
    st.integers(-(2**70), 2**70) | st.floats() | st.booleans() | st.text() | st.none(),
    st.sampled_from(["data_length", "payload_length"]),
)
def test_any_length_is_a_size_under_the_cap_or_a_fault(length: Any, key: str) -> None:
    line = json.dumps({"type": "x", key: length}).encode() + b"\n"
    _, code, inside = outcome([line])
    cap = Limits().data_bytes if key == "data_length" else Limits().payload_bytes
    if length is None or (type(length) is int and length == 0):
        assert (code, inside) == (None, False)
    elif type(length) is int and 0 < length <= cap:
        assert (code, inside) == (None, True)
    else:
        assert code is not None


@settings(max_examples=30, deadline=None)
@given(
    st.integers(2**18 + 1, 2**63) | st.integers(-(2**63), -1),
    st.sampled_from(["data_length", "payload_length"]),
    st.integers(1, 65_536),
)
def test_a_hostile_length_allocates_nothing(length: int, key: str, chunk: int) -> None:
    if key == "payload_length" and 0 < length <= Limits().payload_bytes:
        length = Limits().payload_bytes + length
    line = b'{"type":"x","%b":%d}\n' % (key.encode(), length)
    flood = bytes(chunk)
    decoder = FrameDecoder()
    tracemalloc.start()
    try:
        decoder.feed(line)
        for _ in range(64):
            decoder.feed(flood)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert decoder.error is not None
    assert peak < 64 * 1024


@pytest.mark.parametrize("step", [1, 7, 1024, 65_536])
@pytest.mark.parametrize(
    "make",
    [
        lambda limits: b"x" * limits.header_bytes * 4,
        lambda limits: (
            b'{"type":"x","data_length":%d}\n' % limits.data_bytes
            + b'{"a":"%b"}' % (b"a" * (limits.data_bytes - 8))
        ),
        lambda limits: (
            b'{"type":"x","payload_length":%d}\n' % limits.payload_bytes
            + bytes(limits.payload_bytes)
        ),
    ],
    ids=["header without end", "largest data", "largest payload"],
)
def test_what_is_kept_stays_under_the_caps(make: Any, step: int) -> None:
    limits = Limits(header_bytes=16_384, data_bytes=65_536, payload_bytes=65_536)
    stream = make(limits)
    largest = max(limits.header_bytes, limits.data_bytes, limits.payload_bytes)
    decoder = FrameDecoder(limits)
    pieces = [stream[i : i + step] for i in range(0, len(stream), step)]
    tracemalloc.start()
    try:
        for piece in pieces:
            decoder.feed(piece)
        kept, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < PARSING * largest
    assert kept < 32 * 1024


@pytest.mark.parametrize("step", [1, 7, 1024, 65_536])
def test_a_payload_is_there_three_times_at_most_while_it_is_cut_out(step: int) -> None:
    stream = encode(Event("x", {}, bytes(2**20)))
    pieces = [stream[i : i + step] for i in range(0, len(stream), step)]
    decoder = FrameDecoder()
    tracemalloc.start()
    try:
        for piece in pieces:
            decoder.feed(piece)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 3.2 * 2**20


@pytest.mark.parametrize(
    "frame",
    [
        b'{"type":"x","data_length":65536}\n' + b" " * 65_536,
        encode(Event("transcript", {"text": 7}, bytes(65_536))),
        encode(Event("run-pipeline", {"start_stage": "tts", "end_stage": "asr"}, bytes(65_536))),
    ],
    ids=["bad JSON", "wrong field", "wrong combination"],
)
def test_what_was_wrong_is_forgotten_with_the_complaint_about_it(frame: bytes) -> None:
    decoder = MessageDecoder()
    tracemalloc.start()
    try:
        decoder.feed(frame)
        kept, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert decoder.error is not None
    assert peak < PARSING * len(frame)
    assert kept < 8 * 1024


def test_nested_lists_do_not_blow_up_in_memory() -> None:
    block = b'{"a":[' + b"[]," * 80_000 + b"0]}"
    frame = b'{"type":"x","data_length":%d}\n' % len(block) + block
    decoder = FrameDecoder()
    tracemalloc.start()
    try:
        decoder.feed(frame)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert decoder.error is not None
    assert peak < 2 * len(frame)


def test_bytes_one_at_a_time_are_looked_at_once() -> None:
    """Linear time, without a clock: what is kept is joined once for each part of an event."""
    joined = 0

    class Counting(bytearray):
        def __bytes__(self) -> bytes:
            nonlocal joined
            joined += len(self)
            return bytes(memoryview(self))

    decoder = FrameDecoder()
    payload = bytes(100_000)
    frame = encode(Event("x", {"a": 1}, payload))
    events = []
    for position in range(len(frame)):
        if type(decoder._pending) is bytearray:
            decoder._pending = Counting(decoder._pending)
        events += decoder.feed(frame[position : position + 1])
    assert events == [Event("x", {"a": 1}, payload)]
    assert joined <= len(frame)


odd_values = st.sampled_from([None, -1, 0, 1, 2, 3, 4, 5, 8, 1_000, 16_000, 384_001, 2**53, 2**54])
any_value = odd_values | st.booleans() | st.floats(allow_nan=False) | st.text(max_size=2)


@given(
    st.dictionaries(
        st.sampled_from(["rate", "width", "channels", "timestamp", "turn"]), any_value, max_size=5
    ),
    st.binary(max_size=12),
)
@example({"rate": 16_000, "width": 2, "channels": 1, "timestamp": 5, "turn": 7}, bytes(8))
@example({"rate": 16_000, "width": 2, "channels": 1}, bytes(7))
@example({"rate": 16_000, "width": True, "channels": 1}, bytes(8))
def test_the_fast_way_to_read_audio_accepts_and_gives_what_the_plain_way_does(
    data: dict[str, Any], payload: bytes
) -> None:
    try:
        plain: AudioChunk | None = read_part(AudioChunk, data, payload=payload)
    except MessageError:
        plain = None
    if plain is not None and len(payload) % (plain.width * plain.channels):
        plain = None
    assert _good_chunk(data, payload) == plain


def test_random_bytes_never_do_more_than_a_fault() -> None:
    random_ = random.Random(SEED)
    for _ in range(2000):
        decoder = MessageDecoder(SMALL)
        for _ in range(random_.randrange(1, 6)):
            decoder.feed(random_.randbytes(random_.randrange(0, 400)))
        decoder.feed_eof()
        assert decoder.error is None or decoder.error.code


def test_mutated_streams_give_messages_or_a_fault_and_nothing_else() -> None:
    random_ = random.Random(SEED)
    chunk = encode_message(AudioChunk(16_000, 2, 1, bytes(64), turn=1))
    faults = set()
    for _ in range(3000):
        stream = bytearray(chunk * 3)
        for _ in range(random_.randrange(1, 4)):
            position = random_.randrange(len(stream))
            kind = random_.randrange(3)
            if kind == 0:
                stream[position] = random_.randrange(256)
            elif kind == 1:
                del stream[position : position + random_.randrange(1, 8)]
            else:
                stream[position:position] = random_.randbytes(random_.randrange(1, 8))
        decoder = MessageDecoder()
        messages = decoder.feed(bytes(stream))
        decoder.feed_eof()
        assert len(messages) <= 4
        if decoder.error is not None:
            faults.add(decoder.error.code)
    assert {"bad-json", "bad-utf8", "truncated", "missing-field"} <= faults
