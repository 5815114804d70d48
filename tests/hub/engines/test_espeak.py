"""espeak-ng behind the engine port: in this process, and in its own."""

import asyncio
from collections.abc import Iterator
from contextlib import aclosing
from typing import Any

import pytest

from hub.engines.base import EngineError, SpeechRequest
from hub.engines.espeak import EspeakEngine
from hub.engines.espeak_library import EspeakLibrary, SpokenPiece
from hub.engines.host import EngineProcess
from hub.engines.hosted import HostedTextToSpeech


@pytest.fixture(scope="module")
def espeak() -> EspeakEngine:
    engine = EspeakEngine()
    engine.load()
    return engine


def sound(engine: EspeakEngine, language: str) -> bytes:
    spoken = engine.synthesize(SpeechRequest("Die Lampe ist an.", language))
    return b"".join(chunk.audio for chunk in spoken)


@pytest.mark.parametrize(
    ("language", "voice"),
    [
        ("en", "en-us"),
        ("en-GB", "en"),
        ("en_GB", "en"),
        ("en-US", "en-us"),
        ("en-NZ", "en-us"),
        ("de-AT", "de"),
        ("DE", "de"),
        ("fr-CA", "fr"),
        ("zh", "cmn"),
        ("zh-Hans-CN", "cmn"),
    ],
)
def test_a_language_of_any_place_has_a_voice(
    espeak: EspeakEngine, monkeypatch: pytest.MonkeyPatch, language: str, voice: str
) -> None:
    voices = []
    speak = EspeakLibrary.speak

    def spying(library: EspeakLibrary, text: str, **options: Any) -> Iterator[SpokenPiece]:
        voices.append(options["voice"])
        return speak(library, text, **options)

    monkeypatch.setattr(EspeakLibrary, "speak", spying)
    assert any(sound(espeak, language))
    assert voices == [voice]


def test_a_language_that_nobody_speaks_is_refused(espeak: EspeakEngine) -> None:
    with pytest.raises(EngineError, match="'xx'") as caught:
        sound(espeak, "xx-YY")
    assert caught.value.code == "bad-request"


async def test_half_a_character_does_not_keep_the_rest_from_being_spoken() -> None:
    process = EngineProcess("espeak")
    running = asyncio.create_task(process.run())
    request = SpeechRequest("The \ud800 lamp is on.", "en")
    try:
        async with asyncio.timeout(60):
            async with aclosing(HostedTextToSpeech(process).synthesize(request)) as spoken:
                chunks = [chunk async for chunk in spoken]
    finally:
        running.cancel()
        await asyncio.wait([running])
    words = [request.text[word.start : word.end] for chunk in chunks for word in chunk.words]
    assert words[-3:] == ["lamp", "is", "on"]
