"""From a microphone's blocks to frames."""

import asyncio
from contextlib import aclosing

import numpy as np
import pytest

from satellite import intake
from satellite.errors import SatelliteError
from satellite.intake import RING_S, BlockFormat, Intake
from satellite.microphone import FRAME_BYTES, FRAME_S, Frame

PLAIN = BlockFormat(16_000, 2, 1)
PATIENCE_S = 60.0


def block(samples: int, value: int = 1000) -> bytes:
    return np.full(samples, value, dtype="<i2").tobytes()


async def take(source: Intake, count: int) -> list[Frame]:
    taken: list[Frame] = []
    async with asyncio.timeout(PATIENCE_S), aclosing(source.frames()) as frames:
        async for frame in frames:
            taken.append(frame)
            if len(taken) == count:
                break
    return taken


async def test_small_blocks_become_frames_in_order_and_on_time() -> None:
    source = Intake()
    for number in range(16):
        source.put(block(160, number), 100 + number * 0.01, PLAIN)
    frames = await take(source, 5)
    sound = b"".join(frame.audio for frame in frames)
    assert sound == b"".join(block(160, number) for number in range(16))
    assert [frame.sample_index for frame in frames] == [0, 512, 1024, 1536, 2048]
    expected = [100 + number * FRAME_S for number in range(5)]
    assert [frame.captured_at for frame in frames] == pytest.approx(expected, abs=1e-6)


@pytest.mark.parametrize(("channel", "heard"), [(0, 200), (1, 100), (2, 300)])
async def test_one_channel_is_heard_or_all_of_them_mixed(channel: int, heard: int) -> None:
    source = Intake(channel=channel)
    both = np.tile(np.array([100, 300], dtype="<i2"), 512).tobytes()
    source.put(both, 1.0, BlockFormat(16_000, 2, 2))
    (frame,) = await take(source, 1)
    assert frame.audio == block(512, heard)


async def test_a_channel_of_wide_samples_is_picked_whole() -> None:
    source = Intake(channel=2)
    wide = np.tile(np.array([0, 0x12340000], dtype="<i4"), 512).tobytes()
    source.put(wide, 1.0, BlockFormat(16_000, 4, 2))
    (frame,) = await take(source, 1)
    assert frame.audio == block(512, 0x1234)


async def test_a_device_may_change_its_format_while_it_is_heard() -> None:
    source = Intake()
    source.put(block(512), 1.0, PLAIN)
    source.put(block(480 * 8), 1.032, BlockFormat(48_000, 2, 1))
    frames = await take(source, 2)
    assert abs(np.frombuffer(frames[1].audio, dtype="<i2")[100:].mean() - 1000) < 5


@pytest.mark.parametrize(("patient", "at_once"), [(False, [1, 1, 1, 1]), (True, [2, 2])])
async def test_frames_come_two_at_a_time_where_nobody_waits_for_them(
    patient: bool, at_once: list[int]
) -> None:
    source = Intake()
    source.patient = patient
    taken = 0

    async def hear() -> None:
        nonlocal taken
        async with aclosing(source.frames()) as frames:
            async for _ in frames:
                taken += 1

    hearing = asyncio.create_task(hear())
    await asyncio.sleep(0)  # it waits
    seen: list[int] = []
    for number in range(4):
        before = taken
        source.put(block(512), number * FRAME_S, PLAIN)
        for _ in range(10):
            await asyncio.sleep(0)
        if taken > before:
            seen.append(taken - before)
    hearing.cancel()
    await asyncio.wait([hearing])
    assert seen == at_once


async def test_sound_that_nobody_takes_is_dropped_from_the_front_and_counted() -> None:
    source = Intake()
    for number in range(int(RING_S / FRAME_S) + 10):
        source.put(block(512, number), number * FRAME_S, PLAIN)
    (frame,) = await take(source, 1)
    assert source.dropped_frames > 0
    assert frame.audio == block(512, source.dropped_frames)


async def test_what_was_heard_before_the_end_is_still_delivered() -> None:
    source = Intake()
    source.put(block(512), 1.0, PLAIN)
    source.end("it was pulled out")
    frames = source.frames()
    assert (await anext(frames)).audio == block(512)
    with pytest.raises(SatelliteError, match="pulled out") as caught:
        await anext(frames)
    assert caught.value.code == "microphone-lost"


async def test_a_device_that_gives_nothing_is_gone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(intake, "SILENT_DEVICE_S", 0.01)
    with pytest.raises(SatelliteError, match="gave nothing"):
        await take(Intake(), 1)


class Doubling:
    """Cleans in pieces of 160 samples."""

    def __init__(self) -> None:
        self.waiting = b""
        self.times: list[float] = []

    @property
    def held_samples(self) -> int:
        return len(self.waiting) // 2

    def process(self, pcm16: bytes, at: float) -> bytes:
        self.times.append(at - self.held_samples / 16_000)
        self.waiting += pcm16
        usable = len(self.waiting) // 320 * 320
        ready, self.waiting = self.waiting[:usable], self.waiting[usable:]
        return (np.frombuffer(ready, dtype="<i2") * 2).astype("<i2").tobytes()


async def test_a_cleaner_gets_all_sound_with_its_time_and_frames_keep_theirs() -> None:
    cleaner = Doubling()
    source = Intake(cleaner=cleaner)
    for number in range(12):
        source.put(block(320), 100 + number * 0.02, PLAIN)
    frames = await take(source, 6)
    assert all(frame.audio == block(512, 2000) for frame in frames)
    assert len(frames[0].audio) == FRAME_BYTES
    expected = [100 + number * FRAME_S for number in range(6)]
    assert [frame.captured_at for frame in frames] == pytest.approx(expected, abs=1e-6)
    assert cleaner.times == pytest.approx([100.0 + 0.04 * n for n in range(len(cleaner.times))])
