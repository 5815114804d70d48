"""Timers at the satellite, over virtual time: they ring in time, once, and until stopped."""

import asyncio
from collections.abc import Awaitable, Callable
from itertools import pairwise

import pytest

from protocol import Message, TimerCancelled, TimerFinished, TimerStarted, TimerUpdated
from satellite import events
from satellite.events import Event
from satellite.ringing import GRACE_S, LONGEST_S, MOST_TIMERS, RING_EVERY_S, Ringing
from tests.virtual_time import run_virtual


class Place:
    """A satellite's speaker, and its link."""

    def __init__(self, *, alone: bool = False) -> None:
        self.inaudible = False
        self.rang: list[float] = []
        self.hushed = 0
        self.told: list[Event] = []
        self.sent: list[Message] = []
        loop = asyncio.get_running_loop()
        self.ringing = Ringing(
            lambda: self.rang.append(loop.time()),
            self.hush,
            self.told.append,
            self.sent.append,
            alone=alone,
            inaudible=lambda: self.inaudible,
            clock=loop.time,
        )

    def hush(self) -> None:
        self.hushed += 1

    @property
    def names(self) -> list[str | None]:
        """Return what began to ring, and None for each end."""
        return [
            (event.timer or "") if event.ringing else None
            for event in self.told
            if isinstance(event, events.Ringing)
        ]


def play(scene: Callable[[Place], Awaitable[None]], *, alone: bool = False) -> None:
    async def main() -> None:
        place = Place(alone=alone)
        running = asyncio.create_task(place.ringing.run())
        await asyncio.sleep(0.001)
        await scene(place)
        running.cancel()
        await asyncio.wait([running])

    run_virtual(main())


def test_while_the_hub_is_there_it_rings_and_the_satellite_does_not() -> None:
    async def scene(place: Place) -> None:
        place.ringing.link_up()
        place.ringing.receive(TimerStarted("a", 5, "tea"))
        await asyncio.sleep(10)
        place.ringing.receive(TimerFinished("a"))
        await asyncio.sleep(10)
        assert place.rang == []
        assert place.ringing.by_hub
        place.ringing.receive(TimerCancelled("a"))
        assert place.names == ["tea", None]
        assert not place.ringing.stop()
        assert place.sent == []

    play(scene)


def test_what_the_hub_rings_can_be_stopped_here_also_between_two_rings() -> None:
    async def scene(place: Place) -> None:
        place.ringing.link_up()
        place.ringing.receive(TimerStarted("a", 5, "tea"))
        place.ringing.receive(TimerStarted("b", 500, "roast"))
        assert not place.ringing.stop()
        place.ringing.receive(TimerFinished("a"))
        assert place.ringing.stop()
        assert place.sent == [TimerCancelled("a")]
        assert place.names == ["tea", None]
        assert not place.ringing.stop()

    play(scene)


def test_what_the_hub_rings_in_vain_rings_here_too_until_it_is_stopped() -> None:
    async def scene(place: Place) -> None:
        place.inaudible = True
        place.ringing.link_up()
        place.ringing.receive(TimerStarted("a", 5, "tea"))
        await asyncio.sleep(5)
        assert place.rang == []
        place.ringing.receive(TimerFinished("a"))
        await asyncio.sleep(RING_EVERY_S * 1.5)
        assert len(place.rang) == 2
        assert place.ringing.stop()
        assert place.sent == [TimerCancelled("a")]
        await asyncio.sleep(RING_EVERY_S * 2)
        assert len(place.rang) == 2
        assert place.names == ["tea", None]

    play(scene)


def test_a_timer_rings_in_its_time_when_the_hub_is_gone() -> None:
    async def scene(place: Place) -> None:
        place.ringing.link_up()
        place.ringing.receive(TimerStarted("a", 60, "tea"))
        begin = asyncio.get_running_loop().time()
        await asyncio.sleep(10)
        place.ringing.link_down()
        await asyncio.sleep(48)
        assert place.rang == []
        await asyncio.sleep(10)
        assert place.rang[0] == pytest.approx(begin + 60 + GRACE_S, abs=0.1)
        gaps = [later - earlier for earlier, later in pairwise(place.rang)]
        assert gaps
        assert all(gap == pytest.approx(RING_EVERY_S, abs=0.01) for gap in gaps)
        assert place.names == ["tea"]

    play(scene)


