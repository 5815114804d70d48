"""A hub with scripted engines whose talk sockets can be dialled, and a client."""

import asyncio
import struct
import time
from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any, cast

import orjson
from websockets.asyncio.client import ClientConnection, connect

from audio.vad import SileroVad
from hub.api.access import Principal, Role
from hub.api.app import make_api
from hub.api.parts import Parts as ApiParts
from hub.api.server import serving
from hub.api.taken import Taken
from hub.api.wake_words import WakeEars
from hub.bus import Bus
from hub.conversation.attempt import Parts
from hub.conversation.conversation import Conversations
from hub.conversation.endpoint import Rules
from hub.conversation.turn import Manner
from hub.conversation.voice_activity import VoiceActivity
from hub.dashboard_settings import Dashboard
from hub.home.model import Home
from hub.rooms.arbiter import Arbiter
from hub.rooms.directory import Directory
from hub.rooms.house import House
from hub.rooms.neighbours import Neighbours
from tests.hub.conversation.scripted import Loudness
from tests.virtual_house import Engines

LIMIT_S = 40.0
FRAME_BYTES = 640
"""20 ms."""


class OpenGate:
    """Everybody is Ada."""

    def __init__(self, role: Role) -> None:
        self.role = role
        self.tokens: list[str | None] = []

    async def principal(self, connection: Any) -> Principal:
        self.tokens.append(connection.headers.get("authorization"))
        return Principal("u1", "Ada", self.role)


@dataclass
class Client:
    """One end of a talk socket, which plays what it gets at once."""

    socket: ClientConnection
    said: list[dict[str, Any]] = field(default_factory=list)
    audio: dict[int, bytearray] = field(default_factory=dict)
    positions: list[tuple[int, int]] = field(default_factory=list)
    rate_hz: int = 0
    plays: bool = True
    """Whether it tells that it has played everything."""

    async def send(self, kind: str, **fields: Any) -> None:
        await self.socket.send(orjson.dumps({"type": kind, **fields}).decode())

    async def hello(self, device: str = "tab-1", **fields: Any) -> dict[str, Any]:
        await self.send("hello", version=1, device=device, name="Ada's phone", **fields)
        return await self.until("welcome")

    async def speak(self, audio: bytes) -> None:
        for start in range(0, len(audio), FRAME_BYTES):
            await self.socket.send(audio[start : start + FRAME_BYTES])

    async def send_all(self, messages: Iterable[str]) -> None:
        """Send messages, and read until the socket ends."""
        for message in messages:
            await self.socket.send(message)
        await self.until("never")

    async def until(
        self, kind: str, matches: Callable[[dict[str, Any]], bool] = lambda _: True
    ) -> dict[str, Any]:
        """Return the next message of a kind; what comes before is kept."""
        async with asyncio.timeout(LIMIT_S):
            while True:
                message = await self.next()
                if message is not None and message["type"] == kind and matches(message):
                    return message

    async def next(self) -> dict[str, Any] | None:
        received = await self.socket.recv()
        if isinstance(received, bytes):
            turn, before = struct.unpack_from("<II", received)
            self.positions.append((turn, before))
            self.audio.setdefault(turn, bytearray()).extend(received[8:])
            return None
        message: dict[str, Any] = orjson.loads(received)
        self.said.append(message)
        if message["type"] == "audio-start":
            self.rate_hz = message["rate"]
        if message["type"] == "audio-stop" and self.plays:
            turn = message["turn"]
            played_ms = len(self.audio.get(turn, b"")) / 2 / self.rate_hz * 1000
            await self.send("playback", turn=turn, position_ms=played_ms, finished=True)
        return message

    def kinds(self) -> list[str]:
        """Return the types of all messages so far, in order."""
        return [message["type"] for message in self.said]

    def all(self, kind: str) -> list[dict[str, Any]]:
        """Return all messages of a kind so far."""
        return [message for message in self.said if message["type"] == kind]

    def answer(self, turn: int) -> str:
        """Return the answer as it was streamed."""
        text = ""
        for message in self.all("answer"):
            if message["turn"] == turn:
                text = text[: message["at"]] + message["text"]
        return text


@dataclass
class TalkingHub:
    """The hub, and where to dial it."""

    address: str
    house: House
    gate: OpenGate

    @asynccontextmanager
    async def client(self, path: str = "/v1/talk", **options: Any) -> AsyncIterator[Client]:
        url = self.address.replace("http", "ws", 1) + path
        async with connect(url, **options) as socket:
            yield Client(socket)


def scripted_house(
    engines: Engines | None = None,
    *,
    parts: Parts | None = None,
    activity: SileroVad | None = None,
    languages: Sequence[str] = ("en",),
) -> House:
    """Return what sessions share, with scripted engines."""
    engines, clock = engines or Engines(), time.monotonic
    return House(
        parts or Parts(engines, engines, engines),
        VoiceActivity(activity or Loudness()),
        Bus(),
        "en",
        clock,
        Manner(Rules(no_speech_ms=1000)),
        Directory(),
        Conversations(clock),
        Arbiter(clock),
        Neighbours(),
        languages=languages,
    )


@asynccontextmanager
async def talking_hub(
    engines: Engines | None = None,
    *,
    parts: Parts | None = None,
    activity: SileroVad | None = None,
    role: Role = Role.GUEST,
    languages: Sequence[str] = ("en",),
    ears: WakeEars | None = None,
) -> AsyncIterator[TalkingHub]:
    """Serve a hub's API for as long as the block runs."""
    house = scripted_house(engines, parts=parts, activity=activity, languages=languages)
    gate = OpenGate(role)
    fake = SimpleNamespace(
        gate=gate,
        accounts=SimpleNamespace(),
        house=house,
        bus=house.bus,
        directory=house.directory,
        home=Home(),
        wake_ears=ears or WakeEars(),
        taken=(taken := Taken()),
        settings=SimpleNamespace(name="Test hub", spoken_languages=tuple(languages)),
    )
    app = make_api(cast("ApiParts", fake))
    async with asyncio.timeout(100), serving(app, Dashboard(port=0)) as address:
        following = asyncio.create_task(taken.follow(house.bus))
        yield TalkingHub(address, house, gate)
        following.cancel()
