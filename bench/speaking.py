"""What each voice costs, and how soon it is heard."""

import base64
import json
import time
from functools import partial
from pathlib import Path

from pydantic import SecretStr
from wyoming.audio import AudioChunk, AudioStart, AudioStop

from bench.candidates import DOUBLE, NO_PROCESS, RANDOM, REAL, Candidate, Figures, Group
from bench.harness import median
from bench.hosted import hosted
from bench.piper_shape import QUALITIES, make_voice
from hub.engines.base import SpeechRequest, TextToSpeech
from hub.engines.elevenlabs import RATE_HZ as ELEVENLABS_RATE_HZ
from hub.engines.elevenlabs import ElevenLabsTextToSpeech
from hub.engines.hosted import HostedTextToSpeech
from hub.engines.openai_speech import PCM_RATE_HZ, OpenAiTextToSpeech
from hub.engines.wyoming_speech import WyomingTextToSpeech
from tests.hub.engines.http_double import HttpDouble, Script, answer
from tests.hub.engines.wyoming_service import Service, after, tts

COLUMNS = ("load s", "MB", "peak MB", "RTF", "first audio ms", "of 15 words")
SHORT = "The kitchen light is on."
LONG = "The front door is locked and all the lights upstairs went off ten minutes ago."
REPEATS = 15
PIECES = 16
"""Of a quarter of a second each, that an instant service sends: what LONG lasts."""


def group(folder: Path) -> Group:
    """Return the voices; models are made in `folder`."""
    candidates = [Candidate("espeak-ng", REAL, _espeak)]
    candidates += [
        Candidate(f"Piper {quality}", RANDOM, partial(_piper, folder, quality))
        for quality in QUALITIES
    ]
    candidates += [
        Candidate("Wyoming", DOUBLE, _wyoming),
        Candidate("OpenAI-compatible", DOUBLE, _openai),
        Candidate("ElevenLabs", DOUBLE, _elevenlabs),
    ]
    return Group("Text to speech", COLUMNS, candidates)


async def _espeak() -> Figures:
    return await _in_process("espeak", {"rate_wpm": 165})


async def _piper(folder: Path, quality: str) -> Figures:
    name = f"en_US-random-{quality}"
    make_voice(folder, name, QUALITIES[quality])
    return await _in_process("piper", {"folder": str(folder), "voices": {"en": name}})


async def _in_process(engine: str, values: dict[str, object]) -> Figures:
    async with hosted(engine, values) as running:
        figures = await _spoken(HostedTextToSpeech(running.process))
        return [running.load_s, running.memory_mb, running.peak_mb(), *figures]


async def _wyoming() -> Figures:
    rate_hz = 22_050
    pieces = [AudioChunk(rate_hz, 2, 1, _quarter(rate_hz))] * PIECES
    script = after("synthesize", AudioStart(rate_hz, 2, 1), *pieces, AudioStop(), stay=False)
    async with Service(tts(double="en"), script) as service:
        return NO_PROCESS + await _spoken(WyomingTextToSpeech("127.0.0.1", service.port))


async def _openai() -> Figures:
    piece = _quarter(PCM_RATE_HZ)
    async with HttpDouble(_pieces(piece, "audio/pcm")) as double:
        engine = OpenAiTextToSpeech(f"{double.url}/v1")
        try:
            return NO_PROCESS + await _spoken(engine)
        finally:
            await engine.close()


async def _elevenlabs() -> Figures:
    audio = base64.b64encode(_quarter(ELEVENLABS_RATE_HZ)).decode()
    piece = json.dumps({"audio_base64": audio, "alignment": None}).encode() + b"\n"
    async with HttpDouble(_pieces(piece, "application/json")) as double:
        engine = ElevenLabsTextToSpeech(SecretStr("none"), voice="anna", base_url=double.url)
        try:
            return NO_PROCESS + await _spoken(engine)
        finally:
            await engine.close()


def _pieces(piece: bytes, kind: str) -> Script:
    cuts = range(len(piece), len(piece) * PIECES, len(piece))
    return answer(piece * PIECES, kind=kind, cuts=cuts)


def _quarter(rate_hz: int) -> bytes:
    return bytes(range(250)) * (rate_hz // 500)


async def _spoken(engine: TextToSpeech) -> Figures:
    """Return the real-time factor of LONG, and the medians to the first audio in ms."""
    short = [await _one(engine, SHORT) for _ in range(1 + REPEATS)]
    long = [await _one(engine, LONG) for _ in range(REPEATS)]
    return [
        median([factor for _, factor in long]),
        median([first_ms for first_ms, _ in short[1:]]),  # the first one finds caches cold
        median([first_ms for first_ms, _ in long]),
    ]


async def _one(engine: TextToSpeech, text: str) -> tuple[float, float]:
    """Return the milliseconds to the first audio, and the real-time factor."""
    first_s, audio_s, began_s = 0.0, 0.0, time.perf_counter()
    async for chunk in engine.synthesize(SpeechRequest(text, "en")):
        first_s = first_s or time.perf_counter() - began_s
        audio_s += len(chunk.audio) / 2 / chunk.rate_hz
    return first_s * 1000, (time.perf_counter() - began_s) / audio_s
