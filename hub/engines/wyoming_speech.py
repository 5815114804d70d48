"""Speech services that talk Wyoming: one that hears and one that speaks.

Each request has a connection of its own: many services end it after their answer. What a service
can do is asked for on the first one and remembered until a request fails.
"""

import asyncio
from collections.abc import AsyncGenerator, Sequence

from audio.pcm import SPEECH_RATE_HZ, FormatError, duration_ms, size_bytes
from hub.engines.base import EngineError, SpeechChunk, SpeechRequest, Transcript, Utterance
from hub.engines.pcm_stream import PcmStream
from hub.engines.speech_bounds import (
    MAX_SPEECH_MS,
    MAX_TRANSCRIPT_CHARS,
    check_utterance,
    primary_language,
    sendable,
    speakable,
)
from hub.engines.speech_pace import SpeechPace
from hub.engines.wyoming_choice import HearingChoice, VoiceChoice, choose_hearing, choose_voice
from hub.engines.wyoming_service import WyomingService
from hub.words import worded
from protocol.errors import LocalError, WireError
from protocol.link import Link
from protocol.wyoming_audio import AudioChunk, AudioStart, AudioStop
from protocol.wyoming_info import SelectProgram
from protocol.wyoming_speech import (
    Synthesize,
    SynthesizeChunk,
    SynthesizeStart,
    SynthesizeStop,
    SynthesizeStopped,
    Transcribe,
    TranscriptChunk,
    TranscriptStart,
    TranscriptStop,
)
from protocol.wyoming_speech import Transcript as WyomingTranscript

TRANSCRIPT_TIMEOUT_S = 15.0
"""From the last sample to the transcript; a small computer needs as long as the speech lasted."""
FIRST_AUDIO_TIMEOUT_S = 10.0
GAP_TIMEOUT_S = 5.0
"""Between two pieces of one text."""
MAX_HOTWORDS = 500
MAX_HOTWORDS_CHARS = 16_000
"""A message of words may have 256 KiB; names of 500 devices are far shorter."""
CHUNK_MS = 64


class WyomingSpeechToText:
    """The speech-to-text port, served by a Wyoming service."""

    def __init__(
        self,
        host: str,
        port: int = 10_300,
        *,
        model: str | None = None,
        languages: Sequence[str] = (),
        timeout_s: float = TRANSCRIPT_TIMEOUT_S,
    ) -> None:
        """`model` is one of those that the service names; absent, it is chosen by language.

        `languages` may be spoken beside the one that is asked for: others are not believed.
        """
        self._service = WyomingService(host, port)
        self._model = model
        self._languages = languages
        self._timeout_s = timeout_s
        self.hotwords: Sequence[str] = ()
        """Names that are likely to be said, the likeliest first; services may ignore them."""

    async def check(self) -> None:
        """Ask the service what it is. Raises EngineError where that does not answer."""
        await self._service.check()

    async def transcribe(self, utterance: Utterance) -> Transcript:
        """Return the final transcript. Raises EngineError."""
        check_utterance(utterance)
        if not utterance.audio:
            return Transcript("", utterance.language)
        async with self._service.open() as link:
            choice = await self._choose(link, utterance.language)
            limit_s = self._timeout_s
            limit_s += duration_ms(len(utterance.audio), rate_hz=SPEECH_RATE_HZ) / 1000
            async with asyncio.TaskGroup() as tasks:
                sending = tasks.create_task(self._send(link, utterance, choice))
                try:
                    async with asyncio.timeout(limit_s):
                        outcome: Transcript | EngineError = await self._hear(link, utterance)
                except TimeoutError:
                    outcome = self._service.late(
                        worded("wyoming-transcript", "transcript"), limit_s
                    )
                except EngineError as error:
                    outcome = error
                sending.cancel()
            if not sending.cancelled() and (unsent := sending.result()) is not None:
                raise unsent
            if isinstance(outcome, EngineError):
                raise outcome
            return outcome

    async def _choose(self, link: Link, language: str) -> HearingChoice:
        if self._service.info is not None:
            try:
                return choose_hearing(self._service.info, self._model, language)
            except EngineError:
                pass  # it may have learned something since
        return choose_hearing(await self._service.describe(link), self._model, language)

    async def _send(
        self, link: Link, utterance: Utterance, choice: HearingChoice
    ) -> EngineError | None:
        """Send the request. Where the link ends meanwhile, its reader says why.

        Ends the link and returns an error where the request can not be sent.
        """
        try:
            if choice.program is not None:
                await link.send(SelectProgram(choice.program))
            names = _hotwords(self.hotwords) or None
            await link.send(Transcribe(self._model, choice.language, transcript_names=names))
            await link.send(AudioStart(SPEECH_RATE_HZ, 2, 1, 0))
            step = size_bytes(CHUNK_MS, rate_hz=SPEECH_RATE_HZ)
            for begin in range(0, len(utterance.audio), step):
                piece = utterance.audio[begin : begin + step]
                await link.send(AudioChunk(SPEECH_RATE_HZ, 2, 1, piece))
            await link.send(AudioStop())
        except LocalError as error:
            link.abort()
            return EngineError(
                "bad-request",
                worded("request-not-sent", "The request can not be sent: {why}.", why=str(error)),
            )
        except WireError:
            pass
        return None

    async def _hear(self, link: Link, utterance: Utterance) -> Transcript:
        """Wait for the transcript, whole or in pieces."""
        text = ""
        language = utterance.language
        while True:
            message = await self._service.receive(link)
            match message:
                case WyomingTranscript():
                    self._check(message.text)
                    language = self._spoken(message.language) or language
                    return Transcript(message.text.strip(), language)
                case TranscriptStart():
                    text = ""
                    language = self._spoken(message.language) or language
                case TranscriptChunk():
                    text += message.text
                    self._check(text)
                case TranscriptStop():
                    return Transcript(text.strip(), language)
                case _:
                    pass

    def _spoken(self, told: str | None) -> str | None:
        """Return which of the languages that are spoken a service means; None: none of them."""
        base = primary_language(told or "")
        return next((name for name in self._languages if primary_language(name) == base), None)

    def _check(self, text: str) -> None:
        if len(text) > MAX_TRANSCRIPT_CHARS:
            raise self._service.failed(
                worded(
                    "did-long-transcript", "sends a transcript that no recording can be as long as"
                )
            )


