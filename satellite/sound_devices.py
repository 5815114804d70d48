"""Microphone and speaker of the sound card, through PortAudio.

Its callbacks run on a thread of their own and never wait: they put into, or take out of, a bounded
buffer. The library is loaded when a device is opened, and not by who plays from files.
"""

import asyncio
import time
from collections.abc import AsyncGenerator, Callable
from contextlib import suppress
from typing import Any

import numpy as np

from audio.pcm import FRAME_SAMPLES, SPEECH_RATE_HZ
from satellite.errors import SatelliteError
from satellite.intake import BlockFormat, Cleaner, Intake
from satellite.losses import Losses
from satellite.microphone import Frame
from satellite.resampled import at_rate
from satellite.sound_library import Opened, SoundLibrary, SoundStream
from satellite.speaker import Renderer
from satellite.wav_devices import SPEAKER_RATE_HZ

SPEAKER_BLOCK_S = 0.01
"""Through PulseAudio: 20 ms more until sound is heard than with 3 ms, at a third of the load."""
CLEANED_BLOCK_S = 0.03
"""What is cleaned is cleaned in pieces of 10 ms: frames of 32 ms wait for their last."""
REST_S = 5.0
"""A speaker with nothing to play for so long is stopped: it costs a third of the whole program."""
MOST_LATENCY_S = 1.0
"""Larger latencies are a driver's nonsense."""


