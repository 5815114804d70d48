import asyncio
from contextlib import aclosing
from pathlib import Path

import numpy as np
import pytest

from satellite.jitter import PlaybackBuffer
from satellite.microphone import FRAME_BYTES, FRAME_S, Frame
from satellite.wav_devices import LATE_S, MAX_CLIPS, WavMicrophone, WavSpeaker
from satellite.wav_files import read_speech
from tests.satellite.virtual_clock import VirtualClock

RATE = 16_000


def clip(frames: float, value: int = 1000) -> bytes:
    return np.full(int(frames * 512), value, dtype="<i2").tobytes()


async def take(microphone: WavMicrophone, count: int) -> list[Frame]:
    taken: list[Frame] = []
    async with aclosing(microphone.frames()) as frames:
        async for frame in frames:
            taken.append(frame)
            if len(taken) == count:
                break
    return taken


def make_microphone(clock: VirtualClock, *, realtime: bool = True) -> WavMicrophone:
    return WavMicrophone(realtime=realtime, clock=clock, sleep=clock.sleep)


async def test_frames_come_when_their_last_sample_has_been_in_the_air() -> None:
    clock = VirtualClock()
    start = clock.now
    arrived: list[float] = []
    captured: list[float] = []
    async with aclosing(make_microphone(clock).frames()) as frames:
        async for frame in frames:
            arrived.append(clock.now)
            captured.append(frame.captured_at)
            if len(arrived) == 3:
                break
    assert captured == pytest.approx([start, start + FRAME_S, start + 2 * FRAME_S])
    assert arrived == pytest.approx([at + FRAME_S for at in captured])


async def test_lateness_does_not_add_up() -> None:
    clock = VirtualClock()
    start = clock.now
    captured: list[float] = []
    async with aclosing(make_microphone(clock).frames()) as frames:
        async for frame in frames:
            captured.append(frame.captured_at)
            clock.now += 0.020  # the program is slow, but not slower than sound
            if len(captured) == 50:
                break
    assert captured[-1] == pytest.approx(start + 49 * FRAME_S)


async def test_what_was_missed_while_the_program_stood_still_is_lost_and_counted() -> None:
    clock = VirtualClock()
    microphone = make_microphone(clock)
    seen: list[Frame] = []
    async with aclosing(microphone.frames()) as frames:
        async for frame in frames:
            seen.append(frame)
            if len(seen) == 1:
                clock.now += LATE_S + 0.5
            if len(seen) == 2:
                break
    assert microphone.dropped_frames == int((LATE_S + 0.5) / FRAME_S)
    assert seen[1].captured_at > seen[0].captured_at + LATE_S


async def test_a_clip_is_heard_from_its_first_sample_to_its_last_and_then_silence() -> None:
    microphone = make_microphone(VirtualClock())
    microphone.say(clip(2.5))
    frames = await take(microphone, 5)
    assert [frame.clip_sample for frame in frames] == [0, 512, 1024, None, None]
    heard = np.frombuffer(b"".join(frame.audio for frame in frames), dtype="<i2")
    assert (heard[:1280] == 1000).all()
    assert not heard[1280:].any()
    assert [frame.sample_index for frame in frames] == [0, 512, 1024, 1536, 2048]


async def test_silence_comes_before_and_after_clips_for_ever() -> None:
    frames = await take(make_microphone(VirtualClock()), 100)
    assert all(frame.audio == bytes(FRAME_BYTES) for frame in frames)


async def test_a_clip_is_not_in_the_air_before_it_is_said() -> None:
    clock = VirtualClock()
    microphone = make_microphone(clock)
    said_at = 0.0
    async with aclosing(microphone.frames()) as frames:
        async for frame in frames:
            if not said_at:
                clock.now += 0.01
                said_at = clock.now
                microphone.say(clip(1))
            elif frame.clip_sample == 0:
                assert frame.captured_at + FRAME_S > said_at
                assert frame.captured_at >= said_at - 0.01
                break


async def test_clips_follow_each_other_and_hushing_ends_them() -> None:
    microphone = make_microphone(VirtualClock())
    microphone.say(clip(2, 1))
    microphone.say(clip(1, 2))
    heard: list[int] = []
    async with aclosing(microphone.frames()) as frames:
        async for frame in frames:
            heard.append(frame.audio[0])
            if len(heard) == 3:
                microphone.say(clip(5, 3))
            if len(heard) == 4:
                microphone.hush()
            if len(heard) == 6:
                break
    assert heard == [1, 1, 2, 3, 0, 0]