class WyomingTextToSpeech:
    """The text-to-speech port, served by a Wyoming service.

    A voice is named as the service names it, "voice#speaker" where it has several speakers.
    """

    def __init__(
        self,
        host: str,
        port: int = 10_200,
        *,
        voice: str | None = None,
        first_audio_timeout_s: float = FIRST_AUDIO_TIMEOUT_S,
        gap_timeout_s: float = GAP_TIMEOUT_S,
    ) -> None:
        """`voice` is for requests that name none; absent, the service chooses one by language."""
        self._service = WyomingService(host, port)
        self._voice = voice
        self._first_audio_timeout_s = first_audio_timeout_s
        self._gap_timeout_s = gap_timeout_s

    async def check(self) -> None:
        """Ask the service what it is. Raises EngineError where that does not answer."""
        await self._service.check()

    async def synthesize(self, request: SpeechRequest) -> AsyncGenerator[SpeechChunk]:
        """Yield audio as it is made; closing the iterator cancels. Raises EngineError."""
        request = speakable(request)
        if not request.text.strip():
            return
        async with self._service.open() as link:
            choice = await self._choose(link, request)
            await self._ask(link, request.text, choice)
            pcm: PcmStream | None = None
            spoken_ms = 0.0
            pace = SpeechPace(request.text, self._first_audio_timeout_s, self._gap_timeout_s)
            while True:
                try:
                    async with pace.waiting():
                        message = await self._service.receive(link)
                except TimeoutError:
                    raise self._service.failed(
                        worded("did-not-speak", "does not speak in time"), code="engine-timeout"
                    ) from None
                match message:
                    case AudioStart():
                        pcm = self._stream(message)
                    case AudioChunk():
                        pcm = pcm or self._stream(message)
                        audio = pcm.feed(message.audio)
                        spoken_ms += duration_ms(len(audio), rate_hz=pcm.rate_hz)
                        if spoken_ms > MAX_SPEECH_MS:
                            raise self._service.failed(
                                worded("did-not-stop", "does not stop speaking")
                            )
                        if audio:
                            pace.sounded()
                            yield SpeechChunk(audio, pcm.rate_hz)
                    case AudioStop() if not choice.streaming:
                        return
                    case AudioStop():
                        pcm = None  # another sentence may follow
                    case SynthesizeStopped():
                        return
                    case _:
                        pass

    async def _choose(self, link: Link, request: SpeechRequest) -> VoiceChoice:
        voice = request.voice or self._voice
        if self._service.info is not None:
            try:
                return choose_voice(self._service.info, voice, request.language)
            except EngineError:
                pass  # it may have learned something since
        return choose_voice(await self._service.describe(link), voice, request.language)

    async def _ask(self, link: Link, text: str, choice: VoiceChoice) -> None:
        whole = Synthesize(text, choice.voice)
        # Whoever takes a text in pieces passes over the whole one between them.
        streamed = (SynthesizeStart(choice.voice), SynthesizeChunk(text), whole, SynthesizeStop())
        program = () if choice.program is None else (SelectProgram(choice.program),)
        try:
            for message in (*program, *(streamed if choice.streaming else (whole,))):
                await link.send(message)
        except LocalError as error:
            raise EngineError(
                "bad-request",
                worded("request-not-sent", "The request can not be sent: {why}.", why=str(error)),
            ) from error
        except WireError as error:
            raise self._service.failed(
                worded("did-end", "ended the connection: {why}", why=str(error))
            ) from error

    def _stream(self, message: AudioStart | AudioChunk) -> PcmStream:
        try:
            return PcmStream(message.rate, width=message.width, channels=message.channels)
        except FormatError as error:
            raise self._service.failed(
                worded("did-bad-audio", "sends audio that can not be played: {why}", why=str(error))
            ) from error


def _hotwords(words: Sequence[str]) -> tuple[str, ...]:
    """Return the likeliest words, as many as are sent."""
    taken: list[str] = []
    left = MAX_HOTWORDS_CHARS
    for word in words[:MAX_HOTWORDS]:
        left -= len(word)
        if left < 0:
            break
        taken.append(sendable(word))
    return tuple(taken)
