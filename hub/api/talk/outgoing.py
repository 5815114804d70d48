"""What goes to a client: one queue, so that words and sound stay in order."""

import asyncio
from collections.abc import Awaitable, Callable

from hub.api.talk.accent import Accent
from hub.api.talk.limits import MAX_WAITING, SEND_S
from hub.api.talk.messages import Down


class Outgoing:
    """Messages and frames on their way. `run` sends them."""

    def __init__(
        self,
        send_text: Callable[[str], Awaitable[None]],
        send_bytes: Callable[[bytes], Awaitable[None]],
        accent: Accent,
    ) -> None:
        self._accent = accent
        self._send_text = send_text
        self._send_bytes = send_bytes
        self._waiting: asyncio.Queue[str | bytes | None] = asyncio.Queue(MAX_WAITING)
        self._turn = -1
        self._samples = 0

    async def run(self) -> None:
        """Send until `end`. Raises TimeoutError where the client takes nothing."""
        while (what := await self._waiting.get()) is not None:
            async with asyncio.timeout(SEND_S):
                if isinstance(what, str):
                    await self._send_text(what)
                else:
                    await self._send_bytes(what)

    async def put(self, message: Down) -> None:
        """Send a message; waits while too much of it waits."""
        if (text := self._accent.said(message)) is not None:
            await self._waiting.put(text)

    def put_soon(self, message: Down) -> None:
        """Send a message, or leave it out where too much waits."""
        if not self._waiting.full() and (text := self._accent.said(message)) is not None:
            self._waiting.put_nowait(text)

    async def play(self, turn: int, audio: bytes) -> None:
        """Send audio of a turn."""
        if turn != self._turn:
            self._turn, self._samples = turn, 0
        await self._waiting.put(self._accent.played(turn, self._samples, audio))
        self._samples += len(audio) // 2

    def end(self) -> None:
        """Send what waits, and no more."""
        while self._waiting.full():
            self._waiting.get_nowait()
        self._waiting.put_nowait(None)
