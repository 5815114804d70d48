"""Wake words without models: a test says when they are heard."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from satellite.wake_settings import Wake
from satellite.wake_words import Detector, WakeHit
from satellite.waking import Waking


@dataclass(frozen=True, slots=True)
class Hit:
    name: str
    score: float = 0.9


class Ears:
    """Hears the names that are put into it, one a frame."""

    def __init__(self, names: Sequence[str]) -> None:
        self.names = tuple(names)
        self.next: list[str] = []

    def process(self, pcm16: bytes) -> WakeHit | None:
        return Hit(self.next.pop(0)) if self.next else None


class Models:
    """Loads ears for all words but those that are missing."""

    def __init__(self, *missing: str) -> None:
        self.missing = set(missing)
        self.ears = Ears(())
        self.loaded: list[tuple[tuple[str, ...], float]] = []

    def load(
        self, names: Sequence[str], wake: Wake, sensitivity: float
    ) -> tuple[Detector | None, Mapping[str, str]]:
        self.loaded.append((tuple(names), sensitivity))
        good = [name for name in names if name not in self.missing]
        self.ears = Ears(good)
        problems = {name: f"no {name}" for name in names if name in self.missing}
        return (self.ears if good else None), problems


def called(*names: str) -> Waking:
    """Return a waking that listens for some names, and never hears them."""
    return Waking(names, Wake(), lambda event: None, load=Models().load)
