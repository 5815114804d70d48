"""One engine that speaks, as the settings name it."""

import importlib.util
from typing import Any

from hub.engines.base import TextToSpeech
from hub.engines.elevenlabs import ElevenLabsTextToSpeech
from hub.engines.host import EngineProcess
from hub.engines.hosted import HostedTextToSpeech
from hub.engines.openai_speech import OpenAiTextToSpeech
from hub.engines.wyoming_speech import WyomingTextToSpeech
from hub.model_needs import voice_is_here
from hub.settings import HubSettings
from hub.supply import VOICE_MODEL, missing, supply


async def speaking_name(settings: HubSettings) -> str:
    """Return which engine the settings mean; for "auto" the best that is ready."""
    name = settings.engines.text_to_speech
    if name != "auto":
        return name
    installed = importlib.util.find_spec("piper") is not None
    return "piper" if installed and await missing(settings, VOICE_MODEL) is None else "espeak"


class Speaking:
    """A voice. Where it has a process, that must be run."""

    def __init__(self, settings: HubSettings, name: str) -> None:
        """`name` is one of those of `engines.text_to_speech`, but not "auto"."""
        self.name = name
        self.process: EngineProcess | None = None
        self._settings = settings
        self._where = ""
        match name:
            case "wyoming":
                service = settings.wyoming_text_to_speech
                self._where = f" at {service.host}:{service.port}"
                self.port: TextToSpeech = WyomingTextToSpeech(
                    service.host, service.port, voice=service.voice
                )
            case "openai":
                openai = settings.openai_text_to_speech
                self._where = f" at {openai.url}"
                self.port = OpenAiTextToSpeech(
                    openai.url, model=openai.model, voice=openai.voice, key=openai.key
                )
            case "elevenlabs":
                elevenlabs = settings.elevenlabs
                assert elevenlabs.key is not None, "the settings see to it"
                self.port = ElevenLabsTextToSpeech(elevenlabs.key, voice=elevenlabs.voice)
            case _:
                idle_s = None if name == "espeak" else settings.engines.unload_after_s
                self.process = EngineProcess(name, idle_s=idle_s)
                self.port = HostedTextToSpeech(self.process)

    async def configure(self) -> str:
        """Make it speak as the settings say; return what there is, in a line.

        Raises EngineError.
        """
        if self.name == "piper":
            await supply(self._settings, VOICE_MODEL)
        if self.process is not None:
            load = self.name == "espeak" or self._settings.engines.load_at_start
            await self.process.configure(self._values(), load=load)
        return f"{self.name}{self._where}"

    def _values(self) -> dict[str, Any]:
        if self.name == "piper":
            values = self._settings.piper.model_dump(mode="json", exclude_none=True)
            # One that is missing is told elsewhere: it is no reason to do without the others.
            here = {
                language: voice
                for language, voice in self._settings.piper.voices.items()
                if voice_is_here(self._settings, voice)
            }
            values["voices"] = here
            return {"folder": str(self._settings.models.place / "piper"), **values}
        if self.name == "coqui":
            return self._settings.coqui.model_dump(mode="json", exclude_none=True)
        return {"rate_wpm": self._settings.engines.words_a_minute}
