"""Two cores on a fake link: every cut, every split, every fault."""

import math

import pytest

from protocol.connection import MAX_UNSENT_BYTES, Connection
from protocol.errors import (
    FrameError,
    IllegalSend,
    LinkClosed,
    MessageError,
    PeerError,
    StateError,
    TooLarge,
)
from protocol.frames import Event, encode
from protocol.limits import Limits
from protocol.messages import MessageDecoder, Unknown, encode_message
from protocol.schema import Message
from protocol.sotto_messages import (
    Cancel,
    Flush,
    Listen,
    Refused,
)
from protocol.state import LinkState, Role
from protocol.wyoming_messages import (
    Describe,
    Error,
    Info,
    Ping,
    Pong,
    RunSatellite,
    Transcript,
)
from tests.protocol.conversation import CHUNK, SAID, TURN, alone, codes_in, ready, talk
from tests.protocol.fake_link import FakeLink
from tests.protocol.sotto_samples import CHALLENGE, HELLO, PROOF, REFUSED, STATUS, WELCOME


def test_a_whole_turn_arrives() -> None:
    link = FakeLink()
    talk(link)
    assert link.hub.received == SAID["satellite"]
    assert link.satellite.received == SAID["hub"]
    assert link.hub.connection.state is link.satellite.connection.state is LinkState.READY


@pytest.mark.parametrize("piece_bytes", [1, 2, 3, 7, 64, 1000])
def test_splits_and_delays_change_nothing(piece_bytes: int) -> None:
    link = FakeLink(piece_bytes=piece_bytes, delay_s=0.0001)
    talk(link)
    assert link.hub.received == SAID["satellite"]
    assert link.satellite.received == SAID["hub"]
    assert link.hub.connection.fault is None


def total_bytes() -> int:
    link = FakeLink()
    talk(link)
    return link.carried_bytes


@pytest.mark.parametrize("piece_bytes", [65_536, 5])
def test_a_cut_at_any_byte_leaves_whole_messages_and_two_closed_ends(piece_bytes: int) -> None:
    total = total_bytes()
    step = 1 if piece_bytes > 5 else 13
    for cut in range(1, total, step):
        link = FakeLink(piece_bytes=piece_bytes, cut_after_bytes=cut)
        talk(link)
        for side, said in ((link.hub, SAID["satellite"]), (link.satellite, SAID["hub"])):
            assert side.received == said[: len(side.received)], cut
            assert side.connection.closed, cut
            fault = side.connection.fault
            assert fault is None or fault.code == "truncated", cut
        received = len(link.hub.received) + len(link.satellite.received)
        assert received < len(TURN)


def test_a_cut_between_events_is_no_fault_and_a_cut_inside_is_one() -> None:
    first = len(encode_message(HELLO))
    for cut, code in ((first, None), (first - 1, "truncated")):
        link = FakeLink(cut_after_bytes=cut)
        talk(link)
        fault = link.hub.connection.fault
        assert (fault.code if fault else None) == code


def test_pings_are_answered_with_their_text_and_not_handed_up() -> None:
    link = ready()
    hub = link.hub.connection
    assert hub.receive_data(encode_message(Ping("seven")) + encode_message(STATUS), link.now) == [
        STATUS
    ]
    assert MessageDecoder().feed(hub.data_to_send()) == [Pong("seven")]


def test_a_flood_of_pings_that_is_not_read_is_not_answered_without_end() -> None:
    connection = alone()
    flood = encode_message(Ping("x" * 1000)) * 100
    for _ in range(20):
        connection.receive_data(flood, 0.0)
    assert connection.unsent_bytes < MAX_UNSENT_BYTES + 2000
    assert not connection.closed


def test_unknown_events_are_ignored_when_ready_and_a_fault_before() -> None:
    link = ready()
    unknown = encode(Event("from-the-future", {}, b"x"))
    assert link.hub.connection.receive_data(unknown, link.now) == []
    assert link.hub.connection.ignored == 1
    assert not link.hub.connection.closed
    fresh = Connection(Role.HUB, now=0.0)
    fresh.receive_data(unknown, 0.0)
    assert isinstance(fresh.fault, StateError)


def test_plain_wyoming_links_ignore_our_extensions() -> None:
    connection = alone()
    frames = encode_message(STATUS) + encode_message(Transcript("a"))
    assert connection.receive_data(frames, 0.0) == [Transcript("a")]
    assert connection.ignored == 1


@pytest.mark.parametrize(
    ("role", "message"),
    [
        (Role.HUB, STATUS),
        (Role.HUB, CHUNK),
        (Role.HUB, PROOF),
        (Role.HUB, WELCOME),
        (Role.SATELLITE, CHALLENGE.__class__(1, "h", "n", "x")),
        (Role.SATELLITE, Listen(turn=1, candidate=None, max_ms=1)),
    ],
)
def test_what_comes_too_early_is_a_fault_with_an_answer(role: Role, message: Message) -> None:
    connection = Connection(role, now=0.0)
    good = encode_message(Describe())
    assert connection.receive_data(good + encode_message(message) + good, 0.0) == [Describe()]
    assert isinstance(connection.fault, StateError)
    assert codes_in(connection.data_to_send()) == ["unexpected-message"]
    assert connection.receive_data(good, 0.0) == []


