"""Two connections on a link that splits, delays and cuts the bytes, on a clock of its own."""

from dataclasses import dataclass, field

from protocol.connection import Connection, KeepAlive
from protocol.schema import Message
from protocol.state import Role


@dataclass
class Side:
    """One end: its connection, and what it has received."""

    connection: Connection
    received: list[Message] = field(default_factory=list)
    sent: bytearray = field(default_factory=bytearray)


class FakeLink:
    """A hub and a satellite. Bytes travel when `carry` is called, in pieces of `piece_bytes`.

    After `cut_after_bytes` of both ways together the link is cut: both sides see the end of the
    stream. With `half_open` the bytes are lost and nobody is told.
    """

    def __init__(
        self,
        *,
        piece_bytes: int = 65_536,
        delay_s: float = 0.0,
        cut_after_bytes: int | None = None,
        half_open: bool = False,
        keep_alive: KeepAlive | None = None,
    ) -> None:
        self.now = 100.0
        self.hub = Side(Connection(Role.HUB, now=self.now, keep_alive=keep_alive))
        self.satellite = Side(Connection(Role.SATELLITE, now=self.now, keep_alive=keep_alive))
        self.carried_bytes = 0
        self._piece_bytes = piece_bytes
        self._delay_s = delay_s
        self._left = cut_after_bytes
        self._half_open = half_open

    def say(self, side: Side, message: Message) -> None:
        """Send a message from one side and carry everything that follows from it."""
        side.connection.send(message, self.now)
        self.carry()

    def carry(self) -> None:
        """Move bytes both ways until none are left."""
        moved = True
        while moved:
            moved = self._move(self.hub, self.satellite)
            moved = self._move(self.satellite, self.hub) or moved

    def wait(self, seconds: float) -> None:
        """Let time pass, and let both sides do at each deadline what is due."""
        end = self.now + seconds
        while True:
            due = min(side.connection.next_deadline() for side in (self.hub, self.satellite))
            if due > end:
                break
            self.now = max(self.now, due)
            for side in (self.hub, self.satellite):
                side.connection.tick(self.now)
            self.carry()
        self.now = end

    def _move(self, source: Side, target: Side) -> bool:
        data = source.connection.data_to_send()
        source.sent += data
        for start in range(0, len(data), self._piece_bytes):
            piece = data[start : start + self._piece_bytes]
            if self._left is not None:
                piece = piece[: max(0, self._left)]
                self._left -= len(piece)
            self.carried_bytes += len(piece)
            self.now += self._delay_s
            if piece:
                target.received += target.connection.receive_data(piece, self.now)
            if self._left == 0 and not self._half_open:
                for side in (source, target):
                    side.connection.receive_eof(self.now)
                return False
        return bool(data)
