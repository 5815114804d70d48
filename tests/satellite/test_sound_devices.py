"""The sound card's devices, on a PortAudio that is made up."""

import asyncio
import itertools
import sys
import threading
import time
from collections.abc import Callable
from contextlib import aclosing
from dataclasses import dataclass
from types import ModuleType
from typing import Any

import numpy as np
import pytest

from satellite import intake
from satellite.errors import SatelliteError
from satellite.intake import RING_S
from satellite.jitter import PlaybackBuffer
from satellite.losses import Losses
from satellite.microphone import FRAME_S, Frame
from satellite.sound_devices import REST_S, SoundMicrophone, SoundSpeaker
from satellite.sound_library import SoundLibrary, list_devices

PATIENCE_S = 60.0


@dataclass
class Times:
    currentTime: float = 10.0  # noqa: N815  # PortAudio's names
    inputBufferAdcTime: float = 10.0  # noqa: N815
    outputBufferDacTime: float = 10.0  # noqa: N815


class FakePortAudioError(Exception):
    pass


class FakeStream:
    """Calls back from a thread of its own, as PortAudio does."""

    opened: "FakeStream"

    def __init__(self, **options: Any) -> None:
        self.options = options
        self.started = threading.Event()
        self.stopped = threading.Event()
        self.closed = False
        FakeStream.opened = self

    def start(self) -> None:
        if self.options["device"] == 3:
            raise FakePortAudioError("Device unavailable")
        self.stopped.clear()
        self.started.set()

    def stop(self) -> None:
        self.started.clear()
        self.unplug()  # PortAudio calls this whenever a stream ends
        self.stopped.set()

    def close(self, *, ignore_errors: bool = False) -> None:
        assert ignore_errors
        self.closed = True

    def from_thread(self, work: Callable[[], object]) -> None:
        thread = threading.Thread(target=work)
        thread.start()
        thread.join(PATIENCE_S)
        assert not thread.is_alive()

    def capture(self, block: bytes, times: Times) -> None:
        samples = len(block) // 2 // self.options["channels"]
        self.from_thread(lambda: self.options["callback"](block, samples, times, None))

    def play(self, samples: int, times: Times) -> bytes:
        block = bytearray(samples * 2 * self.options["channels"])
        view = memoryview(block)
        self.from_thread(lambda: self.options["callback"](view, samples, times, None))
        return bytes(block)

    def unplug(self) -> None:
        self.from_thread(self.options["finished_callback"])


def device(name: str, inputs: int, outputs: int, rate: float = 16_000.0) -> dict[str, Any]:
    return {
        "name": name,
        "max_input_channels": inputs,
        "max_output_channels": outputs,
        "default_samplerate": rate,
    }


class FakeSound(ModuleType):
    """Stands in for the sounddevice module."""

    PortAudioError = FakePortAudioError
    RawInputStream = FakeStream
    RawOutputStream = FakeStream

    def __init__(self) -> None:
        super().__init__("sounddevice")
        self.devices = [
            device("Good card", 1, 2),
            device("Studio card", 2, 2, 48_000.0),
            device("Line out", 0, 2, 44_100.0),
            device("Broken card", 1, 1),
        ]
        self.default = type("Default", (), {"device": (0, 2)})()

    def query_devices(self) -> Any:
        return self.devices

    def _check(self, device: int, samplerate: int, channels: int, dtype: str) -> None:
        assert dtype == "int16"
        if device == 1 and (samplerate, channels) != (48_000, 2):
            raise FakePortAudioError("Invalid sample rate")
        if device == 2 and samplerate != 44_100:
            raise FakePortAudioError("Invalid sample rate")

    check_input_settings = _check
    check_output_settings = _check


@pytest.fixture(autouse=True)
def sound(monkeypatch: pytest.MonkeyPatch) -> FakeSound:
    module = FakeSound()
    monkeypatch.setitem(sys.modules, "sounddevice", module)
    return module


async def take(microphone: SoundMicrophone, count: int, feed: Callable[[], None]) -> list[Frame]:
    """Return frames; `feed` captures from the device once the microphone waits."""
    taken: list[Frame] = []
    async with asyncio.timeout(PATIENCE_S), aclosing(microphone.frames()) as frames:
        feeding = asyncio.get_running_loop().run_in_executor(None, feed)
        async for frame in frames:
            taken.append(frame)
            if len(taken) == count:
                break
        await feeding
    return taken


def block(frames: int = 1, value: int = 1000, channels: int = 1) -> bytes:
    return np.full(512 * frames * channels, value, dtype="<i2").tobytes()


