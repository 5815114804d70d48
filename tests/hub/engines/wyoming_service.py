"""Services built with the wyoming package, that do as a test says."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from functools import partial
from typing import cast

from wyoming.event import Event, Eventable
from wyoming.info import (
    AsrModel,
    AsrProgram,
    Attribution,
    Describe,
    Info,
    TtsProgram,
    TtsVoice,
    TtsVoiceSpeaker,
)
from wyoming.server import AsyncEventHandler, AsyncTcpServer

ATTRIBUTION = Attribution(name="Tests", url="http://localhost")


class Service:
    """A service on loopback: answers `describe`, and leaves every other event to the test."""

    def __init__(self, info: Info | None, script: "Script", port: int = 0) -> None:
        self.info = info
        self.script = script
        self.events: list[Event] = []
        self.connections = 0
        self.gone = asyncio.Event()
        self.port = port
        self._server = AsyncTcpServer("127.0.0.1", port)

    async def __aenter__(self) -> "Service":
        await self._server.start(partial(_Handler, self))
        self.port = int(self._sockets.sockets[0].getsockname()[1])
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._server.stop()
        self._sockets.close()

    @property
    def _sockets(self) -> asyncio.Server:
        return cast("asyncio.Server", self._server._server)

    @property
    def types(self) -> list[str]:
        """Types of the events that came, pieces of audio counted once."""
        return list(dict.fromkeys(event.type for event in self.events))


class _Handler(AsyncEventHandler):
    def __init__(
        self, service: Service, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        super().__init__(reader, writer)
        self._service = service
        service.connections += 1

    async def handle_event(self, event: Event) -> bool:
        self._service.events.append(event)
        if Describe.is_type(event.type) and self._service.info is not None:
            await self.write_event(self._service.info.event())
            return True
        return await self._service.script(self, event)

    async def run(self) -> None:
        # Who hangs up is no failure: it would be told in whatever test runs at its collection.
        with suppress(ConnectionError, asyncio.IncompleteReadError):
            await super().run()

    async def disconnect(self) -> None:
        self._service.gone.set()


Script = Callable[[AsyncEventHandler, Event], Awaitable[bool]]


async def silent(handler: AsyncEventHandler, event: Event) -> bool:
    """Never answer."""
    return True


def after(type_: str, *answers: Eventable | bytes, stay: bool = True) -> Script:
    """Send answers (or bare bytes) once an event of a type has come; then stay, or hang up."""

    async def script(handler: AsyncEventHandler, event: Event) -> bool:
        if event.type != type_:
            return True
        for answer in answers:
            if isinstance(answer, bytes):
                handler.writer.write(answer)
                await handler.writer.drain()
            else:
                await handler.write_event(answer.event())
        return stay

    return script


def asr(*names: str, languages: tuple[str, ...] = ("en", "fr"), streaming: bool = False) -> Info:
    """Return the info of a speech-to-text service with some models."""
    models = [
        AsrModel(
            name=name,
            attribution=ATTRIBUTION,
            installed=True,
            description=None,
            version=None,
            languages=list(languages),
        )
        for name in names
    ]
    program = AsrProgram(
        name="hearing",
        attribution=ATTRIBUTION,
        installed=True,
        description=None,
        version="1",
        models=models,
        supports_transcript_streaming=streaming,
    )
    return Info(asr=[program])


def tts(**voices: str | tuple[str, ...]) -> Info:
    """Return the info of a text-to-speech service: voice=language, or (language, speakers...)."""
    known = []
    for name, about in voices.items():
        language, *speakers = (about,) if isinstance(about, str) else about
        known.append(
            TtsVoice(
                name=name,
                attribution=ATTRIBUTION,
                installed=True,
                description=None,
                version=None,
                languages=[language],
                speakers=[TtsVoiceSpeaker(name=speaker) for speaker in speakers] or None,
            )
        )
    program = TtsProgram(
        name="speaking",
        attribution=ATTRIBUTION,
        installed=True,
        description=None,
        version="1",
        voices=known,
    )
    return Info(tts=[program])
