"""Speech services with the HTTP interface of OpenAI: speaches, vLLM, LocalAI, OpenAI, others."""

from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from typing import Literal

import httpx2
from pydantic import SecretStr

from audio.pcm import SPEECH_RATE_HZ, FormatError, duration_ms
from audio.wav import encode
from hub.engines.base import SpeechChunk, SpeechRequest, Transcript, Utterance
from hub.engines.http_service import HttpService, ServiceKey
from hub.engines.pcm_stream import PcmStream, WavStream
from hub.engines.speech_bounds import (
    MAX_SPEECH_MS,
    MAX_TRANSCRIPT_CHARS,
    check_utterance,
    primary_language,
    sendable,
    speakable,
)
from hub.engines.speech_pace import SpeechPace
from hub.words import worded

PCM_RATE_HZ = 24_000
"""What `response_format` "pcm" is, as the interface documents it."""
TRANSCRIPT_TIMEOUT_S = 15.0
FIRST_AUDIO_TIMEOUT_S = 10.0
GAP_TIMEOUT_S = 5.0
MAX_PROMPT_CHARS = 600
"""Whisper reads 224 tokens of its prompt, the last ones; a name has two or three."""

_ADVICE = {
    "401": worded("advice-key", "Set the service's API key."),
    "403": worded("advice-rights", "The API key may not do this; look at its rights."),
    "404": worded(
        "advice-address", "Look at the address (it often ends in /v1) and at the name of the model."
    ),
    "413": worded("advice-long", "The recording is too long for this service."),
    "429": worded("advice-wait", "Wait a little, or look at the limits of the account."),
    "insufficient_quota": worded(
        "advice-credit", "The account's credit is used up: top it up or choose another engine."
    ),
    "model_not_found": worded("advice-model", "Choose a model that the service has."),
}
_MAGIC = {b"ID3": "MP3", b"OggS": "Ogg", b"fLaC": "FLAC"}
_COMPRESSED = {"aac", "flac", "mp3", "mp4", "mpeg", "ogg", "opus", "webm", "x-flac", "x-m4a"}
"""Kinds of audio, after "audio/"."""


class OpenAiSpeechToText:
    """The speech-to-text port, served by `/audio/transcriptions`."""

    def __init__(
        self,
        base_url: str,
        *,
        model: str = "whisper-1",
        key: SecretStr | None = None,
        timeout_s: float = TRANSCRIPT_TIMEOUT_S,
    ) -> None:
        """`base_url` ends before "/audio", mostly in "/v1". Raises EngineError "bad-request"."""
        self._service = HttpService(
            worded("transcription-service", "The transcription service"),
            base_url,
            _bearer(key),
            _ADVICE,
        )
        self._model = model
        self._timeout_s = timeout_s
        self.hotwords: Sequence[str] = ()
        """Names that are likely to be said, the likeliest first."""

    async def transcribe(self, utterance: Utterance) -> Transcript:
        """Return the final transcript. Raises EngineError."""
        check_utterance(utterance)
        if not utterance.audio:
            return Transcript("", utterance.language)
        prompt = _prompt(self.hotwords)
        form = {
            "model": self._model,
            "language": primary_language(utterance.language),
            "response_format": "json",
            "temperature": "0",
            **({"prompt": prompt} if prompt else {}),
        }
        file = ("speech.wav", encode(SPEECH_RATE_HZ, utterance.audio), "audio/wav")
        limit_s = self._timeout_s
        limit_s += duration_ms(len(utterance.audio), rate_hz=SPEECH_RATE_HZ) / 1000
        async with self._service.post(
            "audio/transcriptions", limit_s, data=form, files={"file": file}
        ) as response:
            answer = await self._service.read(response, limit_s)
        text = answer.get("text") if isinstance(answer, dict) else None
        if not isinstance(text, str) or len(text) > MAX_TRANSCRIPT_CHARS:
            raise self._service.failed(worded("did-no-transcript", "sends no transcript"))
        text = text.strip()
        # On silence Whisper likes to repeat what it was prompted with.
        return Transcript("" if prompt and text == prompt else text, utterance.language)

    async def check(self) -> None:
        """Raise EngineError where nobody answers at the service's address."""
        await self._service.check()

    async def close(self) -> None:
        """End every connection."""
        await self._service.close()


