"""One engine that speaks, as the settings name it."""

import importlib.util
from typing import Any

from hub.engines.base import TextToSpeech
from hub.engines.elevenlabs import ElevenLabsTextToSpeech
from hub.engines.engine_request import State
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
        self._service: WyomingTextToSpeech | OpenAiTextToSpeech | ElevenLabsTextToSpeech | None
        match name:
            case "wyoming":
                service = settings.wyoming_text_to_speech
                self._where = f" at {service.host}:{service.port}"
                self._service = WyomingTextToSpeech(service.host, service.port, voice=service.voice)
            case "openai":
                openai = settings.openai_text_to_speech
                self._where = f" at {openai.url}"
                self._service = OpenAiTextToSpeech(
                    openai.url,
                    model=openai.model,
                    voice=openai.voice,
                    key=openai.key,
                    audio=openai.format,
                    pcm_rate_hz=openai.pcm_rate_hz,
                    speed=openai.speed,
                )
            case "elevenlabs":
                elevenlabs = settings.elevenlabs
                assert elevenlabs.key is not None, "the settings see to it"
                self._service = ElevenLabsTextToSpeech(elevenlabs.key, voice=elevenlabs.voice)
            case _:
                idle_s = None if name == "espeak" else settings.engines.unload_after_s
                self.process = EngineProcess(name, idle_s=idle_s)
                self._service = None

    @property
    def works(self) -> bool:
        """Whether its process, if it has one, is not down."""
        return self.process is None or self.process.state is not State.FAILED

    @property
    def port(self) -> TextToSpeech:
        """What a turn speaks with."""
        if self._service is not None:
            return self._service
        assert self.process is not None
        return HostedTextToSpeech(self.process)

    async def configure(self) -> str:
        """Make it speak as the settings say; return what there is, in a line.

        Raises EngineError.
        """
        if self.name == "piper":
            await supply(self._settings, VOICE_MODEL)
        if self._service is not None:
            await self._service.check()
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
            folder = str(self._settings.models.place / "piper")
            return {"folder": folder, "load": _asked_for(self._settings), **values}
        if self.name == "coqui":
            return self._settings.coqui.model_dump(mode="json", exclude_none=True)
        return {"rate_wpm": self._settings.engines.words_a_minute}


def _asked_for(settings: HubSettings) -> list[tuple[str, str | None]]:
    """Return which voices will be asked for, as language and name, the likeliest first.

    None is the engine's own.
    """
    places: list[tuple[str | None, str | None]] = [(None, None)]
    places += [(area, None) for area in settings.voices.rooms]
    places += [(None, person) for person in settings.voices.people]
    languages = settings.spoken_languages
    asked = [(tag, settings.voice(*place, tag)) for place in places for tag in languages]
    return list(dict.fromkeys(asked))
