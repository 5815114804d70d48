"""Finds the answer to what was said, and speaks it; when that fails, says so.

transcript  HEARD_S after the end of speech, then a sign
action      ACT_S, then an apology
reply       REPLY_S after the action, then an apology
thinking    FIRST_WORD_S, then a sign; as long again, then an apology
apology     VOICE_S, then a sound
"""

import asyncio
from collections.abc import Callable, Coroutine
from dataclasses import replace
from enum import Enum
from typing import Any

import structlog

from hub.conversation.answer_speech import AnswerSpeech, Piece
from hub.conversation.attempt import Attempt, Parts, Setting, one
from hub.conversation.conversation import Conversation
from hub.conversation.delivery import FIRST_WORD_S, after, delivered, sound
from hub.conversation.earcon import CHIMES, failure
from hub.conversation.interjections import Kind, classify
from hub.conversation.mind import PromptMessage, Understanding
from hub.conversation.output import Output
from hub.conversation.plain_words import plain_words
from hub.conversation.playout import Playout
from hub.conversation.record import Record
from hub.conversation.timings import Timings
from hub.engines.base import EngineError

log = structlog.get_logger(__name__)

HEARD_S = 1.4
"""From the end of speech: speech that gives no transcript ends in a sign within 1.5 s."""
ACT_S = 8.0
REPLY_S = 1.5
"""What a home has to say is short and known: no sound of it within this time, and the voice is
broken. With VOICE_S, a sign comes within 2 s of what was done."""
VOICE_S = 0.3
"""A voice that has not begun to apologize by then is not waited for: a sound has to do."""
SIGN_AFTER_S = 0.05
"""After the wait for a transcript: a voice has this long to say that nothing was understood."""
LEAST_VOICE_S = 0.05
"""A voice has this long, however late it is."""


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
        heard_s: float = HEARD_S,
        timings: Timings,
        start: Callable[[Coroutine[Any, Any, None]], asyncio.Task[None]],
        clock: Callable[[], float],
    ) -> None:
        """`start` runs something beside the answer; it is cancelled with the turn."""
        self.playout = Playout(output, clock)
        self.irrevocable = False
        """Whether something was done that can not be undone by talking on."""
        self.language = setting.origin.language
        """Of what was said, once that is known; before, what is expected."""
        self._acted = asyncio.Event()  # of the try that is being answered
        self._number = number
        self._parts = parts
        self._output = output
        self._conversation = conversation
        self._record = record
        self._setting = setting
        self._opening = opening
        self._heard_s = heard_s
        self._timings = timings
        self._start = start
        self._clock = clock
        self._speeches: list[AnswerSpeech] = []
        self._answered = ""  # what the person had said before going on with it
        self._thinking: asyncio.Task[None] | None = None  # begun after the commit
        self._apology: AnswerSpeech | None = None  # prepared, where one is likely
        self._asked_ms: float | None = None  # when the audio was asked for that is waited for
        self._told = False  # whether words of an answer went out
        self._broke_off: tuple[str, str] | None = None  # what was heard of one that failed, and not

    @property
    def revocable(self) -> bool:
        """Whether nothing was done or heard yet."""
        return not (self.irrevocable or self._acted.is_set()) and self.playout.started_at is None

    @property
    def written(self) -> str:
        """All that was to be said."""
        return "".join(speech.text for speech in self._speeches)

    async def answer(self, attempt: Attempt, silence_ms: float) -> None:
        """Answer what `attempt` heard, `silence_ms` after the person stopped."""
        try:
            await self._find_and_speak(attempt, silence_ms)
            return
        except EngineError as error:
            log.error("no answer", turn=self._number, code=error.code, error=str(error))
        except TimeoutError:
            log.error("the answer took too long", turn=self._number)
        await self.fail()

    async def say(self, text: str, chime: str | None = None) -> None:
        """Say `text`, which nobody asked for here, after a chime; without a voice, make a sound."""
        self.irrevocable = True
        self._record.outcome = "answered"
        speech = self._spoken(text)
        before = None if chime is None else sound(CHIMES[chime]())
        if speech is None and before is not None:
            await self.playout.run(after(before))
        if speech is None:
            return
        try:
            await self.speak(speech, limit_s=REPLY_S, before=before)
        except EngineError as error:
            log.error("nothing said", turn=self._number, code=error.code, error=str(error))
            await self.fail()

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
        return tuple(self._conversation.history.prompt(self.kept(text)))

    def kept(self, text: str) -> str:
        """Return what was said as it may be shown, kept and told to a model: without secrets."""
        origin = replace(self._setting.origin, language=self.language)
        return self._parts.mind.kept(text, origin)

    async def _find_and_speak(self, attempt: Attempt, silence_ms: float) -> None:
        """Find the answer and say it, where there is one.

        Raises EngineError, and TimeoutError where the home takes too long.
        """
        sign_at = self._clock() - silence_ms / 1000 + self._heard_s + SIGN_AFTER_S
        self._acted = attempt.acted
        await self._wait_for_transcript(attempt, silence_ms)
        transcript = attempt.transcript
        if transcript is None or not attempt.settled.is_set():
            why = attempt.error or f"not within {self._heard_s:g} s"
            log.error("no transcript", turn=self._number, error=str(why))
            await self._apologize("failed", sign_at - self._clock(), remark=attempt.lack)
            return
        self.language = attempt.language
        kept = self.kept(transcript.text)
        self._record.transcript, self._record.language = kept, attempt.language
        if transcript.text:
            self._conversation.language = attempt.language
        await self._output.show_transcript(kept)
        if attempt.room is not None:
            self._record.outcome = "handed-over"
            self._record.room = attempt.room
            return
        if attempt.understanding is not None:
            reply = self._spoken(await self._act(attempt.understanding, kept))
            if reply is not None:
                await self.speak(reply, limit_s=REPLY_S)
            return
        if self._is_over(transcript.text):
            self._record.outcome = "stopped"
            return
        if transcript.text and attempt.speech is None:
            self._thinking = self._start(attempt.think(self.prompt(transcript.text)))
            await asyncio.sleep(0)
        if attempt.speech is not None:
            self._note_user(kept)
            self._record.outcome = "answered"
            self._speeches.append(attempt.speech)
            await self.speak(attempt.speech)
        elif self._opening is Opening.FOLLOW_UP:
            self._record.outcome = "nothing-heard"
        else:
            left_s = sign_at - self._clock()
            # Of half a sentence more is waited for than that, and a sign is late anyway.
            await self._apologize("not-understood", left_s if left_s > 0 else VOICE_S)

    async def _wait_for_transcript(self, attempt: Attempt, silence_ms: float) -> None:
        """Wait until HEARD_S after the end of speech, and prepare an apology meanwhile."""
        limit_s = max(self._heard_s - silence_ms / 1000, 0.1)
        if await attempt.settles(limit_s - VOICE_S):
            return
        apology = self._speech()
        preparing = self._start(apology.fill(one(self._remark(attempt.lack))))
        if await attempt.settles(min(limit_s, VOICE_S)) and attempt.error is None:
            preparing.cancel()
        else:
            self._apology = apology

    def _is_over(self, text: str) -> bool:
        """Tell whether the person only wants silence, now or after what was being answered."""
        if classify(text, self.language) is Kind.STOP:
            return True
        said, before = plain_words(text), plain_words(self._answered)
        rest = " ".join(said[len(before) :]) if before and said[: len(before)] == before else ""
        return classify(rest, self.language) is Kind.STOP

    async def _act(self, understanding: Understanding, said: str) -> str:
        """Do what was asked for; return what to say about it."""
        self.irrevocable = True
        self._note_user(said)
        self._record.intent = understanding.intent
        with self._timings.stage("action"):
            try:
                async with asyncio.timeout(ACT_S):
                    origin = replace(self._setting.origin, language=self.language)
                    reply = await self._parts.mind.act(understanding, origin)
            except (EngineError, TimeoutError):
                raise
            except Exception as error:  # whatever went wrong at home, the person is told
                log.exception("the home failed", turn=self._number)
                raise EngineError("home-failed", str(error)) from error
        self._record.outcome = "answered"
        self._record.details |= reply.details
        return reply.text

    def _spoken(self, text: str) -> AnswerSpeech | None:
        """Have `text` spoken."""
        if not text:
            return None
        self._speeches.append(speech := self._speech())
        self._start(speech.fill(one(text)))
        return speech

    def _speech(self) -> AnswerSpeech:
        voice = self._setting.voice(self.language)
        return AnswerSpeech(self._parts.text_to_speech, self.language, voice)

    async def speak(
        self,
        speech: AnswerSpeech,
        *,
        limit_s: float = 2 * FIRST_WORD_S,
        before: Piece | None = None,
    ) -> None:
        """Play an answer to its end, after a sound that comes `before` it.

        Raises EngineError, also if it does not begin in `limit_s`.
        """
        speech.committed.set()
        speech.on_text = lambda: self._output.show_written(self.written)
        speech.on_text()
        self._asked_ms = self._timings.now_ms
        try:
            pieces = delivered(speech, limit_s=limit_s, dry=self.playout.wait_dry, tell=self._tell)
            await self.playout.run(pieces if before is None else after(before, pieces))
        finally:
            if self.playout.started_at is not None:
                started_ms = self._timings.at_ms(self.playout.started_at)
                self._timings.add("playback", started_ms, self._timings.now_ms)

    async def _tell(self, text: str) -> None:
        """Tell what will be said next."""
        if self._asked_ms is not None:
            self._timings.add("first audio", self._asked_ms, self._timings.now_ms)
        self._told, self._asked_ms = True, None
        await self._output.show_answer(text)

    async def fail(self) -> None:
        """Let the person know that it did not work: in words, or without a voice by a sound."""
        if self._told:
            self._broke_off = self._broke_off or self.playout.heard(self.written)
        else:
            self._speeches.clear()
        await self._apologize("failed", VOICE_S)

    async def break_down(self) -> None:
        """Fail in the middle of it all: what was to be said is dropped."""
        if not self._told:
            await self.playout.drop()
            await self.fail()
            return
        self._broke_off = self.playout.heard(self.written)
        await self.playout.drop()
        await self._break_off("failed")

    async def _apologize(self, code: str, limit_s: float, *, remark: str | None = None) -> None:
        """Say what went wrong, if the voice begins in `limit_s` and VOICE_S; else make a sound."""
        self._record.outcome = code
        speech, self._apology = self._apology, None
        if speech is not None:
            self._speeches.append(speech)
        else:
            speech = self._spoken(self._remark(remark or code))
        try:
            if speech is not None:
                await self.speak(speech, limit_s=max(min(limit_s, VOICE_S), LEAST_VOICE_S))
                return
        except EngineError as error:
            log.error("no voice", turn=self._number, code=error.code, error=str(error))
        await self._break_off(code)

    async def _break_off(self, outcome: str) -> None:
        """Make the sound of failure after what was said."""
        self._broke_off = self._broke_off or self.playout.heard(self.written)
        self._record.outcome = outcome
        await self.playout.run(after(sound(failure())))

    def _remark(self, code: str) -> str:
        try:
            return self._parts.mind.remark(code, self.language)
        except Exception:  # then a sound has to do
            log.exception("no remark", turn=self._number, code=code)
            return ""

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
