"""What somebody has said so far, while they are still speaking: for whoever looks on.

The utterance is heard again and again as it grows, when the recogniser has nothing better to do;
words that it has found twice are shown. Nothing is understood or done by them.
"""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

import structlog

from hub.conversation.agreement import LocalAgreement
from hub.conversation.ear import Ear
from hub.engines.base import EngineError, Rank, SpeechToText, Utterance

log = structlog.get_logger(__name__)

EVERY_MS = 400.0
"""Speech between two looks, at least; and twice as long as the last look took."""
TOO_SLOW_S = 1.5
"""A recogniser that takes longer has enough to do with what is final."""


class Partials:
    """One person's sentence as it grows. `follow` is called with each frame that was heard."""

    def __init__(
        self,
        speech_to_text: SpeechToText,
        language: str,
        ear: Ear,
        *,
        show: Callable[[str], Coroutine[Any, Any, None]],
        start: Callable[[Coroutine[Any, Any, None]], asyncio.Task[None]],
        clock: Callable[[], float],
    ) -> None:
        """`show` is given all words so far, each time that there are more."""
        self._speech_to_text = speech_to_text
        self._language = language
        self._ear = ear
        self._show = show
        self._start = start
        self._clock = clock
        self._agreement = LocalAgreement()
        self._looked_ms = 0.0  # of the ear, at the last look
        self._every_ms = EVERY_MS
        self._looking: asyncio.Task[None] | None = None
        self._too_slow = False

    def follow(self) -> None:
        """Look at what was said, if there is more of it."""
        speech = self._ear.speech
        start_ms, end_ms = speech.speech_start_ms, speech.speech_end_ms
        if start_ms is None or end_ms is None or self._too_slow or self._looking is not None:
            return
        if end_ms - max(self._looked_ms, start_ms) < self._every_ms:
            return
        self._looked_ms = end_ms
        self._looking = self._start(self._look(self._ear.cut(start_ms)))

    def end(self) -> None:
        """Look no more: the sentence is over, or a try at it begins."""
        looking, self._looking = self._looking, None
        if looking is not None:
            looking.cancel()

    async def _look(self, audio: bytes) -> None:
        began = self._clock()
        utterance = Utterance(audio, self._language, rank=lambda: Rank.PARTIAL)
        try:
            async with asyncio.timeout(TOO_SLOW_S):
                transcript = await self._speech_to_text.transcribe(utterance)
        except (TimeoutError, EngineError):
            self._give_up()
            return
        except Exception:  # whatever it is, what is final may still be understood
            log.exception("what is being said is not understood")
            self._give_up()
            return
        self._every_ms = max(EVERY_MS, 2000 * (self._clock() - began))
        before = self._agreement.agreed
        agreed = self._agreement.feed(transcript.text)
        if agreed != before:
            await self._show(agreed)
        self._looking = None

    def _give_up(self) -> None:
        self._too_slow = True
        self._looking = None