async def test_a_device_that_speaks_our_format_is_opened_in_it() -> None:
    microphone = SoundMicrophone("default", SoundLibrary())
    stream = FakeStream.opened
    assert (stream.options["samplerate"], stream.options["channels"]) == (16_000, 1)
    assert stream.options["blocksize"] == 512

    def feed() -> None:
        stream.started.wait(PATIENCE_S)
        for value in (1, 2, 3):
            stream.capture(block(value=value), Times())

    frames = await take(microphone, 3, feed)
    assert [frame.audio for frame in frames] == [block(value=value) for value in (1, 2, 3)]
    assert [frame.sample_index for frame in frames] == [0, 512, 1024]
    assert stream.closed


async def test_a_frame_knows_when_its_first_sample_was_in_the_air() -> None:
    microphone = SoundMicrophone("default", SoundLibrary(), clock=lambda: 500.0)
    stream = FakeStream.opened

    def feed() -> None:
        stream.started.wait(PATIENCE_S)
        stream.capture(block(2), Times(currentTime=10.0, inputBufferAdcTime=9.93))

    frames = await take(microphone, 2, feed)
    assert [frame.captured_at for frame in frames] == pytest.approx([499.93, 499.93 + FRAME_S])


@pytest.mark.parametrize("adc_time", [0.0, 10.0, 99.0])
async def test_a_driver_that_knows_no_time_is_not_believed(adc_time: float) -> None:
    microphone = SoundMicrophone("default", SoundLibrary(), clock=lambda: 500.0)
    stream = FakeStream.opened

    def feed() -> None:
        stream.started.wait(PATIENCE_S)
        stream.capture(block(), Times(currentTime=10.0, inputBufferAdcTime=adc_time))

    frames = await take(microphone, 1, feed)
    assert frames[0].captured_at == pytest.approx(500.0 - FRAME_S)


async def test_a_device_of_another_rate_is_resampled_and_mixed() -> None:
    microphone = SoundMicrophone("Studio", SoundLibrary())
    stream = FakeStream.opened
    assert (stream.options["samplerate"], stream.options["channels"]) == (48_000, 2)
    assert stream.options["blocksize"] == 1536

    def feed() -> None:
        stream.started.wait(PATIENCE_S)
        for _ in range(30):
            stream.capture(block(3, 1000, channels=2), Times())

    frames = await take(microphone, 20, feed)
    heard = np.frombuffer(frames[10].audio, dtype="<i2")
    assert heard.size == 512
    assert abs(int(heard.mean()) - 1000) < 5
    times = [frame.captured_at for frame in frames]
    assert all(later > earlier - 0.05 for earlier, later in itertools.pairwise(times))


async def test_sound_that_nobody_takes_is_dropped_from_the_front_and_counted() -> None:
    microphone = SoundMicrophone("default", SoundLibrary())
    stream = FakeStream.opened

    def feed() -> None:
        for value in range(int(RING_S / FRAME_S) + 4):
            stream.capture(block(value=value), Times())

    await asyncio.to_thread(feed)
    frames = await take(microphone, 1, lambda: None)
    assert microphone.dropped_frames == 3
    assert frames[0].audio == block(value=3)


async def test_a_microphone_that_is_unplugged_says_so() -> None:
    microphone = SoundMicrophone("default", SoundLibrary())
    stream = FakeStream.opened

    def feed() -> None:
        stream.started.wait(PATIENCE_S)
        stream.unplug()

    with pytest.raises(SatelliteError) as caught:
        await take(microphone, 1, feed)
    assert caught.value.code == "microphone-lost"
    assert stream.closed


