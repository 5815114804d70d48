"""What the speaker plays, as the echo canceller needs it: by the time at which it is heard.

The speaker's thread adds what it renders; the microphone's side asks for the sound of a time. The
two clocks differ by some parts in a million, and what devices say about time trembles by
milliseconds: so a smoothed line from samples to time is kept, and sound is read between samples.
"""

from collections import deque
from collections.abc import Callable, Sequence

import numpy as np

from audio.pcm import SPEECH_RATE_HZ, to_float
from audio.sinc import REACH, Samples, SincResampler, between
from satellite.speaker import Renderer

KEPT_S = 2.0
MOST_BLOCKS = 400
"""4 s of 10 ms: more means that nobody listens, and then it is of no use."""
SMOOTHING_S = 10.0
NEWER_WEIGHS = 3
"""While there is less than that, what is newer weighs more: sound servers need some seconds until
their times are right."""
SETTLED_S = 10.0
"""Before, there is too little to tell how fast two clocks drift apart."""
MOST_DRIFT = 0.0005
"""Clocks of sound devices differ by up to 200 parts in a million; twice that for certainty."""
JUMP_S = 0.04
"""A difference that no trembling explains: the device was opened again, or ran dry."""
STEP_S = 0.004
"""A lesser one, from STEP_BLOCKS to as many after them: a few frames were lost. Times that wander
as far do so in seconds."""
STEP_BLOCKS = 15
LATELY, USUALLY = 0.02, 0.005
"""What a block counts in the error of about a second, and of some."""


class Timeline:
    """A smoothed line from a count of samples at 16 kHz to the clock.

    An alpha-beta filter: it learns the start and the slope of the line. Even a tenth of a
    millisecond of trembling that is left costs echo loss, so it is slow.
    """

    def __init__(self, *, steps_from_s: float = 0.0) -> None:
        """Losses of less than JUMP_S are seen once it has seen so much."""
        self._steps_from_s = steps_from_s
        self.zero: float | None = None
        """Clock time of sample 0, by what the line is now."""
        self._drift = 0.0
        self._seen_s = 0.0
        self._errors: deque[float] = deque(maxlen=2 * STEP_BLOCKS)
        self._lately_s = self._usually_s = 0.0
        self.wandering_s = 0.0
        """By how much the times of a second are usually earlier or later than those around it."""

    def see(self, samples: int, at: float, length_s: float) -> float:
        """Learn that a block of `length_s` ends with the sample `samples` at clock time `at`.

        Returns by how many seconds the line was moved at once, else 0.
        """
        zero = at - samples / SPEECH_RATE_HZ
        if self.zero is None:
            return self._begin(zero, length_s)
        self.zero += self._drift * length_s
        error = zero - self.zero
        if abs(error) > JUMP_S:
            return self._begin(zero, length_s)
        self._errors.append(error)
        self._lately_s += LATELY * (error - self._lately_s)
        self._usually_s += USUALLY * (self._lately_s - self._usually_s)
        away_s = abs(self._lately_s - self._usually_s)
        self.wandering_s += USUALLY * (away_s - self.wandering_s)
        step_s = _step_s(self._errors) if self._seen_s >= self._steps_from_s else 0.0
        if step_s:
            self.zero += step_s
            later = [error - step_s for error in self._errors][STEP_BLOCKS:]
            self._errors.clear()
            self._errors.extend(later)
            return step_s
        # At first the mean of most, so that one bad reading does no harm.
        self._seen_s = min(self._seen_s + length_s, NEWER_WEIGHS * SMOOTHING_S)
        weight = min(1.0, NEWER_WEIGHS * length_s / self._seen_s)
        self.zero += weight * error
        if self._seen_s > SETTLED_S:
            drift = self._drift + weight**2 / 4 * error / length_s
            self._drift = min(MOST_DRIFT, max(-MOST_DRIFT, drift))
        return 0.0

    def _begin(self, zero: float, length_s: float) -> float:
        moved_s = JUMP_S if self.zero is None else zero - self.zero
        self.zero, self._drift, self._seen_s = zero, 0.0, length_s
        self._errors.clear()
        return moved_s


def _step_s(errors: Sequence[float]) -> float:
    """Return by how much times have moved at once: the later half of errors, and not by little.

    0 where they have not. One bad reading at either end of the later half counts for nothing.
    """
    if len(errors) < 2 * STEP_BLOCKS or abs(errors[-1]) < STEP_S:
        return 0.0
    before = float(np.median(np.array(errors)[:STEP_BLOCKS]))
    after = np.sort(np.array(errors)[STEP_BLOCKS:])[1:-1]
    step = float(np.median(after)) - before
    sign = np.copysign(1.0, step)
    # And they are off the line in the same direction: it is not that they were wrong before.
    least = min((after * sign).min(), ((after - before) * sign).min())
    return step if least > STEP_S else 0.0


