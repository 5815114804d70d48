"""One turn, said by both sides of a fake link."""

from protocol.connection import Connection
from protocol.errors import (
    WireError,
)
from protocol.limits import Limits
from protocol.messages import MessageDecoder
from protocol.schema import Message
from protocol.sotto_messages import (
    Listen,
    Playback,
    TurnEnded,
    Wake,
)
from protocol.state import Role
from protocol.wyoming_messages import (
    AudioChunk,
    AudioStart,
    AudioStop,
    Error,
    Transcript,
)
from tests.protocol.fake_link import FakeLink
from tests.protocol.sotto_samples import CHALLENGE, HELLO, PROOF, STATUS, WELCOME

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
