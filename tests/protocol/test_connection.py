"""Two cores on a fake link: every cut, every split, every deadline."""

import math

import pytest

from protocol.connection import MAX_UNSENT_BYTES, NO_KEEP_ALIVE, Connection, KeepAlive
from protocol.errors import (
    FrameError,
    IllegalSend,
    LinkClosed,
    MessageError,
    PeerError,
    PeerSilent,
    PeerTimeout,
    StateError,
    TooLarge,
    WireError,
)
from protocol.frames import Event, encode
from protocol.limits import Limits
from protocol.messages import MessageDecoder, Unknown, encode_message
from protocol.schema import Message
from protocol.sotto_messages import (
    Cancel,
    Flush,
    Listen,
    Playback,
    Refused,
    TurnEnded,
    Wake,
)
from protocol.state import LinkState, Role
from protocol.wyoming_messages import (
    AudioChunk,
    AudioStart,
    AudioStop,
    Describe,
    Error,
    Info,
    Ping,
    Pong,
    RunSatellite,
    Transcript,
)
from tests.protocol.fake_link import FakeLink
from tests.protocol.sotto_samples import CHALLENGE, HELLO, PROOF, REFUSED, STATUS, WELCOME

CHUNK = AudioChunk(16_000, 2, 1, bytes(range(256)) * 4, turn=1)
# Who says what in one turn, from the first word of the link on.
TURN: list[tuple[str, Message]] = [
    ("satellite", HELLO),
    ("hub", CHALLENGE),
    ("satellite", PROOF),
    ("hub", WELCOME),
    ("satellite", STATUS),
    ("satellite", Wake(candidate=1, trigger="wake-word")),
    ("hub", Listen(turn=1, candidate=1, max_ms=10_000)),
    ("satellite", AudioStart(16_000, 2, 1, turn=1)),
    ("satellite", CHUNK),
    ("satellite", CHUNK),
    ("satellite", AudioStop(turn=1)),
    ("hub", Transcript("lights on", turn=1)),
    ("hub", AudioStart(22_050, 2, 1, turn=1)),
    ("hub", CHUNK),
    ("hub", AudioStop(turn=1)),
    ("satellite", Playback(turn=1, position_ms=10, buffered_ms=0, finished=True)),
    ("hub", TurnEnded(turn=1, outcome="answered", text="Done", stages={})),
]
SAID = {side: [message for who, message in TURN if who == side] for side in ("hub", "satellite")}


def talk(link: FakeLink) -> None:
    """Let both sides say all of a turn, as far as the link carries it."""
    for who, message in TURN:
        side = link.hub if who == "hub" else link.satellite
        try:
            link.say(side, message)
        except WireError:
            return


def ready() -> FakeLink:
    """Return a link after its handshake."""
    link = FakeLink()
    link.say(link.satellite, HELLO)
    link.say(link.hub, WELCOME)
    return link


def alone(role: Role = Role.WYOMING, limits: Limits | None = None) -> Connection:
    return Connection(role, now=0.0, limits=limits)


def codes_in(data: bytes) -> list[str | None]:
    """Return the codes of the error events among some bytes."""
    messages = MessageDecoder().feed(data)
    return [message.code for message in messages if isinstance(message, Error)]


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


@pytest.mark.parametrize("cut", [1, 150, 400, 700, 1500])
def test_a_link_that_is_dead_without_a_word_is_noticed_in_time(cut: int) -> None:
    link = FakeLink(cut_after_bytes=cut, half_open=True)
    talk(link)
    link.wait(5.0)
    for side in (link.hub, link.satellite):
        assert isinstance(side.connection.fault, PeerSilent | PeerTimeout)


def test_a_peer_that_goes_silent_is_pinged_and_given_up_after_five_seconds() -> None:
    link = ready()
    silent_from = link.now
    hub = link.hub.connection
    sent = b""
    while not hub.closed:
        hub.tick(hub.next_deadline())
        sent += hub.data_to_send()
    assert isinstance(hub.fault, PeerSilent)
    assert codes_in(sent) == ["peer-silent"]
    assert [type(m) for m in MessageDecoder().feed(sent)] == [Ping, Ping, Error]
    hub_deadlines = KeepAlive()
    assert hub_deadlines.dead_after_s == 5.0
    assert silent_from < 200


