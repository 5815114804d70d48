"""Where a sentence begins and ends, from probabilities of speech. Pure; counts frames, not time."""

from dataclasses import dataclass
from enum import Enum

from audio.pcm import FRAME_SAMPLES, SPEECH_RATE_HZ

FRAME_MS = FRAME_SAMPLES * 1000 / SPEECH_RATE_HZ

ON_PROBABILITY = 0.5
OFF_PROBABILITY = 0.35
"""Silero's own hysteresis: speech starts above the first and ends below the second."""
ONSET_FRAMES = 2
"""Frames above ON_PROBABILITY that make a start: one alone (32 ms) is a click or a cough."""


class Ending(Enum):
    """Why listening ended."""

    SILENCE = "silence"
    """The speaker stopped."""
    TOO_LONG = "too-long"
    """The speaker did not stop; what was said so far counts."""
    NOBODY_SPOKE = "nobody-spoke"
    """There was no speech at all."""


@dataclass(frozen=True, slots=True)
class Rules:
    """When to stop listening, in ms."""

    silence_ms: float = 480
    no_speech_ms: float = 5000
    max_ms: float = 10_000


class Endpointer:
    """Follows one utterance. Frames are counted from 0, the first one pushed."""

    def __init__(self, rules: Rules) -> None:
        self._rules = rules
        self._frames = 0
        self._onset = 0
        self._speaking = False
        self.speech_start: int | None = None
        """The first frame of speech."""
        self.speech_end: int | None = None
        """The last frame of speech so far."""
        self.ending: Ending | None = None

    def push(self, probability: float) -> Ending | None:
        """Take the next frame's probability of speech; return why listening ends, once it does."""
        if self.ending is not None:
            return self.ending
        frame = self._frames
        self._frames += 1
        threshold = OFF_PROBABILITY if self._speaking else ON_PROBABILITY
        if probability >= threshold:
            self._onset += 1
            if self._speaking or self._onset >= ONSET_FRAMES:
                if self.speech_start is None:
                    self.speech_start = frame - self._onset + 1
                self._speaking = True
                self.speech_end = frame
        else:
            self._onset = 0
            self._speaking = False
        self.ending = self._judge()
        return self.ending

    @property
    def silence_ms(self) -> float:
        """Silence since the last frame of speech, or since the start."""
        last = -1 if self.speech_end is None else self.speech_end
        return (self._frames - 1 - last) * FRAME_MS

    def _judge(self) -> Ending | None:
        if self.speech_end is None:
            spoke_nobody = self._frames * FRAME_MS >= self._rules.no_speech_ms
            return Ending.NOBODY_SPOKE if spoke_nobody else None
        if self.silence_ms >= self._rules.silence_ms:
            return Ending.SILENCE
        return Ending.TOO_LONG if self._frames * FRAME_MS >= self._rules.max_ms else None
