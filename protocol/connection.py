"""One link without I/O: bytes and the time in, messages and bytes out."""

import math
from dataclasses import dataclass

from protocol.errors import IllegalSend, LinkClosed, PeerError, PeerSilent, PeerTimeout, StateError
from protocol.limits import Limits
from protocol.messages import MessageDecoder, Unknown, encode_message
from protocol.schema import Message
from protocol.state import LinkState, Role, first_state, legal, peer_of
from protocol.wyoming_messages import AudioChunk, Error, Ping, Pong

# Home Assistant and unmodified satellites use 2 s and 5 s; half a second of it is left to timers.
PING_AFTER_S = 2.0
DEAD_AFTER_S = 4.5
# A handshake is two round trips and two codes; a satellite on bad Wi-Fi makes it in one second.
HANDSHAKE_S = 5.0
# Half of the largest event in this time is 50 kB/s: slower than audio itself.
FRAME_S = 10.0
# Answers to a peer that sends pings and does not read: a few are enough.
MAX_UNSENT_BYTES = 64 * 1024
# What is echoed to a peer about its own fault.
MAX_ERROR_CHARS = 200
# A person decides, or people talk: the peer is pinged, and there is no limit from here.
_LASTING = frozenset({LinkState.READY, LinkState.PAIRING})


@dataclass(frozen=True, slots=True)
class KeepAlive:
    """The deadlines of a link, in seconds; `math.inf` is never."""

    ping_after_s: float = PING_AFTER_S
    """Ping when nothing was heard for this time."""
    dead_after_s: float = DEAD_AFTER_S
    """Give up when nothing was heard for this time."""
    handshake_s: float = HANDSHAKE_S
    """The link is ready after this time, or is closed; a pairing's wait is not counted."""
    frame_s: float = FRAME_S
    """An event that has begun is complete after this time, or the link is closed."""
    in_return: bool = False
    """Ping only a peer that has pinged, and from then on also while it talks; before that it is not
    given up either. That is how Home Assistant and satellites of Wyoming do it."""


KEEP_ALIVE = KeepAlive()
# Wyoming services need not answer pings, and are silent for as long as they work.
NO_KEEP_ALIVE = KeepAlive(ping_after_s=math.inf, dead_after_s=math.inf)


