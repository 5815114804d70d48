"""The addresses behind a hub's name. A name service that hangs or fails costs little."""

import asyncio
import ipaddress
import socket
from collections.abc import Sequence

from protocol import Unreachable
from satellite.settings import Address

RESOLVE_S = 2.0
MAX_ADDRESSES = 4


class Resolver:
    """Asks once at a time for each name, and knows the last answer."""

    def __init__(self) -> None:
        self._asked: dict[Address, asyncio.Future[list[str]]] = {}
        self._known: dict[Address, list[str]] = {}

    async def resolve(self, address: Address) -> Sequence[Address]:
        """Return the addresses of a name, at most `RESOLVE_S` later. Raises Unreachable."""
        if is_ip(address.host):
            return [address]
        asked = self._asked.get(address)
        if asked is None or asked.done():
            # In a thread that nobody can stop; it is left to end by itself.
            asked = self._asked[address] = asyncio.ensure_future(_look_up(address))
        await asyncio.wait({asked}, timeout=RESOLVE_S)
        reason = f"nobody answered within {RESOLVE_S:g} s"
        if asked.done() and not asked.cancelled():
            error = asked.exception()
            if error is None:
                self._known[address] = asked.result()
            reason = str(error)
        known = self._known.get(address)
        if not known:
            text = f"the name {address.host!r} can not be resolved: {reason}"
            raise Unreachable("unreachable", text)
        return [Address(host, address.port) for host in known]

    async def close(self) -> None:
        """Wait for no answer any more."""
        for asked in self._asked.values():
            asked.cancel()
        if self._asked:
            await asyncio.wait(self._asked.values())


def is_ip(host: str) -> bool:
    """Tell whether a host is an address already."""
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


async def _look_up(address: Address) -> list[str]:
    loop = asyncio.get_running_loop()
    found = await loop.getaddrinfo(address.host, address.port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))[:MAX_ADDRESSES]
