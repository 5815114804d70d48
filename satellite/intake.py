"""From a microphone's blocks, of any format, to frames.

The device's thread puts blocks into a bounded ring and never waits; the program takes them out.
"""

import asyncio
from collections import deque
from collections.abc import AsyncGenerator
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from audio.pcm import FRAME_SAMPLES, SPEECH_RATE_HZ, from_float, to_float, to_mono16
from audio.sinc import SincResampler
from satellite.errors import SatelliteError
from satellite.microphone import FRAME_BYTES, FRAME_S, Frame

RING_S = 2.0
"""More means that the program is stuck, and then old sound is of no use."""
SILENT_DEVICE_S = 3.0
"""A device that calls back every 32 ms and has not for this long is gone."""
CLEANED_S = 0.01
"""What is cleaned is cleaned in pieces of this length, so a frame may need one more of them."""


JOINED_S = 0.04
"""Small blocks are worked on together, up to this length, and twice this by who is patient."""


@dataclass(frozen=True, slots=True)
class BlockFormat:
    """What a device delivers."""

    rate_hz: int
    width: int
    """Bytes of a sample."""
    channels: int

    @property
    def sample_bytes(self) -> int:
        """Return the size of one sample of all channels."""
        return self.width * self.channels


class Cleaner(Protocol):
    """Takes echo and noise out of what a microphone hears."""

    @property
    def held_samples(self) -> int:
        """Return how many samples it was given and has not returned."""

    def process(self, pcm16: bytes, at: float) -> bytes:
        """Take 16 kHz sound that was in the air from `at` on; return what is cleaned of it."""


class Intake:
    """Takes blocks on one thread and yields frames on another."""

    def __init__(self, *, channel: int = 0, cleaner: Cleaner | None = None) -> None:
        """Hear one `channel`, from 1, or with 0 all of them mixed."""
        self.dropped_frames = 0
        self.patient = False
        """As a microphone is."""
        self._channel = channel
        self._cleaner = cleaner
        self._blocks: deque[tuple[bytes, float, BlockFormat]] = deque()
        self._put_s = 0.0  # the device's thread alone writes it
        self._taken_s = 0.0
        self._wanted_s = 0.0
        self._arrived = asyncio.Event()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._ended: str | None = None
        self._format: BlockFormat | None = None
        self._resampler: SincResampler | None = None
        self._kept = bytearray()

    def put(self, block: bytes, at: float, block_format: BlockFormat) -> None:
        """Add a block whose first sample was in the air at `at`. Drops the oldest when full."""
        length_s = _length_s(block, block_format)
        while self._blocks and self._put_s - self._taken_s > RING_S:
            try:
                oldest, _, oldest_format = self._blocks.popleft()
            except IndexError:
                break
            self._put_s -= _length_s(oldest, oldest_format)
            self.dropped_frames += 1
        self._blocks.append((block, at, block_format))
        self._put_s += length_s
        if self._put_s - self._taken_s >= self._wanted_s:
            self._wake_up()

    def end(self, reason: str) -> None:
        """Let `frames` end when all that was put has been taken. From any thread."""
        self._ended = reason
        self._wake_up()

    async def frames(self) -> AsyncGenerator[Frame, None]:
        """Yield frames until closed. Raises SatelliteError "microphone-lost"."""
        self._loop = asyncio.get_running_loop()
        sample_index = 0
        while True:
            block, captured_at, block_format = await self._next_block()
            begins_at = self._add(block, captured_at, block_format)
            while len(self._kept) >= FRAME_BYTES:
                yield Frame(bytes(self._kept[:FRAME_BYTES]), sample_index, begins_at)
                del self._kept[:FRAME_BYTES]
                sample_index += FRAME_SAMPLES
                begins_at += FRAME_S

    async def _next_block(self) -> tuple[bytes, float, BlockFormat]:
        while not self._blocks:
            if self._ended is not None:
                raise SatelliteError("microphone-lost", self._ended)
            missing_s = FRAME_S - len(self._kept) / 2 / SPEECH_RATE_HZ
            if self._cleaner is not None:
                missing_s = np.ceil(missing_s / CLEANED_S) * CLEANED_S
                missing_s -= self._cleaner.held_samples / SPEECH_RATE_HZ
            self._wanted_s = float(missing_s) + FRAME_S * self.patient - 0.001
            self._arrived.clear()
            if self._blocks and self._put_s - self._taken_s >= self._wanted_s:
                break
            try:
                async with asyncio.timeout(SILENT_DEVICE_S):
                    await self._arrived.wait()
            except TimeoutError:
                if not self._blocks:
                    raise SatelliteError(
                        "microphone-lost", f"the microphone gave nothing for {SILENT_DEVICE_S:g} s"
                    ) from None
        block, at, block_format = self._blocks.popleft()
        most = int(JOINED_S * (1 + self.patient) * block_format.rate_hz) * block_format.sample_bytes
        while self._blocks and self._blocks[0][2] == block_format:
            if len(block) + len(self._blocks[0][0]) > most:
                break
            block += self._blocks.popleft()[0]
        self._taken_s += _length_s(block, block_format)
        return block, at, block_format

    def _add(self, block: bytes, captured_at: float, block_format: BlockFormat) -> float:
        """Add a block to what is kept; return when the first sample of that was in the air."""
        if block_format != self._format:
            self._format = block_format
            self._resampler = (
                None
                if block_format.rate_hz == SPEECH_RATE_HZ
                else SincResampler(block_format.rate_hz, SPEECH_RATE_HZ)
            )
        mono = self._pick(block, block_format)
        if self._resampler is not None:
            captured_at -= self._resampler.held_samples / block_format.rate_hz
            mono = from_float(self._resampler.process(to_float(mono)))
        behind = len(self._kept) // 2
        if self._cleaner is not None:
            behind += self._cleaner.held_samples
            mono = self._cleaner.process(mono, captured_at)
        self._kept += mono
        return captured_at - behind / SPEECH_RATE_HZ

    def _pick(self, block: bytes, block_format: BlockFormat) -> bytes:
        width, channels = block_format.width, block_format.channels
        if not self._channel or channels == 1:
            return to_mono16(block, width=width, channels=channels)
        raw = np.frombuffer(block, dtype=np.uint8)
        raw = raw[: raw.size - raw.size % block_format.sample_bytes]
        one = raw.reshape(-1, channels, width)[:, self._channel - 1]
        return to_mono16(one.tobytes(), width=width, channels=1)

    def _wake_up(self) -> None:
        if self._loop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._arrived.set)


def _length_s(block: bytes, block_format: BlockFormat) -> float:
    return len(block) / block_format.sample_bytes / block_format.rate_hz