class OpenAiTextToSpeech:
    """The text-to-speech port, served by `/audio/speech`."""

    def __init__(
        self,
        base_url: str,
        *,
        model: str = "tts-1",
        voice: str = "alloy",
        key: SecretStr | None = None,
        audio: Literal["pcm", "wav"] = "pcm",
        pcm_rate_hz: int = PCM_RATE_HZ,
        speed: float = 1.0,
        first_audio_timeout_s: float = FIRST_AUDIO_TIMEOUT_S,
        gap_timeout_s: float = GAP_TIMEOUT_S,
    ) -> None:
        """`audio` is what is asked for; a WAV file is understood in either case.

        `pcm_rate_hz` is for services whose plain PCM has another rate than the documented one.
        Raises EngineError "bad-request".
        """
        self._service = HttpService(
            worded("speech-service", "The speech service"), base_url, _bearer(key), _ADVICE
        )
        self._model = model
        self._voice = voice
        self._audio = audio
        self._pcm_rate_hz = pcm_rate_hz
        self._speed = speed
        self._first_audio_timeout_s = first_audio_timeout_s
        self._gap_timeout_s = gap_timeout_s

    async def synthesize(self, request: SpeechRequest) -> AsyncGenerator[SpeechChunk]:
        """Yield audio as it is made; closing the iterator cancels. Raises EngineError."""
        request = speakable(request)
        if not request.text.strip():
            return
        wanted = {
            "model": self._model,
            "input": request.text,
            "voice": request.voice or self._voice,
            "response_format": self._audio,
            **({"speed": self._speed} if self._speed != 1.0 else {}),
        }
        first_s = self._first_audio_timeout_s
        async with self._service.post("audio/speech", first_s, json=wanted) as response:
            pace = SpeechPace(request.text, first_s, self._gap_timeout_s)
            pieces = self._service.pieces(response, pace)
            async with aclosing(pieces):
                try:
                    async for chunk in self._spoken(response, pieces):
                        pace.sounded()
                        yield chunk
                except FormatError as error:
                    raise self._service.failed(
                        worded(
                            "did-bad-audio",
                            "sends audio that can not be played: {why}",
                            why=str(error),
                        )
                    ) from error

    async def _spoken(
        self, response: httpx2.Response, pieces: AsyncGenerator[bytes]
    ) -> AsyncGenerator[SpeechChunk]:
        """Yield the samples of a body. Raises FormatError, EngineError."""
        kind, _, parameters = response.headers.get("content-type", "").partition(";")
        if kind.strip().lower() in {"application/json", "text/html", "text/plain"}:
            raise self._service.failed(
                worded("did-other-kind", "sends {kind} instead of audio", kind=kind.strip())
            )
        stream: PcmStream | WavStream | None = None
        head = b""
        spoken_ms = 0.0
        async for piece in pieces:
            data = piece
            if stream is None:
                head += piece
                if len(head) < 4:
                    continue
                stream, data = self._stream(head, kind.strip().lower(), parameters), head
            audio = stream.feed(data)
            rate_hz = stream.rate_hz
            if not audio or rate_hz is None:
                continue
            spoken_ms += duration_ms(len(audio), rate_hz=rate_hz)
            if spoken_ms > MAX_SPEECH_MS:
                raise self._service.failed(worded("did-not-stop", "does not stop speaking"))
            yield SpeechChunk(audio, rate_hz)
        if spoken_ms == 0.0:
            raise self._service.failed(worded("did-no-audio", "sends no audio"))

    def _stream(self, head: bytes, kind: str, parameters: str) -> PcmStream | WavStream:
        """Return the reader for what a body begins with. Raises FormatError."""
        if head.startswith(b"RIFF"):
            return WavStream()
        for magic, name in _MAGIC.items():
            if head.startswith(magic):
                raise FormatError(f"{name}, though {self._audio} was asked for")
        if kind.removeprefix("audio/") in _COMPRESSED or _is_mpeg(head):
            named = kind if kind.startswith("audio/") else "MP3 or AAC"
            raise FormatError(f"{named}, though {self._audio} was asked for")
        if self._audio == "wav":
            raise FormatError("not a WAV file")
        name, _, value = parameters.strip().partition("=")
        told = name.strip().lower() == "rate" and value.strip().isdecimal()
        return PcmStream(int(value) if told else self._pcm_rate_hz)

    async def check(self) -> None:
        """Raise EngineError where nobody answers at the service's address."""
        await self._service.check()

    async def close(self) -> None:
        """End every connection."""
        await self._service.close()


def _is_mpeg(head: bytes) -> bool:
    """Return whether a body begins with a frame of MP3, or of AAC in ADTS.

    Samples begin near silence, and hardly ever with one that looks like such a header.
    """
    if head[0] != 0xFF:
        return False
    mp3 = head[1] & 0xE6 == 0xE2 and head[1] & 0x18 != 0x08
    rates = head[2] >> 4 not in {0, 15} and head[2] & 0x0C != 0x0C
    return (mp3 and rates) or head[1] & 0xF6 == 0xF0


def _bearer(key: SecretStr | None) -> ServiceKey | None:
    return ServiceKey("Authorization", "Bearer ", key) if key and key.get_secret_value() else None


def _prompt(hotwords: Sequence[str]) -> str:
    """Return the likeliest words that fit, the likeliest last: what is too long loses its start."""
    taken: list[str] = []
    left = MAX_PROMPT_CHARS
    for word in hotwords:
        left -= len(word) + 2
        if left < 0:
            break
        taken.append(word)
    return sendable(", ".join(reversed(taken)))
