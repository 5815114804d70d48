"""Satellites know the timers that are set where they stand: over virtual time and a real store."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from pathlib import Path

import pytest

from hub.bus import Bus
from hub.events import SatelliteConnected, TimerHeard
from hub.origin import Origin
from hub.rooms.directory import Directory
from hub.timekeeping.appointment import Kind
from hub.timer_board import MOST_AT_ONE, TimerBoard
from protocol import Message, TimerCancelled, TimerFinished, TimerStarted, TimerUpdated
from protocol.errors import LinkClosed
from tests.hub.rooms.test_directory import Room
from tests.hub.timekeeping.house import RING_S, House
from tests.hub.timekeeping.patient_loop import Clock, run_patiently

ATTIC = Origin("Attic", "en", "attic-1", None)


class Board:
    def __init__(self, house: House) -> None:
        self.house = house
        self.bus = Bus()
        self.directory = Directory()
        self.rooms: dict[str, Room] = {}

    async def connect(self, satellite: str, area: str) -> Room:
        room = Room(satellite, area)
        self.rooms[satellite] = room
        await self.directory.enter(room)
        self.bus.publish(SatelliteConnected(satellite, satellite, area))
        await settle()
        return room

    def take(self, satellite: str = "kitchen-1") -> list[Message]:
        room = self.rooms[satellite]
        told, room.told = list(room.told), ()
        return told


async def settle() -> None:
    await asyncio.sleep(0.01)


def play(folder: Path, scene: Callable[[Board], Awaitable[None]]) -> None:
    async def main() -> None:
        async def live(house: House) -> None:
            board = Board(house)
            running = asyncio.create_task(TimerBoard(house.time, board.directory).run(board.bus))
            await settle()
            await board.connect("kitchen-1", "Kitchen")
            await board.connect("attic-1", "Attic")
            try:
                await scene(board)
            finally:
                running.cancel()
                with suppress(asyncio.CancelledError):
                    await running

        await House(folder, Clock()).live(live)

    run_patiently(main())


def test_a_timer_is_told_where_it_was_set_and_nowhere_else(tmp_path: Path) -> None:
    async def scene(board: Board) -> None:
        one = await board.house.timer(600, "pasta")
        await settle()
        assert board.take() == [TimerStarted(one.id, 600, name="pasta")]
        assert board.take("attic-1") == []

    play(tmp_path, scene)


def test_who_connects_later_is_told_what_is_left(tmp_path: Path) -> None:
    async def scene(board: Board) -> None:
        one = await board.house.timer(600, place=ATTIC)
        two = await board.house.timer(900, "roast")
        await board.house.time.change(two.paused(board.house.clock.now()))
        await asyncio.sleep(100)
        board.directory.leave(board.rooms["attic-1"])
        await board.connect("attic-1", "Attic")
        assert board.take("attic-1") == [TimerStarted(one.id, 500)]
        await board.connect("kitchen-1", "Kitchen")
        assert board.take() == [
            TimerStarted(two.id, 900, name="roast"),
            TimerUpdated(two.id, is_active=False, total_seconds=900),
        ]

    play(tmp_path, scene)


def test_pausing_lengthening_and_cancelling_are_told(tmp_path: Path) -> None:
    async def scene(board: Board) -> None:
        time, now = board.house.time, board.house.clock.now
        one = await board.house.timer(600)
        await settle()
        board.take()
        await time.change(one.paused(now()))
        await settle()
        assert board.take() == [TimerUpdated(one.id, is_active=False, total_seconds=600)]
        await time.change(one.changed_by(60, now()))
        await settle()
        assert board.take() == [TimerUpdated(one.id, is_active=True, total_seconds=660)]
        await time.cancel(one.id)
        await settle()
        assert board.take() == [TimerCancelled(one.id)]
        assert board.take("attic-1") == []

    play(tmp_path, scene)


def test_that_it_rings_is_told_so_that_the_satellite_can_go_on(tmp_path: Path) -> None:
    async def scene(board: Board) -> None:
        one = await board.house.timer(5)
        await asyncio.sleep(5 + RING_S)
        assert board.take() == [TimerStarted(one.id, 5), TimerFinished(one.id)]
        await board.house.time.stop_ringing()
        await settle()
        assert board.take() == [TimerCancelled(one.id)]

    play(tmp_path, scene)


def test_what_was_stopped_at_the_satellite_rings_no_more(tmp_path: Path) -> None:
    async def scene(board: Board) -> None:
        one = await board.house.timer(5)
        await asyncio.sleep(6)
        assert board.house.time.ringing()
        board.bus.publish(TimerHeard("kitchen-1", one.id))
        await asyncio.sleep(30)
        assert board.house.time.all() == ()
        assert len(board.house.rings.said) == 1

    play(tmp_path, scene)


def test_what_is_not_due_and_what_is_another_satellites_is_not_stopped(tmp_path: Path) -> None:
    async def scene(board: Board) -> None:
        late, early = await board.house.timer(600), await board.house.timer(1)
        await asyncio.sleep(2)
        board.bus.publish(TimerHeard("kitchen-1", late.id))
        board.bus.publish(TimerHeard("attic-1", early.id))
        board.bus.publish(TimerHeard("kitchen-1", "no such timer"))
        board.bus.publish(TimerHeard("no such satellite", early.id))
        await settle()
        assert {one.id for one in board.house.time.all(Kind.TIMER)} == {late.id, early.id}

    play(tmp_path, scene)


def test_a_satellite_is_told_no_more_than_it_keeps_and_those_that_come_first(
    tmp_path: Path,
) -> None:
    async def scene(board: Board) -> None:
        for number in range(MOST_AT_ONE + 5):
            await board.house.timer(1000 - number)
        await settle()
        started = [told for told in board.take() if isinstance(told, TimerStarted)]
        assert min(one.total_seconds for one in started) == 1000 - MOST_AT_ONE - 4
        board.directory.leave(board.rooms["kitchen-1"])
        await board.connect("kitchen-1", "Kitchen")
        assert len(board.take()) == MOST_AT_ONE

    play(tmp_path, scene)


@pytest.mark.parametrize("times", [1, 3])
def test_a_link_that_is_lost_while_it_is_told_costs_the_others_nothing(
    tmp_path: Path, times: int
) -> None:
    class Lost(Room):
        async def tell(self, *messages: Message) -> None:
            raise LinkClosed("link-closed", "it is gone")

    async def scene(board: Board) -> None:
        await board.directory.enter(Lost("attic-1", "Attic"))
        for _ in range(times):
            await board.house.timer(60, place=ATTIC)
            one = await board.house.timer(60)
            await settle()
            assert board.take() == [TimerStarted(one.id, 60)]

    play(tmp_path, scene)
