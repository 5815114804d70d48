"""A broker of our own, for a home that has none: amqtt, on loopback, in this process."""

import asyncio
import errno
import hmac
import ipaddress
import logging
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any

from amqtt.broker import Broker
from amqtt.contexts import BrokerConfig, ListenerConfig, ListenerType
from amqtt.errors import AMQTTError, BrokerError
from amqtt.plugins.base import BaseAuthPlugin
from amqtt.session import Session

from hub.mqtt.errors import BrokerFailed

CLOSE_TIMEOUT_S = 1.5
END_TIMEOUT_S = 0.5


class UsersPlugin(BaseAuthPlugin):  # type: ignore[misc]  # the library has no types
    """Lets in the users it is configured with, or everybody when it is configured with none."""

    @dataclass
    class Config:
        """What the library hands to the plugin."""

        users: dict[str, str] = field(default_factory=dict)

    async def authenticate(self, *, session: Session) -> bool | None:
        """Tell whether this client may connect."""
        users: dict[str, str] = self.config.users
        if not users:
            return True
        expected = users.get(session.username or "", "")
        given = session.password or ""
        return bool(expected) and hmac.compare_digest(expected.encode(), given.encode())


class _Subscriptions(dict[str, Any]):
    """The broker's subscriptions, which it walks through while others come and go."""

    def __iter__(self) -> Any:
        return iter(tuple(self.keys()))


class _Broker(Broker):  # type: ignore[misc]  # the library has no types
    """The library's broker with three of its habits mended.

    It replays what was retained for anybody's subscriptions to every client that connects, and
    breaks off when a subscription changes meanwhile; it looks through all that is retained for
    every single topic; and it forgets the tasks of its connections.
    """

    def __init__(self, config: BrokerConfig) -> None:
        super().__init__(config)
        self._subscriptions = _Subscriptions()
        self.connections: set[asyncio.Task[Any]] = set()
        self.port = 0

    async def _create_server_instance(
        self, listener_name: str, listener_type: ListenerType, address: Any, port: int, tls: Any
    ) -> Any:
        server = await super()._create_server_instance(
            listener_name, listener_type, address, port, tls
        )
        self.port = int(server.sockets[0].getsockname()[1])
        return server

    async def stream_connected(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, listener_name: str
    ) -> None:
        task = asyncio.current_task()
        if task is not None:
            self.connections.add(task)
            task.add_done_callback(self.connections.discard)
        try:
            await super().stream_connected(reader, writer, listener_name)
        except asyncio.CancelledError:
            # Only `EmbeddedBroker.close` cancels this task, which ends here. The streams of Python
            # 3.11 would log a cancelled one as an error.
            pass
        except (OSError, asyncio.IncompleteReadError, RuntimeError, ValueError):
            pass  # what a peer does to its own connection is no failure of ours
        finally:
            writer.transport.abort()

    async def _publish_retained_messages_for_subscription(
        self, subscription: tuple[str, int], session: Session
    ) -> None:
        topic_filter, _ = subscription
        subscribers = self._subscriptions.get(topic_filter, ())
        if not any(subscriber.client_id == session.client_id for subscriber, _ in subscribers):
            return
        wild = "#" in topic_filter or "+" in topic_filter
        if wild or topic_filter in self._retained_messages:
            await super()._publish_retained_messages_for_subscription(subscription, session)


class EmbeddedBroker:
    """An MQTT 3.1.1 broker that listens on loopback; what is retained lives as long as it does."""

    def __init__(
        self, host: str = "127.0.0.1", port: int = 1883, users: Mapping[str, str] | None = None
    ) -> None:
        """Take 0 as the port to have a free one chosen; `users` maps names to passwords."""
        self.host = host
        self.port = port
        self._users = dict(users or {})
        self._broker: _Broker | None = None

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
        return f"mqtt://{self.host}:{self.port}"

    async def start(self) -> None:
        """Listen. Raises BrokerFailed."""
        if self.host != "localhost" and not ipaddress.ip_address(self.host).is_loopback:
            raise BrokerFailed(
                "not-loopback", f"The built-in MQTT broker listens on loopback, not on {self.host}."
            )
        # It logs every packet and every hiccup of a peer; what matters is raised to us.
        for name in ("amqtt", "transitions"):
            logging.getLogger(name).setLevel(logging.CRITICAL)
        listener = ListenerConfig(bind=f"{self.host}:{self.port}", max_connections=-1)
        plugin = f"{UsersPlugin.__module__}.{UsersPlugin.__qualname__}"
        config = BrokerConfig(
            listeners={"default": listener}, plugins={plugin: {"users": self._users}}
        )
        broker = _Broker(config)
        try:
            await broker.start()
        except BrokerError as error:
            raise self._failure(error) from None
        self.port = broker.port
        self._broker = broker

    async def close(self) -> None:
        """Stop listening and end every connection, within two seconds."""
        broker, self._broker = self._broker, None
        if broker is None:
            return
        with suppress(TimeoutError, AMQTTError, BrokerError):
            async with asyncio.timeout(CLOSE_TIMEOUT_S):
                await broker.shutdown()
        left = [task for task in broker.connections if not task.done()]
        for task in left:
            task.cancel()
        if left:
            await asyncio.wait(left, timeout=END_TIMEOUT_S)
        await asyncio.sleep(0)  # sockets are closed in the loop's next round

    def _failure(self, error: BrokerError) -> BrokerFailed:
        cause = error.__cause__
        if isinstance(cause, OSError) and cause.errno == errno.EADDRINUSE:
            return BrokerFailed(
                "port-in-use",
                f"Port {self.port} on {self.host} is in use, so the built-in MQTT broker can not "
                "start. If an MQTT broker runs there, set mqtt.url to it; otherwise choose "
                "another mqtt.embedded_port.",
            )
        return BrokerFailed("broker-failed", f"The built-in MQTT broker can not start: {error}.")
