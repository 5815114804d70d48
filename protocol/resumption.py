"""Going on after a link was lost: what each side counts and keeps, so that all arrives, once.

Both sides number what they send in a session, silently, from 1. On a new link each says how much
has come, and the other one sends the rest again. No I/O.
"""

from collections import deque

from protocol.loudness_messages import Meter, Watch
from protocol.schema import Message
from protocol.sotto_messages import Refused, Status
from protocol.wyoming_messages import AudioChunk, Describe, Error, Info, Ping, Pong

# What belongs to one link, or is said anew on each.
UNCOUNTED: frozenset[type[Message]] = frozenset(
    {Ping, Pong, Error, Describe, Info, Refused, Status, Watch, Meter}
)
# 16 s of 32 ms frames: a dead link is noticed within 5 s, and gone on with within 5 more.
MAX_KEPT_MESSAGES = 512
MAX_KEPT_BYTES = 1024 * 1024


class Ledger:
    """One side of a session: how much has come, and what was sent last."""

    def __init__(self) -> None:
        self.received = 0
        """Counted messages that came."""
        self.sent = 0
        """Counted messages that were sent, or would have been if there were a link."""
        self._kept: deque[Message] = deque()
        self._kept_bytes = 0

    def took(self, message: Message) -> None:
        """Count a message that came."""
        self.received += type(message) not in UNCOUNTED

    def add(self, message: Message) -> None:
        """Count and keep a message that is sent; the oldest one is let go when it is too much."""
        if type(message) in UNCOUNTED:
            return
        self.sent += 1
        self._kept.append(message)
        self._kept_bytes += _size(message)
        while len(self._kept) > MAX_KEPT_MESSAGES or self._kept_bytes > MAX_KEPT_BYTES:
            self._kept_bytes -= _size(self._kept.popleft())

    def take_back(self, message: Message) -> None:
        """Uncount the newest message, which could not be sent at all."""
        if type(message) in UNCOUNTED:
            return
        self.sent -= 1
        if self._kept:
            self._kept_bytes -= _size(self._kept.pop())

    def after(self, received: int) -> list[Message] | None:
        """Return what was sent after the first `received` messages; None: not all is kept."""
        missing = self.sent - received
        if not 0 <= missing <= len(self._kept):
            return None
        return [self._kept[index] for index in range(len(self._kept) - missing, len(self._kept))]


def _size(message: Message) -> int:
    return len(message.audio) if isinstance(message, AudioChunk) else 0
