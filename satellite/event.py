"""What all events of the satellite have."""

from dataclasses import dataclass
from typing import ClassVar


@dataclass(frozen=True, slots=True)
class Event:
    """Base of every event."""

    name: ClassVar[str]
    at: float
    """`time.monotonic` when it happened."""
