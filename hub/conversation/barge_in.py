"""Listens while the hub answers: is somebody interrupting, or was it a cough, an "uh-huh", an echo?

    speech for DUCK_MS   the answer gets quieter
    speech for HOLD_MS   the answer stops where it is
    words                the answer is over, and what is being said is the next turn
    anything else        the answer goes on with the word that was cut off, within RESUME_S

Until something irrevocable was done or said, speech means that the person goes on with the
sentence: then the turn is reopened instead.
"""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from enum import Enum

import structlog

from hub.conversation.ear import Ear
from hub.conversation.echo import echo_guard
from hub.conversation.interjections import Kind, classify
from hub.conversation.playout import Playout
from hub.engines.base import EngineError, SpeechToText, Transcript, Utterance

log = structlog.get_logger(__name__)

DUCK_MS = 64.0
"""As soon as voice activity notices it: what cancels the echo of a loud answer takes some of the
voice over it along. Of 185 commands spoken over answers 107 were heard word for word, 100 with a
quieter answer 80 ms later."""
DUCK_DB = -12.0
DUCK_RAMP_MS = 20
HOLD_MS = 240.0
"""300 ms, less what voice activity, frames of 32 ms and the fade of the satellite add to it."""
ONSET_MS = 64.0
"""Sound that begins to be watched, two frames: the last of the sentence may fade longer than
voice activity and loudness agree upon."""
REOPEN_MS = 100.0
"""Speech that reopens a turn in which nothing has been done yet."""
OVER_MS = 130.0
"""Silence after which a stretch of speech is judged as a whole."""
PAUSE_MS = 400.0
"""One in which no words were found may be the first of them, and go on after a short pause: the
answer that it held is let go after so much silence, the first time."""
WORD_MS = 150.0
"""A stretch that was over sooner is no word but a click, a knock or a rest of echo."""
FIRST_MS = 300.0
"""An answer has just begun: an echo canceller lets the first 0.1 s of sound after a silence
through."""
FIRST_DUCK_MS = 100.0
"""It gets quieter from here on."""
FIRST_WORD_MS = 300.0
"""A stretch that began with the answer, or within FIRST_MS of it, must be so long."""
RETRY_MS = 300.0
"""Speech between two tries at what is being said."""
RESUME_S = 1.35
"""The answer is held for 1.5 s at most; falling silent and starting again take the rest."""
LISTEN_S = 1.0
"""A satellite that sends nothing is looked at as often."""
SAID_BEFORE_MS = 3000.0
SAID_AFTER_MS = 400.0
"""What is looked for an echo: what sounded since this long before it, and what will soon."""
MAX_TRY_MS = 6000.0
"""Of longer speech the last is tried; what was before has been tried already."""
ECHO_DOUBT_MS = 1500.0
"""The last of what was taken for an echo is heard again: it may begin what a person says."""
MAX_ECHOES = 2
"""A satellite that hears itself so often does not cancel echo: only words stop its answers then."""


class Verdict(Enum):
    """What somebody's speech means for the turn."""

    INTERRUPTED = "interrupted"
    """They want something else."""
    REOPENED = "reopened"
    """They go on with what they were saying."""


@dataclass(frozen=True, slots=True)
class Interruption:
    """Why and where the answer was cut short."""

    verdict: Verdict
    from_ms: float
    """Where the speech began, in the ear's ms."""


