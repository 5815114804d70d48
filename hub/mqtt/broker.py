"""A broker of our own, for a home that has none: amqtt, in this process."""

import asyncio
import errno
import logging
import secrets
import socket
import ssl
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any

from amqtt.contexts import BrokerConfig, ListenerConfig
from amqtt.errors import AMQTTError, BrokerError

from hub.loopback import is_loopback
from hub.mqtt.accounts import AccessPlugin, Account, UsersPlugin
from hub.mqtt.address import BrokerAddress
from hub.mqtt.errors import BrokerFailed
from hub.mqtt.mended_broker import MendedBroker
from hub.mqtt.retained import RetainedFile
from protocol.time_limit import time_limit

CLOSE_TIMEOUT_S = 1.5
END_TIMEOUT_S = 0.5
SETTLE_S = 2.0
"""Devices announce themselves in bursts; what is retained is kept when one is over."""
STATES_AFTER_S = 300.0
"""States change all day long, and flash memory wears out; they are kept this often."""
_ANYWHERE = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 - where to connect to these
_OWN = "default"
_TLS = "tls"


@dataclass(frozen=True, slots=True)
class Certificate:
    """What a broker shows over TLS: files in PEM form."""

    certificate: Path
    key: Path


class EmbeddedBroker:
    """An MQTT 3.1.1 broker. What it retains is kept in a file, if it is told one."""

    def __init__(
        self,
        host: str = "127.0.0.1",
        port: int = 1883,
        users: Sequence[Account] = (),
        *,
        certificate: Certificate | None = None,
        retained: Path | None = None,
    ) -> None:
        """Take 0 as the port to have a free one chosen. Without users everybody is let in."""
        self.host = host
        self.port = port
        self._users = {user.name: user for user in users}
        self._certificate = certificate
        self._retained = RetainedFile(retained) if retained else None
        self._own = Account(f"sotto-hub-{secrets.token_hex(4)}", secrets.token_urlsafe())
        self._broker: MendedBroker | None = None
        self._address: BrokerAddress | None = None
        self._keeping: asyncio.Task[None] | None = None
        self._changed = asyncio.Event()
        self._topics_changed = asyncio.Event()

    async def __aenter__(self) -> "EmbeddedBroker":
        await self.start()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.close()

    @property
    def url(self) -> str:
        """The address to connect to, without credentials."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{'mqtts' if self._certificate else 'mqtt'}://{host}:{self.port}"

    @property
    def own_address(self) -> BrokerAddress:
        """Where and as whom the hub itself connects. The broker must have been started."""
        assert self._address is not None
        return self._address

    async def start(self) -> None:
        """Listen. Raises BrokerFailed."""
        if not is_loopback(self.host) and not self._users:
            raise BrokerFailed(
                "needs-users",
                f"The built-in MQTT broker can be reached from other machines on {self.host}, so "
                "it needs users.",
            )
        # It logs every packet and every hiccup of a peer; what matters is raised to us.
        for name in ("amqtt", "transitions"):
            logging.getLogger(name).setLevel(logging.CRITICAL)
        kept = await asyncio.to_thread(self._retained.read) if self._retained else {}
        try:
            broker = MendedBroker(self._configuration(), kept, self._note_change)
        except (BrokerError, OSError, ValueError) as error:
            raise self._failure(error) from None
        try:
            await broker.start()
        except (BrokerError, OSError, ValueError) as error:
            await broker.stop_listening()
            raise self._failure(error) from None
        self.port = broker.ports[_TLS if self._certificate else _OWN]
        own = self._own if self._users else None
        host = "127.0.0.1" if self._certificate else _ANYWHERE.get(self.host, self.host)
        self._address = BrokerAddress(
            host,
            broker.ports[_OWN],
            own.name if own else None,
            own.password if own else None,
            version="3.1.1",
        )
        self._broker = broker
        if self._retained:
            self._keeping = asyncio.create_task(self._keep(broker, self._retained))

    async def close(self) -> None:
        """Stop listening and end every connection, within two seconds."""
        broker, self._broker = self._broker, None
        if broker is None:
            return
        kept = broker.retained()
        if self._keeping is not None:
            self._keeping.cancel()
            await asyncio.gather(self._keeping, return_exceptions=True)
        await broker.stop_listening()
        with suppress(TimeoutError, AMQTTError, BrokerError):
            async with time_limit(CLOSE_TIMEOUT_S):
                await broker.shutdown()
        left = [task for task in broker.connections if not task.done()]
        for task in left:
            task.cancel()
        if left:
            await asyncio.wait(left, timeout=END_TIMEOUT_S)
        await asyncio.sleep(0)  # sockets are closed in the loop's next round
        if self._retained:
            self._retained.write(kept)

    def _configuration(self) -> BrokerConfig:
        accounts = {**self._users, self._own.name: self._own} if self._users else {}
        plugins: dict[str, Any] = {_path(UsersPlugin): {"accounts": accounts}}
        if accounts:
            plugins[_path(AccessPlugin)] = {"accounts": accounts}
        bind = f"{self.host}:{self.port}"  # the library takes brackets for a part of the address
        if self._certificate is None:
            listeners = {_OWN: ListenerConfig(bind=bind, max_connections=-1)}
        else:
            listeners = {
                # The hub itself needs no TLS on this machine, and no name for a certificate.
                _OWN: ListenerConfig(bind="127.0.0.1:0", max_connections=-1),
                _TLS: ListenerConfig(
                    bind=bind,
                    max_connections=-1,
                    ssl=True,
                    certfile=self._certificate.certificate.expanduser(),
                    keyfile=self._certificate.key.expanduser(),
                ),
            }
        return BrokerConfig(listeners=listeners, plugins=plugins)

    def _note_change(self, topics: bool) -> None:
        self._changed.set()
        if topics:
            self._topics_changed.set()

    async def _keep(self, broker: MendedBroker, file: RetainedFile) -> None:
        """Keep what is retained: soon after topics come or go, and now and then for the rest."""
        while True:
            await self._changed.wait()
            with suppress(TimeoutError):
                async with asyncio.timeout(STATES_AFTER_S):
                    await self._topics_changed.wait()
            await asyncio.sleep(SETTLE_S)
            self._changed.clear()
            self._topics_changed.clear()
            await asyncio.to_thread(file.write, broker.retained())

    def _failure(self, error: Exception) -> BrokerFailed:
        cause = error.__cause__ or error
        number = cause.errno if isinstance(cause, OSError) else None
        if number == errno.EADDRINUSE:
            return BrokerFailed(
                "port-in-use",
                f"Port {self.port} on {self.host} is in use, so the built-in MQTT broker can not "
                "start. If an MQTT broker runs there, set mqtt.url to it; otherwise choose "
                "another mqtt.embedded_port.",
            )
        if number == errno.EADDRNOTAVAIL or isinstance(cause, socket.gaierror):
            return BrokerFailed(
                "bad-address",
                f"{self.host} is no address of this machine, so the built-in MQTT broker can not "
                "listen there. Correct mqtt.embedded_host.",
            )
        if isinstance(cause, ssl.SSLError | FileNotFoundError | PermissionError):
            return BrokerFailed(
                "bad-certificate",
                "mqtt.embedded_certificate_file and mqtt.embedded_key_file can not be used: "
                f"{cause}.",
            )
        return BrokerFailed("broker-failed", f"The built-in MQTT broker can not start: {error}.")


def _path(plugin: type) -> str:
    return f"{plugin.__module__}.{plugin.__qualname__}"
