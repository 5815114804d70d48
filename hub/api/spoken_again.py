"""A text spoken for whoever asks over HTTP: a WAV file that begins before it is finished."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing

from audio import wav
from audio.resample import resample
from hub.conversation.sentences import SentenceSplitter
from hub.engines.base import Rank, SpeechRequest, TextToSpeech
from hub.engines.closable import closable

MAX_SENTENCES = 100
MAX_SENTENCE_BYTES = 16 << 20


async def spoken_again(
    text_to_speech: TextToSpeech, text: str, language: str, voice: str | None
) -> AsyncGenerator[bytes]:
    """Yield the file, sentence by sentence: a client that is slow does not hold the voice.

    Raises EngineError.
    """
    splitter = SentenceSplitter(language)
    sentences = [*splitter.feed(text), *splitter.finish()]
    rate_hz: int | None = None
    for sentence in sentences[:MAX_SENTENCES]:
        request = SpeechRequest(sentence.spoken, language, voice, lambda: Rank.REST)
        audio, own_hz = await _sentence(text_to_speech, request)
        if not audio:
            continue
        if rate_hz is None:
            rate_hz = own_hz
            yield wav.header(rate_hz)
        if own_hz != rate_hz:  # another voice had to stand in
            audio = await asyncio.to_thread(resample, audio, own_hz, rate_hz)
        yield audio


async def _sentence(text_to_speech: TextToSpeech, request: SpeechRequest) -> tuple[bytes, int]:
    audio, rate_hz = bytearray(), 0
    async with aclosing(closable(text_to_speech.synthesize(request))) as chunks:
        async for chunk in chunks:
            rate_hz = chunk.rate_hz
            audio += chunk.audio
            if len(audio) > MAX_SENTENCE_BYTES:
                break
    return bytes(audio[: len(audio) // 2 * 2]), rate_hz