def test_what_the_hub_was_ringing_goes_on_when_the_hub_goes() -> None:
    async def scene(place: Place) -> None:
        place.ringing.link_up()
        place.ringing.receive(TimerStarted("a", 1))
        await asyncio.sleep(1)
        place.ringing.receive(TimerFinished("a"))
        place.ringing.link_down()
        await asyncio.sleep(0.001)
        assert len(place.rang) == 1

    play(scene)


def test_it_is_stopped_and_the_hub_hears_of_it_when_it_is_back() -> None:
    async def scene(place: Place) -> None:
        place.ringing.link_up()
        place.ringing.receive(TimerStarted("a", 1, "tea"))
        place.ringing.receive(TimerStarted("b", 100, "roast"))
        place.ringing.link_down()
        await asyncio.sleep(5)
        assert place.ringing.rings
        assert place.ringing.stop()
        rang = len(place.rang)
        await asyncio.sleep(10)
        assert len(place.rang) == rang
        assert place.hushed == 1
        assert place.names == ["tea", None]
        assert place.sent == []
        place.ringing.link_up()
        assert place.sent == [TimerCancelled("a")]
        place.ringing.link_down()
        place.ringing.link_up()
        assert len(place.sent) == 1

    play(scene)


def test_a_hub_that_is_back_rings_itself() -> None:
    async def scene(place: Place) -> None:
        place.ringing.link_up()
        place.ringing.receive(TimerStarted("a", 1, "tea"))
        place.ringing.link_down()
        await asyncio.sleep(5)
        place.ringing.link_up()
        rang = len(place.rang)
        place.ringing.receive(TimerFinished("a"))
        await asyncio.sleep(10)
        assert len(place.rang) == rang
        assert place.ringing.by_hub

    play(scene)


@pytest.mark.parametrize(
    "message", [TimerCancelled("a"), TimerUpdated("a", is_active=False, total_seconds=30)]
)
def test_what_is_cancelled_or_paused_does_not_ring(message: Message) -> None:
    async def scene(place: Place) -> None:
        place.ringing.link_up()
        place.ringing.receive(TimerStarted("a", 30))
        place.ringing.receive(message)
        place.ringing.link_down()
        await asyncio.sleep(100)
        assert place.rang == []

    play(scene)


def test_a_longer_timer_rings_later() -> None:
    async def scene(place: Place) -> None:
        place.ringing.link_up()
        place.ringing.receive(TimerStarted("a", 30))
        place.ringing.receive(TimerUpdated("a", is_active=True, total_seconds=300))
        place.ringing.link_down()
        await asyncio.sleep(299)
        assert place.rang == []
        await asyncio.sleep(4)
        assert place.rang

    play(scene)


def test_what_nobody_stops_ends() -> None:
    async def scene(place: Place) -> None:
        place.ringing.receive(TimerStarted("a", 0, "tea"))
        await asyncio.sleep(LONGEST_S + 10)
        assert place.names == ["tea", None]
        rang = len(place.rang)
        await asyncio.sleep(60)
        assert len(place.rang) == rang

    play(scene)


def test_where_the_other_end_never_rings_the_satellite_does() -> None:
    async def scene(place: Place) -> None:
        place.ringing.link_up()
        place.ringing.receive(TimerStarted("a", 5, "tea"))
        await asyncio.sleep(20)
        assert place.rang == []
        place.ringing.receive(TimerFinished("a"))
        await asyncio.sleep(0.001)
        assert len(place.rang) == 1
        place.ringing.link_down()
        place.ringing.link_up()
        await asyncio.sleep(5)
        assert len(place.rang) > 2
        assert place.ringing.stop()
        assert place.names == ["tea", None]

    play(scene, alone=True)


def test_timers_that_it_never_heard_of_and_too_many_of_them_do_no_harm() -> None:
    async def scene(place: Place) -> None:
        place.ringing.receive(TimerUpdated("x", is_active=True, total_seconds=5))
        place.ringing.receive(TimerCancelled("x"))
        for number in range(MOST_TIMERS + 10):
            place.ringing.receive(TimerStarted(f"t{number}", 1000 + number))
        place.ringing.receive(TimerStarted("negative", -5))
        await asyncio.sleep(10)
        assert place.rang == []

    play(scene)
