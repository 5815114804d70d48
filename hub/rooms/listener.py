"""Satellites dial in here: hello, challenge, proof, welcome, and then a session."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol, TypeVar

import structlog

from hub.bus import Bus
from hub.rooms.attending import attend
from hub.rooms.directory import Directory
from hub.rooms.lasting_link import FEATURE, LastingLink, SatelliteLink
from hub.rooms.pairing import Pairings, pair
from hub.rooms.session import Session
from protocol.authentication import hub_mac, new_nonce, satellite_mac, verify
from protocol.errors import WireError
from protocol.schema import Message
from protocol.sotto_messages import (
    PROTOCOL_VERSION,
    Challenge,
    Hello,
    Proof,
    Refused,
    Welcome,
)
from protocol.stream import Link
from protocol.wyoming_info import Describe, Info

log = structlog.get_logger(__name__)

M = TypeVar("M", bound=Message)

KEEP_ALIVE_MS = 2000
BAD_TOKEN_RETRY_MS = 30_000
"""A wrong token does not mend itself within seconds, and guessing should be slow."""
REMOVED = "This satellite was removed. Approve it in the dashboard to let it in again."
_MAY_BE_APPROVED = {"bad-token", "removed"}


@dataclass(frozen=True, slots=True)
class HubIdentity:
    """Who this hub is."""

    id: str
    """The same after a restart."""
    name: str


class Doorkeeper(Protocol):
    """Who may come in, and who did."""

    @property
    def pairings(self) -> Pairings | None:
        """Satellites that an owner may give a token; None: nobody looks."""

    def tokens(self, satellite: str) -> Sequence[str]:
        """Return the tokens that a satellite may know beside the house's."""

    def bars(self, satellite: str) -> bool:
        """Return whether a satellite is not let in whatever it knows."""

    def refused(self, hello: Hello, address: str, code: str) -> None:
        """Take note of one that was not let in."""

    def welcomed(self, hello: Hello, address: str, link: LastingLink) -> Hello:
        """Take note of one that came; return its hello with the name and room it was given."""

    def left(self, satellite: str, link: LastingLink) -> None:
        """Take note of one that has gone."""


class OpenDoor:
    """Lets in whoever knows the house's token, and takes note of nobody."""

    pairings: Pairings | None = None

    def tokens(self, satellite: str) -> Sequence[str]:  # noqa: ARG002
        """Return none."""
        return ()

    def bars(self, satellite: str) -> bool:  # noqa: ARG002
        """Return False."""
        return False

    def refused(self, hello: Hello, address: str, code: str) -> None:
        """Take no note."""

    def welcomed(self, hello: Hello, address: str, link: LastingLink) -> Hello:  # noqa: ARG002
        """Return the hello as it is."""
        return hello

    def left(self, satellite: str, link: LastingLink) -> None:
        """Take no note."""


