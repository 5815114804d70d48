"""Text-to-speech with espeak-ng: small, instant, in many languages; needs no download."""

from collections.abc import Iterator
from typing import Any

from hub.engines.base import EngineError, SpeechChunk, SpeechRequest
from hub.engines.espeak_library import NORMAL_WPM, EspeakLibrary

# espeak-ng names voices by language, but has no bare "en" that sounds like a person of one place.
_VOICES = {"en": "en-us", "fr": "fr", "de": "de", "es": "es"}


class EspeakEngine:
    """espeak-ng behind the engine port."""

    def __init__(self) -> None:
        self._library: EspeakLibrary | None = None
        self._rate_wpm = NORMAL_WPM

    def load(self) -> None:
        """Load the library. Raises EngineError "engine-missing"."""
        self._library = EspeakLibrary()

    def configure(self, values: dict[str, Any]) -> None:
        """Take `rate_wpm` (words a minute)."""
        self._rate_wpm = int(values.get("rate_wpm", NORMAL_WPM))

    def synthesize(self, request: SpeechRequest) -> Iterator[SpeechChunk]:
        """Yield audio with word times, a piece per stretch of sentences. Raises EngineError."""
        if self._library is None:
            raise EngineError("engine-failed", "espeak-ng is not loaded")
        voice = request.voice or _VOICES.get(request.language, request.language)
        for piece in self._library.speak(request.text, voice=voice, rate_wpm=self._rate_wpm):
            yield SpeechChunk(piece.audio, self._library.rate_hz, piece.words)
