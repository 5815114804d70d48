"""Letting a satellite in that knows no token: it and the hub show a code, and an owner compares."""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import Any

import structlog

from protocol.errors import AuthenticationFailed, WireError
from protocol.pairing import Agreement, Keys, bound_to
from protocol.pairing_messages import Pair, Paired
from protocol.sotto_messages import Challenge, Hello, Refused
from protocol.stream import Link
from protocol.wyoming_info import Describe, Info

log = structlog.get_logger(__name__)

MAX_PAIRINGS = 8
"""Satellites that wait at once: nobody sets up more, and whoever can reach the port may knock."""
MAX_FROM_ONE_HOST = 2
"""So that one machine can not keep the others from waiting."""
PAIRING_S = 300.0
"""Time for the owner to go and look."""
GAP_S = 0.5
"""Between any two that ask: to make and use keys holds everything up for 20 ms, on a Raspberry Pi
for longer, and a thread would not help, for the numbers hold Python's lock."""
HOST_GAP_S = 3.0
"""Between two of one machine, so that the others have their turn."""
AGAIN_MS = 5_000
BUSY_RETRY_MS = 30_000
REFUSED_S = 600.0
"""Whoever was turned away does not knock again for so long."""
MAX_REMEMBERED = 64
"""Satellites that were turned away, and machines that asked."""
MAX_ID_CHARS = 200


class NotPaired(Exception):
    """A satellite is not paired. The text says why, for people; `code` is that of the wire."""

    def __init__(self, code: str, text: str, retry_after_ms: int = BUSY_RETRY_MS) -> None:
        super().__init__(text)
        self.code = code
        self.retry_after_ms = retry_after_ms


class OtherCode(Exception):
    """The satellite that waits shows another code than the one that was compared."""


@dataclass(eq=False, slots=True)
class Pairing:
    """One satellite that waits."""

    satellite: str
    host: str
    code: str | None = None
    """What both sides show; None while the keys are exchanged."""
    decided: asyncio.Future[str] = field(
        default_factory=lambda: asyncio.get_running_loop().create_future()
    )
    """The token that it is given; NotPaired where it is turned away."""

    def end(self, why: NotPaired) -> None:
        """Turn it away, unless it was decided."""
        if not self.decided.done():
            self.decided.set_exception(why)
            self.decided.exception()  # whoever waits may be gone


class Pairings:
    """All satellites that wait to be paired. For one event loop."""

    def __init__(self, changed: Callable[[], None], clock: Callable[[], float]) -> None:
        """`changed` is called when a code is there, or no longer."""
        self._changed = changed
        self._clock = clock
        self._waiting: dict[str, Pairing] = {}
        self._refused: dict[str, float] = {}  # until when, by satellite
        self._asked: dict[str, float] = {}  # when last, by host
        self._last = -GAP_S

    def __contains__(self, satellite: str) -> bool:
        return satellite in self._waiting

    def __iter__(self) -> Iterator[Pairing]:
        return iter(tuple(self._waiting.values()))

    def code(self, satellite: str) -> str | None:
        """Return the code of a satellite that waits."""
        one = self._waiting.get(satellite)
        return None if one is None else one.code

    def begin(self, satellite: str, host: str) -> Pairing:
        """Let one wait. Raises NotPaired."""
        if not 0 < len(satellite) <= MAX_ID_CHARS:
            raise NotPaired("pairing-refused", "The satellite's id is empty, or too long.")
        if self._refused.get(satellite, 0.0) > self._clock():
            raise NotPaired("pairing-refused", "The owner of the hub has turned it away.")
        before = self._waiting.get(satellite)
        if before is not None and before.host != host:
            raise NotPaired("pairing-busy", "Another satellite with this id waits already.")
        if before is not None:
            self._drop(before, NotPaired("replaced", "It has asked again.", AGAIN_MS))
        here = sum(one.host == host for one in self)
        now = self._clock()
        soon = now - self._asked.get(host, -HOST_GAP_S) < HOST_GAP_S or now - self._last < GAP_S
        if soon or here >= MAX_FROM_ONE_HOST or len(self._waiting) >= MAX_PAIRINGS:
            text = "Too many satellites wait to be approved; it is tried again by itself."
            raise NotPaired("pairing-busy", text, AGAIN_MS if soon else BUSY_RETRY_MS)
        self._last = now
        _note(self._asked, host, now)
        one = self._waiting[satellite] = Pairing(satellite, host)
        return one

    def show(self, pairing: Pairing, code: str) -> None:
        """Let the owner see the code."""
        pairing.code = code
        self._changed()

    def end(self, pairing: Pairing) -> None:
        """It waits no more."""
        if self._waiting.get(pairing.satellite) is pairing:
            del self._waiting[pairing.satellite]
            self._changed()

    def check(self, satellite: str, code: str | None) -> None:
        """Raise OtherCode unless `code` is what a satellite shows that waits now."""
        one = self._waiting.get(satellite)
        if one is not None and one.code != code:
            raise OtherCode(satellite)

    def approve(self, satellite: str, code: str | None, token: str) -> bool:
        """Hand the satellite that shows `code` its token; return whether there is one."""
        self._refused.pop(satellite, None)
        one = self._waiting.get(satellite)
        if one is None or one.code is None or one.code != code or one.decided.done():
            return False
        one.decided.set_result(token)
        return True

    def turn_away(self, satellite: str) -> None:
        """Do not let a satellite in, nor let it knock again for a while."""
        _note(self._refused, satellite, self._clock() + REFUSED_S)
        one = self._waiting.get(satellite)
        if one is not None:
            self._drop(
                one, NotPaired("pairing-refused", "The owner of the hub has turned it away.")
            )

    def _drop(self, pairing: Pairing, why: NotPaired) -> None:
        pairing.end(why)
        self.end(pairing)


