"""One Wyoming service: where it is, what it can do, and what is said when it does not."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from hub.engines.base import EngineError
from hub.engines.speech_bounds import one_line
from hub.words import worded
from protocol.errors import Unreachable, WireError
from protocol.limits import Limits
from protocol.link import Link
from protocol.schema import Message
from protocol.state import Role
from protocol.stream import connect
from protocol.wyoming_control import Error
from protocol.wyoming_info import Describe, Info

CONNECT_TIMEOUT_S = 3.0
INFO_TIMEOUT_S = 3.0
"""Who can not say in this time what it is will not answer a question either."""

# Some services send a whole sentence as one piece: 90 s at 22 kHz.
_LIMITS = Limits(payload_bytes=4 * 1024 * 1024)


class WyomingService:
    """One service. Each request has a connection of its own."""

    def __init__(self, host: str, port: int) -> None:
        self._host = host
        self._port = port
        self.info: Info | None = None
        """What it can do, as far as is known."""

    @asynccontextmanager
    async def open(self) -> AsyncIterator[Link]:
        """Connect for one request. Whatever ends it, the connection ends at once."""
        try:
            link = await connect(
                self._host,
                self._port,
                role=Role.WYOMING,
                timeout_s=CONNECT_TIMEOUT_S,
                limits=_LIMITS,
            )
        except Unreachable as error:
            self.info = None
            raise EngineError(
                "engine-failed",
                worded("wyoming-away", "The Wyoming service is away: {why}.", why=str(error)),
            ) from error
        try:
            yield link
        except EngineError:
            self.info = None
            raise
        finally:
            link.abort()

    async def check(self) -> None:
        """Ask what it can do, on a connection for that alone. Raises EngineError."""
        async with self.open() as link:
            await self.describe(link)

    async def describe(self, link: Link) -> Info:
        """Ask what it can do, and remember it. Raises EngineError."""
        try:
            async with asyncio.timeout(INFO_TIMEOUT_S):
                await link.send(Describe())
                while not isinstance(message := await self.receive(link), Info):
                    pass
        except TimeoutError:
            raise self.late(
                worded("wyoming-info", "description of itself"), INFO_TIMEOUT_S
            ) from None
        except WireError as error:
            raise self.failed(
                worded("did-end", "ended the connection: {why}", why=str(error))
            ) from error
        self.info = message
        return message

    async def receive(self, link: Link) -> Message:
        """Return its next message. Raises EngineError, also for an error that it reports."""
        try:
            message = await link.receive()
        except WireError as error:
            raise self.failed(
                worded("did-end", "ended the connection: {why}", why=str(error))
            ) from error
        if isinstance(message, Error):
            raise self.failed(worded("did-report", "reports: {why}", why=one_line(message.text)))
        return message

    def failed(self, what: str, *, code: str = "engine-failed") -> EngineError:
        """Return the error that says what it did."""
        text = "The Wyoming service at {host}:{port} {what}."
        place = {"host": self._host, "port": str(self._port)}
        return EngineError(code, worded("wyoming-did", text, what=what, **place))

    def late(self, what: str, limit_s: float) -> EngineError:
        """Return the error that says what did not come."""
        return EngineError(
            "engine-timeout",
            worded(
                "wyoming-silent",
                "The Wyoming service at {host}:{port} sent no {what} in {seconds:g} s.",
                host=self._host,
                port=str(self._port),
                what=what,
                seconds=limit_s,
            ),
        )
