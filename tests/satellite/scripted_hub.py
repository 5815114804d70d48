"""A hub on loopback that does what a test tells it to, over the real wire."""

import asyncio
from collections.abc import Callable
from types import TracebackType
from typing import Any, Self, TypeVar

from protocol import (
    AudioChunk,
    AudioStart,
    AudioStop,
    Challenge,
    Hello,
    KeepAlive,
    Link,
    Listen,
    Message,
    Playback,
    Proof,
    Refused,
    Role,
    Server,
    Synthesize,
    Transcript,
    TurnEnded,
    Wake,
    Welcome,
    WireError,
    hub_mac,
    new_nonce,
    satellite_mac,
    serve,
    verify,
)

M = TypeVar("M", bound=Message)

PATIENCE_S = 60.0
# A satellite on a busy machine may have nothing to say for long.
PATIENT = KeepAlive(dead_after_s=PATIENCE_S, handshake_s=PATIENCE_S)
HUB_ID = "scripted"
RATE = 22_050


class Session:
    """One satellite's link, and all that it said."""

    def __init__(self, link: Link, hello: Hello) -> None:
        self.link = link
        self.hello = hello
        self.heard: list[Message] = []
        self._inbox: asyncio.Queue[Message] = asyncio.Queue()

    async def send(self, *messages: Message) -> None:
        for message in messages:
            await self.link.send(message)

    async def expect(self, kind: type[M], wanted: Callable[[M], bool] = lambda message: True) -> M:
        """Return the next message of a kind; those before it are passed over."""
        async with asyncio.timeout(PATIENCE_S):
            while True:
                message = await self._inbox.get()
                if isinstance(message, kind) and wanted(message):
                    return message

    def of(self, kind: type[M]) -> list[M]:
        return [message for message in self.heard if isinstance(message, kind)]

    async def read(self) -> None:
        async for message in self.link:
            self.heard.append(message)
            self._inbox.put_nowait(message)

    async def listen(self, turn: int, *, max_ms: int = 8000) -> Wake:
        wake = await self.expect(Wake)
        await self.send(Listen(turn=turn, candidate=wake.candidate, max_ms=max_ms))
        return wake

    async def answer(self, turn: int, text: str = "Done.", *, audio: bytes = b"") -> None:
        """Understand, speak, wait until it was heard, and end the turn."""
        await self.send(Transcript("do it", turn=turn), Synthesize(text, turn=turn))
        await self.speak(turn, audio or bytes(RATE // 5))
        await self.expect(Playback, lambda playback: playback.finished)
        await self.send(TurnEnded(turn, "answered", text, {"intent": [1.0, 2.0]}))

    async def speak(self, turn: int, audio: bytes) -> None:
        await self.send(AudioStart(RATE, 2, 1, turn=turn))
        for begin in range(0, len(audio), 4096):
            await self.send(AudioChunk(RATE, 2, 1, audio[begin : begin + 4096], turn=turn))
        await self.send(AudioStop(turn=turn))


class ScriptedHub:
    """Listens on loopback; each link that has said hello becomes a session."""

    def __init__(
        self,
        *,
        token: str | None = None,
        settings: dict[str, Any] | None = None,
        greet: Callable[[Link, Hello], Any] | None = None,
    ) -> None:
        """`greet` replaces the whole answer to a hello; it is awaited, then the link ends."""
        self._token = token
        self._settings = settings or {}
        self._greet = greet
        self._server: Server | None = None
        self._sessions: asyncio.Queue[Session] = asyncio.Queue()
        self.port = 0

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.stop()

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self.port}"

    async def start(self) -> None:
        """Listen, on the same port as before when started again."""
        self._server = await serve(
            self._handle, "127.0.0.1", self.port, role=Role.HUB, keep_alive=PATIENT
        )
        self.port = self._server.addresses[0][1]

    async def stop(self) -> None:
        """Go away; every link ends."""
        if self._server is not None:
            await self._server.close()

    async def session(self) -> Session:
        """Return the next satellite that comes."""
        async with asyncio.timeout(PATIENCE_S):
            return await self._sessions.get()

    async def _handle(self, link: Link) -> None:
        try:
            hello = await link.receive()
            if not isinstance(hello, Hello):
                return
            if self._greet is not None:
                await self._greet(link, hello)
                return
            mac = await self._prove(link, hello) if self._token is not None else None
            if self._token is not None and mac is None:
                await link.send(Refused("bad-token", "The token is another one."))
                return
            await link.send(Welcome(1, HUB_ID, "Scripted", "session", mac, 2000, self._settings))
            session = Session(link, hello)
            self._sessions.put_nowait(session)
            await session.read()
        except WireError:
            pass  # satellites of tests come and go

    async def _prove(self, link: Link, hello: Hello) -> str | None:
        token, nonce = self._token or "", new_nonce()
        await link.send(Challenge(1, HUB_ID, "Scripted", nonce))
        proof = await link.receive()
        proven = {
            "satellite": hello.satellite,
            "hub": HUB_ID,
            "satellite_nonce": hello.nonce,
            "hub_nonce": nonce,
        }
        assert isinstance(proof, Proof)
        proved = verify(satellite_mac(token, **proven), proof.mac)
        return hub_mac(token, **proven) if proved else None
