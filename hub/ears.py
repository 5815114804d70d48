"""What hears: the engine that the settings choose and, until it is ready, the embedded one."""

import asyncio
from collections.abc import Sequence
from typing import cast

from hub.engines.base import SpeechToText
from hub.engines.fallback import FallbackSpeechToText, Trust
from hub.engines.host import EngineProcess
from hub.events import EngineChanged
from hub.hearing import Hearing
from hub.home.model import Home
from hub.settings import HubSettings
from hub.supervised import Publish, SupervisedEngine

ROLE = "speech-to-text"
EMBEDDED = "phrases"
EMBEDDED_LANGUAGE = "en"


class Ears:
    """The recognisers of a hub. `run` keeps their processes alive."""

    def __init__(self, settings: HubSettings, publish: Publish = lambda _: None) -> None:
        """`publish` is told when the chosen engine is ready, and when it fails."""
        self._settings = settings
        self._publish = publish
        self._home = Home()
        chosen = settings.engines.speech_to_text
        # "auto" takes the best that is ready, and until there is a model that is the embedded one.
        embedded = EMBEDDED_LANGUAGE in settings.spoken_languages and (
            settings.engines.fallback or chosen in {"auto", EMBEDDED}
        )
        self._embedded = Hearing(settings, EMBEDDED) if embedded else None
        self._chosen: Hearing | None = None
        self._supervised: SupervisedEngine | None = None
        if chosen != EMBEDDED:
            self._chosen = Hearing(settings, "whisper" if chosen == "auto" else chosen)
            self._supervised = SupervisedEngine(
                ROLE,
                self._chosen.name,
                self._bring_up,
                publish,
                self._chosen.process,
                optional=chosen == "auto" and embedded,
            )
        self.port: SpeechToText = self._port()
        """What a turn hears with."""

    @property
    def hears_along(self) -> bool:
        """Whether sentences that are not over can be heard."""
        return self._ready and cast("Hearing", self._chosen).hears_along

    @property
    def transcript_s(self) -> float:
        """How long after the end of speech a transcript is waited for."""
        usual_ms = 4000 if self._ready else 1400
        return (self._settings.listening.transcript_ms or usual_ms) / 1000

    @property
    def _ready(self) -> bool:
        return self._supervised is not None and self._supervised.ready

    async def run(self) -> None:
        """Keep the engines alive until cancelled."""
        async with asyncio.TaskGroup() as tasks:
            if self._embedded is not None:
                assert self._embedded.process is not None
                tasks.create_task(self._embedded.process.run())
            if self._supervised is not None:
                tasks.create_task(self._supervised.run())
            await asyncio.Event().wait()

    async def learn(self, home: Home, own: Sequence[str] = ()) -> None:
        """Teach them the home; the chosen one goes on learning beside. Raises EngineError.

        `own` are English sentences of the owner's, for the embedded recogniser.
        """
        self._home = home
        self.refresh()
        if self._embedded is None:
            return
        text = await self._embedded.learn(home, own)
        if self._chosen is None:
            memory = await asyncio.to_thread(self._memory_bytes)
            self._publish(EngineChanged(ROLE, EMBEDDED, True, text, memory))

    def wake(self) -> None:
        """Get ready: somebody is about to speak."""
        if self._ready:
            cast("Hearing", self._chosen).wake()

    def refresh(self) -> None:
        """Look again for what the chosen one needs."""
        if self._supervised is not None:
            self._supervised.refresh()

    @property
    def in_use(self) -> str:
        """Which engine hears at the moment."""
        return self._chosen.name if self._ready and self._chosen is not None else EMBEDDED

    @property
    def works(self) -> bool:
        """Whether anything can be heard."""
        spare = self._embedded is not None and self._embedded.works
        return self._ready or spare

    @property
    def processes(self) -> Sequence[EngineProcess]:
        """Those of its engines that have one."""
        found = [one.process for one in (self._chosen, self._embedded) if one is not None]
        return [process for process in found if process is not None]

    def _memory_bytes(self) -> int:
        return sum(process.memory_bytes for process in self.processes)

    async def _bring_up(self) -> str:
        assert self._chosen is not None
        return await self._chosen.learn(self._home)

    def _port(self) -> SpeechToText:
        embedded = None if self._embedded is None else self._embedded.port
        if self._chosen is None or self._supervised is None:
            assert embedded is not None
            return embedded
        supervised = self._supervised
        return FallbackSpeechToText(
            self._chosen.port,
            embedded,
            Trust(lambda: supervised.ready, supervised.failed, supervised.recovered),
            second_language=EMBEDDED_LANGUAGE,
        )
