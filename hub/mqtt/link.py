"""The link to the broker: connects, connects again, and keeps subscriptions over both."""

import asyncio
import random
import ssl
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import aiomqtt
import structlog

from hub.mqtt.address import BrokerAddress
from hub.mqtt.errors import BrokerUnreachable, MqttUnavailable
from hub.mqtt.inbox import Inbox
from hub.mqtt.publication import Publication

log = structlog.get_logger(__name__)

Handler = Callable[[str, bytes, bool], None]
"""Takes topic, payload and whether the broker had retained the message. It must not block."""

CONNECT_TIMEOUT_S = 5.0
SUBSCRIBE_TIMEOUT_S = 10.0
PUBLISH_TIMEOUT_S = 2.0
CLOSE_TIMEOUT_S = 1.5
KEEPALIVE_S = 20
"""A broker that vanished without a word is noticed after one and a half of these."""
MAX_FILTERS_PER_SUBSCRIBE = 100
"""Keeps a SUBSCRIBE packet far below the 256 KiB that brokers commonly take."""
_CREDENTIALS_REFUSED = {4, 5, 134, 135}
"""CONNACK codes of MQTT 3.1.1, and what paho turns them into."""


@dataclass(frozen=True, slots=True)
class Backoff:
    """How long to wait before another attempt: doubling, with jitter, up to a cap."""

    first_s: float = 0.5
    cap_s: float = 30.0

    def delay_s(self, failures: int) -> float:
        """Return the wait after this many failures in a row, between half of it and all of it."""
        full: float = min(self.cap_s, self.first_s * 2 ** min(failures - 1, 16))
        return full * random.uniform(0.5, 1.0)  # noqa: S311 (spreads load, guards nothing)


