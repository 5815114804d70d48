"""The link to the broker: connects, connects again, and keeps subscriptions over both."""

import asyncio
import logging
import math
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
from hub.mqtt.unreachable import failure_of, probe_tls, unreachable

log = structlog.get_logger(__name__)

Handler = Callable[[str, bytes, bool], None]
"""Takes topic, payload and whether the broker had retained the message. It must not block."""

CONNECT_TIMEOUT_S = 5.0
SUBSCRIBE_TIMEOUT_S = 10.0
PUBLISH_TIMEOUT_S = 2.0
CLOSE_TIMEOUT_S = 1.5
ABORT_TIMEOUT_S = 0.2
"""For taking leave of a broker that never answered."""
KEEPALIVE_S = 20
"""A broker that vanished without a word is noticed after one and a half of these."""
MAX_FILTERS_PER_SUBSCRIBE = 100
"""Keeps a SUBSCRIBE packet far below the 256 KiB that brokers commonly take."""
_LIBRARY_LOG = logging.getLogger("hub.mqtt.library")
_LIBRARY_LOG.setLevel(logging.CRITICAL)  # what it has to say, it raises as well


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
        self._wild: dict[str, None] = {}
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
            raise self._failure or unreachable(self.address)

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
        if topic_filter.endswith("#") or "+" in topic_filter:
            self._wild[topic_filter] = None
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
            self._wild.pop(topic_filter, None)
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
                await client.publish(topic, payload, qos=qos, retain=retain)
        except (aiomqtt.MqttError, TimeoutError):
            raise MqttUnavailable(
                f"The MQTT broker at {self.address} did not take a message to {topic}."
            ) from None
        finally:
            self._publishing.discard(scope)

    async def _connection(self) -> bool:
        """Live through one connection; return whether there was one."""
        try:
            context = await probe_tls(self.address, CONNECT_TIMEOUT_S) if self.address.tls else None
        except BrokerUnreachable as failure:
            self._take_failure(failure)
            return False
        client = self._new_client(context)
        try:
            await _enter(client)
        except (aiomqtt.MqttError, OSError, ValueError, TimeoutError) as error:
            self._take_failure(failure_of(self.address, error))
            await _leave(client, ABORT_TIMEOUT_S)
            return False
        self._set_client(client)
        # No TaskGroup: before Python 3.13 it loses a cancel that comes while a task fails, and a
        # broker that goes away while the hub ends is just that.
        tasks = [
            asyncio.create_task(self._receive(client)),
            asyncio.create_task(self._keep_subscribed(client)),
        ]
        try:
            await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        finally:
            self._set_client(None)
            for task in tasks:
                task.cancel()
            ends = await asyncio.gather(*tasks, return_exceptions=True)
            await _leave(client, CLOSE_TIMEOUT_S)
        log.warning("connection to the mqtt broker lost", broker=str(self.address))
        for end in ends:
            if isinstance(end, Exception) and not isinstance(end, aiomqtt.MqttError | TimeoutError):
                raise end
        return True

    def _new_client(self, context: ssl.SSLContext | None) -> aiomqtt.Client:
        will = self._will
        return aiomqtt.Client(
            self.address.host,
            self.address.port,
            username=self.address.username,
            password=self.address.password,
            identifier=self.client_id,
            will=aiomqtt.Will(will.topic, will.payload, will.qos, will.retain) if will else None,
            # The library's own limits may swallow a cancel (asyncio.wait_for before Python 3.12
            # does), so it waits for ever and every wait stands under a limit of ours.
            timeout=math.inf,
            keepalive=KEEPALIVE_S,
            clean_session=True,
            queue_type=Inbox,
            logger=_LIBRARY_LOG,
            tls_context=context,
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
        """Return who wants a message: by its very topic, or by one of the few wildcards."""
        filters = [wild for wild in self._wild if topic.matches(wild)]
        if topic.value in self._handlers:
            filters.append(topic.value)
        return [(topic_filter, self._handlers[topic_filter]) for topic_filter in filters]

    async def _keep_subscribed(self, client: aiomqtt.Client) -> None:
        """Carry subscriptions to the broker, many in one packet, as they come."""
        if self._birth is not None:
            birth = self._birth
            async with asyncio.timeout(PUBLISH_TIMEOUT_S):
                await client.publish(birth.topic, birth.payload, birth.qos, birth.retain)
        while True:
            self._changed.clear()
            while self._to_unsubscribe:
                async with asyncio.timeout(SUBSCRIBE_TIMEOUT_S):
                    await client.unsubscribe(_take(self._to_unsubscribe))
            while self._to_subscribe:
                # QoS 0 is as good as the TCP connection, and what is retained comes again with the
                # next one. Brokers drop QoS 1 when thousands of retained messages come at once.
                topics = [(topic_filter, 0) for topic_filter in _take(self._to_subscribe)]
                async with asyncio.timeout(SUBSCRIBE_TIMEOUT_S):
                    codes: Any = await client.subscribe(topics)
                for (topic_filter, _), code in zip(topics, codes, strict=False):
                    if int(getattr(code, "value", code)) >= 0x80:
                        log.warning("mqtt broker refuses a subscription", filter=topic_filter)
            if not self._changed.is_set():
                self._subscribed.set()
            await self._changed.wait()

    def _take_failure(self, failure: BrokerUnreachable) -> None:
        """Keep why there is no connection, and log it when it is another reason than before."""
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
    """Connect within CONNECT_TIMEOUT_S, such that a cancel leaves no half-made connection behind.

    The library connects in a thread, which can not be cancelled and goes on to hang its socket into
    our loop; so a cancel waits for it and then takes leave of the broker.
    """
    entering = asyncio.ensure_future(client.__aenter__())
    try:
        async with asyncio.timeout(CONNECT_TIMEOUT_S):
            await asyncio.shield(entering)
    except (asyncio.CancelledError, TimeoutError):
        await asyncio.wait([entering], timeout=CLOSE_TIMEOUT_S)
        await _leave(client, ABORT_TIMEOUT_S)
        entering.cancel()
        await asyncio.gather(entering, return_exceptions=True)
        raise


async def _leave(client: aiomqtt.Client, timeout_s: float) -> None:
    """Disconnect. What fails here has no consequence: the connection is given up anyway."""
    with suppress(aiomqtt.MqttError, OSError, TimeoutError):
        async with asyncio.timeout(timeout_s):
            await client.__aexit__(None, None, None)
