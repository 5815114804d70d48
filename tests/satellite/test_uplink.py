import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from typing import Any

import pytest

from protocol import (
    AudioChunk,
    Challenge,
    Describe,
    Error,
    Hello,
    Link,
    Listen,
    Message,
    Refused,
    Settings,
    SottoError,
    Status,
    Wake,
    Welcome,
    new_nonce,
)
from satellite import handshake, reach, uplink
from satellite.backoff import Backoff
from satellite.errors import SatelliteError
from satellite.handshake import Identity
from satellite.locate import Candidate
from satellite.retrying import LEAST_WAIT_S, LONGEST_RETRY_S
from satellite.session import Hub
from satellite.settings import Address
from satellite.uplink import OUTBOX_MESSAGES, ROOM_MESSAGES, Uplink
from tests.satellite.scripted_hub import HUB_ID, PATIENCE_S, ScriptedHub

TOKEN = "a-token-that-is-long-enough"
IDENTITY = Identity("sat-1", "Kitchen speaker", "Kitchen", 22_050)


class Listener:
    """Writes down what the uplink tells."""

    def __init__(self) -> None:
        self.hubs: list[Hub] = []
        self.downs: list[tuple[SottoError, float]] = []
        self.messages: list[Message] = []
        self.resumed: list[tuple[int, int]] = []
        self.at_rest = True
        self.changed = asyncio.Event()
        self.on_up: Callable[[], None] = lambda: None

    def link_up(self, hub: Hub) -> None:
        self.hubs.append(hub)
        self.on_up()
        self.changed.set()

    def link_resumed(self, away_ms: int, again: int) -> None:
        self.resumed.append((away_ms, again))
        self.on_up()
        self.changed.set()

    def link_down(self, error: SottoError, retry_in_s: float) -> None:
        self.downs.append((error, retry_in_s))
        self.changed.set()

    def received(self, message: Message) -> None:
        self.messages.append(message)
        self.changed.set()

    async def until(self, reached: Callable[[], object]) -> None:
        async with asyncio.timeout(PATIENCE_S):
            while not reached():
                self.changed.clear()
                await self.changed.wait()

    @property
    def codes(self) -> list[str]:
        return [error.code for error, _ in self.downs]


class Places:
    """Knows where the hubs are, in order of preference."""

    def __init__(self, locate: Callable[[], Awaitable[Sequence[Address]]]) -> None:
        self.announced = asyncio.Event()
        self.resting = False
        self.settled: list[str] = []
        self._locate = locate

    async def candidates(self) -> Sequence[Candidate]:
        self.announced.clear()
        return [Candidate(address, rank) for rank, address in enumerate(await self._locate())]

    def rank(self, candidate: Candidate, hub: str) -> int:
        return 0 if hub in self.settled else candidate.rank

    def settle(self, hub: str) -> None:
        self.settled.append(hub)

    async def changed(self) -> None:
        await self.announced.wait()

    async def rest(self) -> None:
        self.resting = True

    async def close(self) -> None:
        self.resting = True


class Waiting:
    """Stands in for sleeping: notes how long, and lets the test say when it is over."""

    def __init__(self, noted: Callable[[], object]) -> None:
        self.waits: list[float] = []
        self.go_on = asyncio.Event()
        self._noted = noted

    async def __call__(self, seconds: float) -> None:
        if seconds <= LEAST_WAIT_S:
            return
        self.waits.append(seconds + LEAST_WAIT_S)
        self._noted()
        self.go_on.clear()
        async with asyncio.timeout(PATIENCE_S):
            await self.go_on.wait()


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


class Line:
    """An uplink under test with all that belongs to it."""

    def __init__(
        self, locate: Callable[[], Awaitable[Sequence[Address]]], token: str | None
    ) -> None:
        self.listener = Listener()
        self.places = Places(locate)
        self.waiting = Waiting(self.listener.changed.set)
        self.clock = Clock()
        self.uplink = Uplink(
            self.listener,
            IDENTITY,
            token,
            self.places,
            backoff=Backoff(draw=lambda: 1.0),
            clock=self.clock,
            sleep=self.waiting,
        )


