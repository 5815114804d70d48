"""Bytes to events and back: exact bytes, splits at every offset, and everything that is refused."""

import dataclasses
from typing import Any

import pytest

from protocol.errors import FrameError, TooLarge
from protocol.frames import Event, FrameDecoder, encode, encode_audio_chunk
from protocol.limits import MAX_DATA_BYTES, MAX_HEADER_BYTES, MAX_PAYLOAD_BYTES, Limits

SMALL = Limits(header_bytes=64, data_bytes=32, payload_bytes=16)
AUDIO = encode_audio_chunk(16_000, 2, 1, bytes(range(256)) * 4, turn=3)
STREAM = (
    b'{"type":"ping","data":{"text":"a"}}\n'
    + AUDIO
    + AUDIO
    + b'{"type": "x", "data": {"a": 1, "b": 2}, '
    b'"data_length": 10, "payload_length": 3}\r\n{"b":"\xc3\xa4"}\n\n\n'
    + encode(Event("describe"))
    + AUDIO
)
EVENTS = [
    Event("ping", {"text": "a"}),
    Event("audio-chunk", {"rate": 16_000, "width": 2, "channels": 1, "turn": 3}, AUDIO[-1024:]),
    Event("audio-chunk", {"rate": 16_000, "width": 2, "channels": 1, "turn": 3}, AUDIO[-1024:]),
    Event("x", {"a": 1, "b": "ä"}, b"\n\n\n"),
    Event("describe"),
    Event("audio-chunk", {"rate": 16_000, "width": 2, "channels": 1, "turn": 3}, AUDIO[-1024:]),
]


def decode(*pieces: bytes, limits: Limits | None = None) -> tuple[list[Event], str | None]:
    """Return the events of some bytes, and the code of the fault that ended them."""
    decoder = FrameDecoder(limits)
    events = [event for piece in pieces for event in decoder.feed(piece)]
    return events, decoder.error.code if decoder.error else None


@pytest.mark.parametrize(
    ("event", "expected"),
    [
        (Event("describe"), b'{"type":"describe","version":"1.10.2","data":{}}\n'),
        (
            Event("ping", {"text": "ä"}),
            b'{"type":"ping","version":"1.10.2","data_length":13}\n{"text":"\xc3\xa4"}',
        ),
        (
            Event("x", {}, b"\x00\n"),
            b'{"type":"x","version":"1.10.2","data":{},"payload_length":2}\n\x00\n',
        ),
        (
            Event("x", {"a": [1, None]}, b"\xff"),
            b'{"type":"x","version":"1.10.2","data_length":14,"payload_length":1}\n{"a":[1,null]}\xff',
        ),
        (
            Event('q"\n', {}),
            b'{"type":"q\\"\\n","version":"1.10.2","data":{}}\n',
        ),
    ],
)
def test_an_event_becomes_exactly_these_bytes(event: Event, expected: bytes) -> None:
    assert encode(event) == expected
    assert decode(expected) == ([event], None)


@pytest.mark.parametrize("turn", [None, 0, 7])
@pytest.mark.parametrize("timestamp", [None, 0, 123_456_789_012])
@pytest.mark.parametrize("size", [0, 2, 2048])
def test_the_fast_path_for_audio_writes_what_the_plain_path_writes(
    turn: int | None, timestamp: int | None, size: int
) -> None:
    data = {"rate": 16_000, "width": 2, "channels": 1, "timestamp": timestamp, "turn": turn}
    plain = Event("audio-chunk", {k: v for k, v in data.items() if v is not None}, bytes(size))
    for _ in range(2):  # the second time from the cache
        fast = encode_audio_chunk(16_000, 2, 1, bytes(size), turn=turn, timestamp=timestamp)
        assert fast == encode(plain)


def test_heads_of_audio_are_not_mixed_up_when_there_are_many() -> None:
    for turn in [*range(1000), *range(1000)]:
        frame = encode_audio_chunk(16_000, 2, 1, b"ab", turn=turn)
        assert decode(frame)[0][0].data["turn"] == turn


def test_every_split_into_two_gives_the_same_events() -> None:
    for cut in range(len(STREAM) + 1):
        assert decode(STREAM[:cut], STREAM[cut:]) == (EVENTS, None), cut


def test_one_byte_at_a_time_gives_the_same_events() -> None:
    assert decode(*(bytes([byte]) for byte in STREAM)) == (EVENTS, None)


def test_repeated_audio_is_recognised_whole_or_in_pieces() -> None:
    decoder = FrameDecoder()
    other = encode_audio_chunk(16_000, 2, 1, bytes(1024), turn=4)
    pieces = [AUDIO, AUDIO, AUDIO[:5], AUDIO[5:], other, AUDIO + AUDIO[:200], AUDIO[200:], AUDIO]
    events = [event for piece in pieces for event in decoder.feed(piece)]
    assert [event.data["turn"] for event in events] == [3, 3, 3, 4, 3, 3, 3]
    assert all(len(event.payload) == 1024 for event in events)


