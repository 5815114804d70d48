"""Finding hubs on the local network, and being found: zeroconf (mDNS service discovery)."""

import asyncio
import ipaddress
from collections.abc import AsyncGenerator, Callable, Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from types import TracebackType
from typing import Self

import ifaddr
from zeroconf import Error as ZeroconfError
from zeroconf import InterfaceChoice, IPVersion, ServiceStateChange
from zeroconf.asyncio import AsyncServiceBrowser, AsyncServiceInfo, AsyncZeroconf

from protocol.errors import DiscoveryFailed
from protocol.sotto_messages import PROTOCOL_VERSION
from protocol.time_limit import time_limit

SERVICE_TYPE = "_sotto._tcp.local."

# Making sure that the name is free takes three probes, a quarter of a second apart.
ADVERTISE_TIMEOUT_S = 5.0
CLOSE_TIMEOUT_S = 2.0
# Answers are spread over 120 ms by the standard; a hub that is busy may need a second question.
RESOLVE_TIMEOUT_S = 1.0
# After the first hub has answered, others get this time to answer too.
SETTLE_S = 0.5
# More hubs than any home has; a flood of made-up names ends here.
MAX_HUBS = 32
EVERY_ADDRESS = frozenset({"", "0.0.0.0", "::"})  # noqa: S104
_MAX_LABEL_BYTES = 63

Interfaces = Sequence[str] | None
"""Addresses of the interfaces to use; None for all of them."""


@dataclass(frozen=True, slots=True)
class HubAddress:
    """A hub that was found. What it says of itself is not proved before the handshake."""

    hub: str
    """The hub's id."""
    name: str
    """Its name, for people."""
    hosts: tuple[str, ...]
    """Its addresses, the best first."""
    port: int
    """Its port for satellites."""
    version: int
    """Version of the protocol that it speaks."""
    authentication: str
    """`token` or `none`."""
    tls: bool
    """Whether it wants TLS."""

    @property
    def host(self) -> str:
        """The best address."""
        return self.hosts[0]


class Announcement:
    """Announces a service while it is entered."""

    def __init__(
        self,
        service_type: str,
        label: str,
        *,
        port: int,
        host: str = "",
        properties: Mapping[str, str] | None = None,
    ) -> None:
        """Announce what listens on `host`: an address, or all of them when empty or 0.0.0.0.

        What listens on loopback is announced there only. `label` finds it again, so it must not
        change when people rename it.
        """
        label = label.replace(".", "-").encode()[:_MAX_LABEL_BYTES].decode(errors="ignore")
        self._interfaces = [host] if _is_loopback(host) else None
        self._zeroconf: AsyncZeroconf | None = None
        self._info = AsyncServiceInfo(
            service_type,
            f"{label}.{service_type}",
            port=port,
            parsed_addresses=own_addresses() if host in EVERY_ADDRESS else [host],
            server=f"{label}.local.",
            properties=dict(properties or {}),
        )

    async def start(self) -> None:
        """Announce the service.

        Raises:
            DiscoveryFailed: the network does not allow it, or another one has the same label.
        """
        zeroconf = self._zeroconf = _open(self._interfaces)
        try:
            async with asyncio.timeout(ADVERTISE_TIMEOUT_S):
                await (await zeroconf.async_register_service(self._info))
        except asyncio.CancelledError:
            await self.close()
            raise
        except (ZeroconfError, OSError, TimeoutError) as error:
            await self.close()
            raise DiscoveryFailed(
                "not-announced", f"it could not be announced on the network: {error!r}"
            ) from error

    async def close(self) -> None:
        """Take the announcement back, within `CLOSE_TIMEOUT_S`."""
        zeroconf, self._zeroconf = self._zeroconf, None
        if zeroconf is not None:
            await _close(zeroconf)

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.close()


class Advertiser(Announcement):
    """Announces a hub while it is entered."""

    def __init__(
        self,
        *,
        hub: str,
        name: str,
        port: int,
        host: str = "",
        authentication: str = "token",
        tls: bool = False,
    ) -> None:
        """Announce a hub that listens on `host`, by its id."""
        properties = {
            "id": hub,
            "name": name,
            "version": str(PROTOCOL_VERSION),
            "auth": authentication,
            "tls": "1" if tls else "0",
        }
        super().__init__(SERVICE_TYPE, hub, port=port, host=host, properties=properties)


