"""The table of what is legal when."""

import pytest

from protocol.messages import MESSAGES
from protocol.pairing_messages import Pair, Paired
from protocol.sotto_messages import (
    Challenge,
    Flush,
    Hello,
    Listen,
    Playback,
    Proof,
    Refused,
    Status,
    Wake,
    Welcome,
)
from protocol.state import TABLE, LinkState, Role, first_state, legal, peer_of
from protocol.wyoming_messages import (
    WYOMING_MESSAGES,
    AudioChunk,
    Describe,
    Error,
    Info,
    Ping,
    Pong,
    RunSatellite,
    Transcript,
)

ALIVE = [state for state in LinkState if state is not LinkState.CLOSED]
BEFORE_READY = [state for state in ALIVE if state is not LinkState.READY]
GREETINGS = {Hello, Challenge, Pair, Paired, Proof, Welcome, Refused}
ALWAYS = {Ping, Pong, Error, Describe, Info}


def test_no_two_rows_speak_of_the_same_case() -> None:
    cases = [(rule.state, rule.message, sender) for rule in TABLE for sender in rule.senders]
    assert len(cases) == len(set(cases))


def test_every_message_is_legal_somewhere() -> None:
    assert {rule.message for rule in TABLE} == set(MESSAGES.values())


@pytest.mark.parametrize("state", BEFORE_READY)
def test_before_the_welcome_only_greetings_and_questions_about_life_are_legal(
    state: LinkState,
) -> None:
    for sender in (Role.HUB, Role.SATELLITE):
        assert set(legal(state, sender)) <= GREETINGS | ALWAYS
        assert set(legal(state, sender)) >= ALWAYS


def test_a_handshake_takes_this_way_and_no_other() -> None:
    ways = {
        (rule.state, rule.message, sender): rule.then
        for rule in TABLE
        for sender in rule.senders
        if rule.message in GREETINGS
    }
    hub, satellite = Role.HUB, Role.SATELLITE
    expected: dict[object, LinkState] = {
        (LinkState.OPEN, Hello, satellite): LinkState.GREETED,
        (LinkState.GREETED, Challenge, hub): LinkState.CHALLENGED,
        (LinkState.GREETED, Welcome, hub): LinkState.READY,
        (LinkState.CHALLENGED, Proof, satellite): LinkState.PROVED,
        (LinkState.CHALLENGED, Pair, satellite): LinkState.PAIRING,
        (LinkState.PAIRING, Paired, hub): LinkState.CHALLENGED,
        (LinkState.PROVED, Welcome, hub): LinkState.READY,
        **{(state, Refused, hub): LinkState.CLOSED for state in ALIVE},
    }
    assert ways == expected


def test_nothing_but_greetings_changes_the_state() -> None:
    assert all(rule.then is rule.state for rule in TABLE if rule.message not in GREETINGS)


@pytest.mark.parametrize("sender", Role)
def test_nothing_is_legal_when_closed(sender: Role) -> None:
    assert not legal(LinkState.CLOSED, sender)


def test_sound_goes_both_ways_but_orders_and_reports_one_way() -> None:
    from_hub, from_satellite = (
        legal(LinkState.READY, Role.HUB),
        legal(LinkState.READY, Role.SATELLITE),
    )
    assert AudioChunk in from_hub
    assert AudioChunk in from_satellite
    for order in (Listen, Flush, Transcript):
        assert order in from_hub
        assert order not in from_satellite
    for report in (Wake, Playback, Status):
        assert report in from_satellite
        assert report not in from_hub
    assert RunSatellite not in {**from_hub, **from_satellite}


def test_a_plain_wyoming_link_takes_every_wyoming_message_and_nothing_else() -> None:
    assert first_state(Role.WYOMING) is LinkState.READY
    assert set(legal(LinkState.READY, Role.WYOMING)) == set(WYOMING_MESSAGES)
    assert not any(legal(state, Role.WYOMING) for state in BEFORE_READY)


def test_each_role_has_a_peer() -> None:
    assert [peer_of(role) for role in Role] == [Role.SATELLITE, Role.HUB, Role.WYOMING]
    assert first_state(Role.HUB) is first_state(Role.SATELLITE) is LinkState.OPEN
