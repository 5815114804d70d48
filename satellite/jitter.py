"""The playback buffer and its clock: what was received but not played yet, and how much really was.

One thread writes (the program), one renders (the sound card). The writer only appends orders and
the renderer alone owns the audio, so neither ever waits for the other.
"""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from audio.pcm import duration_ms
from satellite.ramp import FADE_MS, Ramp

LIMIT_MS = 30_000
"""More than the longest sensible lead of a hub; past it the hub does not pace and is told so."""
REFILL_MS = 60.0
"""What is gathered after an underrun before playing goes on: one gap instead of a stutter."""

GAP_S = 0.005
"""Devices are unsure of their own time by less; a longer gap between samples is real."""
MAX_ORDERS = 4096
"""Waiting orders: 80 s of 20 ms chunks, so only crumbs for a stuck device ever meet the cap."""

_FULL_SCALE = 32767.0
_Mark = Literal["end", "flush", "pause", "resume"]


class PlaybackFull(Exception):
    """The buffer is full; the order that met it was not taken."""


@dataclass(frozen=True, slots=True)
class PlaybackReport:
    """What the renderer knows of the current stream. Replaced as a whole, so read in one piece."""

    stream: int = -1
    """The number given to `start`."""
    played_samples: int = 0
    """Samples of this stream handed to the device. Never counts silence."""
    played_until: float = 0.0
    """Clock time at which the last of them has been heard."""
    started_at: float | None = None
    """Clock time at which the first of them is heard."""
    paused_at: float | None = None
    """Clock time from which on a pause is silent; None while none holds."""
    before_gap_samples: int = 0
    """Samples played before the last gap, be it a flush, a pause or an underrun."""
    gap_at: float = 0.0
    """Clock time at which the last of them had been heard."""
    finished: bool = False
    """Nothing more of this stream will be played."""
    consumed_samples: int = 0
    """Played or dropped since the buffer was made."""
    underruns: int = 0
    """Times that a stream ran dry before its end, since the buffer was made."""


@dataclass(frozen=True, slots=True)
class _Start:
    stream: int


@dataclass(frozen=True, slots=True)
class _Gain:
    gain: float
    samples: int


