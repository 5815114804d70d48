"""Speech that is made once more, from its beginning, after a part of it was handed out."""

from collections.abc import AsyncIterator
from dataclasses import replace

from hub.engines.base import SpeechChunk, WordTime
from protocol.frames import Event

AGAIN = "audio-again"
"""Among the answers to one request: what follows begins at the start again."""
PARTS = ("audio-chunk", AGAIN)
"""Answers that are not a request's last."""


async def unbroken(answers: AsyncIterator[Event]) -> AsyncIterator[SpeechChunk]:
    """Yield an engine's speech as if it had been made in one go."""
    resumed = ResumedSpeech()
    async for answer in answers:
        if answer.type == AGAIN:
            resumed.begin_again()
        elif answer.type == "audio-chunk":
            words = tuple(WordTime(*word) for word in answer.data["words"])
            chunk = SpeechChunk(answer.payload, int(answer.data["rate"]), words)
            if rest := resumed.unheard(chunk):
                yield rest


class ResumedSpeech:
    """Leaves out what was handed out before, so that nothing is said twice.

    A voice makes the same speech again to within some milliseconds.
    """

    def __init__(self) -> None:
        self._bytes = 0  # handed out
        self._words = 0
        self._bytes_left_out = 0  # still to be left out
        self._words_left_out = 0

    def begin_again(self) -> None:
        """Take note that the next chunk is the first one again."""
        self._bytes_left_out, self._words_left_out = self._bytes, self._words

    def unheard(self, chunk: SpeechChunk) -> SpeechChunk | None:
        """Return what is new in `chunk`, if anything is."""
        known = min(self._bytes_left_out, len(chunk.audio))
        told = min(self._words_left_out, len(chunk.words))
        self._bytes_left_out -= known
        self._words_left_out -= told
        rest = replace(chunk, audio=chunk.audio[known:], words=chunk.words[told:])
        self._bytes += len(rest.audio)
        self._words += len(rest.words)
        return rest if rest.audio or rest.words else None
