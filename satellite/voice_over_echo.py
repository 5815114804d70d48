"""Keeps a voice whole that speaks over the echo.

WebRTC's echo cancelling leaves nothing of an echo, but over a loud one it takes the weak sounds
of a voice along: in a room that was computed, 13 commands were heard word for word over an answer
that went on, of 46 over none (`make bench-talking-over`). A filter that only takes out what it
has learnt leaves more of the echo, and all of the voice: while somebody speaks it is heard.
"""

import numpy as np

from audio.pcm import from_float, to_float
from audio.sinc import Samples
from satellite.audio_processing import CHUNK_SAMPLES, DELAY_SAMPLES
from satellite.double_talk import DoubleTalk
from satellite.echo_filter import EchoFilter
from satellite.ports import Processing

UNSURE_CHUNKS, ASTRAY_CHUNKS = 50, 40
"""For half a second of sound from the speaker, an echo that comes otherwise may get through; and
for so long after it was seen to."""
UNSURE_GAIN = 0.25
"""-12 dB: little of what gets through then is louder than a quiet room."""
OFFSET = 0.02
"""What a piece counts in the mean of the last half second."""


class VoiceOverEcho:
    """A processing that cancels echo with another one, or a filter while somebody speaks."""

    def __init__(self, suppressing: Processing, after: Processing | None = None) -> None:
        """What comes of both goes through `after`, if there is one."""
        self._suppressing = suppressing
        self._after = after
        self._filter = EchoFilter()
        self._double_talk = DoubleTalk(self._filter)
        self._played = bytes(CHUNK_SAMPLES * 2)
        self._late: Samples = np.zeros(DELAY_SAMPLES, dtype=np.float32)
        self._share = self._offset = 0.0
        self._unsure = UNSURE_CHUNKS
        self._gain = 1.0

    def expect_echo_after(self, delay_ms: int) -> None:
        """Say how long after `play` its echo comes from now on."""
        self._unsure = UNSURE_CHUNKS
        self._filter.try_again()
        self._suppressing.expect_echo_after(delay_ms)

    def play(self, pcm16: bytes) -> None:
        """Take 10 ms of what the speaker plays."""
        self._played = pcm16
        self._suppressing.play(pcm16)

    def clean(self, pcm16: bytes) -> bytes:
        """Return 10 ms of what the microphone hears, cleaned. Call `play` before each."""
        suppressed = self._suppressing.clean(pcm16)
        left = self._filter.process(to_float(self._played), to_float(pcm16))
        share = 1.0 if self._double_talk.hears_voice(left, to_float(suppressed)) else 0.0
        as_late = np.concatenate([self._late, self._without_offset(left)])
        self._late = as_late[CHUNK_SAMPLES:]
        cleaned = suppressed
        if share or self._share:
            shares = np.linspace(self._share, share, CHUNK_SAMPLES, dtype=np.float32)
            mixed = to_float(suppressed) * (1 - shares) + as_late[:CHUNK_SAMPLES] * shares
            cleaned = from_float(mixed)
        self._share = share
        cleaned = self._while_unsure(cleaned)
        if self._after is None:
            return cleaned
        self._after.play(self._played)
        return self._after.clean(cleaned)

    def _while_unsure(self, cleaned: bytes) -> bytes:
        """Turn down what may be an echo that is not known yet."""
        if self._double_talk.astray and not self._filter.learns:
            self._unsure = max(self._unsure, ASTRAY_CHUNKS)
        before, self._gain = self._gain, 1.0
        if self._unsure and self._filter.sounds and not self._share:
            self._gain = UNSURE_GAIN
        if self._filter.sounds:
            self._unsure = max(0, self._unsure - 1)
        if before == self._gain == 1.0:
            return cleaned
        gains = np.linspace(before, self._gain, CHUNK_SAMPLES, dtype=np.float32)
        return from_float(to_float(cleaned) * gains)

    def _without_offset(self, left: Samples) -> Samples:
        """Take out what cheap microphones add to all samples; suppression does so by itself."""
        before = self._offset
        self._offset += OFFSET * (float(left.mean()) - before)
        return left - np.linspace(before, self._offset, left.size, dtype=np.float32)