class MqttLink:
    """One connection to a broker. It lives while `run` runs; subscriptions may be made before."""

    def __init__(
        self,
        address: BrokerAddress,
        *,
        client_id: str,
        will: Publication | None = None,
        birth: Publication | None = None,
        backoff: Backoff | None = None,
    ) -> None:
        self.address = address
        self.client_id = client_id
        self._will = will
        self._birth = birth
        self._backoff = backoff or Backoff()
        self._client: aiomqtt.Client | None = None
        self._handlers: dict[str, list[Handler]] = {}
        self._to_subscribe: dict[str, None] = {}
        self._to_unsubscribe: dict[str, None] = {}
        self._changed = asyncio.Event()
        self._subscribed = asyncio.Event()
        self._verdict = asyncio.Event()
        self._failure: BrokerUnreachable | None = None
        self._publishing: set[asyncio.Timeout] = set()
        self._listeners: list[Callable[[bool], None]] = []

    @property
    def connected(self) -> bool:
        """Whether there is a connection now."""
        return self._client is not None

    @property
    def subscribed(self) -> bool:
        """Whether the broker has confirmed every subscription made so far."""
        return self._subscribed.is_set()

    def on_connection(self, listener: Callable[[bool], None]) -> None:
        """Call `listener` with True after every connect and with False after every loss."""
        self._listeners.append(listener)

    async def run(self) -> None:
        """Hold the connection until cancelled, connecting again whenever it is lost."""
        failures = 0
        while True:
            if await self._connection():
                failures = 0
            failures += 1
            await asyncio.sleep(self._backoff.delay_s(failures))

    async def wait_connected(self, timeout_s: float) -> None:
        """Wait for a connection. Raises BrokerUnreachable, at once where waiting can not help."""
        with suppress(TimeoutError):
            async with asyncio.timeout(timeout_s):
                await self._verdict.wait()
        if not self.connected:
            raise self._failure or _unreachable(self.address)

    async def wait_subscribed(self, timeout_s: float) -> bool:
        """Wait until the broker has confirmed every subscription made so far."""
        with suppress(TimeoutError):
            async with asyncio.timeout(timeout_s):
                await self._subscribed.wait()
        return self._subscribed.is_set()

    def subscribe(self, topic_filter: str, handler: Handler) -> None:
        """Hand every message that matches to `handler`, now and after every reconnect."""
        handlers = self._handlers.setdefault(topic_filter, [])
        handlers.append(handler)
        self._to_unsubscribe.pop(topic_filter, None)
        self._to_subscribe[topic_filter] = None
        self._subscribed.clear()
        self._changed.set()

    def unsubscribe(self, topic_filter: str, handler: Handler) -> None:
        """Take back one `subscribe`."""
        handlers = self._handlers.get(topic_filter, [])
        if handler in handlers:
            handlers.remove(handler)
        if not handlers:
            self._handlers.pop(topic_filter, None)
            self._to_subscribe.pop(topic_filter, None)
            self._to_unsubscribe[topic_filter] = None
            self._changed.set()

    async def publish(
        self,
        topic: str,
        payload: str | bytes,
        *,
        qos: int = 1,
        retain: bool = False,
        timeout_s: float = PUBLISH_TIMEOUT_S,
    ) -> None:
        """Publish and, with a QoS above 0, wait until the broker has it. Raises MqttUnavailable.

        Without a connection, or when it is lost meanwhile, this fails at once; nothing is kept to
        be sent later, for a command that comes true minutes later is worse than none.
        """
        client = self._client
        if client is None:
            raise MqttUnavailable(f"There is no connection to the MQTT broker at {self.address}.")
        scope = asyncio.timeout(timeout_s)
        try:
            async with scope:
                self._publishing.add(scope)
                await client.publish(topic, payload, qos=qos, retain=retain, timeout=timeout_s + 1)
        except (aiomqtt.MqttError, TimeoutError):
            raise MqttUnavailable(
                f"The MQTT broker at {self.address} did not take a message to {topic}."
            ) from None
        finally:
            self._publishing.discard(scope)

    async def _connection(self) -> bool:
        """Live through one connection; return whether there was one."""
        client = self._new_client()
        try:
            await _enter(client)
        except (aiomqtt.MqttError, OSError, ValueError) as error:
            self._explain(error)
            return False
        try:
            self._set_client(client)
            async with asyncio.TaskGroup() as group:
                group.create_task(self._receive(client))
                group.create_task(self._keep_subscribed(client))
        except* aiomqtt.MqttError:
            log.warning("connection to the mqtt broker lost", broker=str(self.address))
        finally:
            self._set_client(None)
            await _leave(client)
        return True

    def _new_client(self) -> aiomqtt.Client:
        will = self._will
        return aiomqtt.Client(
            self.address.host,
            self.address.port,
            username=self.address.username,
            password=self.address.password,
            identifier=self.client_id,
            will=aiomqtt.Will(will.topic, will.payload, will.qos, will.retain) if will else None,
            timeout=CONNECT_TIMEOUT_S,
            keepalive=KEEPALIVE_S,
            clean_session=True,
            queue_type=Inbox,
            tls_context=ssl.create_default_context() if self.address.tls else None,
        )

    def _set_client(self, client: aiomqtt.Client | None) -> None:
        """Take up, or give up, a connection, and tell everyone who waits for that."""
        self._client = client
        if client is None:
            self._verdict.clear()
            self._subscribed.clear()
            now = asyncio.get_running_loop().time()
            for scope in self._publishing:
                if not scope.expired():
                    scope.reschedule(now)
        else:
            log.info("connected to the mqtt broker", broker=str(self.address))
            self._failure = None
            self._to_subscribe = dict.fromkeys(self._handlers)
            self._to_unsubscribe = {}
            self._changed.set()
            self._verdict.set()
        for listener in self._listeners:
            listener(client is not None)

    async def _receive(self, client: aiomqtt.Client) -> None:
        async for message in client.messages:
            payload = message.payload
            topic = message.topic.value
            for topic_filter, handlers in self._matching(message.topic):
                for handler in tuple(handlers):
                    try:
                        handler(topic, payload, message.retain)
                    except Exception:  # one bad message or handler must not cost the connection
                        log.exception("mqtt handler failed", topic=topic, filter=topic_filter)

    def _matching(self, topic: aiomqtt.Topic) -> list[tuple[str, list[Handler]]]:
        exact = self._handlers.get(topic.value)
        found = [] if exact is None else [(topic.value, exact)]
        for topic_filter, handlers in self._handlers.items():
            wild = topic_filter.endswith("#") or "+" in topic_filter
            if wild and topic.matches(topic_filter):
                found.append((topic_filter, handlers))
        return found

    async def _keep_subscribed(self, client: aiomqtt.Client) -> None:
        """Carry subscriptions to the broker, many in one packet, as they come."""
        if self._birth is not None:
            birth = self._birth
            await client.publish(birth.topic, birth.payload, birth.qos, birth.retain)
        while True:
            self._changed.clear()
            while self._to_unsubscribe:
                await client.unsubscribe(_take(self._to_unsubscribe), timeout=SUBSCRIBE_TIMEOUT_S)
            while self._to_subscribe:
                # QoS 0 is as good as the TCP connection, and what is retained comes again with the
                # next one. Brokers drop QoS 1 when thousands of retained messages come at once.
                topics = [(topic_filter, 0) for topic_filter in _take(self._to_subscribe)]
                codes: Any = await client.subscribe(topics, timeout=SUBSCRIBE_TIMEOUT_S)
                for (topic_filter, _), code in zip(topics, codes, strict=False):
                    if int(getattr(code, "value", code)) >= 0x80:
                        log.warning("mqtt broker refuses a subscription", filter=topic_filter)
            if not self._changed.is_set():
                self._subscribed.set()
            await self._changed.wait()

    def _explain(self, error: Exception) -> None:
        """Keep why there is no connection, and log it when it is another reason than before."""
        failure = _failure(self.address, error)
        if self._failure is None or str(self._failure) != str(failure):
            log.warning("no mqtt broker", code=failure.code, reason=str(failure))
        self._failure = failure
        if failure.code == "broker-credentials":
            self._verdict.set()


