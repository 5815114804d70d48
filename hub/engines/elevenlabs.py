"""Text to speech with ElevenLabs, a service on the internet: every spoken text goes there.

Protocol: https://elevenlabs.io/docs/api-reference/text-to-speech/stream-with-timestamps
"""

import base64
import binascii
import re
from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import Any

import orjson
from pydantic import SecretStr

from audio.pcm import duration_ms
from hub.engines.alignment import Alignment
from hub.engines.base import EngineError, SpeechChunk, SpeechRequest, WordTime
from hub.engines.http_service import HttpService, ServiceKey
from hub.engines.pcm_stream import PcmStream
from hub.engines.speech_bounds import MAX_SPEECH_MS, primary_language, speakable
from hub.engines.speech_pace import SpeechPace
from hub.words import worded

BASE_URL = "https://api.elevenlabs.io"
MODEL = "eleven_flash_v2_5"
"""The one that answers soonest, in 32 languages."""
RATE_HZ = 22_050
FIRST_AUDIO_TIMEOUT_S = 10.0
GAP_TIMEOUT_S = 5.0
MAX_LINE_BYTES = 4 * 1024 * 1024
"""A minute of audio in one piece; they come by the second."""

_VOICE = re.compile(r"[A-Za-z0-9_-]{1,64}")
_SET_KEY = worded("elevenlabs-key", "Set a key that is valid: elevenlabs.io, settings, API keys.")
_CHOOSE_VOICE = worded(
    "elevenlabs-voice", "Choose a voice of the account; its ID stands in the list of voices."
)
_ADVICE = {
    "invalid_api_key": _SET_KEY,
    "missing_permissions": worded(
        "elevenlabs-permission", "Give the key the right to use text to speech."
    ),
    "quota_exceeded": worded(
        "elevenlabs-credit",
        "The account's credit is used up: top it up, or choose another voice engine.",
    ),
    "voice_not_found": _CHOOSE_VOICE,
    "too_many_concurrent_requests": worded(
        "elevenlabs-busy", "The account speaks as many texts at once as it may."
    ),
    "401": _SET_KEY,
    "403": worded("advice-rights", "The API key may not do this; look at its rights."),
    "404": _CHOOSE_VOICE,
    "429": worded("advice-wait", "Wait a little, or look at the limits of the account."),
}


class ElevenLabsTextToSpeech:
    """The text-to-speech port, served by ElevenLabs. A voice is named by its ID."""

    def __init__(
        self,
        key: SecretStr,
        *,
        voice: str,
        model: str = MODEL,
        word_times: bool = True,
        base_url: str = BASE_URL,
        first_audio_timeout_s: float = FIRST_AUDIO_TIMEOUT_S,
        gap_timeout_s: float = GAP_TIMEOUT_S,
    ) -> None:
        """`voice` is for requests that name none. Raises EngineError "bad-request"."""
        self._service = HttpService(
            "ElevenLabs", base_url, ServiceKey("xi-api-key", "", key), _ADVICE
        )
        self._voice = voice
        self._model = model
        self._word_times = word_times
        self._first_audio_timeout_s = first_audio_timeout_s
        self._gap_timeout_s = gap_timeout_s

    async def synthesize(self, request: SpeechRequest) -> AsyncGenerator[SpeechChunk]:
        """Yield audio as it is made; closing the iterator cancels. Raises EngineError."""
        request = speakable(request)
        if not request.text.strip():
            return
        voice = request.voice or self._voice
        if not _VOICE.fullmatch(voice):
            raise EngineError(
                "bad-request",
                worded(
                    "elevenlabs-no-voice", "'{voice}' is no ID of an ElevenLabs voice.", voice=voice
                ),
            )
        path = f"v1/text-to-speech/{voice}/stream" + ("/with-timestamps" * self._word_times)
        wanted = {"text": request.text, "model_id": self._model}
        if self._model.endswith("_v2_5"):  # the others refuse to be told
            wanted["language_code"] = primary_language(request.language)
        first_s = self._first_audio_timeout_s
        async with self._service.post(
            path, first_s, params={"output_format": f"pcm_{RATE_HZ}"}, json=wanted
        ) as response:
            pace = SpeechPace(request.text, first_s, self._gap_timeout_s)
            pieces = self._service.pieces(response, pace)
            chunks = self._timed(pieces, request.text) if self._word_times else self._plain(pieces)
            spoken_ms = 0.0
            async with aclosing(pieces), aclosing(chunks):
                async for chunk in chunks:
                    spoken_ms += duration_ms(len(chunk.audio), rate_hz=RATE_HZ)
                    if spoken_ms > MAX_SPEECH_MS:
                        raise self._service.failed(worded("did-not-stop", "does not stop speaking"))
                    pace.sounded()
                    yield chunk
            if spoken_ms == 0.0:
                raise self._service.failed(worded("did-no-audio", "sends no audio"))

    async def check(self) -> None:
        """Raise EngineError where nobody answers at the service's address."""
        await self._service.check()

    async def close(self) -> None:
        """End every connection."""
        await self._service.close()

    async def _plain(self, pieces: AsyncGenerator[bytes]) -> AsyncGenerator[SpeechChunk]:
        """Yield audio of a body that is PCM."""
        pcm = PcmStream(RATE_HZ)
        async for piece in pieces:
            if audio := pcm.feed(piece):
                yield SpeechChunk(audio, RATE_HZ)

    async def _timed(self, pieces: AsyncGenerator[bytes], text: str) -> AsyncGenerator[SpeechChunk]:
        """Yield audio and word times of a body of JSON lines. Raises EngineError."""
        pcm = PcmStream(RATE_HZ)
        alignment = Alignment(text)
        waiting: list[WordTime] = []
        sent_ms = 0.0
        async for line in self._lines(pieces):
            audio, table = self._piece(line)
            audio = pcm.feed(audio)
            end_ms = sent_ms + duration_ms(len(audio), rate_hz=RATE_HZ)
            waiting += alignment.feed(table, sent_ms)
            words = tuple(word for word in waiting if word.offset_ms < end_ms)
            if audio:
                waiting = [word for word in waiting if word.offset_ms >= end_ms]
                yield SpeechChunk(audio, RATE_HZ, words)
            sent_ms = end_ms

    async def _lines(self, pieces: AsyncGenerator[bytes]) -> AsyncGenerator[bytes]:
        """Yield the lines of a body that are not empty, the last one with or without its end."""
        rest = b""
        async for piece in pieces:
            *whole, rest = (rest + piece).split(b"\n")
            if len(rest) > MAX_LINE_BYTES:
                raise self._service.failed(worded("did-endless-line", "sends a line without end"))
            for line in whole:
                if line.strip():
                    yield line
        if rest.strip():
            yield rest

    def _piece(self, line: bytes) -> tuple[bytes, Any]:
        """Return the audio of a line and its table of characters. Raises EngineError."""
        try:
            piece = orjson.loads(line)
        except orjson.JSONDecodeError:
            raise self._service.failed(
                worded("did-break-line", "broke off in the middle of a line")
            ) from None
        if not isinstance(piece, dict) or "detail" in piece or "error" in piece:
            raise self._service.refusal(None, piece)
        try:
            audio = base64.b64decode(piece.get("audio_base64") or "", validate=True)
        except (TypeError, ValueError, binascii.Error):
            raise self._service.failed(
                worded("did-odd-audio", "sends audio that can not be read")
            ) from None
        return audio, piece.get("alignment")
