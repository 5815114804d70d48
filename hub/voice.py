"""What speaks: the engine that the settings choose and, until it is ready, the embedded one."""

import asyncio
from collections.abc import Sequence

from hub.engines.base import TextToSpeech
from hub.engines.fallback import FallbackTextToSpeech, Trust
from hub.engines.host import EngineProcess
from hub.engines.speech_cache import CachedTextToSpeech
from hub.settings import HubSettings
from hub.speaking import Speaking
from hub.supervised import Publish, SupervisedEngine

ROLE = "text-to-speech"
EMBEDDED = "espeak"


class Voice:
    """The voices of a hub. `run` keeps their processes alive."""

    def __init__(self, settings: HubSettings, publish: Publish = lambda _: None) -> None:
        """`publish` is told when the chosen engine is ready, and when it fails."""
        name = settings.engines.text_to_speech
        self._chosen = Speaking(settings, "piper" if name == "auto" else name)
        self._embedded: Speaking | None = None
        if name == EMBEDDED:
            self._embedded = self._chosen
        elif settings.engines.fallback or name == "auto":
            self._embedded = Speaking(settings, EMBEDDED)
        self._supervised = SupervisedEngine(
            ROLE,
            self._chosen.name,
            self._chosen.configure,
            publish,
            self._chosen.process,
            optional=name == "auto",
        )
        self.port: TextToSpeech = FallbackTextToSpeech(
            # The embedded voice takes single milliseconds: nothing is gained by keeping its words.
            self._chosen.port
            if self._chosen is self._embedded
            else CachedTextToSpeech(self._chosen.port),
            None if self._embedded is None else self._embedded.port,
            Trust(
                lambda: self._supervised.ready,
                self._supervised.failed,
                self._supervised.recovered,
            ),
        )
        """What a turn speaks with."""

    async def run(self) -> None:
        """Keep the engines alive until cancelled."""
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._supervised.run())
            if self._embedded is not None and self._chosen is not self._embedded:
                assert self._embedded.process is not None
                tasks.create_task(self._embedded.process.run())
            await asyncio.Event().wait()

    def wake(self) -> None:
        """Get ready: there will be something to say."""
        if self._supervised.ready and self._chosen.process is not None:
            self._chosen.process.wake()

    def refresh(self) -> None:
        """Look again for what the chosen one needs."""
        self._supervised.refresh()

    @property
    def in_use(self) -> str:
        """Which engine speaks at the moment."""
        return self._chosen.name if self._supervised.ready else EMBEDDED

    @property
    def works(self) -> bool:
        """Whether anything can be said."""
        spare = self._embedded is not None and self._embedded.works
        return self._supervised.ready or spare

    @property
    def processes(self) -> Sequence[EngineProcess]:
        """Those of its engines that have one."""
        found = [self._chosen.process]
        if self._embedded is not None and self._embedded is not self._chosen:
            found.append(self._embedded.process)
        return [process for process in found if process is not None]

    async def configure(self) -> None:
        """Make the embedded one speak as the settings say. Raises EngineError."""
        if self._embedded is not None:
            await self._embedded.configure()
