"""A session with a hub: it outlasts a link that is lost for a moment."""

from dataclasses import dataclass, field

from protocol import (
    LinkClosed,
    Message,
    PeerSilent,
    PeerStalled,
    PeerTimeout,
    SottoError,
    Welcome,
)
from protocol.resumption import Ledger
from satellite.reach import Reached
from satellite.settings import Address

AWAY_S = 4.5
"""A session is gone on with after a drop of 3 s; the rest is for the way back."""
IDLE_AWAY_S = 1.5
"""Where nothing goes on it is soon said that the hub is gone: within 5 s, in silence 3 of which."""
IDLE_S = 5.0
"""What was said longer ago than this is not on its way any more."""


@dataclass(frozen=True, slots=True)
class Hub:
    """The hub at the other end of a link."""

    id: str
    name: str
    address: Address
    session: str


@dataclass(slots=True)
class Session:
    """What is known of it while its link lives, and while there is none."""

    hub: Hub
    resume_s: float
    """How long the hub keeps it without a link; 0: it can not be gone on with."""
    ledger: Ledger = field(default_factory=Ledger)
    used_at: float = 0.0
    """When something was last said in it, by either side."""
    lost_at: float | None = None
    error: SottoError | None = None
    """Why its link was lost."""

    @classmethod
    def begun(cls, reached: Reached) -> "Session":
        """Return the session that a welcome begins."""
        welcome = reached.welcome
        hub = Hub(welcome.hub, welcome.name, reached.candidate.address, welcome.session)
        return cls(hub, welcome.resume_ms / 1000)

    def lose(self, error: SottoError, now: float) -> None:
        """Its link has ended. It is over, unless the link alone was at fault."""
        lost = isinstance(error, LinkClosed | PeerSilent | PeerStalled | PeerTimeout)
        if not (lost or error.code == "truncated"):
            self.resume_s = 0.0
        self.lost_at, self.error = now, error

    def end(self) -> None:
        """It can not be gone on with: something of it was not kept."""
        self.resume_s = 0.0

    def take(self, message: Message, now: float) -> None:
        """Count a message that came."""
        self.ledger.took(message)
        self.used_at = now

    def add(self, message: Message, now: float) -> None:
        """Count and keep a message that is sent."""
        self.ledger.add(message)
        self.used_at = now

    def left_s(self, now: float, at_rest: bool) -> float | None:
        """Return how long it may still be gone on with; None while its link lives."""
        if self.lost_at is None:
            return None
        idle = at_rest and self.lost_at - self.used_at >= IDLE_S
        return self.lost_at + min(self.resume_s, IDLE_AWAY_S if idle else AWAY_S) - now

    def is_gone_on_with(self, welcome: Welcome) -> bool:
        """Tell whether a welcome is to this session."""
        return welcome.received is not None and welcome.session == self.hub.session