class Reference:
    """The last seconds of what the speaker played."""

    def __init__(self) -> None:
        self._blocks: deque[tuple[bytes, float, int]] = deque(maxlen=MOST_BLOCKS)
        self._resampler: SincResampler | None = None
        self._sound: Samples = np.zeros(int(KEPT_S * SPEECH_RATE_HZ), dtype=np.float32)
        self._written = 0
        self._line = Timeline()

    def tap(self, source: Renderer) -> Renderer:
        """Return a renderer that plays the same and adds it here."""
        return _Tap(source, self)

    def add(self, audio: bytes, at: float, rate_hz: int) -> None:
        """Say that `audio` is heard from clock time `at` on. From any one thread; never blocks."""
        self._blocks.append((audio, at, rate_hz))

    @property
    def wandering_s(self) -> float:
        """Return by how much the times of what is played wander."""
        return self._line.wandering_s

    def place(self, at: float) -> float | None:
        """Return which sample at 16 kHz is heard at `at`; None while that is unknown."""
        self._take_in()
        return None if self._line.zero is None else (at - self._line.zero) * SPEECH_RATE_HZ

    def sound(self, place: float | None, samples: int) -> Samples:
        """Return `samples` samples at 16 kHz from a place on; what is unknown is silence."""
        if place is None:
            return np.zeros(samples, dtype=np.float32)
        first = place - (self._written - self._sound.size)
        if first >= self._sound.size - REACH:  # the speaker is stopped
            return np.zeros(samples, dtype=np.float32)
        if first < REACH or first + samples + REACH > self._sound.size:
            return self._edge(first, samples)
        return between(self._sound, first + np.arange(samples, dtype=np.float64))

    def _edge(self, first: float, samples: int) -> Samples:
        places = first + np.arange(samples, dtype=np.float64)
        known = (places >= REACH) & (places < self._sound.size - REACH)
        sound = np.zeros(samples, dtype=np.float32)
        if known.any():
            sound[known] = between(self._sound, places[known])
        return sound

    def _take_in(self) -> None:
        while self._blocks:
            audio, at, rate_hz = self._blocks.popleft()
            ends_at = at + len(audio) / 2 / rate_hz
            # Work is done in few large pieces.
            while self._blocks and self._blocks[0][2] == rate_hz and len(audio) < rate_hz // 10:
                if abs(self._blocks[0][1] - ends_at) > JUMP_S:
                    break
                more, at, _ = self._blocks.popleft()
                audio += more
                ends_at = at + len(more) / 2 / rate_hz
            self._append(audio, ends_at, rate_hz)

    def _append(self, audio: bytes, ends_at: float, rate_hz: int) -> None:
        if self._resampler is None or self._resampler.from_hz != rate_hz:
            self._resampler = SincResampler(rate_hz, SPEECH_RATE_HZ)
        ready = to_float(audio)
        if rate_hz != SPEECH_RATE_HZ:
            ready = self._resampler.process(ready)
            ends_at -= self._resampler.held_samples / rate_hz
        if ready.size:
            kept = max(0, self._sound.size - ready.size)
            self._sound[:kept] = self._sound[self._sound.size - kept :]
            self._sound[kept:] = ready[-self._sound.size :]
            self._written += ready.size
        if abs(self._line.see(self._written, ends_at, len(audio) / 2 / rate_hz)) >= JUMP_S:
            # What was before the jump stands at a wrong time now.
            self._sound[: max(0, self._sound.size - ready.size)] = 0.0


class _Tap:
    """Lets a reference hear what a renderer renders."""

    def __init__(self, source: Renderer, reference: Reference) -> None:
        self.rate_hz = source.rate_hz
        self._source = source
        self._reference = reference

    @property
    def idle(self) -> bool:
        """Return True while only silence would be rendered."""
        return self._source.idle

    @property
    def on_order(self) -> Callable[[], None]:
        """Return who is called when there is something to do again."""
        return self._source.on_order

    @on_order.setter
    def on_order(self, call: Callable[[], None]) -> None:
        self._source.on_order = call

    def render(self, samples: int, at: float) -> bytes:
        """Return exactly `samples` samples that will be heard from clock time `at` on."""
        audio = self._source.render(samples, at)
        self._reference.add(audio, at, self.rate_hz)
        return audio