async def test_a_clip_that_is_said_after_hushing_begins_at_its_beginning() -> None:
    microphone = make_microphone(VirtualClock())
    microphone.say(clip(5, 1))
    await take(microphone, 2)
    microphone.hush()
    microphone.say(clip(2, 2))
    assert [frame.clip_sample for frame in await take(microphone, 3)] == [0, 512, None]


async def test_it_is_told_once_when_a_clip_begins_and_before_it_is_heard() -> None:
    microphone = make_microphone(VirtualClock())
    begun: list[float] = []
    seen: list[int] = []
    async with aclosing(microphone.frames()) as frames:
        async for _frame in frames:
            seen.append(len(begun))
            if len(seen) == 2:
                microphone.say(clip(3), begun.append)
            if len(seen) == 6:
                break
    assert seen == [0, 0, 1, 1, 1, 1]


async def test_a_clip_begins_at_the_time_of_its_first_frame() -> None:
    microphone = make_microphone(VirtualClock())
    begun: list[float] = []
    async with aclosing(microphone.frames()) as frames:
        await anext(frames)
        microphone.say(clip(2), begun.append)
        async for frame in frames:
            if frame.clip_sample == 0:
                assert begun == [frame.captured_at]
                break


async def test_too_many_clips_are_refused() -> None:
    microphone = make_microphone(VirtualClock())
    for _ in range(MAX_CLIPS):
        microphone.say(clip(1))
    with pytest.raises(ValueError, match="wait already"):
        microphone.say(clip(1))


async def test_in_fast_mode_a_clip_and_some_silence_take_no_time() -> None:
    clock = VirtualClock()
    start = clock.now
    microphone = make_microphone(clock, realtime=False)
    microphone.say(clip(100))
    await take(microphone, 100 + 90)
    assert clock.now == start


async def test_in_fast_mode_idle_silence_takes_its_time() -> None:
    clock = VirtualClock()
    start = clock.now
    await take(make_microphone(clock, realtime=False), 10)
    assert clock.now == pytest.approx(start + 10 * FRAME_S)


class Feed:
    """A speaker on virtual time, fed at given moments."""

    def __init__(self, path: Path | None, *, realtime: bool = True) -> None:
        self.clock = VirtualClock()
        self.start = self.clock.now
        self.speaker = WavSpeaker(
            path, rate_hz=RATE, realtime=realtime, clock=self.clock, sleep=self.clock.sleep
        )
        self.buffer = PlaybackBuffer(RATE)
        self.later: list[tuple[float, bytes | None]] = []
        self.buffer.on_change = self._feed

    def _feed(self) -> None:
        if self.buffer.report.finished:
            self.finished.set()

    async def run(self, stream: int, *audio: bytes) -> None:
        self.finished = asyncio.Event()
        self.buffer.start(stream)
        for part in audio:
            self.buffer.write(part)
        self.buffer.end()
        task = asyncio.create_task(self.speaker.run(self.buffer))
        async with asyncio.timeout(5):
            await self.finished.wait()
        task.cancel()
        await asyncio.wait([task])


async def test_playing_takes_as_long_as_the_sound_lasts() -> None:
    feed = Feed(None)
    await feed.run(1, clip(50))
    assert feed.clock.now - feed.start == pytest.approx(50 * FRAME_S, abs=0.02)
    assert feed.buffer.report.started_at == feed.start


async def test_in_fast_mode_playing_takes_no_time() -> None:
    feed = Feed(None, realtime=False)
    await feed.run(1, clip(50))
    assert feed.clock.now == feed.start
    assert feed.buffer.report.played_samples == 50 * 512


@pytest.mark.parametrize("realtime", [True, False])
async def test_the_file_holds_what_was_played(tmp_path: Path, realtime: bool) -> None:
    feed = Feed(tmp_path / "out.wav", realtime=realtime)
    await feed.run(1, clip(3), clip(2, 500))
    heard = read_speech(tmp_path / "out.wav")
    assert heard[: 5 * FRAME_BYTES] == clip(3) + clip(2, 500)
    assert not any(heard[5 * FRAME_BYTES :])
    assert len(heard) - 5 * FRAME_BYTES < 0.01 * RATE * 2


