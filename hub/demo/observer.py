"""An MQTT subscriber that belongs to nobody: what it sees is what really happened."""

import asyncio
import time
from dataclasses import dataclass

import aiomqtt

MAX_MESSAGES = 10_000
"""A demo sees dozens; a home gone mad must not fill the memory."""


@dataclass(frozen=True, slots=True)
class Seen:
    """One message, when it was seen."""

    at: float
    """`time.monotonic`."""
    topic: str
    payload: str
    retained: bool


class Observer:
    """Sees every message of a broker while `run` is running."""

    def __init__(self, host: str, port: int) -> None:
        self._host = host
        self._port = port
        self.seen: list[Seen] = []
        self.ready = asyncio.Event()

    async def run(self) -> None:
        """Watch until cancelled."""
        async with aiomqtt.Client(self._host, self._port, identifier="sotto-observer") as client:
            await client.subscribe("#", qos=1)
            self.ready.set()
            async for message in client.messages:
                if len(self.seen) < MAX_MESSAGES:
                    text = bytes(message.payload).decode(errors="replace")
                    self.seen.append(
                        Seen(time.monotonic(), str(message.topic), text, message.retain)
                    )

    def between(
        self, start: float, end: float, *, discovery_prefix: str, hub_topic: str
    ) -> list[Seen]:
        """Return what was newly published from `start` to `end` by others than the hub itself.

        What devices announce of themselves is left out.
        """
        return [
            seen
            for seen in self.seen
            if start <= seen.at <= end
            and not seen.retained
            and not seen.topic.startswith(f"{hub_topic}/")
            and not (
                seen.topic.startswith(f"{discovery_prefix}/") and seen.topic.endswith("/config")
            )
        ]
