"""The link that brings commands: the broker keeps them while the hub is away, until it has each."""

import asyncio
import ssl
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import paho.mqtt.client as paho
import structlog
from aiomqtt import ProtocolVersion
from paho.mqtt.subscribeoptions import SubscribeOptions

from hub.mqtt.address import BrokerAddress
from hub.mqtt.client import Client
from hub.mqtt.link import Backoff, MqttLink
from hub.mqtt.publication import Publication

log = structlog.get_logger(__name__)

SESSION_S = 3600
"""How long a broker of MQTT 5 keeps commands for a hub that is away; others decide themselves."""
AT_ONCE = 20
"""Commands that a broker of MQTT 5 sends before the first of them is acknowledged."""
MAX_WAITING = 1_000
"""For brokers that send as many as they have."""
MAX_PAYLOAD_BYTES = 65_536
"""Of a command. What is larger is not kept in memory until its turn has come."""


@dataclass(frozen=True, slots=True)
class Delivery:
    """A command as the broker delivered it."""

    topic: str
    payload: bytes
    """Empty where it was too large."""
    size_bytes: int
    retained: bool
    """Whether it lay retained at the broker, and was published long ago."""
    repeated: bool
    """Whether the broker may have delivered it before."""
    number: int
    """The broker's number for it, the same when it is repeated."""
    respond_to: str | None = None
    """A topic for what comes of it, and what to send along."""
    correlation: bytes | None = None
    acknowledge: Callable[[], None] = field(default=lambda: None, compare=False)
    """Tell the broker that it need not keep it any more. In the order of deliveries."""


class _Client(Client):
    """A client whose session outlives it, and which leaves acknowledging to others."""

    def __init__(
        self,
        address: BrokerAddress,
        version: ProtocolVersion,
        *,
        client_id: str,
        will: Publication | None,
        context: ssl.SSLContext | None,
        deliver: Callable[[Delivery], None],
    ) -> None:
        super().__init__(
            address,
            version,
            client_id=client_id,
            will=will,
            context=context,
            session_s=SESSION_S,
            at_once=AT_ONCE,
        )
        self._deliver = deliver
        self._client.manual_ack_set(True)

    async def subscribe_to(self, topics: list[str]) -> list[int]:
        """Subscribe to filters, such that messages are kept until they are acknowledged."""
        options = SubscribeOptions(qos=1, noLocal=True)
        wanted: Any = [
            (topic, options if self.version is ProtocolVersion.V5 else 1) for topic in topics
        ]
        codes: Any = await self.subscribe(wanted)
        return [int(getattr(code, "value", code)) for code in codes]

    def _on_message(self, client: paho.Client, userdata: Any, message: paho.MQTTMessage) -> None:
        del client, userdata
        properties = message.properties
        fits = len(message.payload) <= MAX_PAYLOAD_BYTES
        mid, qos = message.mid, message.qos
        try:
            topic = message.topic
        except UnicodeDecodeError:  # no topic of ours
            self._acknowledge(mid, qos)
            return
        self._deliver(
            Delivery(
                topic,
                bytes(message.payload) if fits else b"",
                len(message.payload),
                retained=bool(message.retain),
                repeated=bool(message.dup),
                number=mid,
                respond_to=getattr(properties, "ResponseTopic", None),
                correlation=getattr(properties, "CorrelationData", None),
                acknowledge=lambda: self._acknowledge(mid, qos),
            )
        )

    def _acknowledge(self, mid: int, qos: int) -> None:
        if qos:
            self._client.ack(mid, qos)


class CommandLink(MqttLink):
    """A link with a session of its own at the broker, known there by its `client_id`."""

    def __init__(
        self,
        address: BrokerAddress,
        *,
        client_id: str,
        will: Publication,
        birth: Publication,
        backoff: Backoff | None = None,
    ) -> None:
        super().__init__(
            address,
            client_id=client_id,
            will=will,
            birth=birth,
            backoff=backoff,
            make_client=self._make_own,
        )
        self._deliveries: asyncio.Queue[Delivery] = asyncio.Queue(MAX_WAITING)
        self._dropped = False

    def take(self, *topic_filters: str) -> None:
        """Have messages delivered, now and after every reconnect."""
        for topic_filter in topic_filters:
            self.subscribe(topic_filter, lambda *_: None)

    async def next(self) -> Delivery:
        """Wait for the next command."""
        return await self._deliveries.get()

    def _make_own(self, *arguments: Any, **options: Any) -> Client:
        return _Client(*arguments, **options, deliver=self._deliver)

    def _deliver(self, delivery: Delivery) -> None:
        if not self._deliveries.full():
            self._deliveries.put_nowait(delivery)
        elif not self._dropped:
            # It is not acknowledged: the broker delivers it again with the next connection.
            self._dropped = True
            log.warning("mqtt commands come too fast, leaving them to the broker")
