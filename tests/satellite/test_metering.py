"""How loud it is, told to whoever looks, and to nobody else."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from protocol import Message, Meter, Pause, Watch
from satellite.levels import Levels
from satellite.metering import EVERY_S, Metering
from tests.satellite.test_levels import frame
from tests.virtual_time import run_virtual


class Told:
    def __init__(self) -> None:
        loop = asyncio.get_running_loop()
        self.levels = Levels()
        self.hears = True
        self.looked = 0
        self.sent: list[tuple[float, Meter]] = []
        self.metering = Metering(
            self.levels, lambda: self.hears, self._send, signal=self._signal, clock=loop.time
        )

    async def _signal(self) -> float:
        self.looked += 1
        return -57.0

    def _send(self, message: Message) -> None:
        assert isinstance(message, Meter)
        self.sent.append((asyncio.get_running_loop().time(), message))


def play(scene: Callable[[Told], Awaitable[None]]) -> None:
    async def main() -> None:
        told = Told()
        running = asyncio.create_task(told.metering.run())
        await scene(told)
        running.cancel()
        await asyncio.wait([running])

    run_virtual(main())


def test_nothing_is_told_until_somebody_looks_nor_afterwards() -> None:
    async def scene(told: Told) -> None:
        told.metering.receive(Pause(turn=1))
        await asyncio.sleep(60)
        assert told.sent == []
        told.metering.receive(Watch(4.0))
        await asyncio.sleep(60)
        assert len(told.sent) == pytest.approx(4.0 / EVERY_S, abs=2)
        assert told.looked <= 3, "the Wi-Fi is looked at seldom"
        count = len(told.sent)
        await asyncio.sleep(60)
        assert len(told.sent) == count

    play(scene)


def test_asked_again_it_goes_on_and_with_nought_it_ends() -> None:
    async def scene(told: Told) -> None:
        told.metering.receive(Watch(4.0))
        await asyncio.sleep(3)
        told.metering.receive(Watch(4.0))
        await asyncio.sleep(3)
        told.metering.receive(Watch(0.0))
        await asyncio.sleep(0.3)
        count = len(told.sent)
        assert count == pytest.approx(6.0 / EVERY_S, abs=3)
        await asyncio.sleep(10)
        assert len(told.sent) == count

    play(scene)


def test_the_level_is_that_of_now_and_the_noise_that_of_the_room() -> None:
    async def scene(told: Told) -> None:
        for level in (*[0.001] * 150, 0.1, 0.001):
            told.levels.add(frame(level))
        told.metering.receive(Watch(0.1))
        await asyncio.sleep(1)
        ((_, meter),) = told.sent
        assert meter.level_dbfs == pytest.approx(-20, abs=0.5)
        assert meter.noise_dbfs == pytest.approx(-60, abs=0.5)
        assert (meter.signal_dbm, meter.signal) == (-57.0, 0.86)

    play(scene)


def test_a_microphone_that_is_off_tells_no_level() -> None:
    async def scene(told: Told) -> None:
        told.hears = False
        told.levels.add(frame(0.1))
        told.metering.receive(Watch(0.1))
        await asyncio.sleep(1)
        ((_, meter),) = told.sent
        assert (meter.level_dbfs, meter.noise_dbfs) == (None, None)
        assert meter.signal_dbm == -57.0

    play(scene)