class SoundMicrophone:
    """A microphone of the sound card."""

    def __init__(
        self,
        name: str,
        library: SoundLibrary,
        *,
        channel: int = 0,
        cleaner: Cleaner | None = None,
        losses: Losses | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Open the device. Raises SatelliteError "no-microphone"."""
        self._clock = clock
        self._sounddevice = library.sounddevice
        self._block_s = FRAME_SAMPLES / SPEECH_RATE_HZ if cleaner is None else CLEANED_BLOCK_S
        self._intake = Intake(channel=channel, cleaner=cleaner)
        self._format = BlockFormat(SPEECH_RATE_HZ, 2, 1)
        self._losses = losses if losses is not None else Losses()
        self._stream: SoundStream | None = None
        self._stream = library.open(
            "input",
            name,
            rate_hz=SPEECH_RATE_HZ,
            channels=max(1, channel),
            options=self._options,
            on_lost=self._gone,
        )

    @property
    def device_name(self) -> str:
        """Return what the device is called."""
        return _name(self._stream)

    @property
    def dropped_frames(self) -> int:
        """Return how many blocks were lost because nobody took them in time."""
        return self._intake.dropped_frames

    @property
    def patient(self) -> bool:
        """Return whether frames may come two at a time."""
        return self._intake.patient

    @patient.setter
    def patient(self, patient: bool) -> None:
        self._intake.patient = patient

    async def frames(self) -> AsyncGenerator[Frame, None]:
        """Yield frames until closed. Raises SatelliteError "microphone-lost"."""
        assert self._stream is not None
        try:
            await _start(self._stream, self._sounddevice, "microphone-lost")
            async for frame in self._intake.frames():
                yield frame
        finally:
            await _close(self._stream)

    def _options(self, opened: Opened) -> dict[str, Any]:
        self._format = block_format = BlockFormat(opened.rate_hz, 2, opened.channels)

        def capture(block: Any, samples: int, times: Any, status: Any) -> None:
            now = self._clock()
            ago_s = times.currentTime - times.inputBufferAdcTime
            if not 0 < ago_s < MOST_LATENCY_S:
                ago_s = samples / block_format.rate_hz
            if status and status.input_overflow:
                self._losses.microphone += 1
            self._intake.put(bytes(block), now - ago_s, block_format)

        return {
            "blocksize": round(self._block_s * opened.rate_hz),
            "callback": capture,
            "finished_callback": self._end,
        }

    def _end(self) -> None:
        if self._stream is None or not self._stream.held:
            self._gone()

    def _gone(self) -> None:
        self._intake.end("the microphone is gone")


class SoundSpeaker:
    """A speaker of the sound card."""

    def __init__(
        self,
        name: str,
        library: SoundLibrary,
        *,
        losses: Losses | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Open the device. Raises SatelliteError "no-speaker"."""
        self._clock = clock
        self._sounddevice = library.sounddevice
        self._source: Renderer | None = None
        self._render: Renderer | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._lost = asyncio.Event()
        self._wanted = asyncio.Event()
        self._rests = asyncio.Event()
        self._silent_samples = 0
        self._stopping = False
        self._losses = losses if losses is not None else Losses()
        self._stream: SoundStream | None = None
        self._stream = library.open(
            "output",
            name,
            rate_hz=SPEAKER_RATE_HZ,
            channels=1,
            options=self._options,
            on_lost=self._gone,
        )

    @property
    def rate_hz(self) -> int:
        """Return the rate at which it plays."""
        assert self._stream is not None
        return self._stream.opened.rate_hz

    @property
    def device_name(self) -> str:
        """Return what the device is called."""
        return _name(self._stream)

    async def run(self, source: Renderer) -> None:
        """Play what is in the buffer until cancelled. Raises SatelliteError "speaker-lost"."""
        assert self._stream is not None
        self._source = source
        self._render = at_rate(source, self.rate_hz)
        self._loop = asyncio.get_running_loop()
        source.on_order = self._order
        try:
            while not self._lost.is_set():
                await self._play(self._stream, source)
        finally:
            source.on_order = _ignore
            await _close(self._stream)
        raise SatelliteError("speaker-lost", "the speaker is gone")

    async def _play(self, stream: SoundStream, source: Renderer) -> None:
        """Play until there has been nothing to play for a while, then wait for something."""
        self._rests.clear()
        self._silent_samples = 0
        self._stopping = False
        await _start(stream, self._sounddevice, "speaker-lost")
        await _first(self._rests, self._lost)
        if self._lost.is_set():
            return
        self._wanted.clear()
        if not source.idle:
            return
        self._stopping = True
        await _stop(stream, self._sounddevice)
        if source.idle:
            await _first(self._wanted, self._lost)

    def _order(self) -> None:
        """Take note, on any thread, that there is something to play."""
        if self._stopping and self._loop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._wanted.set)

    def _options(self, opened: Opened) -> dict[str, Any]:
        if self._source is not None:
            self._render = at_rate(self._source, opened.rate_hz)

        def play(block: Any, samples: int, times: Any, status: Any) -> None:
            render = self._render
            if render is None:
                block[:] = bytes(len(block))
                return
            if status and status.output_underflow:
                self._losses.speaker += 1
            ahead_s = times.outputBufferDacTime - times.currentTime
            if not 0 <= ahead_s < MOST_LATENCY_S:
                ahead_s = 0.0
            self._note_silence(samples, opened.rate_hz)
            audio = render.render(samples, self._clock() + ahead_s)
            if opened.channels > 1:
                audio = np.frombuffer(audio, dtype="<i2").repeat(opened.channels).tobytes()
            block[:] = audio

        return {
            "blocksize": round(SPEAKER_BLOCK_S * opened.rate_hz),
            "callback": play,
            "finished_callback": self._end,
        }

    def _note_silence(self, samples: int, rate_hz: int) -> None:
        """Count silence, on the device's thread; say once that it has been enough."""
        if self._source is None or not self._source.idle:
            self._silent_samples = 0
            return
        before, self._silent_samples = self._silent_samples, self._silent_samples + samples
        enough = REST_S * rate_hz
        if before < enough <= self._silent_samples and self._loop is not None:
            self._loop.call_soon_threadsafe(self._rests.set)

    def _end(self) -> None:
        if self._stopping:
            return
        if self._stream is None or not self._stream.held:
            self._gone()

    def _gone(self) -> None:
        if self._loop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._lost.set)


async def _start(stream: SoundStream, sounddevice: Any, code: str) -> None:
    try:
        await asyncio.to_thread(stream.start)
    except sounddevice.PortAudioError as error:
        raise SatelliteError(code, f"the sound device does not start ({error})") from error


async def _stop(stream: SoundStream, sounddevice: Any) -> None:
    try:
        await asyncio.to_thread(stream.stop)
    except sounddevice.PortAudioError as error:
        raise SatelliteError("speaker-lost", f"the sound device does not stop ({error})") from error


async def _first(*events: asyncio.Event) -> None:
    """Wait until one of some events is set."""
    waits = [asyncio.ensure_future(event.wait()) for event in events]
    try:
        await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for wait in waits:
            wait.cancel()


def _ignore() -> None:
    """Stand in where nobody listens."""


async def _close(stream: SoundStream) -> None:
    """Close it aside: the library may be looking for devices, which takes long."""
    with suppress(SatelliteError):  # a sound system that hangs keeps it
        await asyncio.to_thread(stream.close)


def _name(stream: SoundStream | None) -> str:
    return "" if stream is None else stream.opened.device.name
