"""The hub's side of a session that outlasts its link, over the real wire."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any

import pytest

from hub.bus import Bus
from hub.events import Fact, SatelliteConnected, SatelliteGone
from hub.rooms import lasting_link
from hub.rooms.directory import Directory
from hub.rooms.lasting_link import LastingLink, SatelliteLink
from hub.rooms.listener import HubIdentity, Listener
from hub.rooms.session import Session
from protocol.errors import WireError
from protocol.messages import encode_message
from protocol.schema import Message
from protocol.sotto_messages import Hello, Listen, Refused, Status, TurnEnded, Wake, Welcome
from protocol.state import Role
from protocol.stream import Link, connect, serve
from tests.hub.rooms.test_session import hello, hub, until

LIMIT_S = 30.0


class Recorder:
    """Stands in for a session: writes down what comes, and says what it is told to."""

    area = person = status = None
    at_rest = True
    hears_wake_words = True

    def __init__(self, link: SatelliteLink, hello: Hello) -> None:
        self.link = link
        self.satellite = self.name = hello.satellite
        self.heard: list[Message] = []
        self.over = False

    async def run(self) -> None:
        try:
            async for message in self.link:
                self.heard.append(message)
        except WireError:
            pass
        self.over = True

    async def replace(self) -> None:
        await self.link.close("the same satellite has connected anew")

    @property
    def wakes(self) -> list[int]:
        return [message.candidate for message in self.heard if isinstance(message, Wake)]


class Hub:
    def __init__(self) -> None:
        self.port = 0
        self.sessions: list[Recorder] = []
        self.facts: list[Fact] = []

    async def dial(self, session: str | None = None, received: int = 0, **more: Any) -> Link:
        link = await connect("127.0.0.1", self.port, role=Role.SATELLITE)
        asked = replace(hello(), features=("resume",), session=session, received=received)
        await link.send(replace(asked, **more))
        return link


async def welcome(link: Link) -> Welcome:
    async with asyncio.timeout(LIMIT_S):
        message = await link.receive()
    assert isinstance(message, Welcome)
    return message


async def received(link: Link, count: int) -> list[Message]:
    async with asyncio.timeout(LIMIT_S):
        return [await link.receive() for _ in range(count)]


def listen(turn: int) -> Listen:
    return Listen(turn=turn, candidate=None, max_ms=1000)


@asynccontextmanager
async def listening() -> AsyncIterator[Hub]:
    running, bus, directory = Hub(), Bus(), Directory()

    def make_session(link: SatelliteLink, hello: Hello) -> Session:
        session = Recorder(link, hello)
        running.sessions.append(session)
        return session  # type: ignore[return-value]

    listener = Listener(HubIdentity("hub-1", "Test"), None, directory, bus, make_session)
    async with (
        asyncio.timeout(60),
        await serve(listener.handle, "127.0.0.1", 0, role=Role.HUB) as server,
    ):
        running.port = server.addresses[0][1]
        with bus.subscribe() as facts:

            async def collect() -> None:
                async for fact in facts:
                    running.facts.append(fact)

            collecting = asyncio.create_task(collect())
            yield running
            collecting.cancel()
            await asyncio.wait([collecting])


async def test_each_side_gets_once_what_the_other_one_sent_meanwhile() -> None:
    async with listening() as running:
        link = await running.dial()
        first = await welcome(link)
        assert first.resume_ms > 0
        (session,) = await sessions(running)
        await link.send(Status("idle", muted=False))
        await link.send(Wake(1, "button"))
        await link.send(Wake(2, "button"))
        await until(lambda: session.wakes == [1, 2])
        await session.link.send(listen(1))
        assert await received(link, 1) == [listen(1)]
        link.abort()
        await until(lambda: session.link.closed)
        await session.link.send(listen(2))
        await session.link.send(listen(3))
        newer = await running.dial(first.session, received=1)
        again = await welcome(newer)
        assert (again.session, again.received) == (first.session, 2)
        assert await received(newer, 2) == [listen(2), listen(3)]
        assert isinstance(session.link, LastingLink)
        assert session.link.resumes == 1
        await newer.send(Wake(3, "button"))
        await until(lambda: session.wakes == [1, 2, 3])
        await session.link.send(listen(4))
        assert await received(newer, 1) == [listen(4)]
        assert len(running.sessions) == 1
        assert [type(fact) for fact in running.facts] == [SatelliteConnected]
        await newer.close()


async def sessions(running: Hub, count: int = 1) -> list[Recorder]:
    await until(lambda: len(running.sessions) == count)
    return running.sessions


async def test_a_hub_that_has_not_noticed_the_loss_goes_on_over_the_newer_link() -> None:
    async with listening() as running:
        link = await running.dial()
        first = await welcome(link)
        (session,) = await sessions(running)
        await session.link.send(listen(1))
        await session.link.send(listen(2))
        newer = await running.dial(first.session, received=1)
        assert (await welcome(newer)).received == 0
        assert await received(newer, 1) == [listen(2)]
        with pytest.raises(WireError):
            await received(link, 3)
        assert not session.link.closed
        await newer.close()
        await link.close()


@pytest.mark.parametrize(
    "claim",
    [
        {"session": "another"},
        {"received": 1},
        {"satellite": "sat-2"},
    ],
)
async def test_a_session_that_is_not_known_begins_anew(claim: dict[str, Any]) -> None:
    async with listening() as running:
        link = await running.dial()
        first = await welcome(link)
        await sessions(running)
        link.abort()
        newer = await running.dial(**{"session": first.session, **claim})
        again = await welcome(newer)
        assert again.received is None
        assert again.session != first.session
        await sessions(running, 2)
        await newer.close()


async def test_a_satellite_that_stays_away_is_gone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lasting_link, "RESUME_S", 0.1)
    async with listening() as running:
        link = await running.dial()
        first = await welcome(link)
        (session,) = await sessions(running)
        link.abort()
        await until(lambda: session.over)
        await until(lambda: any(isinstance(fact, SatelliteGone) for fact in running.facts))
        with pytest.raises(WireError):
            await session.link.send(listen(1))
        newer = await running.dial(first.session)
        assert (await welcome(newer)).received is None
        await newer.close()


async def test_a_satellite_that_can_not_resume_is_gone_at_once() -> None:
    async with listening() as running:
        link = await running.dial(features=())
        assert (await welcome(link)).resume_ms == 0
        (session,) = await sessions(running)
        link.abort()
        await until(lambda: session.over)
        with pytest.raises(WireError):
            await session.link.send(listen(1))


async def test_a_fault_ends_the_session_with_the_link() -> None:
    async with listening() as running:
        reader, writer = await asyncio.open_connection("127.0.0.1", running.port)
        writer.write(encode_message(replace(hello(), features=("resume",))))
        await reader.readline()
        (session,) = await sessions(running)
        writer.write(b"garbage\n")
        await until(lambda: session.over)
        writer.close()


async def test_a_satellite_that_began_anew_in_time_is_not_told_to_be_gone() -> None:
    async with listening() as running:
        link = await running.dial()
        await welcome(link)
        await sessions(running)
        newer = await running.dial()
        await welcome(newer)
        older, _ = await sessions(running, 2)
        await until(lambda: older.over)
        refused = await link.receive()
        assert isinstance(refused, Refused)
        assert (refused.code, refused.text) == (
            "replaced",
            "the same satellite has connected anew",
        )
        await until(lambda: len(running.facts) == 2)
        kinds = [type(fact) for fact in running.facts]
        assert kinds == [SatelliteConnected, SatelliteConnected]
        await newer.close()
        await link.close()


async def test_a_satellite_that_is_away_for_a_moment_hears_no_wake_words() -> None:
    async with hub() as running:
        link = await connect("127.0.0.1", running.port, role=Role.SATELLITE)
        await link.send(replace(hello(), features=("resume",)))
        await welcome(link)
        await until(lambda: len(running.directory))
        assert running.directory.hearing() == {"sat-1"}
        link.abort()
        await until(lambda: not running.directory.hearing())
        assert len(running.directory) == 1


async def test_what_is_sent_while_the_satellite_does_not_read_keeps_its_order() -> None:
    async with listening() as running:
        link = await running.dial()
        await welcome(link)
        (session,) = await sessions(running)
        assert isinstance(session.link, LastingLink)
        big = {"x": "y" * 50_000}
        turns = range(1, 100)

        async def send(turn: int) -> None:
            await session.link.send(TurnEnded(turn, "answered", None, big))

        async with asyncio.timeout(LIMIT_S), asyncio.TaskGroup() as tasks:
            for turn in turns:
                tasks.create_task(send(turn))
            came = await received(link, len(turns))
        kept = session.link._ledger.after(session.link._ledger.sent - len(turns))
        assert came == kept
        await link.close()
