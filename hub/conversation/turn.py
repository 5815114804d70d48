"""One turn: a person speaks, the home acts, the hub answers. The order of stages stands here."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Protocol

import structlog

from audio.pcm import duration_ms, size_bytes
from hub.conversation.endpoint import Ending
from hub.conversation.hearing import Heard, Hearing
from hub.conversation.mind import Mind, Reply
from hub.conversation.pacing import Pacer
from hub.conversation.timings import Timings
from hub.engines.base import (
    EngineError,
    SpeechRequest,
    SpeechToText,
    TextToSpeech,
    Transcript,
    Utterance,
)

log = structlog.get_logger(__name__)

LISTEN_SLACK_S = 5.0
"""Added to the audio that is listened to at most: a satellite may send it more slowly, or none."""
AUDIO_GAP_TIMEOUT_S = 3.0
"""A satellite that listens sends 31 frames a second; this long without one, it has gone quiet."""
TRANSCRIPT_TIMEOUT_S = 5.0
ACT_TIMEOUT_S = 8.0
PLAYBACK_TIMEOUT_S = 3.0
"""Added to the length of the answer: then the turn ends without the satellite's word."""
MAX_WAITING_FRAMES = 64
"""About 2 s of audio between the wire and voice activity; then the wire waits."""
CHUNK_MS = 32


class Output(Protocol):
    """Where a turn's progress and its answer go: one satellite."""

    async def show_speech(self, *, started: bool) -> None:
        """Tell that speech was found, or that it is over and the microphone may close."""

    async def show_transcript(self, text: str) -> None:
        """Tell what was heard."""

    async def show_answer(self, text: str) -> None:
        """Tell what will be said."""

    async def start_audio(self, rate_hz: int) -> None:
        """Begin the answer's audio."""

    async def play(self, audio: bytes, rate_hz: int) -> None:
        """Send a piece of the answer's audio."""

    async def finish_audio(self) -> None:
        """End the answer's audio, and wait until it has been played."""


@dataclass(frozen=True, slots=True)
class Parts:
    """What a turn works with."""

    speech_to_text: SpeechToText
    text_to_speech: TextToSpeech
    mind: Mind


@dataclass(slots=True)
class Record:
    """What came of a turn."""

    outcome: str = "failed"
    transcript: str | None = None
    answer: str | None = None
    intent: str | None = None
    details: dict[str, Any] = field(default_factory=dict)


