"""Voice activity for all satellites at once."""

import asyncio
from collections import deque

from audio.vad import SileroVad, VadStream

MAX_BATCH = 32
"""Streams in one call of the model, so that one call does not hold the event loop for long."""


class VoiceActivity:
    """One model for all streams. Frames that arrive in one turn of the loop go through together."""

    def __init__(self, model: SileroVad) -> None:
        self._model = model
        self._due: deque[tuple[VadStream, bytes, asyncio.Future[float]]] = deque()
        self._scheduled = False

    async def probability(self, stream: VadStream, frame: bytes) -> float:
        """Return the probability that `frame`, the stream's next, is speech."""
        loop = asyncio.get_running_loop()
        result: asyncio.Future[float] = loop.create_future()
        self._due.append((stream, frame, result))
        if not self._scheduled:
            self._scheduled = True
            loop.call_soon(self._run)
        return await result

    def _run(self) -> None:
        batch = [self._due.popleft() for _ in range(min(MAX_BATCH, len(self._due)))]
        live = [entry for entry in batch if not entry[2].cancelled()]
        try:
            probabilities = self._model.process([s for s, _, _ in live], [f for _, f, _ in live])
        except Exception as error:  # noqa: BLE001 - it costs those who asked now, not all for ever
            for _, _, result in live:
                result.set_exception(error)
        else:
            for (_, _, result), probability in zip(live, probabilities, strict=True):
                result.set_result(float(probability))
        self._scheduled = bool(self._due)
        if self._scheduled:
            asyncio.get_running_loop().call_soon(self._run)
