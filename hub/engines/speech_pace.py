"""How long a service may let a listener wait while it speaks one text.

Only sound counts as progress: empty pieces, blank lines and headers do not.
"""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

S_PER_CHAR = 0.2
"""Three times what speaking a character takes; a text that is spoken more slowly is no talk."""


class SpeechPace:
    """The limits of one text: to its first sound, from each sound to the next, and in all.

    What counts is the time spent waiting for the service, not what its listener takes.
    """

    def __init__(self, text: str, first_s: float, gap_s: float) -> None:
        self._gap_s = gap_s
        self._silence_s = first_s
        self._left_s = first_s + gap_s + S_PER_CHAR * len(text)

    @asynccontextmanager
    async def waiting(self) -> AsyncGenerator[None]:
        """Wait for the service within the limits. Raises TimeoutError."""
        limit_s = min(self._silence_s, self._left_s)
        if limit_s <= 0:
            raise TimeoutError
        clock = asyncio.get_running_loop().time
        started = clock()
        try:
            async with asyncio.timeout(limit_s):
                yield
        finally:
            took_s = clock() - started
            self._silence_s -= took_s
            self._left_s -= took_s

    def sounded(self) -> None:
        """Take note that there was sound: the next one has the time of a gap."""
        self._silence_s = self._gap_s
