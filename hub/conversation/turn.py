"""One turn: a person speaks, the home acts or a model thinks, the hub answers.

    Listening -> Answering, with BargeIn watching -> what was heard is remembered

`run` ends by itself, whatever satellite, engines and home do: each stage has its limits.
"""

import asyncio
from collections.abc import Callable, Coroutine
from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import Any

import structlog

from hub.conversation.answering import HEARD_S, Answering, Opening
from hub.conversation.attempt import Attempt, Parts, Setting
from hub.conversation.barge_in import BargeIn, Interruption, Verdict
from hub.conversation.consent import consent
from hub.conversation.conversation import Conversation
from hub.conversation.ear import Ear
from hub.conversation.endpoint import Rules
from hub.conversation.listening import Heard, Listening
from hub.conversation.output import Output, OutputLost
from hub.conversation.partials import Partials
from hub.conversation.patience import Patience, Pauses
from hub.conversation.record import Record
from hub.conversation.timings import Timings
from hub.engines.base import Transcript

log = structlog.get_logger(__name__)

HEAR_OUT_S = 2.0
"""Speech that an answer's end overtakes is found to be words, or nothing, within this time."""
SIGN_S = 10.0
"""A turn that broke tells so within this time: an apology begins soon or is left out."""
DECIDING_S = 0.2
"""Of that wait, left for the answer once listening has given up."""


@dataclass(frozen=True, slots=True)
class Manner:
    """How turns are taken."""

    rules: Rules = field(default_factory=Rules)
    patience: Patience = field(default_factory=Patience)
    heard_s: float = HEARD_S
    """How long after the end of speech a transcript is waited for."""


