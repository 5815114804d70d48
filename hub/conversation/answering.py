"""Finds the answer to what was said, and speaks it; when that fails, says so.

transcript  HEARD_S after the end of speech, then a sign
action      ACT_S, then an apology
thinking    FIRST_WORD_S, then a sign; as long again, then an apology
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine
from enum import Enum
from typing import Any

import structlog

from hub.conversation.answer_speech import AnswerSpeech, Piece
from hub.conversation.attempt import Attempt, Parts, Setting, one
from hub.conversation.conversation import Conversation
from hub.conversation.earcon import RATE_HZ, failure, patience_please
from hub.conversation.interjections import Kind, classify
from hub.conversation.mind import PromptMessage, Understanding
from hub.conversation.output import Output
from hub.conversation.plain_words import plain_words
from hub.conversation.playout import Playout
from hub.conversation.record import Record
from hub.conversation.sentences import Sentence
from hub.conversation.timings import Timings
from hub.engines.base import EngineError, Transcript

log = structlog.get_logger(__name__)

HEARD_S = 1.4
"""From the end of speech: speech that gives no transcript ends in a sign within 1.5 s."""
ACT_S = 8.0
FIRST_WORD_S = 8.0
APOLOGY_S = 2.0
"""A voice that has not begun to apologize by then is broken: a sound has to do."""

_NO_TEXT = Sentence("", "")


class Opening(Enum):
    """What a turn began with."""

    WAKE = "wake"
    """Somebody called the hub."""
    INTERRUPTION = "interruption"
    """Somebody spoke over an answer."""
    FOLLOW_UP = "follow-up"
    """The hub listened on after an answer; perhaps nobody meant it."""


class Answering:
    """The answer of one turn."""

    def __init__(
        self,
        number: int,
        parts: Parts,
        output: Output,
        conversation: Conversation,
        record: Record,
        *,
        setting: Setting,
        opening: Opening,
        timings: Timings,
        start: Callable[[Coroutine[Any, Any, None]], asyncio.Task[None]],
        clock: Callable[[], float],
    ) -> None:
        """`start` runs something beside the answer; it is cancelled with the turn."""
        self.playout = Playout(output, clock)
        self.irrevocable = False
        """Whether something was done that can not be undone by talking on."""
        self._number = number
        self._parts = parts
        self._output = output
        self._conversation = conversation
        self._record = record
        self._setting = setting
        self._opening = opening
        self._timings = timings
        self._start = start
        self._clock = clock
        self._speeches: list[AnswerSpeech] = []
        self._answered = ""  # what the person had said before going on with it
        self._thinking: asyncio.Task[None] | None = None  # begun after the commit
        self._told = False  # whether words of an answer went out
        self._broke_off: tuple[str, str] | None = None  # what was heard of one that failed, and not

    @property
    def revocable(self) -> bool:
        """Whether nothing was done or heard yet."""
        return not self.irrevocable and self.playout.started_at is None

    @property
    def written(self) -> str:
        """All that was to be said."""
        return "".join(speech.text for speech in self._speeches)

    async def answer(self, attempt: Attempt, silence_ms: float) -> None:
        """Answer what `attempt` heard, `silence_ms` after the person stopped."""
        try:
            speech = await self._find(attempt, silence_ms)
            if speech is not None:
                await self.speak(speech)
            return
        except EngineError as error:
            log.error("no answer", turn=self._number, code=error.code, error=str(error))
        except TimeoutError:
            log.error("the answer took too long", turn=self._number)
        await self.fail()

    async def say(self, text: str) -> None:
        """Say `text`, which nobody asked for. Raises EngineError."""
        self.irrevocable = True
        self._record.outcome = "answered"
        speech = self._spoken(text)
        if speech is not None:
            await self.speak(speech)

    def reopen(self) -> None:
        """Forget an answer that nobody heard, and what it answered: the person goes on."""
        self._speeches.clear()
        if self._thinking is not None:
            self._thinking.cancel()
            self._thinking = None
        self._conversation.history.take_back(self._number)
        self._answered = self._record.transcript or ""

    def prompt(self, text: str) -> tuple[PromptMessage, ...]:
        """Return what a model is asked about `text`."""
        return tuple(self._conversation.history.prompt(text))

    async def _find(self, attempt: Attempt, silence_ms: float) -> AnswerSpeech | None:
        """Return the answer on its way; None where there is nothing to say."""
        await self._wait_for_transcript(attempt, silence_ms)
        transcript = attempt.transcript
        assert transcript is not None
        self._record.transcript = transcript.text
        await self._output.show_transcript(transcript.text)
        if attempt.room is not None:
            self._record.outcome = "handed-over"
            self._record.room = attempt.room
            return None
        if attempt.understanding is not None:
            return self._spoken(await self._act(attempt.understanding, transcript))
        if self._is_over(transcript.text):
            self._record.outcome = "stopped"
            return None
        if transcript.text and attempt.speech is None:
            self._thinking = self._start(attempt.think(self.prompt(transcript.text)))
            await asyncio.sleep(0)
        if attempt.speech is None:
            return self._not_understood()
        self._note_user(transcript.text)
        self._record.outcome = "answered"
        self._speeches.append(attempt.speech)
        return attempt.speech

    async def _wait_for_transcript(self, attempt: Attempt, silence_ms: float) -> None:
        try:
            async with asyncio.timeout(max(HEARD_S - silence_ms / 1000, 0.1)):
                await attempt.settled.wait()
        except TimeoutError:
            raise EngineError("engine-timeout", f"no transcript within {HEARD_S:g} s") from None
        if attempt.error is not None:
            raise attempt.error

    def _is_over(self, text: str) -> bool:
        """Tell whether the person only wants silence, now or after what was being answered."""
        if classify(text, self._setting.language) is Kind.STOP:
            return True
        said, before = plain_words(text), plain_words(self._answered)
        rest = " ".join(said[len(before) :]) if before and said[: len(before)] == before else ""
        return classify(rest, self._setting.language) is Kind.STOP

    def _not_understood(self) -> AnswerSpeech | None:
        if self._opening is Opening.FOLLOW_UP:
            self._record.outcome = "nothing-heard"
            return None
        return self._spoken(self._apology("not-understood"))

    async def _act(self, understanding: Understanding, transcript: Transcript) -> str:
        """Do what was asked for; return what to say about it."""
        self.irrevocable = True
        self._note_user(transcript.text)
        self._record.intent = understanding.intent
        with self._timings.stage("action"):
            async with asyncio.timeout(ACT_S):
                reply = await self._parts.mind.act(
                    understanding, area=self._setting.area, language=transcript.language
                )
        self._record.outcome = "answered"
        self._record.details |= reply.details
        return reply.text

    def _spoken(self, text: str) -> AnswerSpeech | None:
        """Have `text` spoken."""
        if not text:
            return None
        speech = AnswerSpeech(self._parts.text_to_speech, self._setting.language)
        self._speeches.append(speech)
        self._start(speech.fill(one(text)))
        return speech

    async def speak(self, speech: AnswerSpeech, *, limit_s: float = 2 * FIRST_WORD_S) -> None:
        """Play an answer to its end. Raises EngineError, also if it does not begin in `limit_s`."""
        speech.committed.set()
        try:
            await self.playout.run(self._shown(speech, limit_s))
        finally:
            if self.playout.started_at is not None:
                started_ms = self._timings.at_ms(self.playout.started_at)
                self._timings.add("playback", started_ms, self._timings.now_ms)

    async def _shown(self, speech: AnswerSpeech, limit_s: float) -> AsyncIterator[Piece]:
        """Yield an answer's audio, telling what will be said; a sign where it takes long."""
        asked_ms = self._timings.now_ms
        pieces = speech.pieces()
        shown: Sentence | None = None
        while True:
            waiting = asyncio.ensure_future(_next(pieces))
            try:
                done, _ = await asyncio.wait({waiting}, timeout=min(limit_s, FIRST_WORD_S))
                if not done and shown is None and limit_s > FIRST_WORD_S:
                    yield Piece(_NO_TEXT, patience_please(), RATE_HZ, ())
                    done, _ = await asyncio.wait({waiting}, timeout=limit_s - FIRST_WORD_S)
            finally:
                waiting.cancel()
            if not done:
                raise EngineError("engine-timeout", "no word came for too long")
            piece = waiting.result()
            if piece is None:
                break
            if shown is None:
                self._timings.add("first audio", asked_ms, self._timings.now_ms)
            if piece.sentence is not shown:
                shown = piece.sentence
                self._told = True
                await self._output.show_answer(shown.text)
            yield piece
        if shown is None:
            raise EngineError("engine-failed", "no audio came of the answer")

    async def fail(self) -> None:
        """Let the person know that it did not work: in words, or without a voice by a sound."""
        if not self._told:
            self._speeches.clear()
            speech = self._spoken(self._apology("failed"))
            try:
                if speech is not None:
                    await self.speak(speech, limit_s=APOLOGY_S)
                    return
            except EngineError as error:
                log.error("no voice", turn=self._number, code=error.code, error=str(error))
        self._broke_off = self.playout.heard(self.written)
        self._record.outcome = "failed"
        await self.playout.run(_sound(failure()))

    def _apology(self, code: str) -> str:
        self._record.outcome = code
        return self._parts.mind.remark(code, self._setting.language)

    def _note_user(self, text: str) -> None:
        self._conversation.used_at = self._clock()
        self._conversation.history.add_user(text, self._number, self._clock())

    def remember(self) -> None:
        """Keep what was heard of the answer, and no more."""
        written = self.written
        heard, rest = self._broke_off or self.playout.heard(written)
        self._record.answer, self._record.heard = written or None, heard or None
        remembered = ("answered", "interrupted", "cancelled")
        if self._record.outcome not in remembered and self._broke_off is None:
            return
        now = self._clock()
        self._conversation.used_at = now
        self._conversation.history.add_assistant(
            heard, rest, self._number, now, interrupted=bool(rest)
        )


async def _next(pieces: AsyncIterator[Piece]) -> Piece | None:
    return await anext(pieces, None)


async def _sound(audio: bytes) -> AsyncIterator[Piece]:
    yield Piece(_NO_TEXT, audio, RATE_HZ, ())