class Listener:
    """Takes links of satellites. `handle` is what the server calls for each."""

    def __init__(
        self,
        identity: HubIdentity,
        token: str | None,
        directory: Directory,
        bus: Bus,
        make_session: Callable[[SatelliteLink, Hello], Session],
        *,
        door: Doorkeeper | None = None,
    ) -> None:
        self._identity = identity
        self._token = token
        self._directory = directory
        self._bus = bus
        self._make_session = make_session
        self._door: Doorkeeper = OpenDoor() if door is None else door
        self._lasting: dict[str, LastingLink] = {}

    async def handle(self, link: Link) -> None:
        """Serve one link to its end. The link itself limits how long the handshake may take."""
        greeted = await self._greet(link)
        if greeted is None:
            return
        hello, mac = greeted
        lasting = self._lasting.get(hello.session or "")
        try:
            if lasting is not None and lasting.can_resume(hello.satellite, hello.received):
                await lasting.carry(link, hello.received, self._welcome(lasting, mac))
                return
            lasting = LastingLink(link, hello.satellite, lasts=FEATURE in hello.features)
            await link.send(self._welcome(lasting, mac))
        except WireError as closed:
            log.info("a link ended before it was of use", peer=link.peer, reason=str(closed))
            return
        self._lasting[lasting.session] = lasting
        hello = self._door.welcomed(hello, link.host, lasting)
        try:
            session = self._make_session(lasting, hello)
            await attend(session, lasting, self._directory, self._bus)
        finally:
            del self._lasting[lasting.session]
            self._door.left(hello.satellite, lasting)

    def _welcome(self, link: LastingLink, mac: str | None) -> Welcome:
        return Welcome(
            version=PROTOCOL_VERSION,
            hub=self._identity.id,
            name=self._identity.name,
            session=link.session,
            mac=mac,
            keep_alive_ms=KEEP_ALIVE_MS,
            settings={},
            resume_ms=link.resume_ms,
        )

    async def _greet(self, link: Link) -> tuple[Hello, str | None] | None:
        """Return the hello of a satellite that has proved itself, and our proof.

        Others are refused.
        """
        hello: Hello | None = None
        try:
            hello = await _expect(link, Hello)
            if hello is None:
                return None
            if hello.version != PROTOCOL_VERSION:
                text = f"This hub speaks version {PROTOCOL_VERSION}, not {hello.version}."
                await self._refuse(link, hello, "version", text, None)
                return None
            mac = await self._prove(link, hello) if self._token is not None else None
            if self._token is not None and mac is None:
                return None
            if self._door.bars(hello.satellite):
                await self._refuse(link, hello, "removed", REMOVED, BAD_TOKEN_RETRY_MS)
                return None
            return hello, mac
        except WireError as closed:
            if hello is not None and self._token is not None and hello.pairing is None:
                # One that has no token leaves when it is asked to prove that it knows it.
                self._door.refused(hello, link.host, "no-token")
            log.info("a link ended before it was a satellite", peer=link.peer, reason=str(closed))
            return None

    async def _prove(self, link: Link, hello: Hello) -> str | None:
        """Challenge the satellite; return the hub's own proof, or None after refusing it."""
        identity, nonce = self._identity, new_nonce()
        challenge = Challenge(PROTOCOL_VERSION, identity.id, identity.name, nonce)
        pairings = self._door.pairings
        if hello.pairing is None or pairings is None:
            await link.send(challenge)
        else:
            self._door.refused(hello, link.host, "no-token")
            if not await pair(link, hello, challenge, pairings):
                return None
        proof = await _expect(link, Proof)
        if proof is None:
            return None
        proven = {
            "satellite": hello.satellite,
            "hub": identity.id,
            "satellite_nonce": hello.nonce,
            "hub_nonce": nonce,
        }
        for token in (self._token or "", *self._door.tokens(hello.satellite)):
            if verify(proof.mac, satellite_mac(token, **proven)):
                return hub_mac(token, **proven)
        if self._door.bars(hello.satellite):
            await self._refuse(link, hello, "removed", REMOVED, BAD_TOKEN_RETRY_MS)
            return None
        text = (
            "The token is not this hub's. Set the satellite's token to the hub's, or approve the "
            "satellite in the dashboard and set the token that it shows."
        )
        await self._refuse(link, hello, "bad-token", text, BAD_TOKEN_RETRY_MS)
        return None

    async def _refuse(
        self, link: Link, hello: Hello, code: str, text: str, retry_after_ms: int | None
    ) -> None:
        if code in _MAY_BE_APPROVED:
            self._door.refused(hello, link.host, code)
        log.warning("satellite refused", satellite=hello.satellite, peer=link.peer, code=code)
        await link.send(Refused(code=code, text=text, retry_after_ms=retry_after_ms))
        await link.close(code)


async def _expect(link: Link, kind: type[M]) -> M | None:
    """Return the next message if it is of `kind`; the wire's table has seen to it otherwise."""
    while isinstance(message := await link.receive(), Describe):
        # Whoever asks before it has proved itself is told nothing: no service is offered here.
        await link.send(Info())
    return message if isinstance(message, kind) else None
