"""A turn detector that blocks, asked from the event loop: in one thread, one question at a time.

Native code can not be told to stop. One that hangs keeps this thread and no other, and the program
ends without it.
"""

import asyncio
import threading
from contextlib import suppress
from typing import Protocol

from hub.engines.base import EngineError
from hub.words import worded


class BlockingDetector(Protocol):
    """Hears whether a turn is over, and blocks meanwhile."""

    def probability(self, audio: bytes) -> float:
        """Return the probability that it is, at the end of 16 kHz pcm16. Raises EngineError."""


class DetectorThread:
    """The turn detector's port."""

    def __init__(self, detector: BlockingDetector) -> None:
        self._detector = detector
        self._busy = False

    async def probability(self, audio: bytes) -> float:
        """Ask the detector.

        Raises EngineError, "engine-busy" while it is at another question: whoever does not wait for
        the answer any more leaves it to come.
        """
        if self._busy:
            raise EngineError(
                "engine-busy", worded("detector-busy", "The turn detector is at another question.")
            )
        self._busy = True
        loop = asyncio.get_running_loop()
        answer: asyncio.Future[float] = loop.create_future()
        threading.Thread(
            target=self._ask, args=(audio, loop, answer), name="turn-detector", daemon=True
        ).start()
        return await answer

    def _ask(
        self, audio: bytes, loop: asyncio.AbstractEventLoop, answer: asyncio.Future[float]
    ) -> None:
        result: float | Exception
        try:
            result = self._detector.probability(audio)
        except Exception as error:  # noqa: BLE001 - handed to whoever has asked
            result = error
        self._busy = False
        with suppress(RuntimeError):  # the loop is closed: nobody asks any more
            loop.call_soon_threadsafe(_settle, answer, result)


def _settle(answer: asyncio.Future[float], result: float | Exception) -> None:
    if answer.done():
        return
    if isinstance(result, Exception):
        answer.set_exception(result)
    else:
        answer.set_result(result)