def test_a_payload_that_looks_like_repeated_audio_is_a_payload() -> None:
    decoder = FrameDecoder()
    assert len(decoder.feed(AUDIO * 3)) == 3
    header = b'{"type":"x","payload_length":%d}\n' % len(AUDIO)
    events = [event for piece in (header, AUDIO, AUDIO) for event in decoder.feed(piece)]
    assert [event.type for event in events] == ["x", "audio-chunk"]
    assert events[0].payload == AUDIO


def test_each_event_has_data_of_its_own() -> None:
    decoder = FrameDecoder()
    first, second = decoder.feed(AUDIO + AUDIO)
    first.data["rate"] = 1
    (third,) = decoder.feed(AUDIO)
    assert second.data["rate"] == third.data["rate"] == 16_000


@pytest.mark.parametrize(
    ("frame", "event"),
    [
        (b'{"type":"x"}\n', Event("x")),
        (b'{"type":"x","data_length":0,"payload_length":0}\n', Event("x")),
        (b'{"type":"x","data_length":null,"payload_length":null}\n', Event("x")),
        (b' {"unknown":[1],"version":7,"type":"x"} \r\n', Event("x")),
        (b'{"type":"x","data_length":2}\n{}', Event("x")),
        (
            b'{"type":"x","data":{"a":1,"b":1},"data_length":7}\n{"a":2}',
            Event("x", {"a": 2, "b": 1}),
        ),
        (b'{"type":"x","data":{"n":123456789012345678}}\n', Event("x", {"n": 123456789012345678})),
    ],
)
def test_what_wyoming_accepts_is_accepted(frame: bytes, event: Event) -> None:
    assert decode(frame) == ([event], None)


