"""Wake words in what clients send: heard in a thread, so that nothing else waits for it."""

import asyncio
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cached_property

from audio.wake import WakeHit, WakeWordError, WakeWords, available
from audio.wake_models import WakeModel

MAX_WAKE_WORDS = 3
"""Of one client."""
MAX_WAKING = 8
"""Clients whose wake words are waited for. They share a thread: one core at most, all together."""
PIECE_BYTES = 640
"""20 ms: what is heard at once."""


class NotHeard(Exception):
    """A client's wake words can not be listened for. `code` is stable, the text is for people."""

    def __init__(self, code: str, text: str) -> None:
        super().__init__(text)
        self.code = code


class WakeEars:
    """The hub's ears for wake words: all clients share a thread."""

    def __init__(self, most: int = MAX_WAKING) -> None:
        self._most = most
        self._open = 0
        self._thread = ThreadPoolExecutor(1, "wake-words")

    @cached_property
    def words(self) -> Sequence[WakeModel]:
        """Those that can be had; none where their package is not installed.

        Only microWakeWord's: the others cost 30 times as much, of each client.
        """
        return tuple(model for model in available().values() if model.kind == "micro")

    async def open(self, names: Sequence[str]) -> "WakeEar":
        """Listen for some words. Raises NotHeard."""
        known = {word.name for word in self.words}
        for name in names:
            if name not in known:
                there = ", ".join(sorted(known)) or "none, for pymicro-wakeword is not installed"
                raise NotHeard(
                    "unknown-wake-word", f"There is no wake word {name[:40]!r}. There are: {there}."
                )
        if self._open >= self._most:
            raise NotHeard(
                "too-many-wake-words",
                f"The hub listens for wake words in {self._most} windows at most. Close another.",
            )
        self._open += 1
        try:
            loop = asyncio.get_running_loop()
            loaded = await loop.run_in_executor(self._thread, WakeWords, tuple(names))
        except WakeWordError as error:
            self._open -= 1
            raise NotHeard("unknown-wake-word", str(error)) from error
        except BaseException:
            self._open -= 1
            raise
        return WakeEar(self, loaded)

    async def hear(self, words: WakeWords, audio: bytes) -> WakeHit | None:
        """Return the word that is heard in some more audio of a stream."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._thread, words.process, audio)

    def closed(self) -> None:
        """Take note that a client is listened to no more."""
        self._open -= 1


class WakeEar:
    """Listens to one client for its wake words."""

    def __init__(self, ears: WakeEars, words: WakeWords) -> None:
        self._ears = ears
        self._words = words
        self._rest = b""
        self._closed = False

    @property
    def names(self) -> tuple[str, ...]:
        """Those it listens for."""
        return self._words.names

    async def hear(self, audio: bytes) -> WakeHit | None:
        """Take 16 kHz audio of any length; return the word that was heard in it."""
        self._rest += audio
        if self._closed or len(self._rest) < PIECE_BYTES:
            return None
        piece, self._rest = self._rest, b""
        return await self._ears.hear(self._words, piece)

    def close(self) -> None:
        """Listen no more."""
        if not self._closed:
            self._closed = True
            self._ears.closed()
