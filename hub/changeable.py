"""What hears and what speaks, and how others take their place while the hub runs.

The new one is made ready beside the old one, and the old one goes on until the turns that began
with it are over: nobody who speaks meanwhile goes unheard.
"""

import asyncio
from abc import abstractmethod
from collections.abc import AsyncGenerator, Coroutine, Sequence
from contextlib import aclosing
from typing import Generic, Protocol, TypeVar

import structlog

from hub.ears import Ears
from hub.engines.base import EngineError, SpeechChunk, SpeechRequest, Transcript, Utterance
from hub.engines.closable import closable
from hub.engines.host import EngineProcess
from hub.events import EngineChanged
from hub.home.model import Home
from hub.settings import HubSettings
from hub.supervised import Publish
from hub.voice import Voice
from hub.words import worded

log = structlog.get_logger(__name__)

READY_S = 30.0
"""For the embedded engine of the new ones to be ready; the chosen one goes on loading."""
LINGER_S = 20.0
"""How long the old ones live on: longer than what they were asked for takes."""


class _Engines(Protocol):
    @property
    def in_use(self) -> str: ...

    @property
    def works(self) -> bool: ...

    @property
    def processes(self) -> Sequence[EngineProcess]: ...

    def refresh(self) -> None: ...

    async def run(self) -> None: ...


_E = TypeVar("_E", bound=_Engines)


class _Changeable(Generic[_E]):
    """Engines of one role. `run` keeps them alive."""

    def __init__(self, settings: HubSettings, publish: Publish) -> None:
        """Raises EngineError for engines that can not be made as the settings say."""
        self._publish = publish
        self._tasks: asyncio.TaskGroup | None = None
        self._running: asyncio.Task[None] | None = None
        self._changing = asyncio.Lock()
        self._coming: _E | None = None
        self._news: EngineChanged | None = None  # what the coming one told last
        self.settings = settings
        """What they are made of."""
        self._now = self._made(settings)

    @property
    def in_use(self) -> str:
        """Which engine does it at the moment."""
        return self._now.in_use

    @property
    def works(self) -> bool:
        """Whether it can be done at all, by whichever engine."""
        return self._now.works

    @property
    def processes(self) -> Sequence[EngineProcess]:
        """Those of its engines that have one."""
        return self._now.processes

    def refresh(self) -> None:
        """Look again for what the chosen one needs: a model has come, or is gone."""
        self._now.refresh()

    async def run(self) -> None:
        """Keep the engines alive until cancelled."""
        async with asyncio.TaskGroup() as tasks:
            self._tasks = tasks
            self._running = tasks.create_task(self._now.run())
            await asyncio.Event().wait()

    async def choose(self, settings: HubSettings) -> None:
        """Use what other settings name from now on. Raises EngineError; all is as it was then."""
        async with self._changing:
            assert self._tasks is not None
            made = self._made(settings)
            self._coming, self._news = made, None
            running = self._tasks.create_task(made.run())
            try:
                async with asyncio.timeout(READY_S):
                    await self._ready(made)
            except TimeoutError:
                running.cancel()
                raise EngineError(
                    "engine-timeout", worded("not-ready-in-time", "It was not ready in time.")
                ) from None
            except BaseException:
                running.cancel()
                raise
            finally:
                self._coming = None
            old, self._running = self._running, running
            self._now, self.settings = made, settings
            if old is not None:
                self._tasks.create_task(_let_go(old))
            self._tell_news()

    def _tell_news(self) -> None:
        if self._news is not None:
            self._publish(self._news)

    def _made(self, settings: HubSettings) -> _E:
        made: _E

        def publish(fact: EngineChanged) -> None:
            # What is coming tells once it is there; what is on its way out has nothing to tell.
            if made is self._now:
                self._publish(fact)
            elif made is self._coming:
                self._news = fact

        made = self._make(settings, publish)
        return made

    @abstractmethod
    def _make(self, settings: HubSettings, publish: Publish) -> _E: ...

    @abstractmethod
    def _ready(self, made: _E) -> Coroutine[None, None, None]: ...


class ChangeableEars(_Changeable[Ears]):
    """What hears."""

    def __init__(self, settings: HubSettings, publish: Publish = lambda _: None) -> None:
        self._lesson: tuple[Home, tuple[str, ...]] = (Home(), ())
        super().__init__(settings, publish)
        self.port = self
        """What a turn hears with."""

    @property
    def hears_along(self) -> bool:
        """Whether sentences that are not over can be heard."""
        return self._now.hears_along

    @property
    def transcript_s(self) -> float:
        """How long after the end of speech a transcript is waited for."""
        return self._now.transcript_s

    async def transcribe(self, utterance: Utterance) -> Transcript:
        """Return the final transcript. Raises EngineError."""
        return await self._now.port.transcribe(utterance)

    async def learn(self, home: Home, own: Sequence[str] = ()) -> None:
        """Teach them the home. Raises EngineError."""
        self._lesson = (home, tuple(own))
        await self._now.learn(home, own)

    def wake(self) -> None:
        """Get ready: somebody is about to speak."""
        self._now.wake()

    def _make(self, settings: HubSettings, publish: Publish) -> Ears:
        return Ears(settings, publish)

    async def _ready(self, made: Ears) -> None:
        learned = None
        while learned is not self._lesson:  # the home may become another meanwhile
            learned = self._lesson
            await made.learn(*learned)


class ChangeableVoice(_Changeable[Voice]):
    """What speaks."""

    def __init__(self, settings: HubSettings, publish: Publish = lambda _: None) -> None:
        super().__init__(settings, publish)
        self.port = self
        """What a turn speaks with."""

    async def synthesize(self, request: SpeechRequest) -> AsyncGenerator[SpeechChunk]:
        """Yield audio as it is made; closing the iterator cancels. Raises EngineError."""
        async with aclosing(closable(self._now.port.synthesize(request))) as chunks:
            async for chunk in chunks:
                yield chunk

    def wake(self) -> None:
        """Get ready: there will be something to say."""
        self._now.wake()

    async def configure(self) -> None:
        """Make the embedded one speak as the settings say. Raises EngineError."""
        await self._now.configure()

    def _make(self, settings: HubSettings, publish: Publish) -> Voice:
        return Voice(settings, publish)

    async def _ready(self, made: Voice) -> None:
        await made.configure()


async def _let_go(old: asyncio.Task[None]) -> None:
    await asyncio.sleep(LINGER_S)
    old.cancel()