async def browse(*, interfaces: Interfaces = None) -> AsyncGenerator[HubAddress, None]:
    """Yield each hub when it is found and when it changes, for ever.

    Raises:
        DiscoveryFailed: the network does not allow it.
    """
    zeroconf = _open(interfaces)
    names: asyncio.Queue[str] = asyncio.Queue(MAX_HUBS)
    browser = AsyncServiceBrowser(zeroconf.zeroconf, SERVICE_TYPE, handlers=[_put_names(names)])
    try:
        while True:
            name = await names.get()
            info = AsyncServiceInfo(SERVICE_TYPE, name)
            # Most hubs send everything with their first answer. The others are asked, for a time.
            known = info.load_from_cache(zeroconf.zeroconf) or await info.async_request(
                zeroconf.zeroconf, RESOLVE_TIMEOUT_S * 1000
            )
            address = _read(info) if known else None
            if address is not None:
                yield address
    finally:
        async with time_limit(CLOSE_TIMEOUT_S):
            await browser.async_cancel()
        await _close(zeroconf)


async def find_hub(
    timeout_s: float, hub_id: str | None = None, *, interfaces: Interfaces = None
) -> list[HubAddress]:
    """Return the hubs that answer, sorted by name: only `hub_id` if given, else all found at once.

    Raises:
        DiscoveryFailed: the network does not allow it.
    """
    found: dict[str, HubAddress] = {}
    try:
        async with (
            asyncio.timeout(timeout_s) as deadline,
            aclosing(browse(interfaces=interfaces)) as hubs,
        ):
            async for address in hubs:
                if hub_id is None or address.hub == hub_id:
                    found[address.hub] = address
                    if hub_id is not None:
                        break
                    _bring_forward(deadline, SETTLE_S)
    except TimeoutError:
        pass
    return sorted(found.values(), key=lambda address: address.name)


def _bring_forward(deadline: asyncio.Timeout, seconds: float) -> None:
    """Let a timeout end in `seconds`, if it would end later."""
    sooner = asyncio.get_running_loop().time() + seconds
    when = deadline.when()
    if when is None or sooner < when:
        deadline.reschedule(sooner)


def _put_names(names: asyncio.Queue[str]) -> Callable[..., None]:
    def on_change(*, name: str, state_change: ServiceStateChange, **_: object) -> None:
        if state_change is not ServiceStateChange.Removed and not names.full():
            names.put_nowait(name)

    return on_change


def _open(interfaces: Interfaces) -> AsyncZeroconf:
    try:
        return AsyncZeroconf(interfaces=list(interfaces) if interfaces else InterfaceChoice.All)
    except OSError as error:
        raise DiscoveryFailed(
            "no-multicast", f"this network allows no discovery: {error}"
        ) from error


async def _close(zeroconf: AsyncZeroconf) -> None:
    try:
        async with time_limit(CLOSE_TIMEOUT_S):
            await zeroconf.async_unregister_all_services()
            await zeroconf.async_close()
    except (TimeoutError, OSError):
        pass  # nobody will hear the farewell; records run out by themselves


def _read(info: AsyncServiceInfo) -> HubAddress | None:
    """Return the hub of a service, or None when its record is no good."""
    text = info.decoded_properties
    hub, version = text.get("id"), text.get("version") or ""
    hosts = info.parsed_scoped_addresses(IPVersion.V4Only)
    hosts += info.parsed_scoped_addresses(IPVersion.V6Only)
    if not hub or not hosts or not info.port or not version.isdecimal():
        return None
    return HubAddress(
        hub=hub,
        name=text.get("name") or hub,
        hosts=tuple(hosts),
        port=info.port,
        version=int(version),
        authentication=text.get("auth") or "token",
        tls=text.get("tls") == "1",
    )


def own_addresses() -> list[str]:
    """Return the addresses of this machine that others can use, IPv4 first."""
    addresses = [
        ipaddress.ip_address(str(ip.ip if ip.is_IPv4 else ip.ip[0]))
        for adapter in ifaddr.get_adapters()
        for ip in adapter.ips
    ]
    usable = [ip for ip in addresses if not ip.is_loopback and not ip.is_link_local]
    return [str(ip) for ip in sorted(usable, key=lambda ip: ip.version)]


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
