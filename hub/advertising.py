"""Announces the hub in the local network, so that satellites find it."""

import asyncio

import structlog

from hub.rooms.listener import HubIdentity
from protocol.discovery import Advertiser
from protocol.errors import DiscoveryFailed

log = structlog.get_logger(__name__)


async def advertise(identity: HubIdentity, host: str, port: int) -> None:
    """Announce the hub by zeroconf until cancelled; a network that forbids it costs only that."""
    try:
        async with Advertiser(hub=identity.id, name=identity.name, host=host, port=port):
            await asyncio.Event().wait()
    except DiscoveryFailed as error:
        log.warning("satellites must be told the hub's address", error=str(error))
