"""Where speech begins, pauses and goes on, from voice activity and loudness.

Pure; counts windows of audio, not time. Whether a pause is the end is not decided here: see
`listening`.
"""

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

from audio.pcm import FRAME_SAMPLES, SPEECH_RATE_HZ
from hub.conversation.loudness import WINDOW_MS, Loudness

FRAME_MS = FRAME_SAMPLES * 1000 / SPEECH_RATE_HZ

ON_PROBABILITY = 0.5
OFF_PROBABILITY = 0.35
"""Silero's own hysteresis: speech starts above the first and ends below the second."""
ONSET_FRAMES = 2
"""Frames above ON_PROBABILITY that make a start: one alone (32 ms) is a click."""
REST_FRAMES = 5
"""What sound after a wake word begins with, and what is over within 160 ms, is the rest of that
word. Of "okay nabu" up to 4 frames sounded like speech, in 6 of 100 wakes where it was loud."""
ONSET_LOOKBACK_FRAMES = 4
"""Voice activity notices a word up to this late; loudness tells when it really began."""
DOUBT_PROBABILITY = 0.15
"""After long silence, and over an answer, Silero doubts for longer: loud frames that it thought
possible, above this, belong to the word. Breath and hum stay below."""
DOUBT_FRAMES = 16
"""Doubt of half a second, at most."""


class Ending(Enum):
    """Why listening ended."""

    SILENCE = "silence"
    """The speaker stopped."""
    TOO_LONG = "too-long"
    """The speaker did not stop; what was said so far counts."""
    NOBODY_SPOKE = "nobody-spoke"
    """There was no speech at all."""
    GAP = "gap"
    """No audio came any more; what was said so far counts."""


@dataclass(frozen=True, slots=True)
class Rules:
    """Limits of listening, in ms of audio."""

    no_speech_ms: float = 5000
    max_ms: float = 10_000
    """From the first word on."""


class Endpointer:
    """Follows the speech in one stream. Times are ms of audio since the first frame."""

    def __init__(self, *, after_wake_word: bool = False) -> None:
        """The stream may begin with the rest of a wake word, which is no speech of its own."""
        self._after_wake_word = after_wake_word
        self._loudness = Loudness()
        self._recent: deque[tuple[float, Sequence[float]]] = deque(
            maxlen=DOUBT_FRAMES + ONSET_LOOKBACK_FRAMES + ONSET_FRAMES
        )
        self._frames = 0
        self._onset = 0
        self._active = False
        self.speech_start_ms: float | None = None
        """Where the first word began."""
        self.speech_end_ms: float | None = None
        """Where speech was heard last."""
        self.stretch_start_ms: float | None = None
        """Where the stretch of speech began that is going on or was the last."""
        self.sound_start_ms: float | None = None
        """Where sound began in it that goes on or was the last: voice activity lets go late, so
        that a stretch may hold a silence of more than a frame."""

    @property
    def now_ms(self) -> float:
        """Audio so far."""
        return self._frames * FRAME_MS

    @property
    def silence_ms(self) -> float:
        """Silence since speech was heard last, or since the start."""
        return self.now_ms - (self.speech_end_ms or 0.0)

    def push(self, probability: float, window_levels: Sequence[float]) -> bool:
        """Take a frame's probability of speech and the levels in it; return whether it sounds."""
        start_ms = self.now_ms
        self._frames += 1
        self._loudness.learn(window_levels)
        self._recent.append((probability, window_levels))
        may_rest = self._after_wake_word and self._onset == self._frames - 1
        onset_frames = REST_FRAMES + 1 if may_rest else ONSET_FRAMES
        goes_on = self._active or (may_rest and self._onset > 0)
        began = self._follow(
            probability, OFF_PROBABILITY if goes_on else ON_PROBABILITY, onset_frames
        )
        loud = self._loud(window_levels)
        if not self._active or not (loud or began):
            return False
        if began:
            self._begin(start_ms, onset_frames)
        elif start_ms + loud[0] * WINDOW_MS - (self.speech_end_ms or 0.0) >= FRAME_MS:
            self.sound_start_ms = start_ms + loud[0] * WINDOW_MS
        self.speech_end_ms = start_ms + ((loud[-1] + 1) * WINDOW_MS if loud else FRAME_MS)
        return True

    def _follow(self, probability: float, threshold: float, onset_frames: int) -> bool:
        """Follow voice activity; return whether speech begins with this frame."""
        if probability < threshold:
            self._onset = 0
            self._active = False
            return False
        self._onset += 1
        if self._active or self._onset < onset_frames:
            return False
        self._active = True
        return True

    def _begin(self, frame_start_ms: float, onset_frames: int) -> None:
        """Note where a stretch began: with the onset, or as far before as it was loud already."""
        start_ms = frame_start_ms - (onset_frames - 1) * FRAME_MS
        doubtful, before = True, 0
        for probability, window_levels in reversed(list(self._recent)[:-onset_frames]):
            doubtful = doubtful and probability >= DOUBT_PROBABILITY
            before += not doubtful
            if before > ONSET_LOOKBACK_FRAMES:
                break
            loud = [level >= self._loudness.threshold_dbfs for level in window_levels]
            run = next((n for n, is_loud in enumerate(reversed(loud)) if not is_loud), len(loud))
            start_ms -= run * WINDOW_MS
            if run < len(loud):
                break
        start_ms = max(start_ms, self.speech_end_ms or 0.0, 0.0)
        self.stretch_start_ms = self.sound_start_ms = start_ms
        if self.speech_start_ms is None:
            self.speech_start_ms = start_ms

    def _loud(self, window_levels: Sequence[float]) -> list[int]:
        threshold = self._loudness.threshold_dbfs
        return [index for index, level in enumerate(window_levels) if level >= threshold]
