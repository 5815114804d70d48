"""What is done to the microphone's sound is changed while it is heard."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from satellite import events
from satellite.cleaning import Cleaning
from satellite.echo import EchoCanceller
from satellite.events import Event
from satellite.intake import Cleaner
from satellite.live_cleaning import MOST_WAIT_S, LiveCleaning
from satellite.reference import Reference
from satellite.sound_settings import Sound
from tests.satellite.test_echo import Passing
from tests.virtual_time import run_virtual

OFF = Sound(echo_cancelling="off")
NOISE = Sound(echo_cancelling="off", noise_suppression=True)
ECHO = Sound(echo_cancelling="on")


def made(sound: Sound, tell: Callable[[Event], None]) -> Cleaning:
    """Return what the settings ask for, without a library."""
    echo = sound.echo_cancelling == "on"
    reference = Reference() if echo else None
    if not echo and not sound.noise_suppression:
        return Cleaning()
    return Cleaning(EchoCanceller(Passing(), reference, tell), reference)


class House:
    def __init__(self, sound: Sound) -> None:
        self.cleaner: Cleaner | None = None
        self.opened = 0
        self.rests = True
        self.changes = 0
        self.told: list[Event] = []
        self.live = LiveCleaning(
            made(sound, self.told.append),
            made,
            self,
            self.told.append,
            at_rest=lambda: self.rests,
        )
        self.live.on_changed = self._count

    def clean_with(self, cleaner: Cleaner | None) -> None:
        self.cleaner = cleaner

    def _count(self) -> None:
        self.changes += 1

    async def use_devices(self) -> None:
        """Open a device again and again."""
        while True:
            self.opened += 1
            await self.live.until_reopened(asyncio.Event().wait())  # type: ignore[arg-type]

    async def change(self, sound: Sound) -> None:
        before = self.changes
        self.live.use(sound)
        async with asyncio.timeout(60):
            while self.changes == before:
                await asyncio.sleep(0)


def play(sound: Sound, scene: Callable[[House], Awaitable[None]]) -> None:
    async def main() -> None:
        house = House(sound)
        tasks = [asyncio.create_task(house.live.run()), asyncio.create_task(house.use_devices())]
        await asyncio.sleep(0)
        await scene(house)
        for task in tasks:
            task.cancel()
        await asyncio.wait(tasks)

    asyncio.run(main())


def test_one_way_of_cleaning_becomes_another_and_no_device_notices() -> None:
    async def scene(house: House) -> None:
        before = house.live.cleaning
        await house.change(Sound(echo_cancelling="on", noise_suppression=True))
        assert house.opened == 1
        assert house.live.cleaning.canceller is before.canceller
        assert house.live.cleaning.reference is before.reference

    play(ECHO, scene)


@pytest.mark.parametrize(("before", "after"), [(OFF, NOISE), (NOISE, ECHO), (ECHO, OFF)])
def test_where_cleaning_begins_or_ends_the_devices_are_opened_anew(
    before: Sound, after: Sound
) -> None:
    async def scene(house: House) -> None:
        await house.change(after)
        await asyncio.sleep(0.01)
        assert house.opened == 2
        assert house.cleaner is house.live.cleaning.canceller
        assert (house.live.cleaning.reference is not None) == (after is ECHO)

    play(before, scene)


def test_it_waits_for_a_moment_in_which_nobody_talks() -> None:
    async def scene(house: House) -> None:
        house.rests = False
        house.live.use(NOISE)
        await asyncio.sleep(0.05)
        assert house.opened == 1
        house.rests = True
        house.live.follow(events.StateChanged(0.0, "idle", "speaking"))
        async with asyncio.timeout(60):
            while house.opened == 1:
                await asyncio.sleep(0)

    play(OFF, scene)


def test_somebody_who_talks_for_ever_does_not_hold_it_up_for_ever() -> None:
    async def main() -> None:
        house = House(OFF)
        house.rests = False
        taking = asyncio.create_task(house.live._take(made(NOISE, house.told.append)))
        await asyncio.sleep(MOST_WAIT_S - 1)
        assert house.changes == 0
        await asyncio.sleep(2)
        assert house.changes == 1
        await taking

    run_virtual(main())


def test_a_device_that_was_opened_for_the_cleaning_before_is_opened_anew_at_once() -> None:
    async def main() -> None:
        house, ended = House(OFF), asyncio.Event()

        async def hear() -> None:
            try:
                await asyncio.Event().wait()
            finally:
                ended.set()

        async with asyncio.timeout(1):
            await house.live.until_reopened(hear(), stale=True)
        assert ended.is_set()

    run_virtual(main())


def test_changes_in_quick_succession_open_the_devices_for_the_last_of_them() -> None:
    async def main() -> None:
        house = House(OFF)

        async def hear() -> None:
            try:
                await asyncio.Event().wait()
            finally:
                await asyncio.sleep(0.5)  # closing takes its time

        using = asyncio.create_task(house.live.until_reopened(hear()))
        await asyncio.sleep(0.1)
        for sound in (NOISE, ECHO):
            await house.live._take(made(sound, house.told.append))
        await using
        assert house.cleaner is house.live.cleaning.canceller

    run_virtual(main())


def test_what_ends_by_itself_is_not_hidden() -> None:
    async def main() -> None:
        async def fail() -> None:
            raise TimeoutError("of its own")

        with pytest.raises(TimeoutError, match="of its own"):
            await House(OFF).live.until_reopened(fail())

    asyncio.run(main())