async def test_the_file_has_the_gap_that_was_heard(tmp_path: Path) -> None:
    feed = Feed(tmp_path / "out.wav")
    finished = asyncio.Event()

    def on_change() -> None:
        if feed.buffer.report.finished:
            finished.set()

    feed.buffer.on_change = on_change
    feed.buffer.start(1)
    feed.buffer.write(clip(2))
    task = asyncio.create_task(feed.speaker.run(feed.buffer))
    async with asyncio.timeout(5):
        while feed.clock.now < feed.start + 0.2:
            await asyncio.sleep(0)
        feed.buffer.write(clip(2, 500))
        feed.buffer.end()
        await finished.wait()
    task.cancel()
    await asyncio.wait([task])
    heard = np.frombuffer(read_speech(tmp_path / "out.wav"), dtype="<i2")
    assert 0.26 <= heard.size / RATE <= 0.3
    assert not heard[1100:3000].any()
    assert feed.buffer.report.underruns == 1


async def test_a_folder_gets_a_file_a_turn(tmp_path: Path) -> None:
    for number in (None, 7):
        feed = Feed(tmp_path)
        feed.speaker.number = number
        await feed.run(42, clip(1))
    assert sorted(path.name for path in tmp_path.iterdir()) == ["1.wav", "7.wav"]
    assert read_speech(tmp_path / "7.wav").startswith(clip(1))


async def test_turns_in_a_folder_are_counted_when_nobody_names_them(tmp_path: Path) -> None:
    speaker = WavSpeaker(tmp_path, rate_hz=RATE, realtime=False)
    buffer = PlaybackBuffer(RATE)
    task = asyncio.create_task(speaker.run(buffer))
    async with asyncio.timeout(5):
        for turn in (11, 12):
            buffer.start(turn)
            buffer.write(clip(turn))
            buffer.end()
            while not (buffer.idle and buffer.report.stream == turn):
                await asyncio.sleep(0)
            name = f"{turn - 10}.wav"
            assert len(read_speech(tmp_path / name)) == turn * FRAME_BYTES  # at once
    task.cancel()
    await asyncio.wait([task])
    assert len(read_speech(tmp_path / "1.wav")) == 11 * FRAME_BYTES
    assert len(read_speech(tmp_path / "2.wav")) == 12 * FRAME_BYTES


async def test_one_file_gets_all_turns_one_after_the_other(tmp_path: Path) -> None:
    speaker = WavSpeaker(tmp_path / "all.wav", rate_hz=RATE, realtime=False)
    buffer = PlaybackBuffer(RATE)
    task = asyncio.create_task(speaker.run(buffer))
    async with asyncio.timeout(5):
        for turn in (1, 2):
            buffer.start(turn)
            buffer.write(clip(1, turn))
            buffer.end()
            while not (buffer.idle and buffer.report.stream == turn):
                await asyncio.sleep(0)
    task.cancel()
    await asyncio.wait([task])
    assert read_speech(tmp_path / "all.wav") == clip(1, 1) + clip(1, 2)


async def test_in_fast_mode_the_speaker_waits_for_audio_that_comes_later() -> None:
    speaker = WavSpeaker(rate_hz=RATE, realtime=False)
    buffer = PlaybackBuffer(RATE)
    buffer.start(1)
    task = asyncio.create_task(speaker.run(buffer))
    async with asyncio.timeout(5):
        for _ in range(20):
            await asyncio.sleep(0)
        buffer.write(clip(4))
        buffer.end()
        while not buffer.idle:
            await asyncio.sleep(0)
    task.cancel()
    await asyncio.wait([task])
    assert buffer.report.played_samples == 4 * 512


async def test_a_speaker_that_was_held_up_does_not_play_faster_to_catch_up() -> None:
    feed = Feed(None)
    stopped = [True]

    async def sleep(seconds: float) -> None:
        await feed.clock.sleep(seconds + (5.0 if stopped and stopped.pop() else 0.0))

    feed.speaker = WavSpeaker(rate_hz=RATE, clock=feed.clock, sleep=sleep)
    await feed.run(1, clip(50))
    assert feed.clock.now - feed.start == pytest.approx(5.0 + 50 * FRAME_S, abs=0.05)
