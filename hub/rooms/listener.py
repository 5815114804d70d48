"""Satellites dial in here: hello, challenge, proof, welcome, and then a session."""

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

import structlog

from hub.bus import Bus
from hub.events import SatelliteConnected, SatelliteGone
from hub.rooms.directory import Directory
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
        make_session: Callable[[Link, Hello], Session],
    ) -> None:
        self._identity = identity
        self._token = token
        self._directory = directory
        self._bus = bus
        self._make_session = make_session

    async def handle(self, link: Link) -> None:
        """Serve one link to its end. The link itself limits how long the handshake may take."""
        hello = await self._greet(link)
        if hello is None:
            return
        session = self._make_session(link, hello)
        await self._directory.enter(session)
        self._bus.publish(SatelliteConnected(hello.satellite, hello.name, hello.area))
        log.info("satellite connected", satellite=hello.satellite, name=hello.name, area=hello.area)
        try:
            await session.run()
        finally:
            self._directory.leave(session)
            reason = str(link.fault or "the link was closed")
            self._bus.publish(SatelliteGone(hello.satellite, reason))
            log.info("satellite gone", satellite=hello.satellite, reason=reason)

    async def _greet(self, link: Link) -> Hello | None:
        """Return the hello of a satellite that has proved itself; others are refused."""
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
            identity = self._identity
            await link.send(
                Welcome(
                    version=PROTOCOL_VERSION,
                    hub=identity.id,
                    name=identity.name,
                    session=uuid.uuid4().hex,
                    mac=mac,
                    keep_alive_ms=KEEP_ALIVE_MS,
                    settings={},
                )
            )
            return hello
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