@pytest.mark.parametrize(
    ("frame", "code"),
    [
        (b"\n", "bad-json"),
        (b"GET / HTTP/1.1\r\n", "bad-json"),
        (b'{"type":"x"\n', "bad-json"),
        (b'{"type":"x"}}\n', "bad-json"),
        (b'{"type":"x","data":{"n":NaN}}\n', "bad-json"),
        (b'{"type":"x","data":{"n":Infinity}}\n', "bad-json"),
        (b'{"type":"x","data":{"n":1e400}}\n', "bad-json"),
        (b'{"type":"\xff"}\n', "bad-utf8"),
        (b'{"type":"x","data_length":9}\n{"a":"\xc3"}', "bad-utf8"),
        (b'{"type":"x","data_length":3}\n{"a', "bad-json"),
        (b'["type","x"]\n', "not-an-object"),
        (b"null\n", "not-an-object"),
        (b'"type"\n', "not-an-object"),
        (b'{"type":"x","data_length":2}\n[]', "not-an-object"),
        (b'{"type":"x","data_length":4}\nnull', "not-an-object"),
        (b"{}\n", "bad-type"),
        (b'{"type":""}\n', "bad-type"),
        (b'{"type":null}\n', "bad-type"),
        (b'{"type":7}\n', "bad-type"),
        (b'{"type":{"a":1}}\n', "bad-type"),
        (b'{"type":"x","data":null}\n', "bad-data"),
        (b'{"type":"x","data":[1]}\n', "bad-data"),
        (b'{"type":"x","data":"a"}\n', "bad-data"),
        (b'{"type":"x","data_length":-1}\n', "bad-length"),
        (b'{"type":"x","data_length":true}\n', "bad-length"),
        (b'{"type":"x","data_length":2.0}\n', "bad-length"),
        (b'{"type":"x","data_length":"2"}\n', "bad-length"),
        (b'{"type":"x","data_length":[2]}\n', "bad-length"),
        (b'{"type":"x","payload_length":-9}\n', "bad-length"),
        (b'{"type":"x","payload_length":false}\n', "bad-length"),
        (b'{"type":"x","payload_length":1e3}\n', "bad-length"),
        (b'{"type":"x","payload_length":"10"}\n', "bad-length"),
        (b'{"type":"x","payload_length":10000000000}\n', "payload-too-large"),
        (b'{"type":"x","data_length":10000000000}\n', "data-too-large"),
        (b'{"type":"x","payload_length":99999999999999999999999}\n', "bad-length"),
        (b'{"a":' + b"[" * 40 + b"]" * 40 + b"}\n", "too-deep"),
        (b'{"a":' + b"[" * 5000 + b"]" * 5000 + b"}\n", "too-deep"),
        (b'{"a":' * 2000 + b"\n", "too-deep"),
        (b'{"type":"x","data_length":100}\n{"a":' + b"[" * 47 + b"]" * 47 + b"}", "too-deep"),
        (b"x" * (MAX_HEADER_BYTES + 1), "header-too-large"),
        (b" " * MAX_HEADER_BYTES + b' {"type":"x"}\n', "header-too-large"),
    ],
)
def test_what_breaks_the_rules_is_refused_with_its_code_however_it_is_split(
    frame: bytes, code: str
) -> None:
    good = encode(Event("ping", {"text": "before"}))
    before = [Event("ping", {"text": "before"})]
    after = encode(Event("pong"))
    assert decode(good + frame + after) == (before, code)
    assert decode(good, frame, after) == (before, code)
    for cut in {1, 2, 3, len(frame) // 2, len(frame) - 1}:
        assert decode(good, frame[:cut], frame[cut:], after) == (before, code)
    assert decode(good, *(frame[i : i + 1] for i in range(len(frame))), after) == (before, code)


def test_containers_are_counted_before_they_are_made() -> None:
    block = b'{"a":[' + b"[]," * 20_000 + b"0]}"
    frame = b'{"type":"x","data_length":%d}\n' % len(block) + block
    assert decode(frame) == ([], "too-complex")
    assert decode(frame, limits=Limits(containers=30_000))[1] is None


def test_brackets_in_text_are_no_nesting() -> None:
    text = "[{" * 100
    event = Event("x", {"text": text, "list": [[1]]})
    assert decode(encode(event)) == ([event], None)


def test_depth_up_to_the_cap_is_fine() -> None:
    value: Any = 1
    for _ in range(Limits().depth - 1):
        value = [value]
    assert decode(encode(Event("x", {"a": value})))[1] is None
    assert decode(encode(Event("x", {"a": [value]})))[1] == "too-deep"


@pytest.mark.parametrize(
    ("field", "make"),
    [
        ("header_bytes", lambda size: b'{"type":"x"' + b" " * (size - 12) + b"}\n"),
        (
            "data_bytes",
            lambda size: b'{"type":"x","data_length":%d}\n{%s}' % (size, b" " * (size - 2)),
        ),
        ("payload_bytes", lambda size: b'{"type":"x","payload_length":%d}\n' % size + bytes(size)),
    ],
)
def test_a_cap_is_the_last_size_that_is_allowed(field: str, make: Any) -> None:
    for limits in (SMALL, Limits()):
        cap = getattr(limits, field)
        events, code = decode(make(cap), limits=limits)
        assert code is None
        assert [event.type for event in events] == ["x"]
        assert decode(make(cap + 1), limits=limits)[1] == field.replace("_bytes", "-too-large")


def test_the_caps_are_what_the_notes_say() -> None:
    assert dataclasses.astuple(Limits())[:3] == (
        MAX_HEADER_BYTES,
        MAX_DATA_BYTES,
        MAX_PAYLOAD_BYTES,
    )
    assert (MAX_HEADER_BYTES, MAX_DATA_BYTES, MAX_PAYLOAD_BYTES) == (2**14, 2**18, 2**20)


@pytest.mark.parametrize("cut", [1, 20, 40, 60, 100])
def test_an_end_inside_an_event_is_a_fault(cut: int) -> None:
    decoder = FrameDecoder()
    assert decoder.feed(AUDIO[:cut]) == []
    assert decoder.inside_frame
    decoder.feed_eof()
    assert isinstance(decoder.error, FrameError)
    assert decoder.error.code == "truncated"
    assert decoder.feed(AUDIO) == []


def test_an_end_between_events_is_no_fault() -> None:
    decoder = FrameDecoder()
    decoder.feed(AUDIO)
    assert not decoder.inside_frame
    decoder.feed_eof()
    assert decoder.error is None


def test_after_a_fault_nothing_is_read_not_even_audio_like_before() -> None:
    decoder = FrameDecoder()
    assert len(decoder.feed(AUDIO * 3 + b"\n" + AUDIO)) == 3
    assert decoder.feed(AUDIO) == []
    decoder.feed_eof()
    assert decoder.error is not None
    assert decoder.error.code == "bad-json"


@pytest.mark.parametrize("data", [{"a": object()}, {"a": 2**70}, {"a": "\ud800"}, {1: 2}])
def test_what_json_can_not_express_is_our_own_error(data: Any) -> None:
    with pytest.raises(TooLarge) as caught:
        encode(Event("x", data))
    assert caught.value.code == "not-expressible"


def test_events_are_frozen_and_equal_by_value() -> None:
    event = Event("x", {"a": 1}, b"p")
    assert event == Event("x", {"a": 1}, b"p")
    assert Event("x") == Event(type="x", data={}, payload=b"")
    assert dataclasses.replace(event, payload=b"") == Event("x", {"a": 1})
    with pytest.raises(dataclasses.FrozenInstanceError):
        event.type = "y"  # type: ignore[misc]
