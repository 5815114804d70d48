"""Devices that are away for a time."""

import asyncio
import threading
from collections.abc import Callable

import pytest

from satellite import events, keep_device
from satellite.errors import SatelliteError
from satellite.events import Event
from satellite.keep_device import KeptDevice

PATIENCE_S = 60.0


class Device:
    """Works for a time; negative: for ever."""

    def __init__(self, works_s: float, name: str = "USB") -> None:
        self.works_s = works_s
        self.device_name = name

    async def use(self) -> None:
        if self.works_s < 0:
            await asyncio.Event().wait()
        await asyncio.sleep(self.works_s)
        raise SatelliteError("microphone-lost", "the microphone is gone")


def opening(*results: Device | SatelliteError) -> Callable[[], Device]:
    left = list(results)

    def open_device() -> Device:
        result = left.pop(0) if len(left) > 1 else left[0]
        if isinstance(result, SatelliteError):
            raise result
        return result

    return open_device


AWAY = SatelliteError("no-microphone", "there is no microphone 'USB'")


async def run(open_device: Callable[[], Device], count: int) -> list[Event]:
    """Use a device until so much was told, the last of it by one that works for ever."""
    told: list[Event] = []
    kept = KeptDevice("microphone", open_device, told.append)
    await kept.open()
    task = asyncio.create_task(kept.run(Device.use))
    async with asyncio.timeout(PATIENCE_S):
        while len(told) < count:
            await asyncio.sleep(0.01)
    task.cancel()
    await asyncio.wait([task])
    return told


def kinds(told: list[Event]) -> list[str]:
    return [event.code if isinstance(event, events.Failed) else event.name for event in told]


async def test_a_device_that_is_away_is_told_once_and_used_when_it_comes(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(keep_device, "SETTLED_S", 0.01)
    told = await run(opening(AWAY, AWAY, AWAY, Device(-1)), 2)
    assert kinds(told) == ["no-microphone", "device-opened"]


async def test_a_device_that_is_lost_is_told_and_opened_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(keep_device, "SETTLED_S", 0.01)
    told = await run(opening(Device(0.3), AWAY, Device(-1)), 4)
    assert kinds(told) == ["device-opened", "microphone-lost", "no-microphone", "device-opened"]


async def test_what_waiting_can_not_mend_ends_it() -> None:
    kept = KeptDevice(
        "microphone", opening(SatelliteError("no-sound-library", "install it")), print
    )
    with pytest.raises(SatelliteError, match="install it"):
        await kept.open()


async def test_a_sound_system_that_hangs_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keep_device, "OPEN_S", 0.01)
    told: list[Event] = []
    release = asyncio.Event()
    loop = asyncio.get_running_loop()

    def hang() -> Device:
        asyncio.run_coroutine_threadsafe(release.wait(), loop).result(PATIENCE_S)
        return Device(-1)

    kept = KeptDevice("speaker", hang, told.append)
    assert await kept.open() is None
    release.set()
    assert kinds(told) == ["no-speaker"]


async def test_a_device_that_opens_late_is_waited_for_and_used_and_not_opened_twice(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(keep_device, "OPEN_S", 0.01)
    release = threading.Event()
    opened: list[Device] = []

    def hang() -> Device:
        assert release.wait(PATIENCE_S)
        opened.append(Device(-1))
        return opened[-1]

    kept = KeptDevice("microphone", hang, lambda event: None)
    assert [await kept.open() for _ in range(3)] == [None] * 3
    release.set()
    monkeypatch.setattr(keep_device, "OPEN_S", PATIENCE_S)
    assert await kept.open() is opened[0]
    assert len(opened) == 1


async def test_what_the_sound_system_says_is_told_of_the_device_that_was_asked_for() -> None:
    told: list[Event] = []
    kept = KeptDevice("speaker", opening(AWAY), told.append)
    await kept.open()
    assert kinds(told) == ["no-speaker"]
