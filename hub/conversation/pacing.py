"""When to send answer audio: a burst to get going, then an absolute clock, never far ahead.

A satellite that holds little audio is a satellite that falls silent at once when interrupted, even
a plain Wyoming one that knows no flush.
"""

AHEAD_MS = 300.0
"""Sent at once, and then the lead over what is being played: it hides the jitter of Wi-Fi."""


class Pacer:
    """Paces one stretch of audio. Times are in seconds of the caller's clock."""

    def __init__(self, starts_at: float | None = None) -> None:
        """`starts_at` tells when the satellite has played what it was sent before the stretch."""
        self._started_at = starts_at
        self._sent_ms = 0.0

    def wait_s(self, chunk_ms: float, now: float) -> float:
        """Return how long to wait before the next chunk, of `chunk_ms`, may be sent."""
        if self._started_at is None:
            return 0.0
        ahead_ms = self._sent_ms - (now - self._started_at) * 1000
        return max(0.0, ahead_ms + chunk_ms - AHEAD_MS) / 1000

    def sent(self, chunk_ms: float, now: float) -> None:
        """Note that a chunk went out. After an underrun the clock starts again from here."""
        if self._started_at is None or (now - self._started_at) * 1000 > self._sent_ms:
            self._started_at = now - self._sent_ms / 1000
        self._sent_ms += chunk_ms

    def played_ms(self, now: float) -> float:
        """Return how much of what was sent has been played, for all that the sender can know."""
        if self._started_at is None:
            return 0.0
        return min(self._sent_ms, max(0.0, (now - self._started_at) * 1000))

    def remaining_s(self, now: float) -> float:
        """Return how long the audio sent so far goes on playing."""
        return (self._sent_ms - self.played_ms(now)) / 1000
