"""Listens until the person has finished: pause, try, decide, and go on when they go on.

At the first pause a try begins (`attempt`). From ASK_MS of silence on it is asked with every frame
whether this was all: a whole command of the home is; of anything else the probability decides how
long to wait for more.
"""

import asyncio
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from typing import Any

from hub.conversation.attempt import Attempt, Parts, Setting
from hub.conversation.ear import Ear
from hub.conversation.endpoint import Ending, Rules
from hub.conversation.mind import PromptMessage
from hub.conversation.partials import Partials
from hub.conversation.patience import Patience, Pauses
from hub.conversation.timings import Timings

TENTATIVE_MS = 130.0
"""Silence at which a try begins. Stops inside words are shorter, mostly."""
ASK_MS = 200.0
"""Silence at which it is first asked whether this was all."""
MAX_THOUGHTS = 3
"""Tries in one turn that also think and speak ahead; what was said is tried at every pause."""
MAX_REOPENINGS = 3
"""How often more of a sentence may come after it was taken for finished."""
AUDIO_GAP_TIMEOUT_S = 2.0
"""A satellite that listens sends 31 frames a second; this long without one, it has gone quiet."""
SLACK_S = 5.0
"""Added to the audio that is listened to at most: a satellite may send it more slowly, or none."""
AGAIN_MS = 300.0
"""Silence at which a try that understood nothing is repeated, with all the silence that recognisers
want after the last sound: it may have been a quiet one."""
UNHEARD_SILENCE_MS = 1200.0
"""Silence after which a recogniser that has said nothing yet is not waited for any more here."""
CERTAIN_SILENCE_MS = 4000.0
"""Whatever is thought of the sentence, after this it is over."""

Prompt = Callable[[str], tuple[PromptMessage, ...]]


@dataclass(frozen=True, slots=True)
class Heard:
    """What listening gave."""

    ending: Ending
    attempt: Attempt | None
    """The try at what was said; None when nothing was."""