@asynccontextmanager
async def line_to(
    *hubs: ScriptedHub | Address,
    token: str | None = None,
    locate: Callable[[], Awaitable[Sequence[Address]]] | None = None,
) -> AsyncIterator[Line]:
    async def find() -> Sequence[Address]:
        return [hub if isinstance(hub, Address) else Address("127.0.0.1", hub.port) for hub in hubs]

    line = Line(locate or find, token)
    with pytest.MonkeyPatch.context() as patience:
        # Real time is of no account here: a busy machine may need any of it to connect.
        patience.setattr(uplink, "DIAL_S", PATIENCE_S)
        patience.setattr(uplink, "AWAY_DIAL_S", PATIENCE_S)
        patience.setattr(reach, "HEAD_START_S", PATIENCE_S)
        task = asyncio.create_task(line.uplink.run())
        try:
            yield line
        finally:
            task.cancel()
            await asyncio.wait([task])
    assert task.cancelled()


async def test_a_hub_learns_who_the_satellite_is() -> None:
    async with ScriptedHub() as hub, line_to(hub) as line:
        hello = (await hub.session()).hello
        await line.listener.until(lambda: line.listener.hubs)
    assert (hello.satellite, hello.name, hello.area) == ("sat-1", "Kitchen speaker", "Kitchen")
    assert (hello.speaker.rate, hello.microphone.rate) == (22_050, 16_000)
    assert {"flush", "duck", "pause", "playback"} <= set(hello.features)
    up = line.listener.hubs[0]
    assert (up.id, up.name, up.session, up.address.port) == (
        HUB_ID,
        "Scripted",
        "session",
        hub.port,
    )


async def test_both_sides_prove_the_token() -> None:
    async with ScriptedHub(token=TOKEN) as hub, line_to(hub, token=TOKEN) as line:
        await hub.session()
        await line.listener.until(lambda: line.listener.hubs)
    assert line.listener.codes == []


async def test_messages_travel_both_ways_in_order() -> None:
    async with ScriptedHub() as hub, line_to(hub) as line:
        session = await hub.session()
        await line.listener.until(lambda: line.listener.hubs)
        for number in range(1, 4):
            line.uplink.send(Wake(number, "button"))
        for number in range(1, 4):
            assert (await session.expect(Wake)).candidate == number
        await session.send(Listen(1, 1, 100), Listen(2, 2, 100))
        await line.listener.until(lambda: len(line.listener.messages) == 2)
        assert line.listener.messages == [Listen(1, 1, 100), Listen(2, 2, 100)]


async def test_settings_of_the_welcome_are_handed_on_after_the_link_is_up() -> None:
    async with ScriptedHub(settings={"volume": 0.5}) as hub, line_to(hub) as line:
        await line.listener.until(lambda: line.listener.messages)
        assert line.listener.hubs
        assert line.listener.messages == [Settings({"volume": 0.5})]


async def test_what_is_sent_when_the_link_comes_up_is_the_first_thing_the_hub_hears() -> None:
    async with ScriptedHub() as hub, line_to(hub) as line:
        line.listener.on_up = lambda: line.uplink.send(Status("idle", muted=False))
        session = await hub.session()
        await session.expect(Status)
        assert isinstance(session.heard[0], Status)


# Hubs that are not to be trusted, or do not want us.


async def test_a_hub_that_asks_for_no_proof_gets_no_ear_from_a_satellite_with_a_token() -> None:
    async with ScriptedHub() as hub, line_to(hub, token=TOKEN) as line:
        session = await hub.session()
        await line.listener.until(lambda: line.listener.downs)
        await session.expect(Error, lambda error: error.code == "hub-not-proved")
        assert line.listener.codes == ["hub-not-proved"]
        assert line.listener.hubs == []


@pytest.mark.parametrize("fault", ["wrong mac", "no mac", "other hub"])
async def test_a_hub_that_does_not_know_the_token_is_left(fault: str) -> None:
    async def greet(link: Link, hello: Hello) -> None:
        await link.send(Challenge(1, HUB_ID, "Liar", new_nonce()))
        await link.receive()
        hub = "other" if fault == "other hub" else HUB_ID
        mac = None if fault == "no mac" else "00" * 32
        await link.send(Welcome(1, hub, "Liar", "s", mac, 2000, {}))
        await link.receive()

    async with ScriptedHub(greet=greet) as hub, line_to(hub, token=TOKEN) as line:
        await line.listener.until(lambda: line.listener.downs)
        assert line.listener.codes == ["hub-not-proved"]
        assert line.listener.hubs == []


async def test_without_a_token_a_hub_that_wants_one_is_told_apart() -> None:
    async with ScriptedHub(token=TOKEN) as hub, line_to(hub) as line:
        await line.listener.until(lambda: line.listener.downs)
        assert line.listener.codes == ["no-token"]
        assert "token_file" in line.listener.downs[0][0].text


def refusing(message: Message) -> Callable[[Link, Hello], Any]:
    async def greet(link: Link, hello: Hello) -> None:
        await link.send(message)
        await link.close()

    return greet


