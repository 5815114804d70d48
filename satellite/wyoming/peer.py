"""One program that has connected, and what is on its way to it."""

import asyncio

from protocol import AudioChunk, Link, LocalError, Message, SottoError

OUTBOX_MESSAGES = 256
"""8 s of frames: more than a link that lives ever lets pile up."""
ROOM_MESSAGES = 64


class Peer:
    """A link, sent to in order and without waiting."""

    def __init__(self, link: Link) -> None:
        self.link = link
        self.dropped_chunks = 0
        """Audio that the link could not take."""
        self._outbox: asyncio.Queue[Message] = asyncio.Queue(OUTBOX_MESSAGES)
        self._room = asyncio.Event()
        self._room.set()

    def send(self, message: Message) -> None:
        """Send in order. Audio that does not fit is dropped; who misses more is let go."""
        try:
            self._outbox.put_nowait(message)
        except asyncio.QueueFull:
            if isinstance(message, AudioChunk):
                self.dropped_chunks += 1
            else:
                self.link.reject("too-slow", "you do not read what you are sent")
        if self._outbox.qsize() >= ROOM_MESSAGES:
            self._room.clear()

    async def wait_for_room(self) -> None:
        """Wait while the peer is behind with reading. Ends with the link at the latest."""
        await self._room.wait()

    async def send_all(self) -> None:
        """Write what is sent, until the link ends."""
        try:
            while True:
                message = await self._outbox.get()
                if self._outbox.qsize() < ROOM_MESSAGES:
                    self._room.set()
                try:
                    await self.link.send(message)
                except LocalError:
                    # A fault of ours costs the message, not the link.
                    self.dropped_chunks += isinstance(message, AudioChunk)
        except SottoError:
            pass  # who receives from the link hears of the same end, and says why
        finally:
            self._room.set()
