"""Where in the speaker's sound the microphone's sound belongs, without wandering.

An echo canceller learns the room anew with each tenth of a millisecond by which its reference
moves, and sound servers tell times that wander by milliseconds. So a place is kept, and is moved
only where the devices' times leave a belt around it. The more they tremble, the wider it is: times
that do not tremble are followed.
"""

from audio.pcm import SPEECH_RATE_HZ

STEP = 0.003 * SPEECH_RATE_HZ
"""So much from one piece to the next is no trembling: sound was lost, or a device opened again."""
BELT = 16.0
"""So many times as much as times tremble within a moment they may wander within minutes."""
WIDEST = 0.012 * SPEECH_RATE_HZ


class SteadyPlace:
    """Places are counted in samples at 16 kHz, on either side from any start."""

    def __init__(self) -> None:
        self._ahead: float | None = None
        self._told = 0.0

    def of(self, counted: int, told: float, trembling: float) -> float:
        """Return where the microphone's sample `counted` belongs.

        `told` is where it belongs by what devices say, which trembles by so many samples.
        """
        ahead = told - counted
        if self._ahead is None:
            self._ahead = ahead
        elif abs(ahead - self._told) > STEP:
            self._ahead += ahead - self._told
        self._told = ahead
        belt = min(WIDEST, BELT * trembling)
        self._ahead = min(ahead + belt, max(ahead - belt, self._ahead))
        return counted + self._ahead