async def test_a_microphone_that_falls_silent_for_good_is_given_up(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(intake, "SILENT_DEVICE_S", 0.01)
    with pytest.raises(SatelliteError, match="gave nothing") as caught:
        await take(SoundMicrophone("default", SoundLibrary()), 1, lambda: None)
    assert caught.value.code == "microphone-lost"


class Playing:
    """A speaker at work."""

    def __init__(self, name: str, clock: Callable[[], float] = time.monotonic) -> None:
        self.speaker = SoundSpeaker(name, SoundLibrary(), clock=clock)
        self.stream = FakeStream.opened
        self.buffer = PlaybackBuffer(self.speaker.rate_hz)

    async def __aenter__(self) -> "Playing":
        self.task = asyncio.create_task(self.speaker.run(self.buffer))
        await asyncio.to_thread(self.stream.started.wait, PATIENCE_S)
        return self

    async def __aexit__(self, *error: object) -> None:
        self.task.cancel()
        await asyncio.wait([self.task])
        assert self.stream.closed


async def test_a_speaker_plays_what_is_in_the_buffer_and_silence_after_it() -> None:
    async with Playing("Good") as playing:
        assert playing.speaker.rate_hz == 22_050
        playing.buffer.start(1)
        playing.buffer.write(block(value=7))
        playing.buffer.end()
        out = np.frombuffer(playing.stream.play(1024, Times()), dtype="<i2")
    assert (out[:512] == 7).all()
    assert not out[512:].any()


async def test_a_speaker_that_knows_its_latency_tells_when_sound_is_heard() -> None:
    async with Playing("Good", clock=lambda: 500.0) as playing:
        playing.buffer.start(1)
        playing.buffer.write(block())
        playing.stream.play(128, Times(currentTime=10.0, outputBufferDacTime=10.04))
        assert playing.buffer.report.started_at == pytest.approx(500.04)


async def test_a_driver_that_tells_an_impossible_latency_is_not_believed() -> None:
    async with Playing("Good", clock=lambda: 500.0) as playing:
        playing.buffer.start(1)
        playing.buffer.write(block())
        playing.stream.play(128, Times(currentTime=10.0, outputBufferDacTime=0.0))
        assert playing.buffer.report.started_at == 500.0


async def test_a_stereo_device_of_another_rate_gets_both_channels() -> None:
    async with Playing("Studio") as playing:
        assert playing.speaker.rate_hz == 48_000
        playing.buffer.start(1)
        playing.buffer.write(np.arange(1, 513, dtype="<i2").tobytes())
        out = np.frombuffer(playing.stream.play(512, Times()), dtype="<i2").reshape(-1, 2)
    assert (out[:, 0] == out[:, 1]).all()
    assert (out[:, 0] == np.arange(1, 513)).all()


def test_before_it_runs_a_speaker_is_silent() -> None:
    SoundSpeaker("Good", SoundLibrary())
    assert not any(FakeStream.opened.play(64, Times()))


async def rest(playing: Playing) -> None:
    """Let a speaker have nothing to play until it is stopped."""
    samples = playing.speaker.rate_hz
    for _ in range(round(REST_S)):
        assert not any(playing.stream.play(samples, Times()))
    assert await asyncio.to_thread(playing.stream.stopped.wait, PATIENCE_S)


async def test_a_speaker_with_nothing_to_play_is_stopped_until_there_is_something() -> None:
    async with Playing("Good") as playing:
        await rest(playing)
        for value in (7, 8):
            playing.buffer.start(value)
            playing.buffer.write(block(value=value))
            playing.buffer.end()
            assert await asyncio.to_thread(playing.stream.started.wait, PATIENCE_S)
            out = np.frombuffer(playing.stream.play(1024, Times()), dtype="<i2")
            assert (out[:512] == value).all()
            await rest(playing)
        assert not playing.task.done()


async def test_a_speaker_is_not_stopped_while_an_answer_waits_for_more() -> None:
    async with Playing("Good") as playing:
        playing.buffer.start(1)
        playing.buffer.write(block(value=7))
        for _ in range(round(REST_S) * 2):
            playing.stream.play(playing.speaker.rate_hz, Times())
        await asyncio.sleep(0)
        assert not playing.stream.stopped.is_set()


async def test_a_speaker_that_does_not_start_again_is_lost() -> None:
    async with Playing("Good") as playing:
        await rest(playing)
        playing.stream.options["device"] = 3
        playing.buffer.start(1)
        with pytest.raises(SatelliteError) as caught:
            async with asyncio.timeout(PATIENCE_S):
                await playing.task
    assert caught.value.code == "speaker-lost"


async def test_a_speaker_that_is_unplugged_says_so() -> None:
    async with Playing("Good") as playing:
        await asyncio.to_thread(playing.stream.unplug)
        with pytest.raises(SatelliteError) as caught:
            async with asyncio.timeout(PATIENCE_S):
                await playing.task
    assert caught.value.code == "speaker-lost"


async def test_a_device_that_does_not_start_is_lost() -> None:
    with pytest.raises(SatelliteError, match="Device unavailable") as caught:
        await take(SoundMicrophone("Broken", SoundLibrary()), 1, lambda: None)
    assert caught.value.code == "microphone-lost"
    speaker = SoundSpeaker("Broken", SoundLibrary())
    with pytest.raises(SatelliteError) as caught:
        await speaker.run(PlaybackBuffer(speaker.rate_hz))
    assert caught.value.code == "speaker-lost"


@pytest.mark.parametrize("name", ["Nothing", "9", "Line out"])
def test_a_microphone_that_is_not_there_is_one_clear_line(name: str) -> None:
    with pytest.raises(SatelliteError) as caught:
        SoundMicrophone(name, SoundLibrary())
    assert caught.value.code == "no-microphone"
    assert name in caught.value.text
    assert "sotto-satellite devices" in caught.value.text


def test_a_speaker_that_is_not_there_is_one_clear_line() -> None:
    with pytest.raises(SatelliteError) as caught:
        SoundSpeaker("Nothing", SoundLibrary())
    assert caught.value.code == "no-speaker"


def test_a_device_can_be_chosen_by_its_number() -> None:
    SoundSpeaker("2", SoundLibrary())
    assert FakeStream.opened.options["device"] == 2


def test_devices_are_listed_with_the_defaults() -> None:
    listed = list_devices()
    assert [known.name for known in listed][:2] == ["Good card", "Studio card"]
    assert [known.index for known in listed if known.default_input] == [0]
    assert [known.index for known in listed if known.default_output] == [2]
    assert (listed[1].inputs, listed[1].outputs, listed[1].rate_hz) == (2, 2, 48_000)


def test_without_the_package_it_is_said_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "sounddevice", None)
    with pytest.raises(SatelliteError, match=r"sotto\[satellite\]") as caught:
        list_devices()
    assert caught.value.code == "no-sound-library"


