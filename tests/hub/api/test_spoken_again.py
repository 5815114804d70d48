"""An answer that is spoken again, as one file."""

from collections.abc import AsyncGenerator
from typing import cast

from audio import wav
from hub.api.spoken_again import spoken_again
from hub.engines.base import SpeechChunk, SpeechRequest, TextToSpeech

RATES_HZ = {"Good morning.": 22_050, "It is cold.": 16_000}


class Voices:
    """Says every sentence in half a second, each with another voice."""

    async def synthesize(self, request: SpeechRequest) -> AsyncGenerator[SpeechChunk]:
        rate_hz = RATES_HZ[request.text]
        yield SpeechChunk(bytes(rate_hz), rate_hz)


async def test_what_another_voice_had_to_say_is_there_to_its_end() -> None:
    pieces = spoken_again(cast("TextToSpeech", Voices()), " ".join(RATES_HZ), "en", None)
    rate_hz, pcm16 = wav.decode(b"".join([piece async for piece in pieces]))
    assert rate_hz == 22_050
    assert abs(len(pcm16) / 2 - rate_hz) <= 1, "a second, to the sample"