class Turn:
    """One turn of one satellite. `run` ends by itself, whatever the satellite does."""

    def __init__(
        self,
        parts: Parts,
        hearing: Hearing,
        output: Output,
        *,
        area: str | None,
        language: str,
        clock: Callable[[], float],
    ) -> None:
        self.record = Record()
        self.timings = Timings(clock)
        self.listening = True
        """Whether audio is still wanted."""
        self._parts = parts
        self._hearing = hearing
        self._output = output
        self._area = area
        self._language = language
        self._clock = clock
        self._frames: asyncio.Queue[bytes | None] = asyncio.Queue(MAX_WAITING_FRAMES)

    async def hear(self, audio: bytes) -> None:
        """Take 16 kHz pcm16 from the satellite; waits while there is too much of it."""
        if self.listening:
            await self._frames.put(audio)

    async def hear_end(self) -> None:
        """Take note that the satellite stopped its microphone."""
        if self.listening:
            await self._frames.put(None)

    async def run(self) -> None:
        """Run the turn to its end; `record` tells what came of it."""
        heard = await self._listen()
        if heard.ending is Ending.NOBODY_SPOKE:
            self.record.outcome = "nothing-heard"
            return
        try:
            reply = await self._think(heard)
        except EngineError as error:
            log.error("speech to text failed", code=error.code, error=str(error))
            reply = self._apology("failed")
        except TimeoutError:
            log.error("the answer took too long", limit_s=ACT_TIMEOUT_S)
            reply = self._apology("failed")
        try:
            await self._say(reply)
        except EngineError as error:
            log.error("text to speech failed", code=error.code, error=str(error))
            self.record.outcome = "failed"

    async def _listen(self) -> Heard:
        """Hear until the sentence is over, or until nothing arrives any more."""
        ending: Ending | None = None
        try:
            async with asyncio.timeout(self._hearing.max_s + LISTEN_SLACK_S):
                ending = await self._hear()
        except TimeoutError:
            log.warning("audio stopped in mid-turn")
        finally:
            self._stop_listening()
        await self._output.show_speech(started=False)
        heard = self._hearing.cut(ending)
        self._time_speech(heard)
        return heard

    async def _hear(self) -> Ending:
        """Take audio until it is over. Raises TimeoutError when none comes any more."""
        shown = False
        while True:
            async with asyncio.timeout(AUDIO_GAP_TIMEOUT_S):
                audio = await self._frames.get()
            if audio is None:
                return Ending.SILENCE
            ending = await self._hearing.take(audio, self._clock())
            if self._hearing.speaking and not shown:
                shown = True
                await self._output.show_speech(started=True)
            if ending is not None:
                return ending

    def _stop_listening(self) -> None:
        """Want no more audio, and let go whoever waits to hand some over."""
        self.listening = False
        while not self._frames.empty():
            self._frames.get_nowait()

    def _time_speech(self, heard: Heard) -> None:
        if heard.speech_end_at is None or heard.speech_end_ms is None:
            self.timings.add("waiting for speech", 0, self.timings.now_ms)
            return
        end_ms = self.timings.at_ms(heard.speech_end_at)
        length_ms = heard.speech_end_ms - (heard.speech_start_ms or 0)
        self.timings.add("speech", end_ms - length_ms, end_ms)
        self.timings.add("endpoint", end_ms, self.timings.now_ms)

    async def _think(self, heard: Heard) -> Reply:
        transcript = await self._transcribe(heard)
        self.record.transcript = transcript.text
        await self._output.show_transcript(transcript.text)
        if not transcript.text:
            return self._apology("not-understood")
        mind, area, language = self._parts.mind, self._area, transcript.language
        with self.timings.stage("intent"):
            understanding = mind.understand(transcript.text, area=area, language=language)
        if understanding is None:
            return self._apology("not-understood")
        self.record.intent = understanding.intent
        with self.timings.stage("action"):
            async with asyncio.timeout(ACT_TIMEOUT_S):
                reply = await mind.act(understanding, area=area, language=language)
        self.record.outcome = "answered"
        self.record.details = dict(reply.details)
        return reply

    async def _transcribe(self, heard: Heard) -> Transcript:
        with self.timings.stage("transcript"):
            try:
                async with asyncio.timeout(TRANSCRIPT_TIMEOUT_S):
                    return await self._parts.speech_to_text.transcribe(
                        Utterance(heard.audio, self._language)
                    )
            except TimeoutError:
                raise EngineError(
                    "engine-timeout", f"no transcript within {TRANSCRIPT_TIMEOUT_S:g} s"
                ) from None

    def _apology(self, code: str) -> Reply:
        self.record.outcome = code
        return Reply(self._parts.mind.apology(code, self._language), ok=False)

    async def _say(self, reply: Reply) -> None:
        """Speak the reply, paced, and wait until it was played."""
        self.record.answer = reply.text
        if not reply.text:
            return
        await self._output.show_answer(reply.text)
        pacer = Pacer()
        rate_hz: int | None = None
        asked_ms = self.timings.now_ms
        request = SpeechRequest(reply.text, self._language)
        started_ms = asked_ms
        async for chunk in self._parts.text_to_speech.synthesize(request):
            if not chunk.audio:
                continue
            if rate_hz is None:
                rate_hz = chunk.rate_hz
                await self._output.start_audio(rate_hz)
                started_ms = self.timings.now_ms
                self.timings.add("first audio", asked_ms, started_ms)
            await self._play(chunk.audio, chunk.rate_hz, pacer)
        if rate_hz is None:
            raise EngineError("engine-failed", "no audio came of the answer")
        try:
            async with asyncio.timeout(pacer.remaining_s(self._clock()) + PLAYBACK_TIMEOUT_S):
                await self._output.finish_audio()
        except TimeoutError:
            log.warning("no word of the playback's end", limit_s=PLAYBACK_TIMEOUT_S)
        finally:
            self.timings.add("playback", started_ms, self.timings.now_ms)

    async def _play(self, audio: bytes, rate_hz: int, pacer: Pacer) -> None:
        step = size_bytes(CHUNK_MS, rate_hz=rate_hz)
        for start in range(0, len(audio), step):
            piece = audio[start : start + step]
            piece_ms = duration_ms(len(piece), rate_hz=rate_hz)
            await asyncio.sleep(pacer.wait_s(piece_ms, self._clock()))
            await self._output.play(piece, rate_hz)
            pacer.sent(piece_ms, self._clock())