@pytest.mark.parametrize(
    ("message", "code", "wait_s"),
    [
        (Refused("bad-token", "Wrong.", 30_000), "bad-token", 30),
        (Refused("busy", "Later.", 10), "busy", 0.25),
        (Refused("version", "Too old.", None), "version", 10),
        (Refused("never", "Go away.", 86_400_000), "never", LONGEST_RETRY_S),
        (Error("Out of order.", "internal-error"), "internal-error", 10),
    ],
)
async def test_a_refusal_is_said_and_its_waiting_time_kept(
    message: Message, code: str, wait_s: float
) -> None:
    async with ScriptedHub(greet=refusing(message)) as hub, line_to(hub) as line:
        await line.listener.until(lambda: line.waiting.waits)
        assert line.listener.codes == [code]
        assert line.waiting.waits == [wait_s]


REMOVED = Refused("removed", "This satellite was removed.", 30_000)


@pytest.mark.parametrize("connected", [False, True])
async def test_one_that_is_removed_says_what_lets_it_in_again(connected: bool) -> None:
    greet = None if connected else refusing(REMOVED)
    async with ScriptedHub(greet=greet) as hub, line_to(hub) as line:
        if connected:
            session = await hub.session()
            await session.send(REMOVED)
        await line.listener.until(lambda: line.listener.downs)
        text = line.listener.downs[0][0].text
        assert text.startswith("This satellite was removed.")
        assert "`sotto-satellite pair`" in text


async def test_other_words_before_the_welcome_are_passed_over() -> None:
    async def greet(link: Link, hello: Hello) -> None:
        await link.send(Describe())
        await link.send(Welcome(1, HUB_ID, "Chatty", "s", None, 2000, {}))
        await link.receive()

    async with ScriptedHub(greet=greet) as hub, line_to(hub) as line:
        await line.listener.until(lambda: line.listener.hubs)
        assert line.listener.hubs[0].name == "Chatty"


async def test_a_hub_that_hangs_up_in_the_handshake_is_tried_again() -> None:
    async def greet(link: Link, hello: Hello) -> None:
        await link.close()

    async with ScriptedHub(greet=greet) as hub, line_to(hub) as line:
        await line.listener.until(lambda: line.listener.downs)
        assert line.listener.codes == ["link-closed"]


async def test_a_hub_that_never_answers_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(handshake, "HANDSHAKE_TIMEOUT_S", 0.05)

    async def greet(link: Link, hello: Hello) -> None:
        await link.receive()

    async with ScriptedHub(greet=greet) as hub, line_to(hub) as line:
        await line.listener.until(lambda: line.listener.downs)
        assert line.listener.codes == ["handshake-timeout"]
        assert "is it a hub?" in line.listener.downs[0][0].text


async def test_a_peer_that_does_not_speak_the_protocol_is_left() -> None:
    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"SSH-2.0-OpenSSH_9.2\r\n")
        await writer.drain()
        await reader.read()
        writer.close()

    server = await asyncio.start_server(talk, "127.0.0.1", 0)
    address = Address("127.0.0.1", server.sockets[0].getsockname()[1])
    async with server, line_to(address) as line:
        await line.listener.until(lambda: line.listener.downs)
        assert line.listener.hubs == []
        assert line.listener.codes == ["bad-json"]
        assert line.listener.downs[0][0].text.startswith(f"{address} does not welcome us: ")


# Losing and finding the hub.


async def test_a_hub_that_comes_back_is_found_again() -> None:
    async with ScriptedHub() as hub, line_to(hub) as line:
        await hub.session()
        await line.listener.until(lambda: line.listener.hubs)
        await hub.stop()
        await line.listener.until(lambda: line.listener.downs)
        await hub.start()
        await line.listener.until(lambda: line.waiting.waits)
        line.waiting.go_on.set()
        session = await hub.session()
        await line.listener.until(lambda: len(line.listener.hubs) == 2)
        line.uplink.send(Wake(1, "button"))
        assert (await session.expect(Wake)).candidate == 1


async def test_waiting_grows_while_nobody_is_there() -> None:
    async with line_to(Address("127.0.0.1", 1)) as line:
        for number in range(1, 5):
            await line.listener.until(lambda: len(line.waiting.waits) == number)  # noqa: B023
            line.waiting.go_on.set()
        assert line.waiting.waits[:4] == [0.25, 0.5, 1, 2]
        assert line.listener.codes == ["unreachable"], "said once"


