"""Scripted engines and ears, for conversations that a test writes with a pen."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from audio.vad import FRAME_BYTES, SileroVad
from hub.conversation.mind import Reply, Understanding
from hub.engines.base import EngineError, SpeechChunk, SpeechRequest, Transcript, Utterance

SPEECH = b"\x00\x10" * 512
SILENCE = bytes(FRAME_BYTES)
RATE_HZ = 16_000


class Loudness(SileroVad):
    """Voice activity by loudness."""

    def __init__(self) -> None:
        pass

    def process(self, streams: object, frames: object) -> npt.NDArray[np.float32]:
        assert isinstance(frames, list)
        return np.array([float(max(frame) > 0) for frame in frames], dtype=np.float32)


@dataclass
class Script:
    """What the engines do; times in s."""

    text: str = "turn on the lamp"
    transcribe_s: float = 0.05
    act_s: float = 0.02
    answer: str = "Turned on the lamp"
    answer_ms: float = 1000
    stt_error: EngineError | None = None
    tts_error: EngineError | None = None
    understood: bool = True
    playback_ends: bool = True
    events: list[tuple[float, str]] = field(default_factory=list)
    acts: int = 0

    def note(self, what: str) -> None:
        self.events.append((round(asyncio.get_running_loop().time(), 3), what))

    @property
    def names(self) -> list[str]:
        return [name for _, name in self.events]

    def when(self, name: str) -> float:
        return next(at for at, event in self.events if event == name)

    # speech to text
    async def transcribe(self, utterance: Utterance) -> Transcript:
        self.note("transcribing")
        await asyncio.sleep(self.transcribe_s)
        if self.stt_error:
            raise self.stt_error
        return Transcript(self.text, utterance.language)

    # text to speech
    async def synthesize(self, request: SpeechRequest) -> AsyncIterator[SpeechChunk]:
        if self.tts_error:
            raise self.tts_error
        yield SpeechChunk(bytes(int(self.answer_ms * RATE_HZ / 1000) * 2), RATE_HZ)

    # mind
    def understand(self, text: str, *, area: str | None, language: str) -> Understanding | None:
        return Understanding("HassTurnOn", text) if self.understood else None

    async def act(self, understanding: Understanding, *, area: str | None, language: str) -> Reply:
        self.acts += 1
        await asyncio.sleep(self.act_s)
        return Reply(self.answer, details={"published": 1})

    def apology(self, code: str, language: str) -> str:
        return f"Sorry ({code})"
