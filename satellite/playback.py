"""Playback as the program sees it: audio of any format goes in, reports of the speaker come out."""

import asyncio
import time
from collections.abc import Callable
from typing import Protocol

from audio.pcm import gain_from_db, to_mono16
from audio.resample import Resampler
from protocol import AudioFormat
from satellite.jitter import PlaybackBuffer

REPORT_S = 0.1
"""How often the hub hears of the position: it knows to a word what was heard."""
EARLY_S = 1e-6
"""A timer may fire a hair before its time; to wait for that rest would be to spin."""
VOLUME_RAMP_MS = 20.0


class PlaybackListener(Protocol):
    """Who wants to know what the speaker does."""

    def playback_started(self, turn: int, at: float) -> None:
        """The first sample of a turn is heard at `at`."""

    def playback_moved(self, turn: int, position_ms: float, buffered_ms: float) -> None:
        """Playback goes on; comes every REPORT_S."""

    def playback_paused(self, turn: int, at: float, position_ms: float, buffered_ms: float) -> None:
        """A pause is silent since `at`; the position stands still."""

    def playback_finished(self, turn: int, position_ms: float) -> None:
        """The speaker is silent and nothing of the turn is left."""


class Playback:
    """Feeds the playback buffer and reports what the renderer makes of it."""

    def __init__(
        self,
        buffer: PlaybackBuffer,
        listener: PlaybackListener,
        *,
        volume: float = 1.0,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """`volume` is from 0 to 1."""
        self.buffer = buffer
        self._listener = listener
        self._clock = clock
        self._volume = volume
        self._turn_volume: float | None = None
        self._duck_db = 0.0
        self._resampler: Resampler | None = None
        self._turn: int | None = None
        self._started = False
        self._paused_at: float | None = None
        self._last_report = 0.0
        self._changed = asyncio.Event()

    @property
    def volume(self) -> float:
        """Return the volume, from 0 to 1."""
        return self._volume

    @property
    def underruns(self) -> int:
        """Return how often the speaker ran dry."""
        return self.buffer.report.underruns

    def start(self, turn: int) -> None:
        """Begin a turn's audio. One that still plays ends here."""
        if self._turn is not None:
            self._finish(self._clock())
        self._turn = turn
        self._started = False
        self._resampler = None
        self._turn_volume, self._duck_db = None, 0.0
        self.buffer.start(turn)
        self._set_gain(0)
        self._changed.set()

    def play(self, turn: int, audio: bytes, audio_format: AudioFormat) -> None:
        """Add audio of a started turn. Raises PlaybackFull."""
        if self._turn is None:
            # More of a turn that had been played to its end.
            self._turn = turn
            self._changed.set()
        pcm16 = to_mono16(audio, width=audio_format.width, channels=audio_format.channels)
        if self._resampler is None or self._resampler.from_hz != audio_format.rate:
            self._write_tail()
            self._resampler = Resampler(audio_format.rate, self.buffer.rate_hz)
        self.buffer.write(self._resampler.process(pcm16))

    def end(self) -> None:
        """Expect no more audio for now. Raises PlaybackFull."""
        self._write_tail()
        self.buffer.end()

    def flush(self) -> None:
        """Be silent and drop what is left. Raises PlaybackFull."""
        self._resampler = None
        self.buffer.flush()

    def pause(self) -> None:
        """Hold. Raises PlaybackFull."""
        self.buffer.pause()

    def resume(self) -> None:
        """Go on after a pause. Raises PlaybackFull."""
        self.buffer.resume()

    def duck(self, gain_db: float, ramp_ms: float) -> None:
        """Play the current turn louder or quieter. Raises PlaybackFull."""
        self._duck_db = gain_db
        self._set_gain(ramp_ms)

    def set_volume(self, volume: float) -> None:
        """Change the volume, from 0 to 1, also of what plays now. Raises PlaybackFull."""
        self._volume, self._turn_volume = volume, None
        self._set_gain(VOLUME_RAMP_MS)

    def set_turn_volume(self, volume: float) -> None:
        """Play the current turn as loud as this, from 0 to 1. Raises PlaybackFull."""
        self._turn_volume = volume
        self._set_gain(0)

    async def watch(self) -> None:
        """Tell the listener what happens, until cancelled."""
        loop = asyncio.get_running_loop()
        self.buffer.on_change = lambda: _set_from_thread(loop, self._changed)
        wait_s: float | None = None
        while True:
            try:
                async with asyncio.timeout(wait_s):
                    await self._changed.wait()
            except TimeoutError:
                pass
            self._changed.clear()
            wait_s = self.tell(self._clock())
            if wait_s is not None:
                wait_s = max(wait_s, EARLY_S)

    def tell(self, now: float) -> float | None:
        """Tell the listener what is new; return when to look again, in seconds, or None."""
        if self._turn is None:
            return None
        report = self.buffer.report
        if report.stream != self._turn:
            return REPORT_S
        if report.started_at is not None and not self._started:
            self._started = True
            self._last_report = now
            self._listener.playback_started(self._turn, report.started_at)
        if self.buffer.idle:
            # What the device has taken can still be heard for a moment.
            left_s = report.played_until - now
            if left_s > 0:
                return left_s
            self._finish(now)
            return None
        if report.paused_at != self._paused_at:
            # As above: the position is exact when all that was taken has been heard.
            left_s = 0.0 if report.paused_at is None else report.paused_at - now
            if left_s > 0:
                return left_s
            self._paused_at = report.paused_at
            if report.paused_at is not None:
                self._last_report = now
                self._listener.playback_paused(
                    self._turn,
                    report.paused_at,
                    self.buffer.position_ms(now),
                    self.buffer.buffered_ms,
                )
        if self._started and now - self._last_report >= REPORT_S:
            self._last_report = now
            self._listener.playback_moved(
                self._turn, self.buffer.position_ms(now), self.buffer.buffered_ms
            )
        return max(0.0, self._last_report + REPORT_S - now) if self._started else REPORT_S

    def _finish(self, now: float) -> None:
        turn, self._turn = self._turn, None
        if turn is not None:
            # The buffer may not have come to this turn yet: then nothing of it was heard.
            known = self.buffer.report.stream == turn
            self._listener.playback_finished(turn, self.buffer.position_ms(now) if known else 0.0)

    def _write_tail(self) -> None:
        if self._resampler is not None:
            self.buffer.write(self._resampler.process(b"", last=True))
            self._resampler = None

    def _set_gain(self, ramp_ms: float) -> None:
        # Squared, half the volume is 12 dB less: about what sounds half as loud.
        volume = self._volume if self._turn_volume is None else self._turn_volume
        self.buffer.set_gain(volume**2 * gain_from_db(self._duck_db), ramp_ms)


def _set_from_thread(loop: asyncio.AbstractEventLoop, event: asyncio.Event) -> None:
    if not loop.is_closed():
        loop.call_soon_threadsafe(event.set)