def test_what_comes_from_the_wrong_side_is_a_fault() -> None:
    link = ready()
    link.hub.connection.receive_data(encode_message(Flush(turn=1)), link.now)
    assert isinstance(link.hub.connection.fault, StateError)
    assert "satellite" in link.hub.connection.fault.text


def test_describe_and_info_are_legal_before_the_hello() -> None:
    hub = Connection(Role.HUB, now=0.0)
    assert hub.receive_data(encode_message(Describe()), 0.0) == [Describe()]
    hub.send(Info(), 0.0)
    assert MessageDecoder().feed(hub.data_to_send()) == [Info()]


def test_a_satellite_without_a_token_is_welcomed_at_once() -> None:
    link = ready()
    assert link.hub.connection.state is link.satellite.connection.state is LinkState.READY


def test_a_refused_satellite_hears_why_and_both_ends_are_closed() -> None:
    link = FakeLink()
    link.say(link.satellite, HELLO)
    link.say(link.hub, REFUSED)
    assert link.satellite.received == [REFUSED]
    assert link.hub.connection.closed
    assert link.satellite.connection.closed
    assert link.satellite.connection.fault is None


def test_nothing_after_a_refusal_is_heard() -> None:
    satellite = Connection(Role.SATELLITE, now=0.0)
    satellite.send(HELLO, 0.0)
    frames = encode_message(Refused("busy", "later")) + encode_message(WELCOME)
    assert satellite.receive_data(frames, 0.0) == [Refused("busy", "later")]
    assert satellite.closed


def test_sending_what_is_not_legal_is_our_own_error_and_harms_nothing() -> None:
    link = ready()
    for side, message in (
        (link.hub, STATUS),
        (link.satellite, Flush(turn=1)),
        (link.hub, RunSatellite()),
        (link.hub, Unknown("x")),
        (link.satellite, HELLO),
    ):
        with pytest.raises(IllegalSend):
            side.connection.send(message, link.now)
        assert side.connection.data_to_send() == b""
    link.say(link.hub, Cancel(turn=1, reason="test"))
    assert link.satellite.received[-1] == Cancel(turn=1, reason="test")


def test_what_is_too_large_is_our_own_error_and_harms_nothing() -> None:
    connection = alone(limits=Limits(payload_bytes=100))
    with pytest.raises(TooLarge):
        connection.send(CHUNK, 0.0)
    assert connection.data_to_send() == b""
    connection.send(Transcript("a"), 0.0)
    assert not connection.closed


@pytest.mark.parametrize(
    ("data", "error", "code"),
    [
        (b"\n", FrameError, "bad-json"),
        (b'{"type":"x","payload_length":10000000000}\n', FrameError, "payload-too-large"),
        (encode(Event("transcript", {"text": 7})), MessageError, "bad-field"),
        (encode(Event("transcript", {})), MessageError, "missing-field"),
    ],
)
def test_a_fault_is_told_to_the_peer_and_good_messages_before_it_count(
    data: bytes, error: type[PeerError], code: str
) -> None:
    connection = alone()
    good = encode_message(Transcript("good"))
    assert connection.receive_data(good + data + good, 0.0) == [Transcript("good")]
    assert isinstance(connection.fault, error)
    assert connection.state is LinkState.CLOSED
    (answer,) = MessageDecoder().feed(connection.data_to_send())
    assert answer == Error(text=connection.fault.text, code=code)
    assert connection.next_deadline() == math.inf
    with pytest.raises(error):
        connection.send(Transcript("a"), 0.0)
    connection.tick(1e9)
    assert connection.data_to_send() == b""


def test_what_is_told_to_the_peer_about_its_fault_is_short() -> None:
    connection = alone()
    field = "x" * 10_000
    connection.receive_data(
        encode(Event("run-pipeline", {"start_stage": field, "end_stage": field})), 0.0
    )
    assert len(connection.data_to_send()) < 500
    hub = Connection(Role.HUB, now=0.0)
    hub.receive_data(encode(Event("y" * 10_000)), 0.0)
    assert len(hub.data_to_send()) < 500
    other = alone()
    other.fail(PeerError("some-code", "z" * 10_000))
    assert len(other.data_to_send()) < 500


def test_after_the_end_of_the_stream_nothing_can_be_sent() -> None:
    connection = alone()
    connection.receive_eof(0.0)
    assert connection.closed
    assert connection.fault is None
    with pytest.raises(LinkClosed):
        connection.send(Transcript("a"), 0.0)


def test_what_was_queued_before_the_close_can_still_be_written() -> None:
    connection = alone()
    connection.send(Transcript("last words"), 0.0)
    connection.close()
    assert MessageDecoder().feed(connection.data_to_send()) == [Transcript("last words")]
