"""Microphone and speaker made of the owner's programs, for hardware that PortAudio does not know.

The microphone's program writes raw PCM to its standard output; the speaker's reads it from its
standard input. A program that ends is an error like a device that was unplugged.
"""

import asyncio
import fcntl
import os
import socket
import time
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import suppress

import numpy as np

from satellite.command import ended, parse, running
from satellite.errors import SatelliteError
from satellite.intake import BlockFormat, Cleaner, Intake
from satellite.microphone import Frame
from satellite.resampled import at_rate
from satellite.speaker import Renderer

READ_S = 0.01
WRITE_S = 0.01
STUCK_S = 3.0
"""A speaker's program that takes nothing for this long is lost."""
PIPE_BYTES = 4096
"""The least that a pipe holds: what waits in it is heard even after a flush."""
LATE_S = 0.1
"""Further behind than programs' own buffers reach: what was missed is not made up for."""


class CommandMicrophone:
    """A microphone that is a program."""

    def __init__(
        self,
        command: str,
        block_format: BlockFormat,
        *,
        channel: int = 0,
        cleaner: Cleaner | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Raises SatelliteError "bad-settings"."""
        self._words = parse(command)
        self.device_name = self._words[0]
        self._format = block_format
        self._intake = Intake(channel=channel, cleaner=cleaner)
        self._clock = clock

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
        async with running(self._words, "microphone-lost") as process:
            assert process.stdout is not None
            reading = asyncio.create_task(self._read(process, process.stdout))
            try:
                async for frame in self._intake.frames():
                    yield frame
            finally:
                reading.cancel()
                await asyncio.wait([reading])

    async def _read(
        self, process: asyncio.subprocess.Process, stdout: asyncio.StreamReader
    ) -> None:
        block_format = self._format
        size = round(READ_S * block_format.rate_hz) * block_format.sample_bytes
        while True:
            try:
                block = await stdout.readexactly(size)
            except asyncio.IncompleteReadError:
                error = await ended(process, self.device_name, "microphone-lost")
                self._intake.end(error.text)
                return
            self._intake.put(block, self._clock() - READ_S, block_format)


class CommandSpeaker:
    """A speaker that is a program. It gets sound at the pace of time, and silence in between."""

    def __init__(
        self,
        command: str,
        rate_hz: int,
        channels: int = 1,
        *,
        latency_ms: int = 0,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[object]] = asyncio.sleep,
    ) -> None:
        """Raises SatelliteError "bad-settings"."""
        self._words = parse(command)
        self.device_name = self._words[0]
        self._rate_hz = rate_hz
        self._channels = channels
        self._latency_s = latency_ms / 1000
        self._clock = clock
        self._sleep = sleep

    @property
    def rate_hz(self) -> int:
        """Return the rate at which it plays."""
        return self._rate_hz

    async def run(self, source: Renderer) -> None:
        """Play what is in the buffer until cancelled. Raises SatelliteError "speaker-lost"."""
        async with running(self._words, "speaker-lost", stdin=True) as process:
            assert process.stdin is not None
            _make_short(process.stdin)
            try:
                await self._play(process.stdin, at_rate(source, self._rate_hz))
            except (BrokenPipeError, ConnectionResetError):
                raise await ended(process, self.device_name, "speaker-lost") from None

    async def _play(self, stdin: asyncio.StreamWriter, source: Renderer) -> None:
        samples = round(WRITE_S * self._rate_hz)
        at = self._clock()
        while True:
            audio = source.render(samples, at + self._latency_s)
            if self._channels > 1:
                audio = np.frombuffer(audio, dtype="<i2").repeat(self._channels).tobytes()
            stdin.write(audio)
            try:
                async with asyncio.timeout(STUCK_S):
                    await stdin.drain()
            except TimeoutError:
                text = f"the command {self.device_name!r} took no sound for {STUCK_S:g} s"
                raise SatelliteError("speaker-lost", text) from None
            at += samples / self._rate_hz
            if self._clock() - at > LATE_S:
                at = self._clock()
            await self._sleep(max(0.0, at - self._clock()))


def _make_short(stdin: asyncio.StreamWriter) -> None:
    """Let little wait between us and the program, where the system lets us."""
    stdin.transport.set_write_buffer_limits(high=0)
    pipe = stdin.get_extra_info("pipe")
    if pipe is None or pipe.closed:  # a program that has ended already is noticed by writing to it
        return
    with suppress(OSError, AttributeError):
        fcntl.fcntl(pipe.fileno(), fcntl.F_SETPIPE_SZ, PIPE_BYTES)
        return
    # Before Python 3.12 it is a pair of sockets.
    with suppress(OSError), socket.socket(fileno=os.dup(pipe.fileno())) as end:
        end.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, PIPE_BYTES)
