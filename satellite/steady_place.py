"""Where in the speaker's sound the microphone's sound belongs, without wandering.

An echo canceller learns the room anew with each tenth of a millisecond by which its reference
moves, and sound servers tell times that wander by milliseconds within seconds. So a place is kept,
and is moved only where the devices' times leave a belt around it. The more they wander, the wider
it is: times that only tremble from one to the next do not, in the mean, and are followed.
"""

from audio.pcm import SPEECH_RATE_HZ

STEP = 0.003 * SPEECH_RATE_HZ
"""So much from one piece to the next is no wandering: sound was lost, or a device opened again."""
BELT = 10.0
"""So many times as much as times wander from second to second they may wander in a minute."""
WIDEST = 0.012 * SPEECH_RATE_HZ


class SteadyPlace:
    """Places are counted in samples at 16 kHz, on either side from any start."""

    def __init__(self) -> None:
        self._ahead: float | None = None
        self._told = 0.0
        self.stepped = False
        """Whether sound was lost just before the last place, or a device opened again."""

    @property
    def away(self) -> float:
        """Return how many samples the told place is ahead of the kept one."""
        return 0.0 if self._ahead is None else self._told - self._ahead

    def of(self, counted: int, told: float, wandering: float) -> float:
        """Return where the microphone's sample `counted` belongs.

        `told` is where it belongs by what devices say, which wanders by so many samples.
        """
        ahead = told - counted
        self.stepped = self._ahead is not None and abs(ahead - self._told) > STEP
        if self._ahead is None:
            self._ahead = ahead
        elif self.stepped:
            self._ahead += ahead - self._told
        self._told = ahead
        belt = min(WIDEST, BELT * wandering)
        self._ahead = min(ahead + belt, max(ahead - belt, self._ahead))
        return counted + self._ahead
