"""What a client of the talk socket may send at most."""

from collections.abc import Callable

MAX_MESSAGE_CHARS = 16_384
"""Of a JSON message: what may be typed, escaped, and the rest."""
MAX_FRAME_BYTES = 16_384
"""Of a frame of audio: half a second. Those of 20 to 32 ms are heard soonest."""
LEAST_FRAME_BYTES = 256
"""A smaller one counts as much: a flood of crumbs costs as much work."""
TURNS_PER_S = 1.0
TURNS_AT_ONCE = 20.0
"""Each is kept, and the oldest of a household's history goes when it is too long."""
MESSAGES_PER_S = 40.0
MESSAGES_AT_ONCE = 80.0
"""Ten reports of playback a second, pings, and whatever a person can click."""
AUDIO_BYTES_PER_S = 2.0 * 32_000
AUDIO_BYTES_AT_ONCE = 10.0 * 32_000
"""Real time, twice as fast after a stall, and 10 s of what was kept during one."""
MAX_FAULTS = 20
"""Messages that make no sense; then the socket is closed."""
HELLO_S = 10.0
SEND_S = 10.0
"""A client that takes nothing for so long is let go."""
MAX_WAITING = 128
"""Messages and frames that wait to be sent; then the answer waits."""

BAD_CLIENT = 4400
TOO_MANY = 4429
TOO_LARGE = 1009


class Allowance:
    """So much a second, and more of it after a while without."""

    def __init__(self, per_s: float, at_once: float, clock: Callable[[], float]) -> None:
        self._per_s = per_s
        self._at_once = at_once
        self._clock = clock
        self._left = at_once
        self._at = clock()

    def take(self, amount: float) -> bool:
        """Take some; return False, and take nothing, where it is not there."""
        now = self._clock()
        self._left = min(self._at_once, self._left + (now - self._at) * self._per_s)
        self._at = now
        if amount > self._left:
            return False
        self._left -= amount
        return True
