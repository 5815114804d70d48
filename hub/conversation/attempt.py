"""One try at answering what was said so far, while the person may still go on.

It hears, understands, thinks and speaks into a drawer. Nothing is done and nothing is heard before
the turn commits to it, and a try that the person overtook is cancelled with all that hangs on it.
"""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Callable
from contextlib import aclosing, suppress
from dataclasses import dataclass, replace

import structlog

from hub.conversation.answer_speech import AnswerSpeech
from hub.conversation.completeness import Completeness, TurnDetector, combined, estimate
from hub.conversation.consent import consent
from hub.conversation.handover import destination
from hub.conversation.interjections import Kind, classify, without_address
from hub.conversation.mind import Mind, PromptMessage, Thought, Understanding
from hub.conversation.prosody import prosody
from hub.conversation.timings import Timings
from hub.engines.base import (
    EngineError,
    Rank,
    SpeechToText,
    TextToSpeech,
    Transcript,
    Utterance,
)
from hub.engines.closable import closable
from hub.origin import Origin

log = structlog.get_logger(__name__)

DETECTOR_TIMEOUT_S = 0.3
"""A turn detector that is slower than the pause it judges is of no use."""


@dataclass(frozen=True, slots=True)
class Parts:
    """What a turn works with."""

    speech_to_text: SpeechToText
    text_to_speech: TextToSpeech
    mind: Mind
    detector: TurnDetector | None = None
    hears_along: Callable[[], bool] = lambda: False
    """Whether the recogniser can make something of a sentence that is not over."""


@dataclass(frozen=True, slots=True)
class Setting:
    """Where and in which language a turn takes place."""

    origin: Origin
    """Its language is what is expected to be spoken."""
    called: bool = True
    """Whether the person called the hub, and so has something to say."""
    names: tuple[str, ...] = ()
    """What the hub is called by: its wake words, as they are spoken."""
    is_room: Callable[[str], bool] = lambda _: True
    """Whether there is a room of that name."""
    voice: Callable[[str], str | None] = lambda _: None
    """Which voice answers in a language; None: the one that the engine has for it."""