class Connection:
    """The state of one link. `now` is any clock in seconds that never goes back."""

    def __init__(
        self,
        role: Role,
        *,
        now: float,
        limits: Limits | None = None,
        keep_alive: KeepAlive | None = None,
    ) -> None:
        """Begin a link as `role`. Plain Wyoming links are kept alive only if asked to."""
        self.role = role
        self.state = first_state(role)
        self.fault: PeerError | None = None
        """What the peer did wrong, if that ended the link."""
        self.ignored = 0
        """Events of unknown types that were dropped."""
        self.round_trip_s: float | None = None
        """Time that the last of our pings took, there and back."""
        self.unsent_bytes = 0
        """Bytes that `data_to_send` will return."""
        self._limits = limits or Limits()
        self._keep_alive = keep_alive or (NO_KEEP_ALIVE if role is Role.WYOMING else KEEP_ALIVE)
        self._decoder = MessageDecoder(self._limits)
        self._peer = peer_of(role)
        self._may_send = legal(self.state, role)
        self._may_come = legal(self.state, self._peer)
        self._unsent: list[bytes] = []
        self._opened = now
        self._heard = now
        self._excused = now
        self._unpinged = self._keep_alive.in_return
        self._pinged = -math.inf
        self._pings = 0
        self._frame_begun: float | None = None

    @property
    def closed(self) -> bool:
        """True when nothing more is sent or heard."""
        return self.state is LinkState.CLOSED

    def receive_data(self, data: bytes, now: float) -> list[Message]:
        """Return the messages that `data` completes. Raises nothing: see `fault`."""
        if self.closed:
            return []
        self._heard = now
        decoded = self._decoder.feed(data)
        messages = [message for message in decoded if self._take(message, now)]
        if self._decoder.error is not None and not self.closed:
            self.fail(self._decoder.error)
        if not self._decoder.inside_frame:
            self._frame_begun = None
        elif decoded or self._frame_begun is None:
            self._frame_begun = now
        return messages

    def receive_eof(self, now: float) -> None:  # noqa: ARG002  # like every input
        """Say that the peer will send no more: the link is closed, inside an event by a fault."""
        if self.closed:
            return
        self._decoder.feed_eof()
        if self._decoder.error is not None:
            self.fail(self._decoder.error)
        self.close()

    def send(self, message: Message, now: float) -> None:
        """Queue a message.

        Raises:
            IllegalSend: it is not legal from our side in this state.
            TooLarge: no peer would take it.
            LinkClosed: the link has ended.
        """
        if self.closed:
            raise self.reason()
        then = self._may_send.get(type(message))
        if then is None:
            raise IllegalSend(
                "illegal-send",
                f"{_name(message)} is not for {self.role.value} to send while {self.state.value}",
            )
        self._queue(encode_message(message, self._limits))
        if then is not self.state:
            self._go_on(then, now)

    def data_to_send(self) -> bytes:
        """Return what is to be written now, and forget it."""
        data = b"".join(self._unsent)
        self._unsent.clear()
        self.unsent_bytes = 0
        return data

    def next_deadline(self) -> float:
        """Return when `tick` has something to do, `math.inf` for never."""
        if self.closed:
            return math.inf
        keep_alive = self._keep_alive
        frame = math.inf if self._frame_begun is None else self._frame_begun + keep_alive.frame_s
        if self.state not in _LASTING:
            return min(self._opened + keep_alive.handshake_s, frame)
        if self._unpinged:
            return frame
        return min(self._next_ping(), self._dead_at(), frame)

    def tick(self, now: float) -> None:
        """Do what is due: ping a quiet peer, give up on a silent one, end a slow handshake."""
        if self.closed:
            return
        keep_alive = self._keep_alive
        if self._frame_begun is not None and now >= self._frame_begun + keep_alive.frame_s:
            self.fail(
                PeerTimeout(
                    "frame-timeout", f"an event was not complete after {keep_alive.frame_s:g} s"
                )
            )
        elif self.state not in _LASTING:
            if now >= self._opened + keep_alive.handshake_s:
                self.fail(
                    PeerTimeout(
                        "handshake-timeout", f"no welcome after {keep_alive.handshake_s:g} s"
                    )
                )
        elif self._unpinged:
            return
        elif now >= self._dead_at():
            self.fail(PeerSilent("peer-silent", f"nothing heard for {keep_alive.dead_after_s:g} s"))
        elif now >= self._next_ping():
            self._pinged = now
            self._pings += 1
            self._queue_small(Ping(text=str(self._pings)))

    def excuse_silence(self, now: float) -> None:
        """Do not give the peer up: nobody listened, as what it sent before is not taken yet.

        It is still pinged, as it may not hear from us either while its own pings wait.
        """
        self._excused = now
        if self._frame_begun is not None:
            self._frame_begun = now

    def fail(self, fault: PeerError) -> None:
        """End the link through the peer's fault, and tell the peer."""
        if self.closed:
            return
        self.fault = fault
        self._queue(encode_message(Error(text=fault.text[:MAX_ERROR_CHARS], code=fault.code)))
        self._enter(LinkState.CLOSED)

    def close(self) -> None:
        """End the link. What is queued can still be sent."""
        if not self.closed:
            self._enter(LinkState.CLOSED)

    def reason(self) -> PeerError | LinkClosed:
        """Return why the link has ended."""
        return self.fault or LinkClosed("link-closed", "the link has ended")

    def _take(self, message: Message, now: float) -> bool:
        """Obey one message; return whether it goes to the caller."""
        # Nothing may come when closed: what was decoded behind a fault or a farewell ends here.
        cls = type(message)
        then = self._may_come.get(cls)
        if then is None:
            self._refuse(message)
            return False
        if cls is AudioChunk:
            return True
        if then is not self.state:
            self._go_on(then, now)
        if cls is Ping:
            assert isinstance(message, Ping)
            if self._unpinged:
                self._unpinged, self._pinged = False, now
            self._queue_small(Pong(text=message.text))
            return False
        if cls is Pong:
            assert isinstance(message, Pong)
            if message.text == str(self._pings):
                self.round_trip_s = now - self._pinged
            return False
        return True

    def _refuse(self, message: Message) -> None:
        known_elsewhere = self.role is Role.WYOMING or type(message) is Unknown
        if self.state is LinkState.READY and known_elsewhere:
            self.ignored += 1
            return
        sender, state = self._peer.value, self.state.value
        text = f"{_name(message)[:64]} is not for the {sender} to send while {state}"
        self.fail(StateError("unexpected-message", text))

    def _dead_at(self) -> float:
        return max(self._heard, self._excused) + self._keep_alive.dead_after_s

    def _next_ping(self) -> float:
        after = self._pinged if self._keep_alive.in_return else max(self._heard, self._pinged)
        return after + self._keep_alive.ping_after_s

    def _go_on(self, state: LinkState, now: float) -> None:
        """Take the next step of the handshake; what people took of it does not count."""
        if self.state is LinkState.PAIRING:
            self._opened = now
        self._enter(state)

    def _enter(self, state: LinkState) -> None:
        self.state = state
        self._may_send = legal(state, self.role)
        self._may_come = legal(state, self._peer)

    def _queue(self, data: bytes) -> None:
        self._unsent.append(data)
        self.unsent_bytes += len(data)

    def _queue_small(self, message: Message) -> None:
        if self.unsent_bytes < MAX_UNSENT_BYTES:
            self._queue(encode_message(message))


def _name(message: Message) -> str:
    return message.type if type(message) is Unknown else message.type_name
