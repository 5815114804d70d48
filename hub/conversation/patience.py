"""How long to wait for more after a pause. Pure. Constants and defaults were chosen by us."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from hub.conversation.completeness import Completeness

LEAST_PAUSE_MS = 150.0
"""Shorter gaps are the closures of consonants ("ligh-t"), not pauses."""
LONGEST_PAUSE_MS = 3000.0
"""After longer ones a person began anew rather than went on."""
LEAST_OBSERVATIONS = 5
INFLUENCE = 0.3
"""The most by which a person's pauses shift a delay, up or down."""

_TRUSTED_OBSERVATIONS = 15
"""From here on the influence is full; from LEAST_OBSERVATIONS it grows, so that nothing jumps."""
_USUAL_MS = 700.0
"""Mean and deviation together of somebody whose delays are right as they are."""
_MEMORY = 20
"""Observations over which the mean moves."""


class Pauses:
    """The pauses inside one person's turns: those after which the person went on."""

    __slots__ = ("count", "deviation_ms", "mean_ms")

    def __init__(self) -> None:
        self.count = 0
        self.mean_ms = 0.0
        self.deviation_ms = 0.0
        """Mean distance from the mean, as it moves."""

    def observe(self, pause_ms: float) -> None:
        """Learn a pause after which the person went on; others than a pause are left out."""
        if not LEAST_PAUSE_MS <= pause_ms <= LONGEST_PAUSE_MS:
            return
        self.count += 1
        # The first observations count alike; later ones push the oldest out.
        weight = 1 / min(self.count, _MEMORY)
        distance = abs(pause_ms - self.mean_ms) if self.count > 1 else 0.0
        self.deviation_ms += weight * (distance - self.deviation_ms)
        self.mean_ms += weight * (pause_ms - self.mean_ms)

    @property
    def factor(self) -> float:
        """What delays are multiplied with: 1 without knowledge, else within 1 ± INFLUENCE."""
        if self.count < LEAST_OBSERVATIONS:
            return 1.0
        known = self.count - LEAST_OBSERVATIONS + 1
        trust = min(1.0, known / (_TRUSTED_OBSERVATIONS - LEAST_OBSERVATIONS + 1))
        longest_ms = self.mean_ms + self.deviation_ms
        return 1 + INFLUENCE * trust * math.tanh((longest_ms - _USUAL_MS) / _USUAL_MS)

    def to_dict(self) -> dict[str, float]:
        """Return what `from_dict` reads."""
        return {
            "count": self.count,
            "mean_ms": round(self.mean_ms, 1),
            "deviation_ms": round(self.deviation_ms, 1),
        }

    @classmethod
    def from_dict(cls, stored: object) -> "Pauses":
        """Read what was stored; anything that no `to_dict` wrote counts as nothing known."""
        pauses = cls()
        if not isinstance(stored, Mapping):
            return pauses
        count = _number(stored.get("count"), 1, 1e9)
        mean_ms = _number(stored.get("mean_ms"), LEAST_PAUSE_MS, LONGEST_PAUSE_MS)
        deviation_ms = _number(stored.get("deviation_ms"), 0, LONGEST_PAUSE_MS)
        if count is not None and mean_ms is not None and deviation_ms is not None:
            pauses.count = int(count)
            pauses.mean_ms = mean_ms
            pauses.deviation_ms = deviation_ms
        return pauses


@dataclass(frozen=True, slots=True)
class Patience:
    """How long to wait after the last speech, in ms. Raises ValueError for limits out of order."""

    min_ms: float = 250
    """When the turn is surely over."""
    max_ms: float = 2000
    """When it surely is not, and nothing is open."""
    open_ms: float = 2000
    """At least this while something is open, at `speed` 1."""
    open_max_ms: float = 3000
    """The longest wait of all."""
    speed: float = 1.0
    """Waits are divided by this: 2 answers twice as soon, though never before `min_ms`."""

    def __post_init__(self) -> None:
        if not 0 <= self.min_ms <= min(self.max_ms, self.open_ms):
            raise ValueError("min_ms must not be above max_ms or open_ms")
        if not max(self.max_ms, self.open_ms) <= self.open_max_ms < math.inf:
            raise ValueError("max_ms and open_ms must not be above open_max_ms")
        if not 0 < self.speed < math.inf:
            raise ValueError("speed must be above 0")

    def delay_ms(self, completeness: Completeness, pauses: Pauses | None = None) -> float:
        """Return the wait, from `min_ms` to `open_max_ms`; never longer for a higher probability.

        The square keeps waits short as soon as the end is likely: 690 ms at one half.
        """
        least, most = self.min_ms, self.max_ms
        if completeness.open:
            least, most = self.open_ms, self.open_max_ms
        doubt = 1 - min(1.0, max(0.0, completeness.probability))
        wait_ms = least + (most - least) * doubt * doubt
        if pauses is not None:
            wait_ms = min(self.open_max_ms, max(least, wait_ms * pauses.factor))
        return min(self.open_max_ms, max(self.min_ms, wait_ms / self.speed))


def _number(value: Any, least: float, most: float) -> float | None:
    """Return a number within the limits, else None."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return float(value) if least <= value <= most else None
