"""Where a broker is, and who we are there."""

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal
from urllib.parse import unquote, urlsplit

PORTS = {"mqtt": 1883, "mqtts": 8883}
_CREDENTIALS = re.compile(r"//[^/]*@")


@dataclass(frozen=True, slots=True)
class Trust:
    """How broker and hub prove to each other over TLS who they are."""

    ca_file: Path | None = None
    """Who may have signed the broker's certificate; None: those that this machine trusts."""
    certificate_file: Path | None = None
    """The certificate that we show, if any."""
    key_file: Path | None = None
    server_name: str | None = None
    """The name in the broker's certificate, where it is not the host."""


@dataclass(frozen=True, slots=True)
class BrokerAddress:
    """The address of an MQTT broker. Its text never shows the password."""

    host: str
    port: int = 1883
    username: str | None = None
    password: str | None = field(default=None, repr=False)
    tls: bool = False
    trust: Trust = Trust()
    version: Literal["auto", "5", "3.1.1"] = "auto"
    """The MQTT version to speak; "auto" tries them in this order."""

    @classmethod
    def parse(cls, url: str) -> "BrokerAddress":
        """Read `mqtt://user:password@host:1883` or `mqtts://`. Raises ValueError, in one line."""
        shown = _CREDENTIALS.sub("//***@", url)
        wrong = f"{shown!r} is no address of an MQTT broker; write mqtt://host:1883"
        parts = urlsplit(url)
        if parts.scheme not in PORTS:
            raise ValueError(f"{wrong}, or mqtts://host:8883 for TLS.")
        try:
            host, port = parts.hostname, parts.port
        except ValueError:
            raise ValueError(f"{wrong}; the port is a number from 1 to 65535.") from None
        if not host or parts.path not in {"", "/"} or parts.query or parts.fragment:
            raise ValueError(f"{wrong}.")
        return cls(
            host=host,
            port=PORTS[parts.scheme] if port is None else port,
            username=None if parts.username is None else unquote(parts.username),
            password=None if parts.password is None else unquote(parts.password),
            tls=parts.scheme == "mqtts",
        )

    def __str__(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{host}:{self.port}"
