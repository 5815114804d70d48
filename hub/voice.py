"""What speaks, chosen by the settings."""

import asyncio
from typing import Any

from hub.engines.base import TextToSpeech
from hub.engines.elevenlabs import ElevenLabsTextToSpeech
from hub.engines.host import EngineProcess, HostedTextToSpeech
from hub.engines.openai_speech import OpenAiTextToSpeech
from hub.engines.speech_cache import CachedTextToSpeech
from hub.engines.wyoming_speech import WyomingTextToSpeech
from hub.settings import HubSettings


class Voice:
    """A voice. `run` keeps its process alive, where it has one."""

    def __init__(self, settings: HubSettings) -> None:
        self._settings = settings
        self._kind = settings.engines.text_to_speech
        self._process: EngineProcess | None = None
        match self._kind:
            case "wyoming":
                service = settings.wyoming_text_to_speech
                spoken: TextToSpeech = WyomingTextToSpeech(
                    service.host, service.port, voice=service.voice
                )
            case "openai":
                openai = settings.openai_text_to_speech
                spoken = OpenAiTextToSpeech(
                    openai.url, model=openai.model, voice=openai.voice, key=openai.key
                )
            case "elevenlabs":
                elevenlabs = settings.elevenlabs
                assert elevenlabs.key is not None, "the settings see to it"
                spoken = ElevenLabsTextToSpeech(elevenlabs.key, voice=elevenlabs.voice)
            case _:
                self._process = EngineProcess(self._kind)
                spoken = HostedTextToSpeech(self._process)
        # The embedded voice takes single milliseconds: nothing is gained by keeping what it said.
        self.port: TextToSpeech = spoken if self._kind == "espeak" else CachedTextToSpeech(spoken)
        """What a turn speaks with."""

    async def run(self) -> None:
        """Keep it alive until cancelled."""
        if self._process is not None:
            await self._process.run()
        await asyncio.Event().wait()

    async def configure(self) -> None:
        """Make it speak as the settings say. Raises EngineError."""
        if self._process is not None:
            await self._process.configure(self._values())

    def _values(self) -> dict[str, Any]:
        if self._kind == "piper":
            return self._settings.piper.model_dump(mode="json", exclude_none=True)
        return {"rate_wpm": self._settings.engines.words_a_minute}