def _take(topics: dict[str, None]) -> list[str]:
    """Remove and return the first topics, as many as fit one packet."""
    taken = list(topics)[:MAX_FILTERS_PER_SUBSCRIBE]
    for topic in taken:
        del topics[topic]
    return taken


async def _enter(client: aiomqtt.Client) -> None:
    """Connect, such that a cancel leaves no half-made connection behind.

    The library connects in a thread, which can not be cancelled and goes on to hang its socket into
    our loop; so a cancel waits for it and then takes leave of the broker.
    """
    entering = asyncio.ensure_future(client.__aenter__())
    try:
        await asyncio.shield(entering)
    except asyncio.CancelledError:
        with suppress(aiomqtt.MqttError, OSError, ValueError, TimeoutError):
            async with asyncio.timeout(CLOSE_TIMEOUT_S):
                await entering
            await _leave(client)
        raise


async def _leave(client: aiomqtt.Client) -> None:
    """Disconnect. What fails here has no consequence: the connection is given up anyway."""
    with suppress(aiomqtt.MqttError, OSError, TimeoutError):
        async with asyncio.timeout(CLOSE_TIMEOUT_S):
            await client.__aexit__(None, None, None)


def _failure(address: BrokerAddress, error: Exception) -> BrokerUnreachable:
    if isinstance(error, aiomqtt.MqttCodeError):
        rc: Any = error.rc
        code = int(getattr(rc, "value", rc) or 0)
        if code in _CREDENTIALS_REFUSED:
            return BrokerUnreachable(
                "broker-credentials",
                f"The MQTT broker at {address} refuses the user name or password. "
                "Correct them in mqtt.url (mqtt://user:password@host).",
            )
        return BrokerUnreachable(
            "broker-refused", f"The MQTT broker at {address} refuses the connection: {error.rc}."
        )
    if isinstance(error, ssl.SSLError) or "SSL" in str(error) or "certificate" in str(error):
        return BrokerUnreachable(
            "broker-tls", f"No TLS connection to the MQTT broker at {address}: {error}."
        )
    return _unreachable(address)


def _unreachable(address: BrokerAddress) -> BrokerUnreachable:
    return BrokerUnreachable(
        "broker-unreachable",
        f"No MQTT broker answers at {address}. "
        "Start one, or leave mqtt.url empty to use the built-in broker.",
    )
