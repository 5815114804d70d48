"""The ports of speech, served by an engine process."""

from collections.abc import AsyncGenerator
from contextlib import aclosing

from hub.engines.base import EngineError, SpeechChunk, SpeechRequest, Transcript, Utterance
from hub.engines.host import EngineProcess
from hub.engines.resumed_speech import unbroken
from hub.engines.speech_bounds import sendable
from hub.words import worded

TRANSCRIBE_TIMEOUT_S = 10.0
CHUNK_TIMEOUT_S = 10.0


class HostedSpeechToText:
    """The speech-to-text port."""

    def __init__(self, process: EngineProcess) -> None:
        self._process = process

    async def transcribe(self, utterance: Utterance) -> Transcript:
        """Return the final transcript. Raises EngineError."""
        data = {"language": utterance.language}
        answers = self._process.request(
            "transcribe", data, utterance.audio, TRANSCRIBE_TIMEOUT_S, utterance.rank
        )
        async with aclosing(answers):
            async for answer in answers:
                return Transcript(
                    str(answer.data["text"]),
                    str(answer.data["language"]),
                    answer.data.get("confidence"),
                    str(answer.data["partial"]),
                )
        raise EngineError("engine-failed", worded("engine-no-answer", "The engine gave no answer."))


class HostedTextToSpeech:
    """The text-to-speech port."""

    def __init__(self, process: EngineProcess) -> None:
        self._process = process

    async def synthesize(self, request: SpeechRequest) -> AsyncGenerator[SpeechChunk]:
        """Yield audio as it is made; closing the iterator cancels. Raises EngineError."""
        voice = None if request.voice is None else sendable(request.voice)
        data = {"text": sendable(request.text), "language": request.language, "voice": voice}
        answers = self._process.request("synthesize", data, b"", CHUNK_TIMEOUT_S, request.rank)
        async with aclosing(answers):
            async for chunk in unbroken(answers):
                yield chunk