class Listening:
    """One person's sentence. `run` may be called again when more of it comes after all."""

    def __init__(
        self,
        parts: Parts,
        setting: Setting,
        ear: Ear,
        *,
        rules: Rules,
        patience: Patience,
        unheard_ms: float = UNHEARD_SILENCE_MS,
        pauses: Pauses,
        prompt: Prompt,
        timings: Timings,
        partials: Partials | None = None,
        start: Callable[[Coroutine[Any, Any, None]], asyncio.Task[None]],
        clock: Callable[[], float],
    ) -> None:
        self.revisions = 0
        """Tries so far."""
        self.thoughts = 0
        """Tries so far that also thought ahead."""
        self._parts = parts
        self._setting = setting
        self._ear = ear
        self._rules = rules
        self._patience = patience
        self._unheard_ms = unheard_ms
        self._pauses = pauses
        self._prompt = prompt
        self._partials = partials
        self._timings = timings
        self._start = start
        self._clock = clock
        self._attempt: Attempt | None = None
        self._task: asyncio.Task[None] | None = None
        self._tried_until_ms = -1.0
        self._tried_after_ms = 0.0  # silence when the try began
        self._limit_at = 0.0
        self._runs = 0
        self._cut = False  # somebody spoke for so long that it had to do
        self._began_ms = 0.0  # where this run began

    async def run(self, on_speech: Callable[[], object], from_ms: float = 0.0) -> Heard:
        """Listen to the end of the sentence, or of what comes of it from `from_ms` on.

        `on_speech` is called when speech begins.
        """
        told = False
        self._runs += 1
        self._began_ms = from_ms
        limit_ms = self._rules.max_ms + self._rules.no_speech_ms
        self._limit_at = self._clock() + limit_ms / 1000 + SLACK_S
        while True:
            ending = await self._read()
            if self._ear.speech.speech_start_ms is not None and not told:
                told = True
                on_speech()
            self._follow_speech()
            ending = ending or self._judge()
            if ending is not None:
                return self._end(ending)

    @property
    def may_go_on(self) -> bool:
        """Whether `run` may be called once more: talk without end is cut into turns."""
        return self._runs <= MAX_REOPENINGS and not self._cut

    def drop(self) -> None:
        """Give up the try under way: the person goes on."""
        task, self._task, self._attempt = self._task, None, None
        if task is not None:
            task.cancel()

    async def _read(self) -> Ending | None:
        """Read what is to be heard; return an ending that does not lie in the sound."""
        gap_s = AUDIO_GAP_TIMEOUT_S + self._ear.away_s
        limit_s = min(gap_s, max(0.0, self._limit_at - self._clock()))
        try:
            await self._ear.read(limit_s)
        except TimeoutError:
            return Ending.GAP
        if self._clock() >= self._limit_at:
            return Ending.GAP
        return Ending.SILENCE if self._ear.ended else None

    def _follow_speech(self) -> None:
        """Begin a try at a pause, and drop it when speech goes on."""
        speech = self._ear.speech
        if speech.speech_end_ms is None:
            return
        if self._attempt is not None and speech.speech_end_ms > self._tried_until_ms:
            if (speech.stretch_start_ms or 0.0) > self._tried_until_ms:
                self._pauses.observe((speech.stretch_start_ms or 0.0) - self._tried_until_ms)
            self.drop()
        if (self._attempt is None and speech.silence_ms >= TENTATIVE_MS) or (
            self._understood_nothing and speech.silence_ms >= AGAIN_MS > self._tried_after_ms
        ):
            self._try(speech.speech_end_ms)
        elif self._attempt is None and self._partials is not None:
            self._partials.follow()

    @property
    def _understood_nothing(self) -> bool:
        transcript = self._attempt.transcript if self._attempt is not None else None
        return transcript is not None and not transcript.text

    def _try(self, until_ms: float) -> Attempt:
        """Begin a try at what was said so far."""
        self.drop()
        if self._partials is not None:
            self._partials.end()
        self.revisions += 1
        self._tried_until_ms = until_ms
        self._tried_after_ms = self._ear.speech.silence_ms
        audio = self._ear.cut(self._ear.speech.speech_start_ms or 0.0, until_ms)
        attempt = Attempt(self._parts, self._setting, self.revisions, audio, self._timings)
        self._attempt = attempt
        self._task = self._start(attempt.run(self._think_ahead, self._ear.notice))
        return attempt

    def _think_ahead(self, text: str) -> tuple[PromptMessage, ...] | None:
        if self.thoughts >= MAX_THOUGHTS:
            return None
        self.thoughts += 1
        return self._prompt(text)

    def _judge(self) -> Ending | None:
        """Return why listening ends now, if it does."""
        speech = self._ear.speech
        if speech.speech_end_ms is None or speech.speech_start_ms is None:
            over = speech.now_ms >= self._rules.no_speech_ms
            return Ending.NOBODY_SPOKE if over else None
        if speech.now_ms - max(speech.speech_start_ms, self._began_ms) >= self._rules.max_ms:
            return Ending.TOO_LONG
        silence_ms = speech.silence_ms
        if silence_ms >= CERTAIN_SILENCE_MS:
            return Ending.SILENCE
        attempt = self._attempt
        if silence_ms < ASK_MS or attempt is None:
            return None
        if not attempt.settled.is_set():
            return Ending.SILENCE if silence_ms >= self._unheard_ms else None
        if attempt.complete_command or attempt.error is not None:
            return Ending.SILENCE
        if attempt.completeness is None:
            return None
        wait_ms = self._patience.delay_ms(attempt.completeness, self._pauses)
        if attempt.transcript is not None and not (
            attempt.transcript.text or attempt.transcript.partial
        ):
            # However slowly somebody speaks: without a word understood there is a sign in time.
            wait_ms = min(wait_ms, self._unheard_ms)
        return Ending.SILENCE if silence_ms >= wait_ms else None

    def _end(self, ending: Ending) -> Heard:
        speech = self._ear.speech
        if speech.speech_end_ms is None:
            return Heard(Ending.NOBODY_SPOKE, None)
        attempt = self._attempt
        if attempt is None or self._tried_until_ms < speech.speech_end_ms:
            attempt = self._try(speech.speech_end_ms)
        attempt.committed = True
        self._cut = ending is Ending.TOO_LONG
        return Heard(ending, attempt)