class BargeIn:
    """Watches one answer. `watch` returns when it is interrupted, and is cancelled at its end."""

    def __init__(
        self,
        ear: Ear,
        playout: Playout,
        speech_to_text: SpeechToText,
        *,
        heard_s: float,
        language: Callable[[], str],
        revocable: Callable[[], bool],
        clock: Callable[[], float],
        meant: Callable[[Transcript], bool] = lambda _: True,
        answers: Callable[[Transcript], bool] = lambda _: False,
    ) -> None:
        """`language` is the turn's; `revocable` tells whether nothing was done or said yet; `meant`
        whether words that are no stop word count; `answers` whether a sign of assent is the answer
        to what is being asked.

        `heard_s` is how long a transcript is waited for. One that comes after the answer went on
        ends it all the same.
        """
        self.holds = 0
        """How often the answer was held."""
        self.calm = asyncio.Event()
        """Set while nobody speaks whose wish is not known yet."""
        self.calm.set()
        self._ear = ear
        self._playout = playout
        self._speech_to_text = speech_to_text
        self._heard_s = heard_s
        self._language = language
        self._revocable = revocable
        self._clock = clock
        self._meant = meant
        self._answers = answers
        self._echoes = 0
        self._echo_until_ms = 0.0
        self._from_ms: float | None = None  # where the speech that is being watched began
        self._word_ms = WORD_MS
        self._ducked = False
        self._held_at: float | None = None
        self._given_up = False  # of this stretch: it held the answer long enough
        self._tried_ms = 0.0  # speech that the last try had heard
        self._judged = False
        self._unclear = False  # whether no words at all were found in it
        self._pause_until = 0.0  # it may go on until then
        self._trying: asyncio.Task[Transcript] | None = None
        self._saying = ""  # by the answer, around what is being tried
        self._after_ms = ear.speech.speech_end_ms or 0.0  # what ended by then is known
        self._next_ms: float | None = None  # where speech began after what is being tried

    async def watch(self) -> Interruption:
        """Listen until somebody interrupts."""
        try:
            while True:
                await self._listen()
                found = await self._follow()
                if found is not None:
                    return found
        finally:
            if self._trying is not None:
                self._trying.cancel()

    async def _listen(self) -> None:
        limit_s = LISTEN_S
        if self._held_at is not None:
            until = self._held_at + RESUME_S
            if self._judged and self._trying is None:
                until = min(until, self._pause_until)
            limit_s = max(0.0, until - self._clock())
        if self._ear.ended:
            # The microphone is closed: nothing is to be heard, but an answer may be held.
            if self._trying is None:
                await asyncio.sleep(limit_s)
            else:
                await asyncio.wait([self._trying], timeout=limit_s)
            return
        with suppress(TimeoutError):  # a satellite that sends nothing interrupts nobody
            await self._ear.read(limit_s)

    async def _follow(self) -> Interruption | None:
        speech = self._ear.speech
        self._find_start()
        if self._from_ms is not None and speech.speech_end_ms is not None:
            spoken_ms = speech.speech_end_ms - self._from_ms
            if spoken_ms >= REOPEN_MS and self._revocable():
                return Interruption(Verdict.REOPENED, self._from_ms)
            await self._quieten(spoken_ms)
            self._try(spoken_ms, speech.silence_ms)
        found = await self._judge()
        if found is not None:
            return found
        if self._held_at is not None and self._clock() >= self._held_at + RESUME_S:
            self._given_up = True
            await self._let_go()
        return None

    def _find_start(self) -> None:
        """Find speech that nothing is known of: a stretch, or more of one that was under way."""
        speech = self._ear.speech
        if speech.speech_end_ms is None:
            return
        start_ms = max(speech.sound_start_ms or 0.0, self._after_ms)
        if speech.speech_end_ms - start_ms < ONSET_MS:
            return
        if self._from_ms is None:
            self._begin(start_ms)
        elif self._judged and self._next_ms is None:
            self._next_ms = start_ms

    def _begin(self, from_ms: float) -> None:
        self._from_ms, self._next_ms = from_ms, None
        begins = self._playout.started_at is not None and self._answered_ms(from_ms) < FIRST_MS
        self._word_ms = FIRST_WORD_MS if begins else WORD_MS
        self.calm.clear()
        self._tried_ms = 0.0
        self._judged = self._unclear = self._given_up = False

    def _answered_ms(self, at_ms: float) -> float:
        """Return how much of the answer had been heard at some time of the ear's."""
        return self._playout.heard_ms - (self._ear.speech.now_ms - at_ms)

    async def _quieten(self, spoken_ms: float) -> None:
        if self._playout.started_at is None and self._held_at is None and spoken_ms < HOLD_MS:
            return
        if self._echoes >= MAX_ECHOES or self._given_up or self._playout.confirmed:
            return
        first = self._answered_ms(self._from_ms or 0.0) < FIRST_MS
        duck_ms = FIRST_DUCK_MS if first else DUCK_MS
        if spoken_ms >= duck_ms and not self._ducked:
            self._ducked = True
            await self._playout.duck(DUCK_DB, DUCK_RAMP_MS)
        if spoken_ms >= HOLD_MS and self._held_at is None:
            self._held_at = self._clock()
            self.holds += 1
            await self._playout.hold()

    def _try(self, spoken_ms: float, silence_ms: float) -> None:
        """Find out what is being said, every now and then and once more when it was said."""
        if self._trying is not None or self._judged:
            return
        over = silence_ms >= OVER_MS or self._ear.ended
        if not over and (spoken_ms < HOLD_MS or spoken_ms - self._tried_ms < RETRY_MS):
            return
        self._tried_ms = spoken_ms
        self._judged = over
        if over:
            self._after_ms = self._ear.speech.speech_end_ms or self._after_ms
            self._pause_until = self._clock() + (PAUSE_MS - silence_ms) / 1000
            if spoken_ms < self._word_ms:
                return
        before_ms = SAID_BEFORE_MS + min(spoken_ms, MAX_TRY_MS)
        self._saying = self._playout.saying(before_ms, SAID_AFTER_MS)
        end_ms = (self._from_ms or 0.0) + spoken_ms
        start_ms = max(self._from_ms or 0.0, self._echo_until_ms, end_ms - MAX_TRY_MS)
        audio = self._ear.cut(start_ms, end_ms if over else None)
        self._trying = asyncio.create_task(self._transcribe(audio))
        self._trying.add_done_callback(lambda _: self._ear.notice())

    async def _transcribe(self, audio: bytes) -> Transcript:
        language = self._language()
        nothing = Transcript("", language)
        try:
            async with asyncio.timeout(self._heard_s):
                return await self._speech_to_text.transcribe(Utterance(audio, language))
        except TimeoutError:
            return nothing
        except EngineError as error:
            log.warning("interruption not understood", code=error.code, error=str(error))
            return nothing
        except Exception:  # whatever it is, it is no reason to end an answer
            log.exception("interruption not understood")
            return nothing

    async def _judge(self) -> Interruption | None:
        """Decide on what was heard, once it was."""
        trying = self._trying
        if trying is not None and trying.done():
            self._trying = None
            heard = trying.result()
            self._unclear = classify(_text(heard), heard.language) is Kind.NOTHING
            if self._interrupts(heard):
                return Interruption(
                    Verdict.INTERRUPTED, max(self._from_ms or 0.0, self._echo_until_ms)
                )
        if self._from_ms is not None and self._judged and self._trying is None:
            await self._end_stretch()
        return None

    async def _end_stretch(self) -> None:
        """Go on listening after all of a stretch was heard, and it was nothing."""
        may_go_on = self._unclear and self._held_at is not None and self.holds == 1
        if may_go_on and self._next_ms is not None:
            self._judged, self._next_ms = False, None
        elif self._next_ms is not None:
            self._begin(self._next_ms)
        elif not may_go_on or self._ear.ended or self._clock() >= self._pause_until:
            self._from_ms = None
            self.calm.set()
            await self._let_go()

    def _interrupts(self, transcript: Transcript) -> bool:
        text = _text(transcript)
        if not text:
            return False
        if echo_guard(self._language()).is_echo(text, self._saying):
            self._echoes += 1
            self._echo_until_ms = (self._from_ms or 0.0) + self._tried_ms - ECHO_DOUBT_MS
            return False
        kind = classify(text, transcript.language)
        if kind is Kind.BACKCHANNEL:
            return self._answers(transcript)
        return kind is Kind.STOP or (kind is Kind.WORDS and self._meant(transcript))

    async def _let_go(self) -> None:
        """Let the answer go on as if nothing had been."""
        if self._held_at is not None:
            self._held_at = None
            await self._playout.resume()
        if self._ducked and self._from_ms is None:
            self._ducked = False
            await self._playout.duck(0.0, DUCK_RAMP_MS)


def _text(transcript: Transcript) -> str:
    return transcript.text or transcript.partial
