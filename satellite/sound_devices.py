"""Microphone and speaker of the sound card, through PortAudio.

Its callbacks run on a thread of their own and never wait: they put into, or take out of, a bounded
buffer. The library is loaded when a device is opened, and not by who plays from files.
"""

import asyncio
import time
from collections import deque
from collections.abc import AsyncGenerator, Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from audio.pcm import FRAME_SAMPLES, SPEECH_RATE_HZ, to_mono16
from audio.resample import Resampler
from satellite.errors import SatelliteError
from satellite.jitter import PlaybackBuffer
from satellite.microphone import FRAME_BYTES, Frame
from satellite.wav_devices import SPEAKER_RATE_HZ

RING_BLOCKS = 64
"""2 s: more means that the program is stuck, and then old sound is of no use."""
SPEAKER_BLOCK_S = 0.01
"""Through PulseAudio: 20 ms more until sound is heard than with 3 ms, at a third of the load."""
SILENT_DEVICE_S = 3.0
"""A device that calls back every 32 ms and has not for this long is gone."""
MOST_LATENCY_S = 1.0
"""Larger latencies are a driver's nonsense."""

_ADVICE = "`sotto-satellite devices` lists what there is; without a sound card use wav:FILE or none"


@dataclass(frozen=True, slots=True)
class DeviceInfo:
    """One device of this machine."""

    index: int
    name: str
    inputs: int
    outputs: int
    rate_hz: int
    default_input: bool
    default_output: bool


def list_devices() -> list[DeviceInfo]:
    """Return every device. Raises SatelliteError "no-sound-library"."""
    sounddevice = _load()
    default_input, default_output = sounddevice.default.device
    return [
        DeviceInfo(
            index=index,
            name=device["name"],
            inputs=device["max_input_channels"],
            outputs=device["max_output_channels"],
            rate_hz=round(device["default_samplerate"]),
            default_input=index == default_input,
            default_output=index == default_output,
        )
        for index, device in enumerate(sounddevice.query_devices())
    ]


class SoundMicrophone:
    """A microphone of the sound card."""

    def __init__(self, name: str, *, clock: Callable[[], float] = time.monotonic) -> None:
        """Open the device. Raises SatelliteError "no-sound-library", "no-microphone"."""
        sounddevice = _load()
        self._clock = clock
        self._ring: deque[tuple[bytes, float]] = deque()
        self._arrived = asyncio.Event()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._lost = False
        self.dropped_frames = 0
        try:
            device = _choose(sounddevice, name, "input")
            self._rate_hz, self._channels = _settle(sounddevice, "input", device, SPEECH_RATE_HZ)
            self._stream = sounddevice.RawInputStream(
                device=device["index"],
                samplerate=self._rate_hz,
                channels=self._channels,
                dtype="int16",
                blocksize=FRAME_SAMPLES * self._rate_hz // SPEECH_RATE_HZ,
                latency="low",
                callback=self._capture,
                finished_callback=self._end,
            )
        except (sounddevice.PortAudioError, ValueError) as error:
            raise SatelliteError(
                "no-microphone", f"the microphone {name!r} can not be opened ({error}); {_ADVICE}"
            ) from error

    async def frames(self) -> AsyncGenerator[Frame, None]:
        """Yield frames until closed. Raises SatelliteError "microphone-lost"."""
        self._loop = asyncio.get_running_loop()
        resampler = Resampler(self._rate_hz, SPEECH_RATE_HZ)
        kept = bytearray()
        sample_index = 0
        try:
            _start(self._stream, "microphone-lost")
            while True:
                block, captured_at = await self._next_block()
                mono = to_mono16(block, width=2, channels=self._channels)
                begins_at = captured_at - len(kept) / 2 / SPEECH_RATE_HZ
                kept += resampler.process(mono)
                while len(kept) >= FRAME_BYTES:
                    yield Frame(bytes(kept[:FRAME_BYTES]), sample_index, begins_at)
                    del kept[:FRAME_BYTES]
                    sample_index += FRAME_SAMPLES
                    begins_at += FRAME_SAMPLES / SPEECH_RATE_HZ
        finally:
            self._stream.close(ignore_errors=True)

    async def _next_block(self) -> tuple[bytes, float]:
        while not self._ring:
            if self._lost:
                raise SatelliteError("microphone-lost", "the microphone is gone")
            self._arrived.clear()
            try:
                async with asyncio.timeout(SILENT_DEVICE_S):
                    await self._arrived.wait()
            except TimeoutError:
                raise SatelliteError(
                    "microphone-lost", f"the microphone gave nothing for {SILENT_DEVICE_S:g} s"
                ) from None
        return self._ring.popleft()

    def _capture(self, block: Any, samples: int, times: Any, status: object) -> None:
        del status  # what the device lost is gone; what we lose is counted below
        now = self._clock()
        ago_s = times.currentTime - times.inputBufferAdcTime
        if not 0 < ago_s < MOST_LATENCY_S:
            ago_s = samples / self._rate_hz
        if len(self._ring) >= RING_BLOCKS:
            self._ring.popleft()
            self.dropped_frames += 1
        self._ring.append((bytes(block), now - ago_s))
        self._wake_up()

    def _end(self) -> None:
        self._lost = True
        self._wake_up()

    def _wake_up(self) -> None:
        if self._loop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._arrived.set)


