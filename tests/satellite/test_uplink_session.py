"""The satellite's side of a session that outlasts its link, and of several hubs."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence

import pytest

from protocol import (
    AudioChunk,
    Error,
    Hello,
    Link,
    Listen,
    Message,
    Pong,
    Refused,
    Settings,
    Status,
    TurnEnded,
    Wake,
    Welcome,
)
from satellite import uplink as uplink_module
from satellite.errors import SatelliteError
from satellite.settings import Address
from satellite.uplink import AWAY_RETRY_S, OUTBOX_MESSAGES
from tests.satellite.scripted_hub import HUB_ID, PATIENCE_S, ScriptedHub
from tests.satellite.test_uplink import Line, line_to

SESSION = "s-1"
RESUME_MS = 5000


class Hub:
    """Greets as a test wants, and writes down what comes on each link."""

    def __init__(self) -> None:
        self.hellos: list[Hello] = []
        self.links: list[Link] = []
        self.heard: list[list[Message]] = []
        self.answers: Callable[[Hello], Welcome | Refused] = lambda _: fresh()
        self._changed = asyncio.Event()

    async def greet(self, link: Link, hello: Hello) -> None:
        self.hellos.append(hello)
        answer = self.answers(hello)
        await link.send(answer)
        if isinstance(answer, Refused):
            return
        self.links.append(link)
        heard: list[Message] = []
        self.heard.append(heard)
        self._changed.set()
        async for message in link:
            heard.append(message)
            self._changed.set()

    async def until(self, reached: Callable[[], object]) -> None:
        async with asyncio.timeout(PATIENCE_S):
            while not reached():
                self._changed.clear()
                await self._changed.wait()


def fresh(session: str = SESSION, resume_ms: int = RESUME_MS) -> Welcome:
    return Welcome(1, HUB_ID, "Scripted", session, None, 2000, {}, resume_ms)


def gone_on_with(received: int) -> Welcome:
    return Welcome(1, HUB_ID, "Scripted", SESSION, None, 2000, {}, RESUME_MS, received)


def chunk(number: int) -> AudioChunk:
    return AudioChunk(16_000, 2, 1, bytes(1024), number * 32, 1)


def told(line: Line) -> None:
    line.listener.on_up = lambda: line.uplink.send(Status("idle", muted=False))


async def go_on(line: Line, waits: int = 1) -> None:
    """Let the wait before the next try be over."""
    await line.listener.until(lambda: len(line.waiting.waits) >= waits)
    line.waiting.go_on.set()


async def test_after_a_short_drop_the_state_comes_first_and_then_what_is_missing() -> None:
    told_by = Hub()
    async with ScriptedHub(greet=told_by.greet) as hub, line_to(hub) as line:
        told(line)
        await line.listener.until(lambda: line.listener.hubs)
        for number in range(3):
            line.uplink.send(chunk(number))
        await told_by.until(lambda: len(told_by.heard[0]) == 4)
        await told_by.links[0].send(Listen(1, None, 100))
        await line.listener.until(lambda: line.listener.messages)
        told_by.answers = lambda _: gone_on_with(2)
        told_by.links[0].abort()
        await line.listener.until(lambda: line.waiting.waits)
        line.uplink.send(Status("listening", muted=False))
        line.uplink.send(chunk(3))
        line.uplink.send(chunk(4))
        line.waiting.go_on.set()
        await told_by.until(lambda: len(told_by.heard) == 2 and len(told_by.heard[1]) == 4)
        assert told_by.heard[1] == [Status("idle", muted=False), chunk(2), chunk(3), chunk(4)]
        hello = told_by.hellos[1]
        assert (hello.session, hello.received) == (SESSION, 1)
        assert [again for _, again in line.listener.resumed] == [1]
        assert line.listener.downs == []
        assert len(line.listener.hubs) == 1
        assert line.uplink.health.reconnects == 1
        assert line.uplink.dropped_chunks == 0


async def test_a_hub_that_was_restarted_ends_the_session_at_once() -> None:
    told_by = Hub()
    async with ScriptedHub(greet=told_by.greet) as hub, line_to(hub) as line:
        told(line)
        await line.listener.until(lambda: line.listener.hubs)
        told_by.answers = lambda _: fresh("s-2")
        told_by.links[0].abort()
        await line.listener.until(lambda: line.waiting.waits)
        line.uplink.send(chunk(0))
        line.waiting.go_on.set()
        await line.listener.until(lambda: len(line.listener.hubs) == 2)
        await told_by.until(lambda: len(told_by.heard) == 2 and told_by.heard[1])
        assert told_by.heard[1] == [Status("idle", muted=False)], "nothing of the old session"
        assert line.listener.codes == ["link-closed"]
        assert line.listener.hubs[1].session == "s-2"


async def test_a_program_that_is_gone_is_not_waited_for() -> None:
    told_by = Hub()
    async with ScriptedHub(greet=told_by.greet) as hub, line_to(hub) as line:
        await line.listener.until(lambda: line.listener.hubs)
        await hub.stop()
        await go_on(line)
        await line.listener.until(lambda: line.listener.downs)
        assert line.clock.now == 0, "without letting the session's time pass"


async def test_a_session_that_is_not_gone_on_with_in_time_is_over() -> None:
    told_by = Hub()

    async def nobody(link: Link, hello: Hello) -> None:
        await link.close()

    async with ScriptedHub(greet=told_by.greet) as hub, line_to(hub) as line:
        await line.listener.until(lambda: line.listener.hubs)
        hub._greet = nobody
        told_by.links[0].abort()
        await line.listener.until(lambda: line.waiting.waits)
        assert line.listener.downs == []
        assert max(line.waiting.waits) <= AWAY_RETRY_S
        line.clock.now += 10
        line.waiting.go_on.set()
        await line.listener.until(lambda: line.listener.downs)
        assert line.listener.codes == ["link-closed"]
        line.uplink.send(chunk(0))
        assert line.uplink._outbox.empty()


@pytest.mark.parametrize(("at_rest", "away_s", "over"), [(True, 2, True), (False, 2, False)])
async def test_a_hub_that_is_lost_while_nothing_goes_on_is_soon_told_to_be_gone(
    at_rest: bool, away_s: float, over: bool
) -> None:
    told_by = Hub()

    async def nobody(link: Link, hello: Hello) -> None:
        await link.close()

    async with ScriptedHub(greet=told_by.greet) as hub, line_to(hub) as line:
        await line.listener.until(lambda: line.listener.hubs)
        line.clock.now += 10
        line.listener.at_rest = at_rest
        hub._greet = nobody
        told_by.links[0].abort()
        await line.listener.until(lambda: line.waiting.waits)
        line.clock.now += away_s
        line.waiting.go_on.set()
        await line.listener.until(lambda: len(line.waiting.waits) == 2)
        assert bool(line.listener.downs) is over


async def test_a_refusal_ends_the_session() -> None:
    told_by = Hub()
    async with ScriptedHub(greet=told_by.greet) as hub, line_to(hub) as line:
        await line.listener.until(lambda: line.listener.hubs)
        await told_by.links[0].send(Refused("retired", "Another hub takes over.", 60_000))
        await line.listener.until(lambda: line.listener.downs)
        assert line.listener.codes == ["retired"]
        await line.listener.until(lambda: line.waiting.waits)
        assert line.waiting.waits == [60.0]


async def test_a_hub_that_asks_for_what_was_never_sent_is_begun_anew_with() -> None:
    told_by = Hub()
    async with ScriptedHub(greet=told_by.greet) as hub, line_to(hub) as line:
        await line.listener.until(lambda: line.listener.hubs)
        told_by.answers = lambda hello: gone_on_with(99) if hello.session else fresh("s-2")
        told_by.links[0].abort()
        await go_on(line)
        await line.listener.until(lambda: line.listener.downs)
        assert line.listener.codes == ["not-resumed"]
        await go_on(line, 2)
        await line.listener.until(lambda: len(line.listener.hubs) == 2)


async def test_what_does_not_fit_while_the_hub_is_away_ends_the_session() -> None:
    told_by = Hub()
    async with ScriptedHub(greet=told_by.greet) as hub, line_to(hub) as line:
        await line.listener.until(lambda: line.listener.hubs)
        told_by.answers = lambda _: fresh("s-2")
        told_by.links[0].abort()
        await line.listener.until(lambda: line.waiting.waits)
        for number in range(OUTBOX_MESSAGES + 2):
            line.uplink.send(chunk(number))
        assert line.uplink.dropped_chunks == 2
        line.uplink.send(Wake(1, "button"))
        line.waiting.go_on.set()
        await line.listener.until(lambda: line.listener.downs)
        await go_on(line, 2)
        await line.listener.until(lambda: len(line.listener.hubs) == 2)


async def test_the_microphone_is_not_held_up_while_the_hub_is_away_for_a_moment() -> None:
    told_by = Hub()
    async with ScriptedHub(greet=told_by.greet) as hub, line_to(hub) as line:
        await line.listener.until(lambda: line.listener.hubs)
        told_by.links[0].abort()
        await line.listener.until(lambda: line.waiting.waits)
        for number in range(125):
            line.uplink.send(chunk(number))
            async with asyncio.timeout(PATIENCE_S):
                await line.uplink.wait_for_room()


async def test_an_announcement_ends_the_wait() -> None:
    async with line_to(Address("127.0.0.1", 1)) as line:
        await line.listener.until(lambda: len(line.waiting.waits) == 1)
        line.places.announced.set()
        await line.listener.until(lambda: len(line.waiting.waits) == 2)


async def test_reasons_that_take_turns_are_each_told_once_in_a_while() -> None:
    failures = ["no-hub", "no-multicast"] * 3

    async def locate() -> Sequence[Address]:
        code = failures[len(line.waiting.waits) % 2]
        raise SatelliteError(code, "nobody is there")

    async with line_to(locate=locate) as line:
        for number in range(1, 5):
            await go_on(line, number)
        await line.listener.until(lambda: len(line.waiting.waits) == 5)
        assert line.listener.codes == ["no-hub", "no-multicast"]
        line.clock.now += 301
        await go_on(line, 5)
        await line.listener.until(lambda: len(line.waiting.waits) == 6)
        assert line.listener.codes == ["no-hub", "no-multicast", "no-multicast"]


async def test_the_way_to_the_hub_is_measured() -> None:
    told_by = Hub()
    async with ScriptedHub(greet=told_by.greet) as hub, line_to(hub) as line:
        await line.listener.until(lambda: line.listener.hubs)
        link = line.uplink._link
        assert link is not None
        link._connection._queue_small(Pong())  # whatever comes makes it look
        link._connection.tick(asyncio.get_running_loop().time() + 2.0)
        link._settle()
        await told_by.links[0].send(Settings({}))
        async with asyncio.timeout(PATIENCE_S):
            while line.uplink.health.round_trip_ms is None:
                await told_by.links[0].send(Settings({}))
                await asyncio.sleep(0.001)


# Several hubs.


@pytest.fixture
def look_often(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uplink_module, "BETTER_S", 0.2)


@pytest.mark.usefixtures("look_often")
async def test_it_goes_over_to_another_hub_and_back_to_the_preferred_one_when_at_rest() -> None:
    best, other = Hub(), Hub()
    best.answers = lambda _: Welcome(1, "best", "Best", "b", None, 2000, {})
    other.answers = lambda _: Welcome(1, "other", "Other", "o", None, 2000, {})
    async with (
        ScriptedHub(greet=best.greet) as first,
        ScriptedHub(greet=other.greet) as second,
        line_to(first, second) as line,
    ):
        await line.listener.until(lambda: line.listener.hubs)
        await first.stop()
        await go_on(line)
        assert line.places.resting, "nobody better is looked for"
        await line.listener.until(lambda: len(line.listener.hubs) == 2)
        line.listener.at_rest = False
        await first.start()
        await go_on(line, 2)
        await line.listener.until(lambda: len(line.waiting.waits) == 3)
        assert len(best.hellos) == 1, "it is busy"
        line.listener.at_rest = True
        await go_on(line, 3)
        await line.listener.until(lambda: len(line.listener.hubs) == 3)
        assert [hub.name for hub in line.listener.hubs] == ["Best", "Other", "Best"]
        line.uplink.send(Wake(1, "button"))
        await best.until(lambda: len(best.heard) == 2 and best.heard[1])
        await line.listener.until(lambda: len(line.listener.downs) == 2)


async def test_a_hub_that_the_preferred_one_leaves_alone_for_a_day_is_the_preferred_one() -> None:
    other = Hub()
    other.answers = lambda _: Welcome(1, "other", "Other", "o", None, 2000, {})
    async with (
        ScriptedHub(greet=other.greet) as second,
        line_to(Address("127.0.0.1", 1), second) as line,
    ):
        await line.listener.until(lambda: line.listener.hubs)
        await go_on(line)
        await line.listener.until(lambda: len(line.waiting.waits) == 2)
        assert line.places.settled == []
        line.clock.now += 25 * 3600
        line.waiting.go_on.set()
        async with asyncio.timeout(PATIENCE_S):
            while not line.places.resting:
                await asyncio.sleep(0.001)
        assert line.places.settled == ["other"]


async def test_a_stranger_among_the_hubs_is_passed_over_and_hears_nothing() -> None:
    token = "a-token-that-is-long-enough"
    stranger = Hub()
    async with (
        ScriptedHub(greet=stranger.greet) as first,
        ScriptedHub(token=token) as second,
        line_to(first, second, token=token) as line,
    ):
        told(line)
        await line.listener.until(lambda: line.listener.hubs)
        assert line.listener.hubs[0].address.port == second.port
        await second.session()
        assert not [m for heard in stranger.heard for m in heard if not isinstance(m, Error)]


async def slow(link: Link, hello: Hello) -> None:
    await asyncio.sleep(0.05)
    await link.send(fresh())
    await link.receive()


async def test_a_preferred_hub_that_is_a_little_slower_is_still_preferred() -> None:
    async with (
        ScriptedHub(greet=slow) as first,
        ScriptedHub() as second,
        line_to(first, second) as line,
    ):
        await line.listener.until(lambda: line.listener.hubs)
        assert line.listener.hubs[0].address.port == first.port


# Hubs that send what nobody can use.


async def sends_garbage(link: Link) -> None:
    assert link._transport is not None
    link._transport.write(b"\x00\xff\x00 no event at all\n")


async def sends_what_is_not_for_a_hub(link: Link) -> None:
    assert link._transport is not None
    link._transport.write(b'{"type": "sotto-wake", "data": {"candidate": 1, "trigger": "x"}}\n')


async def sends_a_header_without_end(link: Link) -> None:
    assert link._transport is not None
    link._transport.write(b"{" * 70_000)


async def sends_a_bad_field(link: Link) -> None:
    assert link._transport is not None
    link._transport.write(b'{"type": "sotto-listen", "data": {"turn": -1, "max_ms": 5}}\n')


@pytest.mark.parametrize(
    ("sends", "code"),
    [
        (sends_garbage, "bad-utf8"),
        (sends_what_is_not_for_a_hub, "unexpected-message"),
        (sends_a_header_without_end, "header-too-large"),
        (sends_a_bad_field, "bad-field"),
    ],
)
async def test_a_hub_that_breaks_the_protocol_is_left_and_tried_again(
    sends: Callable[[Link], Awaitable[None]], code: str
) -> None:
    told_by = Hub()
    async with ScriptedHub(greet=told_by.greet) as hub, line_to(hub) as line:
        await line.listener.until(lambda: line.listener.hubs)
        await sends(told_by.links[0])
        await line.listener.until(lambda: line.listener.downs)
        assert line.listener.codes == [code]
        told_by.answers = lambda _: fresh("s-2")
        await go_on(line)
        await line.listener.until(lambda: len(line.listener.hubs) == 2)
        await told_by.links[1].send(TurnEnded(1, "answered", None, {}))
        await line.listener.until(lambda: line.listener.messages)