def test_it_is_given_up_exactly_at_its_deadline() -> None:
    link = ready()
    hub = link.hub.connection
    hub.tick(link.now + 2.0)
    hub.tick(link.now + 4.0)
    hub.tick(link.now + 4.999)
    assert not hub.closed
    hub.tick(link.now + 5.0)
    assert hub.closed


def test_two_quiet_sides_keep_each_other_alive_for_an_hour() -> None:
    link = ready()
    before = link.carried_bytes
    link.wait(3600.0)
    assert not link.hub.connection.closed
    assert not link.satellite.connection.closed
    assert link.hub.received == [HELLO]
    # Both ping at the same moment, each two seconds: four events of less than 70 bytes.
    assert (link.carried_bytes - before) < 3600 / 2 * 4 * 70


def test_while_something_is_heard_nobody_pings() -> None:
    link = ready()
    for _ in range(100):
        link.wait(1.0)
        link.say(link.satellite, STATUS)
    assert len(link.hub.received) == 101
    assert Ping not in {type(message) for message in MessageDecoder().feed(bytes(link.hub.sent))}


def test_a_satellite_that_says_nothing_is_closed_at_the_handshake_deadline() -> None:
    hub = Connection(Role.HUB, now=10.0)
    assert hub.next_deadline() == 15.0
    hub.tick(14.9)
    assert not hub.closed
    hub.tick(15.0)
    assert isinstance(hub.fault, PeerTimeout)
    assert codes_in(hub.data_to_send()) == ["handshake-timeout"]


def test_pings_do_not_put_off_the_handshake_deadline() -> None:
    hub = Connection(Role.HUB, now=0.0)
    for tenth in range(50):
        hub.receive_data(encode_message(Ping()), tenth / 10)
        hub.tick(tenth / 10)
    assert not hub.closed
    hub.tick(5.0)
    assert hub.fault is not None
    assert hub.fault.code == "handshake-timeout"


def test_an_event_that_never_ends_is_given_up_even_where_nothing_else_is_timed() -> None:
    connection = Connection(Role.WYOMING, now=0.0)
    assert connection.next_deadline() == math.inf
    frame = encode_message(CHUNK)
    for second, byte in enumerate(frame[:10]):
        connection.receive_data(bytes([byte]), float(second))
    assert connection.next_deadline() == 10.0
    connection.tick(10.0)
    assert connection.fault is not None
    assert connection.fault.code == "frame-timeout"


def test_a_new_event_has_a_new_deadline() -> None:
    connection = Connection(Role.WYOMING, now=0.0)
    frame = encode_message(CHUNK)
    connection.receive_data(frame[:100], 0.0)
    connection.receive_data(frame[100:] + frame[:100], 9.0)
    assert connection.next_deadline() == 19.0
    connection.receive_data(frame[100:], 18.0)
    assert connection.next_deadline() == math.inf


def test_pings_are_answered_with_their_text_and_not_handed_up() -> None:
    link = ready()
    hub = link.hub.connection
    assert hub.receive_data(encode_message(Ping("seven")) + encode_message(STATUS), link.now) == [
        STATUS
    ]
    assert MessageDecoder().feed(hub.data_to_send()) == [Pong("seven")]


def test_the_round_trip_is_measured() -> None:
    link = ready()
    hub = link.hub.connection
    hub.tick(link.now + 2.0)
    (ping,) = MessageDecoder().feed(hub.data_to_send())
    assert isinstance(ping, Ping)
    hub.receive_data(encode_message(Pong("of another time")), link.now + 2.1)
    assert hub.round_trip_s is None
    hub.receive_data(encode_message(Pong(ping.text)), link.now + 2.25)
    assert hub.round_trip_s == pytest.approx(0.25)


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


def test_excused_silence_is_no_silence() -> None:
    link = ready()
    hub = link.hub.connection
    hub.receive_data(encode_message(CHUNK)[:10], link.now)
    hub.excuse_silence(link.now + 100.0)
    hub.tick(link.now + 104.0)
    assert not hub.closed
    hub.tick(link.now + 105.0)
    assert hub.closed


def test_wyoming_links_are_kept_alive_only_on_request() -> None:
    assert Connection(Role.WYOMING, now=0.0).next_deadline() == math.inf
    asked = Connection(Role.WYOMING, now=0.0, keep_alive=KeepAlive())
    assert asked.next_deadline() == 2.0
    not_asked = Connection(Role.HUB, now=0.0, keep_alive=NO_KEEP_ALIVE)
    assert not_asked.next_deadline() == 5.0
