"""espeak-ng behind the engine port: in this process, and in its own."""

import asyncio
from contextlib import aclosing

from hub.engines.base import SpeechRequest
from hub.engines.host import EngineProcess
from hub.engines.hosted import HostedTextToSpeech


async def test_half_a_character_does_not_keep_the_rest_from_being_spoken() -> None:
    process = EngineProcess("espeak")
    running = asyncio.create_task(process.run())
    request = SpeechRequest("The \ud800 lamp is on.", "en")
    try:
        async with asyncio.timeout(20):
            async with aclosing(HostedTextToSpeech(process).synthesize(request)) as spoken:
                chunks = [chunk async for chunk in spoken]
    finally:
        running.cancel()
        await asyncio.wait([running])
    words = [request.text[word.start : word.end] for chunk in chunks for word in chunk.words]
    assert words[-3:] == ["lamp", "is", "on"]
