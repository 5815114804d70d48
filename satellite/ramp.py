"""A gain that moves without clicks."""

import numpy as np
import numpy.typing as npt

FADE_MS = 5.0
"""Long enough that a cut does not click, far below the 50 ms in which a flush must be silent."""


class Ramp:
    """A factor that moves to its target in a straight line."""

    __slots__ = ("left", "target", "value")

    def __init__(self, value: float) -> None:
        self.value = self.target = value
        self.left = 0
        """Samples until the target is reached."""

    @property
    def settled(self) -> bool:
        """Return True when the target is reached."""
        return self.left == 0

    @property
    def transparent(self) -> bool:
        """Return True when samples pass as they are."""
        return self.left == 0 and self.value == 1.0

    def aim(self, target: float, samples: int) -> None:
        """Move from here to `target` within the next `samples` samples."""
        self.target = target
        self.left = samples if target != self.value else 0
        if self.left == 0:
            self.value = target

    def apply(self, samples: npt.NDArray[np.float32]) -> None:
        """Multiply in place and move on by as many samples."""
        moving = min(self.left, samples.size)
        if moving:
            step = (self.target - self.value) / self.left
            samples[:moving] *= self.value + step * np.arange(1, moving + 1, dtype=np.float32)
            self.value += step * moving
            self.left -= moving
            if self.left == 0:
                self.value = self.target
        if moving < samples.size and self.value != 1.0:
            samples[moving:] *= self.value
