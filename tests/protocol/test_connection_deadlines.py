"""What a connection does when time passes, on a clock of the test's own."""

import math

import pytest

from protocol.connection import NO_KEEP_ALIVE, Connection, KeepAlive
from protocol.errors import (
    PeerSilent,
    PeerTimeout,
)
from protocol.messages import MessageDecoder, encode_message
from protocol.state import Role
from protocol.wyoming_messages import (
    Error,
    Ping,
    Pong,
)
from tests.protocol.conversation import CHUNK, codes_in, ready, talk
from tests.protocol.fake_link import FakeLink
from tests.protocol.sotto_samples import HELLO, STATUS


@pytest.mark.parametrize("cut", [1, 150, 400, 700, 1500])
def test_a_link_that_is_dead_without_a_word_is_noticed_in_time(cut: int) -> None:
    link = FakeLink(cut_after_bytes=cut, half_open=True)
    talk(link)
    link.wait(5.0)
    for side in (link.hub, link.satellite):
        assert isinstance(side.connection.fault, PeerSilent | PeerTimeout)


def test_a_peer_that_goes_silent_is_pinged_and_given_up_within_five_seconds() -> None:
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
    assert hub_deadlines.dead_after_s == 4.5
    assert silent_from < 200


def test_it_is_given_up_exactly_at_its_deadline() -> None:
    link = ready()
    hub = link.hub.connection
    hub.tick(link.now + 2.0)
    hub.tick(link.now + 4.0)
    hub.tick(link.now + 4.499)
    assert not hub.closed
    hub.tick(link.now + 4.5)
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


def test_excused_silence_is_no_silence() -> None:
    link = ready()
    hub = link.hub.connection
    hub.receive_data(encode_message(CHUNK)[:10], link.now)
    hub.excuse_silence(link.now + 100.0)
    hub.tick(link.now + 104.0)
    assert not hub.closed
    hub.tick(link.now + 105.0)
    assert hub.closed


def test_a_peer_whose_words_wait_is_still_pinged() -> None:
    connection = Connection(Role.WYOMING, now=0.0, keep_alive=KeepAlive())
    pings = 0
    for second in range(1, 21):
        connection.excuse_silence(float(second))
        connection.tick(float(second))
        pings += len(MessageDecoder().feed(connection.data_to_send()))
    assert not connection.closed
    assert pings == 10


def test_a_peer_that_never_pings_is_neither_pinged_nor_given_up_where_pings_are_returned() -> None:
    connection = Connection(Role.WYOMING, now=0.0, keep_alive=KeepAlive(in_return=True))
    assert connection.next_deadline() == math.inf
    connection.tick(100.0)
    assert not connection.closed
    assert not connection.data_to_send()


def test_a_peer_that_has_pinged_is_pinged_every_two_seconds_and_given_up_when_it_is_silent() -> (
    None
):
    connection = Connection(Role.WYOMING, now=0.0, keep_alive=KeepAlive(in_return=True))
    connection.receive_data(encode_message(Ping("a")), 10.0)
    connection.receive_data(encode_message(Ping("b")), 11.0)
    sent = MessageDecoder().feed(connection.data_to_send())
    assert sent == [Pong("a"), Pong("b")]
    assert connection.next_deadline() == 12.0
    connection.tick(12.0)
    connection.tick(14.0)
    assert MessageDecoder().feed(connection.data_to_send()) == [Ping("1"), Ping("2")]
    connection.tick(16.0)
    assert isinstance(connection.fault, PeerSilent)


def test_wyoming_links_are_kept_alive_only_on_request() -> None:
    assert Connection(Role.WYOMING, now=0.0).next_deadline() == math.inf
    asked = Connection(Role.WYOMING, now=0.0, keep_alive=KeepAlive())
    assert asked.next_deadline() == 2.0
    not_asked = Connection(Role.HUB, now=0.0, keep_alive=NO_KEEP_ALIVE)
    assert not_asked.next_deadline() == 5.0