@pytest.mark.parametrize(("lasted_s", "waits"), [(60.0, [0.25, 0.25]), (0.1, [0.25, 0.5])])
async def test_a_good_link_starts_the_waiting_anew_and_a_short_one_does_not(
    lasted_s: float, waits: list[float]
) -> None:
    async with ScriptedHub() as hub, line_to(hub) as line:
        for number in (1, 2):
            session = await hub.session()
            await line.listener.until(lambda: len(line.listener.hubs) == number)  # noqa: B023
            line.clock.now += lasted_s
            await session.link.close()
            await line.listener.until(lambda: len(line.waiting.waits) == number)  # noqa: B023
            line.waiting.go_on.set()
        assert line.waiting.waits == waits


async def test_the_next_address_is_tried_when_one_does_not_answer() -> None:
    async with ScriptedHub() as hub, line_to(Address("127.0.0.1", 1), hub) as line:
        await hub.session()
        await line.listener.until(lambda: line.listener.hubs)
        assert line.listener.downs == []


async def test_a_hub_that_can_not_be_located_is_waited_for() -> None:
    async def locate() -> Sequence[Address]:
        raise SatelliteError("no-hub", "none was found")

    async with line_to(locate=locate) as line:
        await line.listener.until(lambda: line.listener.downs)
        assert line.listener.codes == ["no-hub"]


# What is sent while it can not be sent.


async def test_without_a_link_nothing_is_kept_for_later() -> None:
    async with ScriptedHub() as hub, line_to(hub) as line:
        line.uplink.send(Wake(1, "button"))
        session = await hub.session()
        await line.listener.until(lambda: line.listener.hubs)
        line.uplink.send(Wake(2, "button"))
        assert (await session.expect(Wake)).candidate == 2
        await session.link.close()
        await line.listener.until(lambda: line.listener.downs)
        line.uplink.send(Wake(3, "button"))
        await line.listener.until(lambda: line.waiting.waits)
        line.waiting.go_on.set()
        session = await hub.session()
        await line.listener.until(lambda: len(line.listener.hubs) == 2)
        line.uplink.send(Wake(4, "button"))
        assert (await session.expect(Wake)).candidate == 4


def chunk() -> AudioChunk:
    return AudioChunk(16_000, 2, 1, bytes(1024), 0, 1)


async def test_audio_that_does_not_fit_is_dropped_and_counted() -> None:
    async with ScriptedHub() as hub, line_to(hub) as line:
        await hub.session()
        await line.listener.until(lambda: line.listener.hubs)
        for _ in range(OUTBOX_MESSAGES + 5):
            line.uplink.send(chunk())  # nothing is sent before this test waits
        assert line.uplink.dropped_chunks == 5


async def test_a_message_that_does_not_fit_ends_the_link() -> None:
    async with ScriptedHub() as hub, line_to(hub) as line:
        await hub.session()
        await line.listener.until(lambda: line.listener.hubs)
        for number in range(OUTBOX_MESSAGES + 1):
            line.uplink.send(Wake(number, "button"))
        await line.listener.until(lambda: line.listener.downs)
        assert "does not read" in line.listener.downs[0][0].text


async def test_who_has_much_to_send_waits_for_room() -> None:
    async with ScriptedHub() as hub, line_to(hub) as line:
        session = await hub.session()
        await line.listener.until(lambda: line.listener.hubs)
        await line.uplink.wait_for_room()
        for _ in range(ROOM_MESSAGES):
            line.uplink.send(chunk())
        assert not line.uplink._room.is_set()
        async with asyncio.timeout(PATIENCE_S):
            await line.uplink.wait_for_room()
        await session.expect(AudioChunk)
        assert line.uplink.dropped_chunks == 0


async def test_the_end_of_the_link_ends_the_wait_for_room() -> None:
    async with ScriptedHub() as hub, line_to(hub) as line:
        session = await hub.session()
        await line.listener.until(lambda: line.listener.hubs)
        for _ in range(ROOM_MESSAGES):
            line.uplink.send(chunk())
        line.uplink._outbox = asyncio.Queue()  # nothing is sent any more, so no room is made
        await session.link.close()
        async with asyncio.timeout(PATIENCE_S):
            await line.uplink.wait_for_room()


async def test_a_message_that_may_not_be_sent_costs_itself_only() -> None:
    async with ScriptedHub() as hub, line_to(hub) as line:
        session = await hub.session()
        await line.listener.until(lambda: line.listener.hubs)
        line.uplink.send(Listen(1, None, 100))  # a hub's word
        line.uplink.send(Wake(1, "button"))
        assert (await session.expect(Wake)).candidate == 1
        assert line.listener.downs == []
