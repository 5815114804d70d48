"""Where the hub is: at the address in the settings, or wherever it announces itself."""

import ipaddress
from collections.abc import Sequence

from protocol import PROTOCOL_VERSION
from satellite.errors import SatelliteError
from satellite.settings import Address, parse_address

DISCOVERY_TIMEOUT_S = 5.0


async def locate(hub: str, *, has_token: bool) -> Sequence[Address]:
    """Return the addresses to try, best first. Raises SatelliteError "no-hub", DiscoveryFailed."""
    if hub != "auto":
        return [parse_address(hub)]
    # zeroconf costs a tenth of a second and 9 MB, which a given address saves.
    from protocol.discovery import find_hub  # noqa: PLC0415

    found = await find_hub(DISCOVERY_TIMEOUT_S)
    spoken = [hub for hub in found if hub.version == PROTOCOL_VERSION and not hub.tls]
    addresses = [Address(host, hub.port) for hub in spoken for host in hub.hosts]
    if not has_token:
        # Anybody may announce a hub; without a token only this machine is to be trusted.
        addresses = [address for address in addresses if _is_loopback(address.host)]
    if addresses:
        return addresses
    if spoken:
        text = f"found the hub {spoken[0].name!r}, but it needs a token: set token or token_file"
        raise SatelliteError("no-token", text)
    if found:
        text = f"the hub {found[0].name!r} speaks another version of the protocol, or wants TLS"
        raise SatelliteError("no-hub", text)
    raise SatelliteError(
        "no-hub", "no hub was found in this network; is it on? Or name it: --hub HOST"
    )


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
