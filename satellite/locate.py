"""Where hubs are: at the addresses in the settings, or wherever they announce themselves."""

import asyncio
import ipaddress
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from protocol import PROTOCOL_VERSION, DiscoveryFailed, SottoError
from satellite.errors import SatelliteError
from satellite.log import say
from satellite.pairing import Pairing
from satellite.resolve import Resolver
from satellite.settings import AUTO, Address, parse_address

if TYPE_CHECKING:
    # zeroconf costs a tenth of a second and 9 MB, which a given address saves.
    from protocol.discovery import HubAddress

DISCOVERY_TIMEOUT_S = 5.0
SETTLE_S = 0.5
"""After the first hub has answered, the one that is preferred gets this time to answer too."""
MAX_HUBS = 32
MAX_CANDIDATES = 16


@dataclass(frozen=True, slots=True)
class Candidate:
    """An address where a hub may be."""

    address: Address
    rank: int
    """0 for the hub that is wanted, more for others."""


def _browse() -> "AsyncGenerator[HubAddress]":
    from protocol.discovery import browse  # noqa: PLC0415

    return browse()


class Locator:
    """Knows the hubs in the settings, in order of preference; `auto` stands for those around."""

    def __init__(
        self,
        hubs: Sequence[str],
        pairing: Pairing,
        *,
        has_token: bool,
        browse: "Callable[[], AsyncGenerator[HubAddress]]" = _browse,
    ) -> None:
        self._hubs = tuple(hubs)
        self._pairing = pairing
        self._has_token = has_token
        self._browse = browse
        self._browsing: asyncio.Task[None] | None = None
        self._announced: dict[str, HubAddress] = {}
        self._failed: DiscoveryFailed | None = None
        self._heard = asyncio.Event()
        self._resolver = Resolver()

    async def candidates(self) -> Sequence[Candidate]:
        """Return where to try, best first.

        Raises SatelliteError "no-hub" or "no-token", DiscoveryFailed, Unreachable.
        """
        self._heard.clear()
        if AUTO in self._hubs:
            await self._look_around(patient=self._hubs == (AUTO,))
        found: list[Candidate] = []
        error: SottoError | None = None
        for place, hub in enumerate(self._hubs):
            if hub == AUTO:
                found += self._around(2 * place)
                continue
            try:
                addresses = await self._resolver.resolve(parse_address(hub))
            except SottoError as failure:
                error = failure
            else:
                found += [Candidate(address, 2 * place) for address in addresses]
        if found:
            return sorted(found, key=lambda candidate: candidate.rank)[:MAX_CANDIDATES]
        raise error or self._failed or self._nothing()

    def rank(self, candidate: Candidate, hub: str) -> int:
        """Return the rank of a candidate that has proved to be `hub`."""
        place = candidate.rank // 2
        if self._hubs[place] != AUTO:
            return candidate.rank
        # What it said of itself when it was found may have been another's.
        return 2 * place + (self._pairing.hub not in (None, hub))

    def settle(self, hub: str) -> None:
        """Belong to a hub from now on: the one that is wanted is gone for good."""
        try:
            self._pairing.change(hub)
        except OSError as error:
            say("warning", "the hub can not be remembered over a restart", error=str(error))

    async def changed(self) -> None:
        """Wait until a hub announces itself."""
        await self._heard.wait()

    async def rest(self) -> None:
        """Look for no hubs for now; the next question begins to again."""
        task, self._browsing = self._browsing, None
        if task is not None:
            task.cancel()
            await asyncio.wait([task])

    async def close(self) -> None:
        """Stop for good."""
        await self.rest()
        await self._resolver.close()

    async def _look_around(self, *, patient: bool) -> None:
        if self._browsing is None or self._browsing.done():
            self._failed = None
            self._browsing = asyncio.create_task(self._follow(), name="hub browser")
        if not patient:
            return
        loop = asyncio.get_running_loop()
        until = loop.time() + DISCOVERY_TIMEOUT_S
        settled = False
        while not self._is_complete() and self._failed is None and loop.time() < until:
            if self._announced and not settled:
                settled, until = True, min(until, loop.time() + SETTLE_S)
            try:
                async with asyncio.timeout_at(until):
                    await self._heard.wait()
            except TimeoutError:
                break
            self._heard.clear()

    def _is_complete(self) -> bool:
        """Tell whether nobody better can come."""
        return self._pairing.hub in self._announced

    async def _follow(self) -> None:
        try:
            async with aclosing(self._browse()) as hubs:
                async for hub in hubs:
                    if hub.hub in self._announced or len(self._announced) < MAX_HUBS:
                        self._announced[hub.hub] = hub
                        self._heard.set()
        except DiscoveryFailed as error:
            self._failed = error
            self._heard.set()

    def _around(self, rank: int) -> list[Candidate]:
        wanted = self._pairing.hub
        return [
            Candidate(Address(host, hub.port), rank + (wanted not in (None, hub.hub)))
            for hub in sorted(self._announced.values(), key=lambda hub: hub.name)
            if _is_spoken(hub)
            for host in hub.hosts
            # Anybody may announce a hub; without a token only this machine is to be trusted.
            if self._has_token or _is_loopback(host)
        ]

    def _nothing(self) -> SatelliteError:
        hubs = list(self._announced.values())
        spoken = [hub for hub in hubs if _is_spoken(hub)]
        if spoken:
            text = (
                f"found the hub {spoken[0].name!r}, but it needs a token: set token or token_file"
            )
            return SatelliteError("no-token", text)
        if hubs:
            text = f"the hub {hubs[0].name!r} speaks another version of the protocol, or wants TLS"
            return SatelliteError("no-hub", text)
        return SatelliteError(
            "no-hub", "no hub was found in this network; is it on? Or name it: --hub HOST"
        )


async def locate(hubs: Sequence[str], *, has_token: bool) -> Sequence[Address]:
    """Return where hubs, as in the settings, may be; looked up once. Raises SottoError."""
    locator = Locator(hubs, Pairing(Path(), None), has_token=has_token)
    try:
        return [candidate.address for candidate in await locator.candidates()]
    finally:
        await locator.close()


def _is_spoken(hub: "HubAddress") -> bool:
    return hub.version == PROTOCOL_VERSION and not hub.tls


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
