"""Which message is legal from which side in which state of a link: one table."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import Enum
from types import MappingProxyType

from protocol.loudness_messages import Meter, TurnVolume, Watch
from protocol.pairing_messages import Pair, Paired
from protocol.schema import Message
from protocol.sotto_messages import (
    Cancel,
    Challenge,
    Duck,
    Flush,
    Hello,
    Identify,
    Listen,
    Pause,
    Playback,
    Proof,
    Refused,
    Resume,
    Settings,
    SettingsTaken,
    StandDown,
    Status,
    TurnEnded,
    Wake,
    Welcome,
)
from protocol.wyoming_messages import (
    WYOMING_MESSAGES,
    AudioChunk,
    AudioStart,
    AudioStop,
    Describe,
    Detection,
    Error,
    Info,
    Ping,
    Played,
    Pong,
    Synthesize,
    SynthesizeChunk,
    SynthesizeStart,
    SynthesizeStop,
    TimerCancelled,
    TimerFinished,
    TimerStarted,
    TimerUpdated,
    Transcript,
    TranscriptChunk,
    TranscriptStart,
    TranscriptStop,
    UserEvent,
    VoiceStarted,
    VoiceStopped,
)


class Role(Enum):
    """What we are on a link."""

    HUB = "hub"
    """The hub, and a satellite is the peer."""
    SATELLITE = "satellite"
    """A satellite, and the hub is the peer."""
    WYOMING = "wyoming"
    """Either side of a plain Wyoming link: no handshake, every Wyoming message legal both ways."""


class LinkState(Enum):
    """Where a link is on its way."""

    OPEN = "open"
    """Nobody has said who they are; the satellite speaks first."""
    GREETED = "greeted"
    """The satellite has said hello; the hub decides whether it wants a proof."""
    CHALLENGED = "challenged"
    """The hub has asked for a proof."""
    PAIRING = "pairing"
    """The satellite knows no token: both sides show a code, until an owner decides."""
    PROVED = "proved"
    """The satellite has sent its proof; the hub decides."""
    READY = "ready"
    """The satellite is welcome: turns can happen. Plain Wyoming links begin here."""
    CLOSED = "closed"
    """Nothing more is sent or heard."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One row of the table."""

    state: LinkState
    """In this state"""
    message: type[Message]
    """this message is legal"""
    senders: frozenset[Role]
    """from these sides,"""
    then: LinkState
    """and the link is in this state afterwards."""


_HUB = frozenset({Role.HUB})
_SATELLITE = frozenset({Role.SATELLITE})
_BOTH = _HUB | _SATELLITE
_WYOMING = frozenset({Role.WYOMING})

_ALWAYS: tuple[type[Message], ...] = (Ping, Pong, Error, Describe, Info)
_READY_BOTH = (
    AudioStart,
    AudioChunk,
    AudioStop,
    Cancel,
    VoiceStarted,
    VoiceStopped,
    Detection,
    UserEvent,
)
_READY_SATELLITE = (Wake, Playback, Status, SettingsTaken, Meter, Played, TimerCancelled)
_READY_HUB = (
    *(Listen, StandDown, TurnEnded, Flush, Duck, Pause, Resume, Settings, Identify),
    *(Watch, TurnVolume),
    *(Transcript, TranscriptStart, TranscriptChunk, TranscriptStop),
    *(Synthesize, SynthesizeStart, SynthesizeChunk, SynthesizeStop),
    *(TimerStarted, TimerUpdated, TimerCancelled, TimerFinished),
)
_ALIVE = (
    LinkState.OPEN,
    LinkState.GREETED,
    LinkState.CHALLENGED,
    LinkState.PAIRING,
    LinkState.PROVED,
    LinkState.READY,
)


def _rows() -> Iterable[Rule]:
    for state in _ALIVE:
        for message in _ALWAYS:
            yield Rule(state, message, _BOTH, state)
        # The hub may turn a satellite away at any time, also when a newer link takes its place.
        yield Rule(state, Refused, _HUB, LinkState.CLOSED)
    yield Rule(LinkState.OPEN, Hello, _SATELLITE, LinkState.GREETED)
    yield Rule(LinkState.GREETED, Challenge, _HUB, LinkState.CHALLENGED)
    yield Rule(LinkState.GREETED, Welcome, _HUB, LinkState.READY)
    yield Rule(LinkState.CHALLENGED, Proof, _SATELLITE, LinkState.PROVED)
    yield Rule(LinkState.CHALLENGED, Pair, _SATELLITE, LinkState.PAIRING)
    yield Rule(LinkState.PAIRING, Paired, _HUB, LinkState.CHALLENGED)
    yield Rule(LinkState.PROVED, Welcome, _HUB, LinkState.READY)
    for messages, senders in (
        (_READY_BOTH, _BOTH),
        (_READY_SATELLITE, _SATELLITE),
        (_READY_HUB, _HUB),
    ):
        for message in messages:
            yield Rule(LinkState.READY, message, senders, LinkState.READY)
    for message in WYOMING_MESSAGES:
        yield Rule(LinkState.READY, message, _WYOMING, LinkState.READY)


TABLE: tuple[Rule, ...] = tuple(_rows())
"""The whole table."""

_NOTHING: Mapping[type[Message], LinkState] = MappingProxyType({})


def legal(state: LinkState, sender: Role) -> Mapping[type[Message], LinkState]:
    """Return what `sender` may send in `state`, and the state that each message leads to."""
    return _LEGAL.get((state, sender), _NOTHING)


def peer_of(role: Role) -> Role:
    """Return the role of the other side."""
    return _PEERS[role]


def first_state(role: Role) -> LinkState:
    """Return the state in which a link begins."""
    return LinkState.READY if role is Role.WYOMING else LinkState.OPEN


_PEERS = {Role.HUB: Role.SATELLITE, Role.SATELLITE: Role.HUB, Role.WYOMING: Role.WYOMING}
_LEGAL: Mapping[tuple[LinkState, Role], Mapping[type[Message], LinkState]] = {
    (state, sender): {
        rule.message: rule.then for rule in TABLE if rule.state is state and sender in rule.senders
    }
    for state in LinkState
    for sender in Role
}
