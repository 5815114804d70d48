"""What hears, chosen by the settings, and how it learns what is said in this home."""

import asyncio

from hub.engines.base import SpeechToText
from hub.engines.host import EngineProcess, HostedSpeechToText
from hub.engines.openai_speech import OpenAiSpeechToText
from hub.engines.wyoming_speech import WyomingSpeechToText
from hub.home.model import Home
from hub.home.phrases import build
from hub.home.vocabulary import vocabulary_of
from hub.settings import HubSettings

MAX_HOTWORDS = 200
"""Names that a recogniser of free speech is told of; engines keep what they have room for."""


class Ears:
    """A recogniser. `run` keeps its process alive, where it has one."""

    def __init__(self, settings: HubSettings) -> None:
        self._settings = settings
        self._kind = settings.engines.speech_to_text
        self._process: EngineProcess | None = None
        self._service: WyomingSpeechToText | OpenAiSpeechToText | None = None
        if self._kind == "wyoming":
            service = settings.wyoming_speech_to_text
            self._service = WyomingSpeechToText(service.host, service.port, model=service.model)
        elif self._kind == "openai":
            openai = settings.openai_speech_to_text
            self._service = OpenAiSpeechToText(openai.url, model=openai.model, key=openai.key)
        else:
            self._process = EngineProcess(self._kind)

    @property
    def port(self) -> SpeechToText:
        """What a turn hears with."""
        if self._service is not None:
            return self._service
        assert self._process is not None
        return HostedSpeechToText(self._process)

    async def run(self) -> None:
        """Keep it alive until cancelled."""
        if self._process is not None:
            await self._process.run()
        await asyncio.Event().wait()

    async def learn(self, home: Home) -> None:
        """Teach it the names and, where it knows no others, the sentences of the home.

        Raises EngineError.
        """
        if self._kind == "phrases":
            assert self._process is not None
            # Compiling takes a while in a large home; satellites must be heard meanwhile.
            grammar = await asyncio.to_thread(build, vocabulary_of(home), self._settings.language)
            await self._process.configure(grammar.to_dict())
            return
        if self._service is not None:
            self._service.hotwords = _names(home)
            return
        assert self._process is not None
        whisper = self._settings.whisper
        values = whisper.model_dump(mode="json", exclude_none=True)
        values["languages"] = [self._settings.language, *whisper.languages]
        await self._process.configure({**values, "hotwords": _names(home)})


def _names(home: Home) -> list[str]:
    rooms = [area.name for area in home.areas()]
    names = [device.name for device in home.devices()]
    return list(dict.fromkeys([*rooms, *names]))[:MAX_HOTWORDS]
