"""What waits between the socket and the handlers, with a bound on number and size."""

import asyncio

import aiomqtt
import structlog

log = structlog.get_logger(__name__)

MAX_WAITING = 20_000
"""A home of some thousand entities sends three retained messages for each in one burst."""
MAX_PAYLOAD_BYTES = 262_144
"""Discovery of a large device fits in far less; what is larger is an image or an attack."""
_MAX_TOPICS_NAMED = 1_000


class Inbox(asyncio.Queue[aiomqtt.Message]):
    """A queue of messages that drops the newest when full, and payloads that are too large."""

    def __init__(self, maxsize: int = 0) -> None:
        super().__init__(maxsize or MAX_WAITING)
        self._dropped = 0
        self._named: set[str] = set()

    def put_nowait(self, item: aiomqtt.Message) -> None:
        """Take a message, or drop it; each cause is logged once."""
        size_bytes = len(item.payload)
        if size_bytes > MAX_PAYLOAD_BYTES:
            topic = item.topic.value
            if topic not in self._named and len(self._named) < _MAX_TOPICS_NAMED:
                self._named.add(topic)
                log.warning(
                    "mqtt payload is too large and was dropped",
                    topic=topic,
                    size_bytes=size_bytes,
                    limit_bytes=MAX_PAYLOAD_BYTES,
                )
            return
        if self.full():
            if self._dropped == 0:
                log.warning("mqtt messages come too fast, dropping", limit=self.maxsize)
            self._dropped += 1
            return
        super().put_nowait(item)
