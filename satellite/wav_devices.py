"""A microphone and a speaker made of WAV files: for tests, demos, and rooms without a sound card.

Both keep time like real ones: against an absolute clock, so that lateness does not add up. In fast
mode they do not wait where nobody would notice.
"""

import asyncio
import time
from collections import deque
from collections.abc import AsyncGenerator, Awaitable, Callable
from pathlib import Path

from audio.pcm import FRAME_SAMPLES
from satellite.jitter import PlaybackBuffer, PlaybackReport
from satellite.microphone import FRAME_BYTES, FRAME_S, Frame
from satellite.wav_files import WavWriter

SPEAKER_RATE_HZ = 22_050
"""What espeak-ng and most Piper voices speak at: nothing is resampled on the way."""
MAX_CLIPS = 8
FAST_TAIL_S = 3.0
"""Silence that follows a clip at once in fast mode, so that the hub finds the end of speech."""
BLOCK_S = 0.01
LATE_S = 1.0
"""Further behind than a sound card's buffer reaches: what was missed is lost, as it is there."""

Sleep = Callable[[float], Awaitable[object]]
OnStart = Callable[[float], None]
"""Is told the time at which the first sample is in the air."""


def _ignore(at: float) -> None:
    """Stand in where nobody asks when it begins."""


class WavMicrophone:
    """Delivers silence, and speech when told to say something."""

    def __init__(
        self,
        *,
        realtime: bool = True,
        clock: Callable[[], float] = time.monotonic,
        sleep: Sleep = asyncio.sleep,
    ) -> None:
        self.dropped_frames = 0
        self.patient = False
        self._realtime = realtime
        self._clock = clock
        self._sleep = sleep
        self._clips: deque[tuple[bytes, OnStart]] = deque()
        self._position = 0
        self._tail_frames = 0

    def say(self, pcm16: bytes, on_start: OnStart = _ignore) -> None:
        """Deliver 16 kHz speech from the next frame on; `on_start` is called when that begins.

        Raises ValueError when MAX_CLIPS wait.
        """
        if len(self._clips) >= MAX_CLIPS:
            raise ValueError(f"{MAX_CLIPS} clips wait already")
        self._clips.append((pcm16, on_start))

    def hush(self) -> None:
        """Say no more of what is being said or waits to be."""
        self._clips.clear()
        self._position = self._tail_frames = 0

    async def frames(self) -> AsyncGenerator[Frame, None]:
        """Yield frames for ever, each when its last sample has been in the air."""
        captured_at = self._clock()
        sample_index = 0
        while True:
            # What is said from here on is in the air after this frame has begun.
            clip_sample, audio = self._next_audio(captured_at)
            if self._hurries(clip_sample):
                captured_at = self._clock()
                await self._sleep(0)
                next_at = captured_at
            else:
                next_at = captured_at + FRAME_S
                await self._sleep(max(0.0, next_at - self._clock()))
            yield Frame(audio, sample_index, captured_at, clip_sample)
            sample_index += FRAME_SAMPLES
            behind_s = self._clock() - next_at
            if behind_s > LATE_S:
                self.dropped_frames += int(behind_s / FRAME_S)
                next_at = self._clock()
            captured_at = next_at

    def _next_audio(self, at: float) -> tuple[int | None, bytes]:
        if not self._clips:
            return None, bytes(FRAME_BYTES)
        (clip, on_start), begin = self._clips[0], self._position
        if begin == 0:
            on_start(at)
        audio = clip[begin : begin + FRAME_BYTES]
        self._position += FRAME_BYTES
        if self._position >= len(clip):
            self._clips.popleft()
            self._position = 0
            self._tail_frames = int(FAST_TAIL_S / FRAME_S)
        return begin // 2, audio.ljust(FRAME_BYTES, b"\0")

    def _hurries(self, clip_sample: int | None) -> bool:
        if self._realtime:
            return False
        if clip_sample is not None:
            return True
        self._tail_frames -= 1
        return self._tail_frames >= 0


class WavSpeaker:
    """Plays into a WAV file, into one file a turn, or into nothing."""

    def __init__(
        self,
        path: Path | None = None,
        *,
        rate_hz: int = SPEAKER_RATE_HZ,
        realtime: bool = True,
        clock: Callable[[], float] = time.monotonic,
        sleep: Sleep = asyncio.sleep,
    ) -> None:
        """Play into the file `path`, or if it is a folder, into one file a turn in it.

        Raises SatelliteError "speaker-file".
        """
        self.number: int | None = None
        """Names the next file in a folder, N.wav; without it the turns are counted from 1."""
        self._rate_hz = rate_hz
        self._realtime = realtime
        self._clock = clock
        self._sleep = sleep
        self._folder = path if path is not None and path.is_dir() else None
        self._writer = (
            WavWriter(path, rate_hz) if path is not None and self._folder is None else None
        )
        self._stream: int | None = None
        self._turns = 0

    @property
    def rate_hz(self) -> int:
        """Return the rate at which it plays."""
        return self._rate_hz

    async def run(self, source: PlaybackBuffer) -> None:
        """Play what is in the buffer until cancelled. Raises SatelliteError "speaker-file"."""
        ordered = asyncio.Event()
        source.on_order = ordered.set
        try:
            while True:
                ordered.clear()
                if source.idle:
                    await ordered.wait()
                if self._realtime:
                    await self._play(source)
                else:
                    await self._play_fast(source, ordered)
        finally:
            if self._writer is not None:
                self._writer.close()

    async def _play(self, source: PlaybackBuffer) -> None:
        at = self._clock()
        block_samples = int(BLOCK_S * self._rate_hz)
        while not source.idle:
            block = source.render(block_samples, at)
            self._record(block, source.report)
            at += block_samples / self._rate_hz
            late_s = self._clock() - at
            if late_s > LATE_S:
                at += late_s
            await self._sleep(max(0.0, -late_s))

    async def _play_fast(self, source: PlaybackBuffer, ordered: asyncio.Event) -> None:
        while not source.idle:
            ordered.clear()
            before = source.report
            block = source.render(int(BLOCK_S * self._rate_hz), self._clock())
            after = source.report
            same = after.stream == before.stream
            played = after.played_samples - (before.played_samples if same else 0)
            self._record(block[: played * 2], after)
            if played or after.finished:
                await self._sleep(0)
            else:
                await ordered.wait()

    def _record(self, block: bytes, report: PlaybackReport) -> None:
        """Keep what was heard, gaps included, from the first sample of a turn to its last."""
        if report.started_at is None:
            return
        if report.stream != self._stream:
            self._stream = report.stream
            self._turns += 1
            if self._folder is not None:
                self._open(self._folder / f"{self.number or self._turns}.wav")
        if self._writer is not None:
            self._writer.write(block)
            if report.finished:
                self._writer.sync()

    def _open(self, path: Path) -> None:
        if self._writer is not None:
            if self._writer.path == path:
                return
            self._writer.close()
        self._writer = WavWriter(path, self._rate_hz)