class PlaybackBuffer:
    """Plays one numbered stream of pcm16 at a time, at one rate."""

    def __init__(self, rate_hz: int, *, limit_ms: float = LIMIT_MS) -> None:
        self.rate_hz = rate_hz
        self.report = PlaybackReport(finished=True)
        self.on_order: Callable[[], None] = _ignore
        """Called on the writer's thread after every order."""
        self.on_change: Callable[[], None] = _ignore
        """Called on the renderer's thread when a stream is first heard, pauses or has finished."""
        self._limit_samples = int(limit_ms * rate_hz / 1000)
        self._orders: deque[bytes | _Mark | _Start | _Gain] = deque()
        self._written_samples = 0
        # Below: the renderer's own.
        self._queue: deque[bytes] = deque()
        self._queued_bytes = 0
        self._ended = True
        self._dry = False
        self._flushing = False
        self._gain = Ramp(1.0)
        self._gate = Ramp(1.0)

    @property
    def buffered_ms(self) -> float:
        """Return how much is written and neither played nor dropped."""
        samples = max(0, self._written_samples - self.report.consumed_samples)
        return duration_ms(samples * 2, rate_hz=self.rate_hz)

    def position_ms(self, now: float) -> float:
        """Return how much of the current stream has been heard at `now`."""
        report = self.report
        ahead = max(0.0, report.played_until - now) * self.rate_hz
        # What follows a gap may be far from being heard when it is handed to the device.
        ahead_of_gap = max(0.0, report.gap_at - now) * self.rate_hz
        heard = max(report.played_samples - ahead, report.before_gap_samples - ahead_of_gap)
        return max(0.0, heard) * 1000 / self.rate_hz

    def start(self, stream: int) -> None:
        """Begin a new stream; what is left of the one before is dropped."""
        self._order(_Start(stream))

    def write(self, pcm16: bytes) -> None:
        """Add audio. Raises PlaybackFull where the buffer would exceed its limit."""
        samples = len(pcm16) // 2
        if not samples:
            return
        if self._written_samples - self.report.consumed_samples + samples > self._limit_samples:
            raise PlaybackFull
        self._order(pcm16[: samples * 2])
        self._written_samples += samples

    def end(self) -> None:
        """Say that no more audio comes; when all is played the stream has finished."""
        self._order("end")

    def flush(self) -> None:
        """Fade out at once and drop the rest of the stream, which then has finished.

        A pause is over then. What is written after that goes on with the stream's count.
        """
        self._order("flush")

    def pause(self) -> None:
        """Fade out and hold; nothing is lost."""
        self._order("pause")

    def resume(self) -> None:
        """Go on where `pause` held."""
        self._order("resume")

    def set_gain(self, gain: float, ramp_ms: float) -> None:
        """Move to a factor on a straight line that takes `ramp_ms`, at least FADE_MS."""
        self._order(_Gain(gain, int(max(ramp_ms, FADE_MS) * self.rate_hz / 1000)))

    @property
    def idle(self) -> bool:
        """True while there is nothing to render: no order waits and the stream has finished."""
        return self.report.finished and not self._orders

    def render(self, samples: int, at: float) -> bytes:
        """Return exactly `samples` samples that will be heard from clock time `at` on.

        Never blocks. What is not there is silence.
        """
        if self.idle:
            return bytes(samples * 2)
        self._take_orders(at)
        if self.report.finished:
            return bytes(samples * 2)
        audio = self._next(self._allowed(samples))
        played = len(audio) // 2
        if played:
            self._note_played(played, at)
        if self._flushing and (self._gate.settled or not self._queue):
            self._drop()
            self._finish()
        elif not self._queue and self._ended:
            self._finish()
        elif not self._queue and self._heard and played < samples and not self._held:
            self._run_dry()
        self._note_pause(at + played / self.rate_hz)
        return audio + bytes((samples - played) * 2)

    def _order(self, order: bytes | _Mark | _Start | _Gain) -> None:
        if len(self._orders) >= MAX_ORDERS:
            raise PlaybackFull
        self._orders.append(order)
        self.on_order()

    def _take_orders(self, at: float) -> None:
        # What follows a flush belongs behind it, and waits until the fade is over.
        while self._orders and not self._flushing:
            match self._orders.popleft():
                case bytes() as audio:
                    self._queue.append(audio)
                    self._queued_bytes += len(audio)
                    self._ended = False
                    if self.report.finished:
                        self.report = replace(self.report, finished=False)
                case _Start(stream):
                    self._drop()
                    self._ended = self._dry = self._flushing = False
                    self._gate = Ramp(1.0)
                    self.report = PlaybackReport(
                        stream,
                        played_until=at,
                        consumed_samples=self.report.consumed_samples,
                        underruns=self.report.underruns,
                    )
                case _Gain(gain, samples):
                    self._gain.aim(gain, samples)
                case "end":
                    self._ended = True
                case "flush" if self.report.finished:
                    self._gate = Ramp(1.0)
                case "flush":
                    self._flushing = True
                    self._shut()
                case "pause":
                    self._shut()
                case "resume":
                    self._gate.aim(1.0, self._fade_samples)

    @property
    def _fade_samples(self) -> int:
        return int(FADE_MS * self.rate_hz / 1000)

    @property
    def _heard(self) -> bool:
        return self.report.started_at is not None

    @property
    def _held(self) -> bool:
        return self._gate.target == 0.0

    def _shut(self) -> None:
        # What was not audible a moment ago needs no fade.
        self._gate.aim(0.0, self._fade_samples if self._heard and not self._dry else 0)

    def _run_dry(self) -> None:
        if not self._dry:
            self._dry = True
            self.report = replace(self.report, underruns=self.report.underruns + 1)

    def _allowed(self, samples: int) -> int:
        """Return how many samples may be played now, of `samples` wanted."""
        if self._dry:
            refill_bytes = int(REFILL_MS * self.rate_hz / 1000) * 2
            if not self._ended and not self._flushing and self._queued_bytes < refill_bytes:
                return 0
            self._dry = False
            if not self._held:
                self._gate = Ramp(0.0)
                self._gate.aim(1.0, self._fade_samples)
        if self._held:
            return min(samples, self._gate.left)
        return samples

    def _next(self, samples: int) -> bytes:
        """Take up to `samples` samples off the queue and shape them."""
        parts: list[bytes] = []
        wanted = samples * 2
        while wanted and self._queue:
            head = self._queue.popleft()
            if len(head) > wanted:
                self._queue.appendleft(head[wanted:])
                head = head[:wanted]
            parts.append(head)
            wanted -= len(head)
        audio = b"".join(parts)
        self._queued_bytes -= len(audio)
        if not audio or (self._gain.transparent and self._gate.transparent):
            return audio
        shaped = np.frombuffer(audio, dtype="<i2").astype(np.float32)
        self._gain.apply(shaped)
        self._gate.apply(shaped)
        return np.clip(np.rint(shaped), -_FULL_SCALE - 1, _FULL_SCALE).astype("<i2").tobytes()

    def _note_played(self, samples: int, at: float) -> None:
        first, before = not self._heard, self.report
        gap = not first and at - before.played_until > GAP_S
        self.report = replace(
            before,
            played_samples=before.played_samples + samples,
            played_until=at + samples / self.rate_hz,
            before_gap_samples=before.played_samples if gap else before.before_gap_samples,
            gap_at=before.played_until if gap else before.gap_at,
            started_at=at if first else before.started_at,
            consumed_samples=before.consumed_samples + samples,
        )
        if first:
            self.on_change()

    def _note_pause(self, at: float) -> None:
        """Tell once when a pause has become silent, and forget it when it is over."""
        if self._held and not self._queue:
            self._gate = Ramp(0.0)  # nothing is left to fade
        holds = self._held and self._gate.settled and not self.report.finished
        if holds and self.report.paused_at is None:
            self.report = replace(self.report, paused_at=at)
            self.on_change()
        elif not holds and self.report.paused_at is not None:
            self.report = replace(self.report, paused_at=None)

    def _drop(self) -> None:
        dropped = self._queued_bytes // 2
        self._queue.clear()
        self._queued_bytes = 0
        self.report = replace(self.report, consumed_samples=self.report.consumed_samples + dropped)

    def _finish(self) -> None:
        self._flushing = self._dry = False
        self._gate = Ramp(1.0)
        self.report = replace(self.report, finished=True)
        self.on_change()


def _ignore() -> None:
    """Stand in where nobody listens."""