def test_without_portaudio_it_is_said_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    class Missing:
        def find_spec(self, name: str, path: object = None, target: object = None) -> None:
            if name == "sounddevice":
                raise OSError("PortAudio library not found")

    monkeypatch.delitem(sys.modules, "sounddevice")
    monkeypatch.setattr(sys, "meta_path", [Missing(), *sys.meta_path])
    with pytest.raises(SatelliteError, match="libportaudio2") as caught:
        list_devices()
    assert caught.value.code == "no-sound-library"


@dataclass
class Trouble:
    """What PortAudio says of a block."""

    input_overflow: bool = False
    output_underflow: bool = False

    def __bool__(self) -> bool:
        return self.input_overflow or self.output_underflow


async def test_what_the_devices_lose_is_counted() -> None:
    losses = Losses()
    SoundMicrophone("Good", SoundLibrary(), losses=losses)
    microphone = FakeStream.opened
    capture = microphone.options["callback"]
    capture(block(), 512, Times(), Trouble())
    capture(block(), 512, Times(), Trouble(input_overflow=True))
    speaker = SoundSpeaker("Good", SoundLibrary(), losses=losses)
    running = asyncio.create_task(speaker.run(PlaybackBuffer(speaker.rate_hz)))
    stream = FakeStream.opened
    await asyncio.to_thread(stream.started.wait, PATIENCE_S)
    stream.options["callback"](bytearray(20), 10, Times(), Trouble(output_underflow=True))
    running.cancel()
    await asyncio.wait([running])
    assert (losses.microphone, losses.speaker) == (1, 1)


async def test_a_speaker_of_another_rate_than_the_buffer_plays_it_as_long() -> None:
    speaker = SoundSpeaker("Studio", SoundLibrary())
    stream = FakeStream.opened
    buffer = PlaybackBuffer(22_050)
    running = asyncio.create_task(speaker.run(buffer))
    await asyncio.to_thread(stream.started.wait, PATIENCE_S)
    buffer.start(1)
    buffer.write(np.full(2205, 1000, dtype="<i2").tobytes())
    buffer.end()
    out = np.frombuffer(stream.play(9600, Times()), dtype="<i2").reshape(-1, 2)
    running.cancel()
    await asyncio.wait([running])
    assert np.count_nonzero(np.abs(out[:, 0]) > 500) == pytest.approx(4800, abs=20)


async def test_a_device_is_closed_aside_while_another_one_is_opened() -> None:
    library = SoundLibrary()
    speaker = SoundSpeaker("Line out", library)
    stream = FakeStream.opened
    running = asyncio.create_task(speaker.run(PlaybackBuffer(speaker.rate_hz)))
    async with asyncio.timeout(PATIENCE_S):
        await asyncio.to_thread(stream.started.wait, PATIENCE_S)
        held, let_go = threading.Event(), threading.Event()

        def open_slowly() -> None:
            with library.locked():
                held.set()
                let_go.wait(PATIENCE_S)

        opening = asyncio.get_running_loop().run_in_executor(None, open_slowly)
        await asyncio.to_thread(held.wait, PATIENCE_S)
        running.cancel()
        await asyncio.sleep(0)  # the program goes on
        assert not stream.closed
        let_go.set()
        await asyncio.wait([running, opening])
    assert running.cancelled()
    assert stream.closed
