"""What the hub has to tell over MQTT: it waits while the broker is away, and is bounded."""

import asyncio
from collections import deque
from dataclasses import dataclass

import structlog
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties

from hub.mqtt.errors import MqttUnavailable
from hub.mqtt.link import MqttLink

log = structlog.get_logger(__name__)

MAX_RESULTS = 200
"""Results that wait for the broker; the oldest give way."""
RETRY_S = 1.0
"""A broker that is connected and takes nothing is tried again after this."""


@dataclass(frozen=True, slots=True)
class _Result:
    topic: str
    payload: str
    correlation: bytes | None


class Outbox:
    """Publishes states, of which the newest counts, and results, of which each counts."""

    def __init__(self, link: MqttLink) -> None:
        self._link = link
        self._states: dict[str, str] = {}
        self._told: dict[str, str] = {}
        self._results: deque[_Result] = deque()
        self._news = asyncio.Event()
        link.on_connection(self._on_connection)

    def state(self, topic: str, payload: str) -> None:
        """Have a topic retain this; empty: nothing any more."""
        self._states[topic] = payload
        if self._told.get(topic) != payload:
            self._news.set()

    def result(self, topic: str, payload: str, correlation: bytes | None = None) -> None:
        """Have something published once."""
        if len(self._results) >= MAX_RESULTS:
            log.warning("mqtt results are dropped, there is no broker", limit=MAX_RESULTS)
            self._results.popleft()
        self._results.append(_Result(topic, payload, correlation))
        self._news.set()

    async def run(self) -> None:
        """Publish what there is, until cancelled."""
        while True:
            await self._news.wait()
            self._news.clear()
            if not self._link.connected:
                continue  # a new connection is news
            try:
                await self._publish()
            except MqttUnavailable:
                if self._link.connected:
                    await asyncio.sleep(RETRY_S)
                    self._news.set()

    async def _publish(self) -> None:
        while self._results or self._untold():
            while self._results:
                result = self._results[0]
                await self._link.publish(
                    result.topic, result.payload, properties=_properties(result.correlation)
                )
                # It may have been dropped meanwhile.
                if self._results and self._results[0] is result:
                    self._results.popleft()
            for topic in self._untold()[:1]:
                payload = self._states[topic]
                await self._link.publish(topic, payload, retain=True)
                self._told[topic] = payload

    def _untold(self) -> list[str]:
        return [
            topic for topic, payload in self._states.items() if self._told.get(topic) != payload
        ]

    def _on_connection(self, connected: bool) -> None:
        if connected:
            # The broker may have been restarted without what it retained.
            self._told.clear()
            self._news.set()


def _properties(correlation: bytes | None) -> Properties | None:
    if correlation is None:
        return None
    properties = Properties(PacketTypes.PUBLISH)  # type: ignore[no-untyped-call]
    properties.CorrelationData = correlation
    return properties
