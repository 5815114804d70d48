"""Short answers that come again and again are spoken from memory."""

from collections import OrderedDict
from collections.abc import AsyncGenerator
from contextlib import aclosing

from hub.engines.base import SpeechChunk, SpeechRequest, TextToSpeech
from hub.engines.closable import closable

MAX_BYTES = 32 * 1024 * 1024
"""Twelve minutes at 22 kHz: some three hundred sentences."""
MAX_TEXT_CHARS = 200
"""A longer text is not said twice."""
WORD_BYTES = 200
"""What a word's time takes in memory, about."""

_Key = tuple[str, str, str | None]


class CachedTextToSpeech:
    """The text-to-speech port: another one, and what it has lately said to the end.

    Two that ask for the same at the same time are both served by the engine. Whoever changes the
    engine's voice or speed calls `clear`.
    """

    def __init__(
        self,
        inner: TextToSpeech,
        *,
        max_bytes: int = MAX_BYTES,
        max_text_chars: int = MAX_TEXT_CHARS,
    ) -> None:
        self._inner = inner
        self._max_bytes = max_bytes
        self._max_text_chars = max_text_chars
        self._spoken: OrderedDict[_Key, tuple[SpeechChunk, ...]] = OrderedDict()
        self._age = 0
        self.size_bytes = 0
        """What is remembered."""
        self.hits = 0
        """Requests that were served from memory."""
        self.misses = 0
        """Requests that the engine was asked for."""

    async def synthesize(self, request: SpeechRequest) -> AsyncGenerator[SpeechChunk]:
        """Yield audio, remembered or as it is made; closing the iterator cancels.

        Raises EngineError.
        """
        key = (request.text, request.language, request.voice)
        known = self._spoken.get(key)
        if known is not None:
            self.hits += 1
            self._spoken.move_to_end(key)
            for chunk in known:
                yield chunk
            return
        self.misses += 1
        age = self._age
        made: list[SpeechChunk] | None = []
        made_bytes = 0
        if len(request.text) > self._max_text_chars:
            made = None
        async with aclosing(closable(self._inner.synthesize(request))) as chunks:
            async for chunk in chunks:
                if made is not None:
                    made.append(chunk)
                    made_bytes += _size(chunk)
                    if made_bytes > self._max_bytes:
                        made = None
                yield chunk
        if made and age == self._age:
            self._remember(key, tuple(made), made_bytes)

    def clear(self) -> None:
        """Forget everything, also what is being said at the moment."""
        self._spoken.clear()
        self.size_bytes = 0
        self._age += 1

    def _remember(self, key: _Key, chunks: tuple[SpeechChunk, ...], size: int) -> None:
        self._forget(key)
        self._spoken[key] = chunks
        self.size_bytes += size
        while self.size_bytes > self._max_bytes:
            self._forget(next(iter(self._spoken)))

    def _forget(self, key: _Key) -> None:
        chunks = self._spoken.pop(key, ())
        self.size_bytes -= sum(_size(chunk) for chunk in chunks)


def _size(chunk: SpeechChunk) -> int:
    return len(chunk.audio) + WORD_BYTES * len(chunk.words)
