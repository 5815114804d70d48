"""Text-to-speech with espeak-ng: small, instant, in many languages; needs no download."""

from collections.abc import Iterator
from typing import Any

from hub.engines import failures
from hub.engines.base import SpeechChunk, SpeechRequest
from hub.engines.espeak_library import NORMAL_WPM, EspeakLibrary
from hub.engines.speech_bounds import primary_language

# espeak-ng names most voices by their language; its "en" is British.
_VOICES = {"en": "en-us", "en-gb": "en", "zh": "cmn"}


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
            raise failures.not_loaded("espeak-ng")
        voice = request.voice or _voice(self._library, request.language)
        for piece in self._library.speak(request.text, voice=voice, rate_wpm=self._rate_wpm):
            yield SpeechChunk(piece.audio, self._library.rate_hz, piece.words)


def _voice(library: EspeakLibrary, language: str) -> str:
    """Return the voice of a language such as "en-GB": of its place, or else of the language."""
    tag = language.replace("_", "-").lower()
    local = _VOICES.get(tag, tag)
    if library.has_voice(local):
        return local
    base = primary_language(tag)
    return _VOICES.get(base, base)
