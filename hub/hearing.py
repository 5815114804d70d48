"""One engine that hears, as the settings name it, and how it learns what is said in this home."""

import asyncio
from collections.abc import Sequence

import structlog

from hub.engines.base import SpeechToText
from hub.engines.engine_request import State
from hub.engines.host import EngineProcess
from hub.engines.hosted import HostedSpeechToText
from hub.engines.openai_speech import OpenAiSpeechToText
from hub.engines.wyoming_speech import WyomingSpeechToText
from hub.home.heard_codes import code_sentences
from hub.home.model import Home
from hub.home.phrases import build
from hub.home.vocabulary import vocabulary_of
from hub.settings import HubSettings
from hub.supply import SPEECH_MODEL, missing, supply
from hub.words import worded

log = structlog.get_logger(__name__)

MAX_HOTWORDS = 200
"""Words that a recogniser of free speech is told of; engines keep what they have room for."""


async def hearing_name(settings: HubSettings) -> str:
    """Return which engine the settings mean; for "auto" the best that is ready."""
    name = settings.engines.speech_to_text
    if name != "auto":
        return name
    embedded = "en" in settings.spoken_languages
    return "phrases" if embedded and await missing(settings, SPEECH_MODEL) else "whisper"


class Hearing:
    """A recogniser. Where it has a process, that must be run."""

    def __init__(self, settings: HubSettings, name: str) -> None:
        """`name` is one of those of `engines.speech_to_text`, but not "auto"."""
        self.name = name
        self.process: EngineProcess | None = None
        self._unheard: set[str] = set()
        self._settings = settings
        self._service: WyomingSpeechToText | OpenAiSpeechToText | None = None
        match name:
            case "wyoming":
                service = settings.wyoming_speech_to_text
                self._where = f"{service.host}:{service.port}"
                self._service = WyomingSpeechToText(
                    service.host,
                    service.port,
                    model=service.model,
                    languages=settings.spoken_languages,
                )
            case "openai":
                openai = settings.openai_speech_to_text
                self._where = openai.url
                self._service = OpenAiSpeechToText(openai.url, model=openai.model, key=openai.key)
            case _:
                idle_s = None if name == "phrases" else settings.engines.unload_after_s
                self.process = EngineProcess(name, idle_s=idle_s)

    @property
    def works(self) -> bool:
        """Whether its process, if it has one, is not down."""
        return self.process is None or self.process.state is not State.FAILED

    @property
    def port(self) -> SpeechToText:
        """What a turn hears with."""
        if self._service is not None:
            return self._service
        assert self.process is not None
        return HostedSpeechToText(self.process)

    @property
    def hears_along(self) -> bool:
        """Whether it makes something of sentences that are not over."""
        return self.name == "whisper" and self._settings.whisper.partials

    def wake(self) -> None:
        """Start its process, if that has ended for want of work."""
        if self.process is not None:
            self.process.wake()

    async def learn(self, home: Home, own: Sequence[str] = ()) -> str:
        """Teach it the names and, where it knows no others, the sentences of the home.

        `own` are English sentences of the owner's, as templates of hassil.
        Returns what there is now, in a line. Raises EngineError.
        """
        if self._service is not None:
            self._service.hotwords = self._words(home)
            await self._service.check()
            return f"{self.name} at {self._where}"
        assert self.process is not None
        if self.name == "phrases":
            # Compiling takes a while in a large home; satellites must be heard meanwhile.
            sentences = (*own, *code_sentences(home))
            grammar = await asyncio.to_thread(
                build, vocabulary_of(home), "en", own=sentences, refused=self._refused
            )
            await self.process.configure(grammar.to_dict())
            return worded("phrases-of-home", "phrases of this home")
        await supply(self._settings, SPEECH_MODEL)
        values = self._settings.whisper.model_dump(mode="json", exclude_none=True)
        values["folder"] = str(self._settings.models.place / "whisper")
        values["languages"] = list(self._settings.spoken_languages)
        values["hotwords"] = self._words(home)
        await self.process.configure(values, load=self._settings.engines.load_at_start)
        return f"{self.name} {self._settings.whisper.model}"

    def _refused(self, why: str) -> None:
        if why not in self._unheard:
            self._unheard.add(why)
            log.info("an own sentence is only understood when it is written", why=why)

    def _words(self, home: Home) -> list[str]:
        """Return what is likely to be said: the owner's words, then the names of the home."""
        rooms = [area.name for area in home.areas()]
        names = [device.name for device in home.devices()]
        words = self._settings.listening.words
        return list(dict.fromkeys([*words, *rooms, *names]))[:MAX_HOTWORDS]