class Attempt:
    """One revision of a turn. `run` is cancelled when the person goes on."""

    def __init__(
        self, parts: Parts, setting: Setting, revision: int, audio: bytes, timings: Timings
    ) -> None:
        self.revision = revision
        self.audio = audio
        self.transcript: Transcript | None = None
        self.error: EngineError | None = None
        self.understanding: Understanding | None = None
        self.room: str | None = None
        """The room that the person wants to continue in."""
        self.completeness: Completeness | None = None
        self.speech: AnswerSpeech | None = None
        """The answer of whoever thinks, where somebody does."""
        self.acted = asyncio.Event()
        """Set once whoever thinks has done something."""
        self.committed = False
        """Whether the person has finished, and waits."""
        self.began_ms = timings.now_ms
        self.settled = asyncio.Event()
        """Set once it is known what was said, or that it can not be known."""
        self._parts = parts
        self._setting = setting
        self._timings = timings

    async def run(
        self,
        think_ahead: Callable[[str], tuple[PromptMessage, ...] | None],
        on_settled: Callable[[], object],
    ) -> None:
        """Find out what was said and, if it is no command and may be, think about it already."""
        began_ms = self._timings.now_ms
        try:
            self.transcript = await self._parts.speech_to_text.transcribe(
                Utterance(self.audio, self._setting.origin.language, self._rank)
            )
            self._timings.add("transcript", began_ms, self._timings.now_ms)
            self._understand(self.transcript)
            if not self.complete_command:
                await self._judge(self.transcript)
        except EngineError as error:
            self.error = error
            return
        except Exception as error:  # whatever it is, the person gets a sign
            log.exception("a try failed", revision=self.revision)
            self.transcript = None
            self.error = EngineError("engine-failed", f"{type(error).__name__}: {error}")
            return
        finally:
            self.settled.set()
            on_settled()
        if not self.understood and self.transcript.text:
            messages = think_ahead(self.transcript.text)
            if messages is not None:
                await self.think(messages)

    def read(self, text: str) -> None:
        """Take what was written instead of something that was said."""
        self.transcript = Transcript(text, self._setting.origin.language)
        self._understand(self.transcript)
        self.committed = True
        self.settled.set()

    async def settles(self, limit_s: float) -> bool:
        """Wait until it is known what was said; return whether it is."""
        with suppress(TimeoutError):
            async with asyncio.timeout(max(limit_s, 0.0)):
                await self.settled.wait()
        return self.settled.is_set()

    async def think(self, messages: tuple[PromptMessage, ...]) -> None:
        """Ask whoever thinks, and speak the answer as far as is allowed yet."""
        setting, language = self._setting, self.language
        speech = AnswerSpeech(self._parts.text_to_speech, language, setting.voice(language))
        origin = replace(setting.origin, language=language)
        thought = Thought(messages, origin, speech.committed, self.acted)
        try:
            stream = self._parts.mind.think(thought)
        except Exception as error:  # as if its answer had broken off at once
            log.exception("nobody thinks", revision=self.revision)
            self.speech = speech
            await speech.fail(error)
            return
        if stream is not None:
            self.speech = speech
            await speech.fill(self._timed(stream))

    async def _timed(self, stream: AsyncIterator[str]) -> AsyncGenerator[str]:
        """Yield a stream, and note how long its first words took."""
        began_ms, waited = self._timings.now_ms, False
        async with aclosing(closable(stream)) as parts:
            async for part in parts:
                if not waited and part.strip():
                    waited = True
                    self._timings.add("thinking", began_ms, self._timings.now_ms)
                yield part

    @property
    def language(self) -> str:
        """The language that was spoken, as far as is known."""
        heard = self.transcript
        return heard.language if heard is not None and heard.text else self._setting.origin.language

    def _rank(self) -> Rank:
        return Rank.FINAL if self.committed else Rank.SPECULATION

    @property
    def lack(self) -> str:
        """What a mind is to remark where there is no transcript in time."""
        return "late" if self.error is None else "failed"

    @property
    def understood(self) -> bool:
        """Whether what was said is a command, of the home or to us."""
        return self.understanding is not None or self.room is not None

    @property
    def complete_command(self) -> bool:
        """Whether it is a whole one: nothing that belongs to it can follow."""
        return self.understood and not (self.understanding is not None and self.understanding.grows)

    def _understand(self, transcript: Transcript) -> None:
        if not transcript.text:
            return
        began_ms = self._timings.now_ms
        setting, language = self._setting, transcript.language
        bare = without_address(transcript.text, language, setting.names)
        for text in dict.fromkeys((transcript.text, bare)):
            # What the home knows by these words comes first: "go on to the next song".
            self.understanding = self._parts.mind.understand(
                text, replace(setting.origin, language=language)
            )
            room = destination(text, language) if self.understanding is None else None
            if room is not None and setting.is_room(room):
                self.room = room
            if self.understood:
                break
        self._timings.add("intent", began_ms, self._timings.now_ms)

    async def _judge(self, transcript: Transcript) -> None:
        """Estimate whether the person has finished."""
        text = transcript.text or transcript.partial
        little = self._setting.called and (
            classify(text, transcript.language) is not Kind.WORDS
            or consent(text, transcript.language) is not None
        )
        if not text or little or self.understood:  # understood already: another digit may come
            # Somebody who called the hub has more to say than "set", "okay" or "no".
            self.completeness = Completeness(BARELY_BEGUN_PROBABILITY, open=False)
            return
        estimated = estimate(text, transcript.language, prosody(self.audio))
        detector = self._parts.detector
        if detector is not None:
            try:
                async with asyncio.timeout(DETECTOR_TIMEOUT_S):
                    probability = await detector.probability(self.audio)
                estimated = combined(probability, estimated)
            except (TimeoutError, EngineError):
                pass  # the estimate from text and prosody stands
            except Exception:  # whatever it is, so it does then
                log.exception("the turn detector failed")
        if transcript.partial and not transcript.text:
            # The recogniser knows the sentences that there are: this one is not over.
            estimated = Completeness(min(estimated.probability, UNFINISHED_PROBABILITY), open=True)
        self.completeness = estimated


UNFINISHED_PROBABILITY = 0.05
"""Of completeness, of a beginning of a sentence that can not be all."""
BARELY_BEGUN_PROBABILITY = 0.25
"""Likewise, of words too few to be understood: 1.2 s of silence, so that a sign of not having
understood anything still comes within 1.5 s."""


async def one(text: str) -> AsyncIterator[str]:
    """Yield `text`: an answer that is known as a whole."""
    yield text
