"""The library's broker with some of its habits mended; `EmbeddedBroker` is made of it."""

import asyncio
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any

import structlog
from amqtt.adapters import ReaderAdapter, WriterAdapter
from amqtt.broker import Broker, RetainedApplicationMessage
from amqtt.contexts import BrokerConfig, ListenerType
from amqtt.errors import MQTTError
from amqtt.session import Session

from hub.mqtt.retained import MAX_MESSAGE_BYTES, MAX_MESSAGES, Retained
from protocol.listening import stop_listening

log = structlog.get_logger(__name__)

CONNECT_TIMEOUT_S = 10.0
"""Who connects and says nothing is cut off after this."""
_MQTT = b"\x00\x04MQTT"
_LEVEL_3_1_1 = 4
_WRONG_VERSION = b"\x20\x02\x00\x01"
"""CONNACK: unacceptable protocol version."""


class _Subscriptions(dict[str, Any]):
    """The broker's subscriptions, which it walks through while others come and go."""

    def __iter__(self) -> Any:
        return iter(tuple(self.keys()))


class _Again(ReaderAdapter):  # type: ignore[misc]  # the library has no types
    """A reader that gives again what was read of it already."""

    def __init__(self, already: bytes, reader: ReaderAdapter) -> None:
        self._already = already
        self._reader = reader

    async def read(self, n: int = -1) -> bytes:
        """Return `n` bytes, or fewer at the end."""
        if n < 0 or not self._already:
            return self._take(len(self._already)) + bytes(await self._reader.read(n))
        if n <= len(self._already):
            return self._take(n)
        first = self._take(n)
        return first + bytes(await self._reader.read(n - len(first)))

    def feed_eof(self) -> None:
        """Take note of the end."""
        self._reader.feed_eof()

    def _take(self, count: int) -> bytes:
        taken, self._already = self._already[:count], self._already[count:]
        return taken


class MendedBroker(Broker):  # type: ignore[misc]  # the library has no types
    """The library's broker, mended.

    It replays what was retained for anybody's subscriptions to every client that connects, and
    breaks off when a subscription changes meanwhile; it looks through all that is retained for
    every single topic; it forgets the tasks of its connections; it retains without a bound; and
    a CONNECT of MQTT 5 makes it wait for bytes that never come.
    """

    def __init__(
        self, config: BrokerConfig, kept: Mapping[str, Retained], changed: Callable[[bool], None]
    ) -> None:
        """`kept` is retained from the start; `changed` is told of changes, True for new topics."""
        super().__init__(config)
        self._subscriptions = _Subscriptions()
        self._kept = kept
        self._tell_change = changed
        self._is_full = False
        self.connections: set[asyncio.Task[Any]] = set()
        self.ports: dict[str, int] = {}

    def retained(self) -> dict[str, Retained]:
        """Return what is to be retained if every client was cut off now: with their last wills."""
        kept = {
            topic: Retained(bytes(message.data), message.qos or 0)
            for topic, message in self._retained_messages.items()
        }
        for session, _ in self._sessions.values():
            if session.will_flag and session.will_retain and session.transitions.is_connected():
                kept[session.will_topic] = Retained(
                    bytes(session.will_message or b""), session.will_qos or 0
                )
        return {topic: message for topic, message in kept.items() if message.data}

    async def stop_listening(self) -> None:
        """Let nobody in any more; who was let in last is among the connections after that."""
        for server in self._servers.values():
            await stop_listening(server.instance)

    async def retain_message(
        self, source_session: Session | None, topic_name: str, data: bytes, qos: int | None = None
    ) -> None:
        """Retain a message, or forget one, within bounds."""
        known = topic_name in self._retained_messages
        if data and (
            len(data) > MAX_MESSAGE_BYTES
            or (not known and len(self._retained_messages) >= MAX_MESSAGES)
        ):
            if not self._is_full:
                log.warning("the built-in mqtt broker can not retain more", topic=topic_name)
            self._is_full = True
            return
        await super().retain_message(source_session, topic_name, data, qos)
        self._tell_change(known != bool(data))

    async def _start_listeners(self) -> None:
        for topic, message in self._kept.items():
            self._retained_messages[topic] = RetainedApplicationMessage(
                None, topic, message.data, message.qos
            )
        await super()._start_listeners()

    async def _create_server_instance(
        self, listener_name: str, listener_type: ListenerType, address: Any, port: int, tls: Any
    ) -> Any:
        server = await super()._create_server_instance(
            listener_name, listener_type, address, port, tls
        )
        self.ports[listener_name] = int(server.sockets[0].getsockname()[1])
        return server

    async def _initialize_client_session(
        self, reader: ReaderAdapter, writer: WriterAdapter, *where: Any
    ) -> Any:
        async with asyncio.timeout(CONNECT_TIMEOUT_S):
            opening = await _opening(reader)
            if opening[:1] == b"\x10" and opening[-7:-1] == _MQTT and opening[-1] != _LEVEL_3_1_1:
                writer.write(_WRONG_VERSION)
                await writer.drain()
                raise MQTTError("it speaks another version")
            return await super()._initialize_client_session(_Again(opening, reader), writer, *where)

    def stream_connected(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, listener_name: str
    ) -> None:
        """Serve one connection, to its end, in a task of its own."""
        task = asyncio.create_task(self._serve(reader, writer, listener_name))
        self.connections.add(task)

        def end(task: asyncio.Task[Any]) -> None:
            # Also of one that was cancelled before it began.
            self.connections.discard(task)
            writer.transport.abort()

        task.add_done_callback(end)

    async def _serve(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, listener_name: str
    ) -> None:
        # What a peer does to its own connection is no failure of ours.
        with suppress(OSError, EOFError, RuntimeError, ValueError, TimeoutError):
            await super().stream_connected(reader, writer, listener_name)

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


async def _opening(reader: ReaderAdapter) -> bytes:
    """Return the first bytes of a connection: of a CONNECT, up to and with its version."""
    read = bytes(await reader.read(2))
    while len(read) in range(2, 5) and read[-1] & 0x80:
        read += bytes(await reader.read(1))
    return read + bytes(await reader.read(len(_MQTT) + 1))
