"""How good the way to the hub is."""

from dataclasses import dataclass


@dataclass(slots=True)
class LinkHealth:
    """Figures since the start. The uplink writes them."""

    reconnects: int = 0
    """Links that were made anew."""
    round_trip_ms: float | None = None
    """Time that the last ping took, there and back."""
