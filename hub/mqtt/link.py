"""The link to the broker: connects, connects again, and keeps subscriptions over both."""

import asyncio
import random
from collections.abc import Callable
from dataclasses import dataclass

import aiomqtt
import structlog
from aiomqtt import ProtocolVersion
from paho.mqtt.properties import Properties

from hub.mqtt import tls
from hub.mqtt.address import BrokerAddress
from hub.mqtt.client import (
    ABORT_TIMEOUT_S,
    CLOSE_TIMEOUT_S,
    CONNECT_TIMEOUT_S,
    TRY_TIMEOUT_S,
    Client,
)
from hub.mqtt.errors import BrokerUnreachable, MqttUnavailable
from hub.mqtt.publication import Publication
from hub.mqtt.unreachable import failure_of, unreachable
from hub.mqtt.waiting import is_set

log = structlog.get_logger(__name__)

Handler = Callable[[str, bytes, bool], None]
"""Takes topic, payload and whether the broker had retained the message. It must not block."""

STEADY_S = 5.0  # what was lost sooner is no connection: somebody else may have our client id
SUBSCRIBE_TIMEOUT_S = 10.0
PUBLISH_TIMEOUT_S = 2.0
MAX_FILTERS_PER_SUBSCRIBE = 100
"""Keeps a SUBSCRIBE packet far below the 256 KiB that brokers commonly take."""
HANDING_OUT_S = 0.02
"""After this long of handing out waiting messages, others of the program have their turn."""
MAX_REFUSED = 1_000
MAX_BUGS = 100
_VERSIONS = {
    "auto": (ProtocolVersion.V5, ProtocolVersion.V311),
    "5": (ProtocolVersion.V5,),
    "3.1.1": (ProtocolVersion.V311,),
}
_OTHER_VERSION_MAY_HELP = {"broker-version", "broker-closed"}
_WAITING_IS_IN_VAIN = {"broker-credentials", "broker-tls", "broker-version"}


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
        make_client: Callable[..., Client] = Client,
    ) -> None:
        self.address = address
        self.client_id = client_id
        self._will = will
        self._birth = birth
        self._backoff = backoff or Backoff()
        self._make_client = make_client
        self._client: Client | None = None
        self._versions = _VERSIONS[address.version]
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
        self._refused: dict[str, None] = {}
        self._bugs: set[tuple[str, type[Exception]]] = set()

    @property
    def connected(self) -> bool:
        """Whether there is a connection now."""
        return self._client is not None

    @property
    def subscribed(self) -> bool:
        """Whether the broker has confirmed every subscription made so far."""
        return self._subscribed.is_set()

    @property
    def version(self) -> str | None:
        """The MQTT version that is spoken now, "5" or "3.1.1"; None without a connection."""
        if self._client is None:
            return None
        return "5" if self._client.version is ProtocolVersion.V5 else "3.1.1"

    def on_connection(self, listener: Callable[[bool], None]) -> None:
        """Call `listener` with True after every connect and with False after every loss."""
        self._listeners.append(listener)

    async def run(self) -> None:
        """Hold the connection until cancelled, connecting again whenever it is lost."""
        failures, loop = 0, asyncio.get_running_loop()
        while True:
            began_s = loop.time()
            steady = await self._connection() and loop.time() - began_s >= STEADY_S
            failures = 1 if steady else failures + 1
            await asyncio.sleep(self._backoff.delay_s(failures))

    async def wait_connected(self, timeout_s: float) -> None:
        """Wait for a connection. Raises BrokerUnreachable, at once where waiting can not help."""
        await is_set(self._verdict, timeout_s)
        if not self.connected:
            raise self._failure or unreachable(self.address)

    async def wait_subscribed(self, timeout_s: float) -> bool:
        """Wait until the broker has confirmed every subscription made so far."""
        return await is_set(self._subscribed, timeout_s)

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
        properties: Properties | None = None,
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
                await client.publish(topic, payload, qos, retain, properties)
        except (aiomqtt.MqttError, TimeoutError):
            text = f"The MQTT broker at {self.address} did not take a message to {topic}."
            raise MqttUnavailable(text) from None
        finally:
            self._publishing.discard(scope)

    async def _connection(self) -> bool:
        """Live through one connection; return whether there was one."""
        try:
            client = await self._connect()
        except BrokerUnreachable as failure:
            self._take_failure(failure)
            return False
        self._set_client(client)
        # No TaskGroup: before Python 3.13 it loses a cancel that comes while a task fails, and a
        # broker that goes away while the hub ends is just that.
        work = (self._receive(client), self._keep_subscribed(client))
        tasks = [asyncio.create_task(part) for part in work]
        try:
            await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        finally:
            self._set_client(None)
            for task in tasks:
                task.cancel()
            try:
                ends = await asyncio.gather(*tasks, return_exceptions=True)
            finally:
                await client.leave(CLOSE_TIMEOUT_S)
        reason = next((str(end) for end in ends if isinstance(end, aiomqtt.MqttCodeError)), "")
        log.warning("connection to the mqtt broker lost", broker=str(self.address), reason=reason)
        for end in ends:
            if isinstance(end, Exception) and not isinstance(end, aiomqtt.MqttError | TimeoutError):
                raise end
        return True

    async def _connect(self) -> Client:
        """Return a client that is connected, in the newest version that the broker speaks.

        Raises BrokerUnreachable.
        """
        context = await tls.probe(self.address, CONNECT_TIMEOUT_S) if self.address.tls else None
        failure = unreachable(self.address)
        for number, version in enumerate(self._versions, 1):
            last = number == len(self._versions)
            client = self._make_client(
                self.address, version, client_id=self.client_id, will=self._will, context=context
            )
            try:
                await client.enter(CONNECT_TIMEOUT_S if last else TRY_TIMEOUT_S)
            except (aiomqtt.MqttError, OSError, ValueError, TimeoutError) as error:
                failure = failure_of(self.address, error)
                await client.leave(ABORT_TIMEOUT_S)
                silent = isinstance(error, TimeoutError)
                if not silent and failure.code not in _OTHER_VERSION_MAY_HELP:
                    break
            else:
                # What was spoken once is tried first the next time.
                self._versions = tuple(sorted(self._versions, key=lambda one: one != version))
                return client
        if failure.code == "broker-closed" and context is not None:
            failure = await tls.verdict(self.address) or failure
        raise failure

    def _set_client(self, client: Client | None) -> None:
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

    async def _receive(self, client: Client) -> None:
        loop = asyncio.get_running_loop()
        async for message in client.messages:
            self._hand_out(message)
            # What waits already needs none of the library's two tasks for each message.
            end_s = loop.time() + HANDING_OUT_S
            while not client.inbox.empty() and loop.time() < end_s:
                self._hand_out(client.inbox.get_nowait())

    def _hand_out(self, message: aiomqtt.Message) -> None:
        topic = message.topic.value
        for topic_filter, handlers in self._matching(message.topic):
            for handler in tuple(handlers):
                try:
                    handler(topic, message.payload, message.retain)
                except Exception as error:  # noqa: BLE001 - one must not cost the connection
                    self._take_bug(topic, topic_filter, error)

    def _matching(self, topic: aiomqtt.Topic) -> list[tuple[str, list[Handler]]]:
        """Return who wants a message: by its very topic, or by one of the few wildcards."""
        filters = [wild for wild in self._wild if topic.matches(wild)]
        if topic.value in self._handlers:
            filters.append(topic.value)
        return [(topic_filter, self._handlers[topic_filter]) for topic_filter in filters]

    async def _keep_subscribed(self, client: Client) -> None:
        """Carry subscriptions to the broker, many in one packet, as they come."""
        birth = self._birth
        while True:
            self._changed.clear()
            while self._to_unsubscribe:
                async with asyncio.timeout(SUBSCRIBE_TIMEOUT_S):
                    await client.unsubscribe(_take(self._to_unsubscribe))
            while self._to_subscribe:
                topics = _take(self._to_subscribe)
                async with asyncio.timeout(SUBSCRIBE_TIMEOUT_S):
                    codes = await client.subscribe_to(topics)
                for topic_filter, code in zip(topics, codes, strict=False):
                    self._take_answer(topic_filter, refused=code >= 0x80)
            if not self._changed.is_set():
                self._subscribed.set()
            if birth is not None:  # only now is there somebody who hears
                async with asyncio.timeout(SUBSCRIBE_TIMEOUT_S):
                    await client.publish(birth.topic, birth.payload, birth.qos, birth.retain)
                birth = None
            await self._changed.wait()

    def _take_bug(self, topic: str, topic_filter: str, error: Exception) -> None:
        """Log what a handler raised; once for each kind, for messages come by the hundred."""
        cause = (topic_filter, type(error))
        if cause not in self._bugs and len(self._bugs) < MAX_BUGS:
            self._bugs.add(cause)
            log.exception("mqtt handler failed", topic=topic, filter=topic_filter)

    def _take_answer(self, topic_filter: str, *, refused: bool) -> None:
        """Take the broker's answer to a subscription, and log a refusal once."""
        if not refused:
            self._refused.pop(topic_filter, None)
        elif topic_filter not in self._refused and len(self._refused) < MAX_REFUSED:
            self._refused[topic_filter] = None
            log.warning(
                "mqtt broker refuses a subscription",
                filter=topic_filter,
                hint="let this user read it in the broker's access list",
            )

    def _take_failure(self, failure: BrokerUnreachable) -> None:
        """Keep why there is no connection, and log it when it is another reason than before."""
        if self._failure is None or str(self._failure) != str(failure):
            log.warning("no mqtt broker", code=failure.code, reason=str(failure))
        self._failure = failure
        if failure.code in _WAITING_IS_IN_VAIN:
            self._verdict.set()
        else:
            self._verdict.clear()


def _take(topics: dict[str, None]) -> list[str]:
    """Remove and return the first topics, as many as fit one packet."""
    taken = list(topics)[:MAX_FILTERS_PER_SUBSCRIBE]
    for topic in taken:
        del topics[topic]
    return taken
