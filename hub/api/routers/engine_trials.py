"""Trying engines: a voice says a sentence, and a recording is heard."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import aclosing, asynccontextmanager
from typing import Annotated

import numpy as np
from fastapi import APIRouter, Depends, Query, Request, Response
from pydantic import BaseModel, Field

from audio.pcm import FormatError
from audio.resample import resample
from audio.wav import decode, encode
from hub.api.access import Role, needs
from hub.api.body import body_of
from hub.api.parts import Hub
from hub.api.problems import Problem
from hub.engines.base import EngineError, SpeechRequest, Utterance
from hub.engines.closable import closable
from hub.words import worded

router = APIRouter(
    prefix="/engines",
    tags=["engines"],
    dependencies=[Depends(needs(Role.OWNER, "admin"))],
)

MAX_TEXT = 500
MAX_WAV_BYTES = 12_000_000
"""A minute as browsers record it: 48 kHz, two channels, 16 bit."""
MAX_HEARD_S = 30.0
"""What an engine is given at once in a turn is shorter."""
LIMIT_S = 30.0
AT_ONCE = 2
"""Trials go through the same line as turns, and must not fill it."""
RATE_HZ = 16_000
_STATUS = {"engine-busy": 503, "engine-timeout": 504, "bad-request": 422, "engine-missing": 503}
_places = asyncio.Semaphore(AT_ONCE)

Language = Annotated[str, Query(pattern=r"^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$")]


class VoiceTrial(BaseModel):
    """What a voice is to say."""

    text: str = Field(min_length=1, max_length=MAX_TEXT)
    language: str = Field(default="en", pattern=r"^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$")
    voice: str | None = Field(
        default=None, max_length=200, description="A voice of the engine's; null: its own."
    )

    model_config = {
        "json_schema_extra": {
            "examples": [
                {"text": "The light in the kitchen is on.", "language": "en", "voice": None}
            ]
        }
    }


class HearingTrial(BaseModel):
    """What was heard of a recording."""

    text: str = Field(description="Empty: nothing was understood.")
    language: str
    confidence: float | None
    engine: str
    took_ms: float
    audio_ms: float
    loudest_dbfs: float = Field(description="0 is as loud as a sample can be; -90 is silence.")

    model_config = {
        "json_schema_extra": {
            "examples": [
                {
                    "text": "turn on the light",
                    "language": "en",
                    "confidence": 0.93,
                    "engine": "phrases",
                    "took_ms": 41.0,
                    "audio_ms": 1830.0,
                    "loudest_dbfs": -6.2,
                }
            ]
        }
    }


@router.post(
    "/voice/try",
    response_class=Response,
    responses={200: {"content": {"audio/wav": {}}, "description": "What it sounds like."}},
)
async def try_voice(trial: VoiceTrial, hub: Hub) -> Response:
    """Have the voice that is in use say something. `Server-Timing` tells how long it took."""
    chosen = trial.voice or hub.desk.voice_of(None, None, trial.language)
    request = SpeechRequest(trial.text, trial.language, chosen)
    started = time.monotonic()
    first_s, rate_hz, pcm16 = 0.0, 0, bytearray()
    async with _trial(), aclosing(closable(hub.voice.port.synthesize(request))) as chunks:
        async for chunk in chunks:
            if chunk.audio and not pcm16:
                first_s, rate_hz = time.monotonic() - started, chunk.rate_hz
            pcm16 += chunk.audio
    if not pcm16:
        raise Problem(422, "no-sound", "There is nothing in this text that can be said.")
    took_s = time.monotonic() - started
    timing = f"first;dur={first_s * 1000:.1f}, all;dur={took_s * 1000:.1f}"
    return Response(
        encode(rate_hz, bytes(pcm16)), media_type="audio/wav", headers={"Server-Timing": timing}
    )


@router.post(
    "/hearing/try",
    max_body_size=MAX_WAV_BYTES + 1,
    openapi_extra={
        "requestBody": {
            "required": True,
            "content": {"audio/wav": {"schema": {"type": "string", "format": "binary"}}},
        }
    },
)
async def try_hearing(request: Request, hub: Hub, language: Language = "en") -> HearingTrial:
    """Have the engine that is in use hear a recording: a WAV file of at most 30 s."""
    content = await body_of(request, MAX_WAV_BYTES)
    try:
        rate_hz, pcm16 = decode(content)
    except FormatError as error:
        text = worded(
            "can-not-be-heard", "This can not be heard: {why}. Send a WAV file.", why=str(error)
        )
        raise Problem(422, "no-audio", text) from None
    if len(pcm16) / 2 / rate_hz > MAX_HEARD_S:
        raise Problem(
            422,
            "too-long",
            worded(
                "recording-too-long", "A recording has at most {seconds:g} s.", seconds=MAX_HEARD_S
            ),
        )
    if len(pcm16) < 2:
        raise Problem(
            422, "no-audio", worded("file-without-sound", "There is no sound in this file.")
        )
    heard = await asyncio.to_thread(resample, pcm16, rate_hz, RATE_HZ)
    started = time.monotonic()
    async with _trial():
        transcript = await hub.ears.port.transcribe(Utterance(heard, language))
    took_ms = (time.monotonic() - started) * 1000
    return HearingTrial(
        text=transcript.text,
        language=transcript.language,
        confidence=transcript.confidence,
        engine=hub.ears.in_use,
        took_ms=round(took_ms, 1),
        audio_ms=round(len(heard) / 2 / RATE_HZ * 1000, 1),
        loudest_dbfs=_loudest_dbfs(heard),
    )


@asynccontextmanager
async def _trial() -> AsyncIterator[None]:
    """Limit a trial, and tell what goes wrong in it. Raises Problem."""
    if _places.locked():
        raise Problem(
            503, "busy", worded("others-try", "Others are trying engines. Try again in a moment.")
        )
    try:
        async with _places, asyncio.timeout(LIMIT_S):
            yield
    except EngineError as error:
        raise Problem(_STATUS.get(error.code, 502), error.code, str(error)) from None
    except TimeoutError:
        raise Problem(
            504,
            "engine-timeout",
            worded("took-over", "It took over {seconds:g} s.", seconds=LIMIT_S),
        ) from None


def _loudest_dbfs(pcm16: bytes) -> float:
    samples = np.frombuffer(pcm16, dtype="<i2").astype(np.int32)
    loudest = int(np.abs(samples).max(initial=0))
    return round(20 * float(np.log10(max(loudest, 1) / 32768)), 1) + 0.0  # never -0
