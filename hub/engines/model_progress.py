"""How far a pull is, for whoever waits for it."""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a pull is."""

    model: str
    step: str
    """"waiting" (another program fetches it), "asking", "fetching", "checking" or "done"."""
    done_bytes: int = 0
    total_bytes: int | None = None
    """None where it is not known yet."""
    had_bytes: int = 0
    """Those of `done_bytes` that were there before it began."""


Report = Callable[[Progress], None]
