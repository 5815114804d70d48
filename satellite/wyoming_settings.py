"""What is set about serving Home Assistant as a plain Wyoming satellite."""

import ipaddress
from typing import Annotated
from urllib.parse import urlsplit

from msgspec import Meta

from satellite.section import BadValue, Section

DEFAULT_PORT = 10_700
"""Where Wyoming satellites listen unless they are told otherwise."""

_NO_URI = "it is tcp://HOST:PORT, as in tcp://0.0.0.0:10700"


class Wyoming(Section, frozen=True):
    """Serving Home Assistant instead of a Sotto hub."""

    uri: str = ""
    """`tcp://0.0.0.0:10700` makes it a plain Wyoming satellite of Home Assistant, with no hub of
    ours. Wyoming has no authentication: whoever reaches the address gets what is said after the
    wake word, and can speak here."""
    allow: Annotated[tuple[str, ...], Meta(max_length=64)] = ()
    """Addresses or networks (`192.168.1.10`, `192.168.1.0/24`) that may connect; in the environment
    separated by commas. Empty: everybody."""
    discoverable: bool = True
    """Announce it by zeroconf, so that Home Assistant finds it."""

    def __post_init__(self) -> None:
        try:
            if self.uri:
                parse_uri(self.uri)
        except ValueError as error:
            raise BadValue("uri", f"{error}, and is {self.uri!r}") from error
        try:
            for text in self.allow:
                ipaddress.ip_network(text, strict=False)
        except ValueError as error:
            raise BadValue("allow", str(error)) from error

    def allows(self, host: str) -> bool:
        """Tell whether a peer at this address may connect."""
        if not self.allow:
            return True
        try:
            address = ipaddress.ip_address(host.partition("%")[0])
        except ValueError:
            return False
        mapped = getattr(address, "ipv4_mapped", None)
        return any(
            (mapped or address) in ipaddress.ip_network(text, strict=False) for text in self.allow
        )


def parse_uri(uri: str) -> tuple[str, int]:
    """Return host and port of `tcp://HOST:PORT`. Raises ValueError."""
    parts = urlsplit(uri)
    if parts.scheme != "tcp" or not parts.hostname or parts.path or parts.query or parts.username:
        raise ValueError(_NO_URI)
    try:
        port = parts.port
    except ValueError:
        raise ValueError(_NO_URI) from None
    return parts.hostname, DEFAULT_PORT if port is None else port


def is_loopback(address: str) -> bool:
    """Tell whether only this machine can reach an address."""
    return ipaddress.ip_address(address.partition("%")[0]).is_loopback
