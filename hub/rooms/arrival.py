"""Puts the microphone's audio in order as it arrives: nothing twice, gaps filled, at 16 kHz."""

from audio.pcm import SPEECH_RATE_HZ, duration_ms, silence, to_mono16
from audio.resample import Resampler
from protocol.wyoming_audio import AudioChunk

MAX_GAP_MS = 1000.0
"""A longer hole is no loss on the way but a pause of the microphone; it is not filled."""
JITTER_MS = 4.0
"""Timestamps are rounded to milliseconds, and some clocks are a little off."""
MAX_TIMESTAMP_MS = 2**53
"""Larger ones are no milliseconds of anything."""


class Arrival:
    """One microphone's stream."""

    def __init__(self) -> None:
        self.lost_ms = 0.0
        """Audio that never arrived; silence stands for it."""
        self.repeated_ms = 0.0
        """Audio that arrived again, and was dropped."""
        self._next_ms: float | None = None
        self._repeated_in_a_row_ms = 0.0
        self._counts_ms = True  # whether the timestamps do
        self._resampler: Resampler | None = None

    def details(self) -> dict[str, int]:
        """Return what went wrong, for the record of a turn; nothing where nothing did."""
        if not self.lost_ms and not self.repeated_ms:
            return {}
        return {"lost_ms": round(self.lost_ms), "repeated_ms": round(self.repeated_ms)}

    def take(self, chunk: AudioChunk) -> bytes:
        """Return what a chunk adds to the stream, as 16 kHz pcm16. Raises FormatError."""
        audio = to_mono16(chunk.audio, width=chunk.width, channels=chunk.channels)
        before = b""
        if (
            self._counts_ms
            and chunk.timestamp is not None
            and abs(chunk.timestamp) <= MAX_TIMESTAMP_MS
        ):
            audio, before = self._in_order(audio, chunk.rate, float(chunk.timestamp))
        if chunk.rate == SPEECH_RATE_HZ:
            return before + audio
        if self._resampler is None or self._resampler.from_hz != chunk.rate:
            self._resampler = Resampler(chunk.rate, SPEECH_RATE_HZ)
        return before + self._resampler.process(audio)

    def _in_order(self, audio: bytes, rate_hz: int, at_ms: float) -> tuple[bytes, bytes]:
        """Return what is new of `audio`, and silence for what is missing before it."""
        length_ms = duration_ms(len(audio), rate_hz=rate_hz)
        expected_ms, end_ms = self._next_ms, at_ms + length_ms
        before = b""
        if expected_ms is not None and -MAX_GAP_MS <= at_ms - expected_ms < -JITTER_MS:
            again_ms = min(expected_ms - at_ms, length_ms)
            self.repeated_ms += again_ms
            self._repeated_in_a_row_ms += again_ms
            # So much is never sent again: this clock stands still, or counts something else.
            self._counts_ms = self._repeated_in_a_row_ms <= MAX_GAP_MS
            audio = audio[int(again_ms * rate_hz / 1000) * 2 :]
            self._next_ms = max(end_ms, expected_ms)
            return audio, before
        self._repeated_in_a_row_ms = 0.0
        if expected_ms is not None and JITTER_MS < at_ms - expected_ms <= MAX_GAP_MS:
            self.lost_ms += at_ms - expected_ms
            before = silence(at_ms - expected_ms)
        self._next_ms = end_ms
        return audio, before