class SoundSpeaker:
    """A speaker of the sound card."""

    def __init__(self, name: str, *, clock: Callable[[], float] = time.monotonic) -> None:
        """Open the device. Raises SatelliteError "no-sound-library", "no-speaker"."""
        sounddevice = _load()
        self._clock = clock
        self._source: PlaybackBuffer | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._lost = asyncio.Event()
        try:
            device = _choose(sounddevice, name, "output")
            self._rate_hz, self._channels = _settle(sounddevice, "output", device, SPEAKER_RATE_HZ)
            self._stream = sounddevice.RawOutputStream(
                device=device["index"],
                samplerate=self._rate_hz,
                channels=self._channels,
                dtype="int16",
                blocksize=int(SPEAKER_BLOCK_S * self._rate_hz),
                latency="low",
                callback=self._play,
                finished_callback=self._end,
            )
        except (sounddevice.PortAudioError, ValueError) as error:
            raise SatelliteError(
                "no-speaker", f"the speaker {name!r} can not be opened ({error}); {_ADVICE}"
            ) from error

    @property
    def rate_hz(self) -> int:
        """Return the rate at which it plays."""
        return self._rate_hz

    async def run(self, source: PlaybackBuffer) -> None:
        """Play what is in the buffer until cancelled. Raises SatelliteError "speaker-lost"."""
        self._source = source
        self._loop = asyncio.get_running_loop()
        try:
            _start(self._stream, "speaker-lost")
            await self._lost.wait()
        finally:
            self._stream.close(ignore_errors=True)
        raise SatelliteError("speaker-lost", "the speaker is gone")

    def _play(self, block: Any, samples: int, times: Any, status: object) -> None:
        del status  # the device's own underruns can not be mended from here
        source = self._source
        if source is None:
            block[:] = bytes(len(block))
            return
        ahead_s = times.outputBufferDacTime - times.currentTime
        if not 0 <= ahead_s < MOST_LATENCY_S:
            ahead_s = 0.0
        audio = source.render(samples, self._clock() + ahead_s)
        if self._channels > 1:
            audio = np.frombuffer(audio, dtype="<i2").repeat(self._channels).tobytes()
        block[:] = audio

    def _end(self) -> None:
        if self._loop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._lost.set)


def _load() -> Any:
    """Return the sounddevice module, which brings PortAudio."""
    try:
        import sounddevice  # noqa: PLC0415  # slow, and only some satellites have a sound card
    except ImportError as error:
        raise SatelliteError(
            "no-sound-library",
            "sound cards need the package sounddevice: install 'sotto[satellite]', "
            "or use wav:FILE or none",
        ) from error
    except OSError as error:
        raise SatelliteError(
            "no-sound-library",
            "the PortAudio library is missing: install it (Debian: apt install libportaudio2), "
            "or use wav:FILE or none",
        ) from error
    return sounddevice


def _start(stream: Any, code: str) -> None:
    try:
        stream.start()
    except _load().PortAudioError as error:
        raise SatelliteError(code, f"the sound device does not start ({error})") from error


def _choose(sounddevice: Any, name: str, kind: str) -> Any:
    """Return the device of a setting: `default`, a number, or a part of a name."""
    wanted: str | int | None = name
    if name == "default":
        wanted = None
    elif name.isdecimal():
        wanted = int(name)
    return sounddevice.query_devices(wanted, kind)


def _settle(sounddevice: Any, kind: str, device: Any, wanted_hz: int) -> tuple[int, int]:
    """Return rate and channels that the device takes: ours if it can, else its own."""
    check = getattr(sounddevice, f"check_{kind}_settings")
    default_hz = round(device["default_samplerate"])
    most_channels = min(2, device[f"max_{kind}_channels"])
    for rate_hz, channels in ((wanted_hz, 1), (default_hz, 1)):
        try:
            check(device=device["index"], samplerate=rate_hz, channels=channels, dtype="int16")
        except sounddevice.PortAudioError:
            continue
        return rate_hz, channels
    # Opening it as it wants to be opened says best what is wrong, if anything is.
    return default_hz, most_channels
