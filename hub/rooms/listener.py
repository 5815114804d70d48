"""Satellites dial in here: hello, challenge, proof, welcome, and then a session."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

import structlog

from hub.bus import Bus
from hub.events import SatelliteConnected, SatelliteGone
from hub.rooms.directory import Directory
from hub.rooms.lasting_link import FEATURE, LastingLink, SatelliteLink
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


@dataclass(frozen=True, slots=True)
class HubIdentity:
    """Who this hub is."""

    id: str
    """The same after a restart."""
    name: str


class Listener:
    """Takes links of satellites. `handle` is what the server calls for each."""

    def __init__(
        self,
        identity: HubIdentity,
        token: str | None,
        directory: Directory,
        bus: Bus,
        make_session: Callable[[SatelliteLink, Hello], Session],
    ) -> None:
        self._identity = identity
        self._token = token
        self._directory = directory
        self._bus = bus
        self._make_session = make_session
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
        try:
            await self._serve(lasting, hello)
        finally:
            del self._lasting[lasting.session]

    async def _serve(self, link: LastingLink, hello: Hello) -> None:
        session = self._make_session(link, hello)
        await self._directory.enter(session)
        self._bus.publish(SatelliteConnected(hello.satellite, hello.name, hello.area))
        log.info("satellite connected", satellite=hello.satellite, name=hello.name, area=hello.area)
        try:
            await session.run()
        finally:
            # One whose place was taken by a newer session is not gone.
            if self._directory.leave(session):
                self._bus.publish(SatelliteGone(hello.satellite, link.reason))
                log.info("satellite gone", satellite=hello.satellite, reason=link.reason)

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
            return hello, mac
        except WireError as closed:
            log.info("a link ended before it was a satellite", peer=link.peer, reason=str(closed))
            return None

    async def _prove(self, link: Link, hello: Hello) -> str | None:
        """Challenge the satellite; return the hub's own proof, or None after refusing it."""
        token, identity, nonce = self._token or "", self._identity, new_nonce()
        await link.send(
            Challenge(version=PROTOCOL_VERSION, hub=identity.id, name=identity.name, nonce=nonce)
        )
        proof = await _expect(link, Proof)
        if proof is None:
            return None
        proven = {
            "satellite": hello.satellite,
            "hub": identity.id,
            "satellite_nonce": hello.nonce,
            "hub_nonce": nonce,
        }
        if not verify(proof.mac, satellite_mac(token, **proven)):
            text = "The token is not this hub's. Set the satellite's token to the hub's."
            await self._refuse(link, hello, "bad-token", text, BAD_TOKEN_RETRY_MS)
            return None
        return hub_mac(token, **proven)

    @staticmethod
    async def _refuse(
        link: Link, hello: Hello, code: str, text: str, retry_after_ms: int | None
    ) -> None:
        log.warning("satellite refused", satellite=hello.satellite, peer=link.peer, code=code)
        await link.send(Refused(code=code, text=text, retry_after_ms=retry_after_ms))
        await link.close(code)


async def _expect(link: Link, kind: type[M]) -> M | None:
    """Return the next message if it is of `kind`; the wire's table has seen to it otherwise."""
    while isinstance(message := await link.receive(), Describe):
        # Whoever asks before it has proved itself is told nothing: no service is offered here.
        await link.send(Info())
    return message if isinstance(message, kind) else None
