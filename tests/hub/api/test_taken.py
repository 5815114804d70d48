import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from hub.api import taken as module
from hub.api.taken import MOST, Taken
from hub.bus import Bus
from hub.events import Fact, ToolCalled, TurnEnded, TurnStarted

STARTED = TurnStarted("tab", 7, ref="m1")
CALLED = ToolCalled("tab", 7, "c1", "HassTurnOn", "{}")


@asynccontextmanager
async def told(*facts: Fact) -> AsyncIterator[Taken]:
    """Return one that knows a text, and what is known to have happened since."""
    taken, bus = Taken(), Bus()
    following = asyncio.create_task(taken.follow(bus))
    await asyncio.sleep(0)
    taken.note("tab", "m1")
    for fact in facts:
        bus.publish(fact)
    yield taken
    following.cancel()


@pytest.mark.parametrize(
    ("facts", "holds"),
    [
        ((), False),  # its client had gone before it began
        ((STARTED,), True),
        ((STARTED, CALLED), True),
        ((STARTED, CALLED, TurnEnded("tab", 7, "cancelled")), True),
        ((STARTED, TurnEnded("tab", 7, "cancelled")), False),
        ((STARTED, TurnEnded("tab", 7, "answered")), True),
        ((STARTED, TurnEnded("tab", 6, "answered"), TurnEnded("tab", 7, "cancelled")), False),
    ],
)
async def test_a_text_is_taken_unless_it_came_to_nothing(
    monkeypatch: pytest.MonkeyPatch, facts: tuple[Fact, ...], holds: bool
) -> None:
    monkeypatch.setattr(module, "KNOWN_S", 0.05)
    async with told(*facts) as taken:
        assert await taken.holds("tab", "m1") is holds
        assert not await taken.holds("another", "m1")


async def test_what_ends_with_an_older_socket_is_waited_for(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(module, "KNOWN_S", 60.0)
    async with told(STARTED) as taken:
        asking = asyncio.create_task(taken.holds("tab", "m1"))
        await asyncio.sleep(0.02)
        assert not asking.done()
        taken._take(TurnEnded("tab", 7, "cancelled"))
        assert not await asking


async def test_the_oldest_are_forgotten_and_their_turns_with_them() -> None:
    async with told(STARTED, CALLED) as taken:
        await asyncio.sleep(0)
        for number in range(MOST):
            taken.note("tab", f"n{number}")
        taken.note("tab", "")
        assert not await taken.holds("tab", "m1")
        assert not await taken.holds("tab", "")
        assert not taken._turns