class Turn:
    """One turn of one satellite."""

    def __init__(
        self,
        number: int,
        parts: Parts,
        ear: Ear,
        output: Output,
        conversation: Conversation,
        *,
        setting: Setting,
        manner: Manner,
        opening: Opening,
        pauses: Pauses,
        clock: Callable[[], float],
    ) -> None:
        self.number = number
        self.record = Record()
        self.timings = Timings(clock)
        self.interruption: Interruption | None = None
        """What ended the answer before its time; the person is still talking, or just was."""
        self.lost = False
        """Whether it ended because the satellite was lost."""
        self.sound = b""
        """What was said, as 16 kHz pcm16."""
        self._parts = parts
        self._ear = ear
        self._output = output
        self._setting = setting
        self._heard_s = manner.heard_s
        self._clock = clock
        self._beside: list[asyncio.Task[None]] = []
        self._broken = False  # by something beside the work, which is cancelled because of it
        self._cancelled = False
        self._answering = Answering(
            number,
            parts,
            output,
            conversation,
            self.record,
            setting=setting,
            opening=opening,
            heard_s=manner.heard_s,
            timings=self.timings,
            start=self._start,
            clock=clock,
        )
        self._listening = Listening(
            parts,
            setting,
            ear,
            rules=manner.rules,
            patience=manner.patience,
            unheard_ms=(manner.heard_s - DECIDING_S) * 1000,
            pauses=pauses,
            prompt=self._answering.prompt,
            timings=self.timings,
            partials=self._partials() if parts.hears_along() else None,
            start=self._start,
            clock=clock,
        )

    @property
    def confirmed(self) -> bool:
        """Whether the satellite said that it played the whole answer."""
        return self._answering.playout.confirmed

    async def run(self) -> None:
        """Run the turn to its end; `record` and `interruption` tell what came of it."""
        await self._bounded(self._take())

    @property
    def begun(self) -> bool:
        """Whether anything was heard of the answer."""
        return self._answering.playout.started_at is not None

    async def say(self, text: str, chime: str | None = None, *, asks: bool = False) -> None:
        """Say `text`, after a chime, without having listened; whoever speaks then may answer it."""
        self.record.outcome = "answered"
        saying = self._answering.say(text, chime)
        # What asks nobody may be said while people talk to each other.
        meant = (lambda _: True) if asks else self._is_command
        answers = _is_consent if asks and text.rstrip().endswith("?") else None
        await self._bounded(self._answer_watched(saying, meant=meant, answers=answers))

    async def read(self, text: str) -> None:
        """Answer what somebody has written."""
        self._answering.irrevocable = True  # there is no more of it to wait for
        attempt = Attempt(self._parts, self._setting, 0, b"", self.timings)
        attempt.read(text)
        await self._bounded(self._answer_watched(self._answering.answer(attempt, 0.0)))

    def _is_command(self, transcript: Transcript) -> bool:
        """Tell whether what was said over an answer is something to do."""
        origin = replace(self._setting.origin, language=transcript.language)
        return self._parts.mind.understand(transcript.text, origin) is not None

    def _is_answer(self, transcript: Transcript) -> bool:
        """Tell whether what was said over a question is its answer."""
        origin = replace(self._setting.origin, language=transcript.language)
        return self._parts.mind.is_answer(transcript.text, origin)

    async def _bounded(self, work: Coroutine[Any, Any, object]) -> None:
        """Do the turn's work; where it breaks, the person is told."""
        try:
            try:
                await self._together(work)
            except OutputLost:
                raise
            except Exception as error:  # whatever it is, the person gets a sign
                if self._cancelled:
                    raise asyncio.CancelledError from error
                log.exception("the turn broke", turn=self.number)
                self.record.outcome = "failed"
                with suppress(TimeoutError):
                    async with asyncio.timeout(SIGN_S):
                        await self._together(self._answering.break_down())
        except OutputLost:
            self.record.outcome = "cancelled"
            self.lost = True
        finally:
            self._answering.remember()

    async def _together(self, work: Coroutine[Any, Any, object]) -> None:
        """Do some work, and leave nothing behind of what was started beside it.

        Raises what broke, the work or something beside it, out of its groups.
        """
        self._broken = False
        try:
            async with asyncio.TaskGroup() as tasks:
                self._tasks = tasks
                try:
                    await work
                except asyncio.CancelledError:
                    if not self._broken:
                        self._cancelled = True
                        self.record.outcome = "cancelled"
                        await self._answering.playout.stop()
                    raise
                finally:
                    for task in self._beside:
                        task.cancel()
        except ExceptionGroup as group:
            raise _cause(group) from None

    def _start(self, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        task = self._tasks.create_task(self._watched(work))
        self._beside = [other for other in self._beside if not other.done()] + [task]
        return task

    async def _watched(self, work: Coroutine[Any, Any, None]) -> None:
        try:
            await work
        except Exception:
            self._broken = True
            raise

    async def _take(self) -> None:
        from_ms = 0.0
        while True:
            heard = await self._listening.run(self._show_speech, from_ms)
            self._time_speech(heard)
            await self._output.show_speech(started=False)
            if heard.attempt is None:
                self.record.outcome = "nothing-heard"
                return
            answer = self._answering.answer(heard.attempt, self._ear.speech.silence_ms)
            reopened = await self._answer_watched(answer)
            if reopened is None:
                return
            from_ms = reopened.from_ms
            self._answering.reopen()
            self._listening.drop()

    def _partials(self) -> Partials:
        return Partials(
            self._parts.speech_to_text,
            self._setting.origin.language,
            self._ear,
            show=lambda text: self._output.show_partial(self._answering.kept(text)),
            start=self._start,
            clock=self._clock,
        )

    def _show_speech(self) -> None:
        self._start(self._output.show_speech(started=True))

    async def _answer_watched(
        self,
        answer: Coroutine[Any, Any, None],
        *,
        meant: Callable[[Transcript], bool] = lambda _: True,
        answers: Callable[[Transcript], bool] | None = None,
    ) -> Interruption | None:
        """Answer while somebody listens for interruptions; return what reopens the turn."""
        playout = self._answering.playout
        barge_in = BargeIn(
            self._ear,
            playout,
            self._parts.speech_to_text,
            heard_s=self._heard_s,
            language=lambda: self._answering.language,
            revocable=lambda: self._answering.revocable and self._listening.may_go_on,
            clock=self._clock,
            meant=meant,
            answers=answers or self._is_answer,
        )
        answering = asyncio.create_task(answer)
        watching = asyncio.create_task(barge_in.watch())
        try:
            await asyncio.wait({answering, watching}, return_when=asyncio.FIRST_COMPLETED)
            if playout.confirmed:
                await self._hear_out(barge_in, watching)
        finally:
            answering.cancel()
            watching.cancel()
            # Who is cancelled here does not ask any more how these two ended.
            await asyncio.gather(answering, watching, return_exceptions=True)
        if barge_in.holds:
            self.record.details["holds"] = barge_in.holds
        if not answering.cancelled():
            answering.result()
            if not watching.cancelled() and watching.result().verdict is Verdict.INTERRUPTED:
                self.interruption = watching.result()
            return None  # what is over can not be reopened
        interruption = watching.result()
        # Until it was cancelled, the answer may have done or said something after all.
        if interruption.verdict is Verdict.REOPENED and self._answering.revocable:
            return interruption
        self.interruption = replace(interruption, verdict=Verdict.INTERRUPTED)
        self.record.outcome = "interrupted"
        await playout.stop()
        return None

    async def _hear_out(self, barge_in: BargeIn, watching: asyncio.Task[Interruption]) -> None:
        """Find out what somebody wants who began to speak just before the answer's end."""
        calm = asyncio.create_task(barge_in.calm.wait())
        try:
            await asyncio.wait(
                {calm, watching}, timeout=HEAR_OUT_S, return_when=asyncio.FIRST_COMPLETED
            )
        finally:
            calm.cancel()
            await asyncio.wait({calm})

    def _time_speech(self, heard: Heard) -> None:
        speech, now_ms = self._ear.speech, self.timings.now_ms
        details = self.record.details
        details["tries"], details["thoughts"] = self._listening.revisions, self._listening.thoughts
        attempt: Attempt | None = heard.attempt
        if speech.speech_end_ms is None or attempt is None:
            self.timings.add("waiting for speech", 0, now_ms)
            return
        self.sound = attempt.audio
        end_ms = now_ms - speech.silence_ms
        length_ms = speech.speech_end_ms - (speech.speech_start_ms or 0)
        self.timings.add("speech", end_ms - length_ms, end_ms)
        self.timings.add("endpoint", end_ms, now_ms)
        details["ending"] = heard.ending.value
        # What speculation has paid: work that was done while it was not sure yet.
        ahead_ms = round(now_ms - attempt.began_ms) if attempt.settled.is_set() else 0
        details["ahead_ms"], details["paid"] = ahead_ms, ahead_ms > 0


def _is_consent(transcript: Transcript) -> bool:
    return consent(transcript.text, transcript.language) is not None


def _cause(error: Exception) -> Exception:
    """Return what is inside of groups of groups: a lost output before what it brought about."""
    if not isinstance(error, ExceptionGroup):
        return error
    causes = [_cause(inner) for inner in error.exceptions]
    return next((cause for cause in causes if isinstance(cause, OutputLost)), causes[0])
