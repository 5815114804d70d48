"""Every error of the wire. `code` is stable: programs and translations may rely on it.

SottoError                      base of every error that Sotto raises on purpose
└── WireError
    ├── PeerError               the peer's fault; the link ends with an `error` event
    │   ├── FrameError          bytes that are no event, or more of them than allowed
    │   ├── MessageError        an event whose fields are wrong
    │   ├── StateError          a message that may not be sent now, or not by that side
    │   ├── AuthenticationFailed
    │   ├── PeerTimeout         a handshake or an event that was begun and never ended
    │   ├── PeerSilent          nothing heard for too long: the peer or the network is gone
    │   └── PeerStalled         the peer does not read what it is sent
    ├── LocalError              our fault; the link lives on
    │   ├── IllegalSend         we may not send this message now
    │   └── TooLarge            what we want to send is over the caps or not expressible
    ├── LinkClosed              the link has ended, nothing can be sent or received
    ├── Unreachable             no link could be made
    └── DiscoveryFailed         hubs can not be found or announced on this network
"""


class SottoError(Exception):
    """An expected failure: a stable code for programs and one clear line for people."""

    def __init__(self, code: str, text: str) -> None:
        super().__init__(code, text)
        self.code = code
        self.text = text

    def __str__(self) -> str:
        return self.text


class WireError(SottoError):
    """A failure of a link or of what travels on it."""


class PeerError(WireError):
    """The peer broke the protocol. The link is closed and the code is sent to the peer first."""


class FrameError(PeerError):
    """The bytes are no event, or are larger than the caps."""


class MessageError(PeerError):
    """The event is well framed, but a field is missing or wrong. The text names the field."""


class StateError(PeerError):
    """The message is not legal from that side in this state of the link."""


class AuthenticationFailed(PeerError):
    """The peer did not prove that it knows the token."""


class PeerTimeout(PeerError):
    """The peer began something and did not end it in time."""


class PeerSilent(PeerError):
    """Nothing was heard from the peer for longer than the keep-alive allows."""


class PeerStalled(PeerError):
    """The peer does not read what it is sent."""


class LocalError(WireError):
    """We asked for something that the protocol forbids. The link is unharmed."""


class IllegalSend(LocalError):
    """The message is not legal from our side in this state of the link."""


class TooLarge(LocalError):
    """The message is larger than the caps, or holds a value that JSON can not express."""


class LinkClosed(WireError):
    """The link has ended."""


class Unreachable(WireError):
    """No link could be made to the address."""


class DiscoveryFailed(WireError):
    """Hubs can not be found or announced on this network."""