def _note(times: dict[str, float], name: str, at: float) -> None:
    """Note a time as the newest one; the oldest is forgotten where there are too many."""
    times.pop(name, None)
    while len(times) >= MAX_REMEMBERED:
        del times[next(iter(times))]
    times[name] = at


async def pair(link: Link, hello: Hello, challenge: Challenge, pairings: Pairings) -> bool:
    """Give a satellite a token of its own, if an owner approves it; the handshake goes on then.

    Return False after refusing it. Raises WireError.
    """
    pairing: Pairing | None = None
    try:
        pairing = pairings.begin(hello.satellite, link.host)
        agreement = await _agree(link, hello, challenge)
        pairings.show(pairing, agreement.code)
        log.info("satellite wants to be paired", satellite=hello.satellite, peer=link.peer)
        token = await _decided(link, pairing)
        sealed, mac = agreement.seal(token)
        await link.send(Paired(sealed, mac))
        log.info("satellite paired", satellite=hello.satellite, peer=link.peer)
    except NotPaired as why:
        log.warning(
            "satellite not paired", satellite=hello.satellite, peer=link.peer, code=why.code
        )
        await link.send(Refused(why.code, str(why), why.retry_after_ms))
        await link.close(why.code)
        return False
    finally:
        if pairing is not None:
            pairings.end(pairing)
    return True


async def _agree(link: Link, hello: Hello, challenge: Challenge) -> Agreement:
    """Exchange keys, the satellite's last; return what both sides know. Raises WireError."""
    keys = Keys()
    await link.send(replace(challenge, key=keys.public))
    while not isinstance(message := await link.receive(), Pair):
        if not isinstance(message, Describe):  # the table leaves a proof, which it can not have
            raise AuthenticationFailed(
                "bad-pairing", "a satellite without a token has sent a proof"
            )
        await link.send(Info())
    try:
        if bound_to(message.key) != hello.pairing:
            raise AuthenticationFailed("bad-pairing", "that is not the key that was promised")
        return Agreement(
            keys.agree(message.key),
            hello.satellite,
            challenge.hub,
            hello.nonce,
            challenge.nonce,
            message.key,
            keys.public,
        )
    except AuthenticationFailed as error:
        link.reject(error.code, error.text)
        raise


async def _decided(link: Link, pairing: Pairing) -> str:
    """Wait for the owner; return the token. Raises NotPaired, WireError."""
    listening = asyncio.ensure_future(_listen(link))
    either: set[asyncio.Future[Any]] = {listening, pairing.decided}
    try:
        await asyncio.wait(either, timeout=PAIRING_S, return_when=asyncio.FIRST_COMPLETED)
        if pairing.decided.done():
            return pairing.decided.result()
        if listening.done():
            listening.result()
        minutes = round(PAIRING_S / 60)
        text = f"Nobody has approved it within {minutes} minutes; it asks again by itself."
        raise NotPaired("pairing-timeout", text, AGAIN_MS)
    finally:
        listening.cancel()
        with suppress(asyncio.CancelledError, WireError):
            await listening


async def _listen(link: Link) -> None:
    """Take what may be said at any time, until the link ends. Raises WireError."""
    while True:
        if isinstance(await link.receive(), Describe):
            await link.send(Info())
