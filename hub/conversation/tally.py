"""How often it paid to work ahead: tries that began before the end of the sentence was sure."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(slots=True)
class Tally:
    """Sums over turns in which somebody spoke, from the details of their records."""

    turns: int = 0
    tries: int = 0
    """Of all turns; a turn has one if nobody paused in it."""
    thoughts: int = 0
    """Tries that also thought ahead."""
    paid: int = 0
    """Turns in which the try that counted had begun before the end was sure, and was done."""
    ahead_ms: float = 0.0
    """Time that was gained so, in all."""

    def add(self, details: Mapping[str, Any]) -> None:
        """Count a turn."""
        if not details.get("tries"):
            return
        ahead_ms = float(details.get("ahead_ms", 0))
        self.turns += 1
        self.tries += int(details["tries"])
        self.thoughts += int(details.get("thoughts", 0))
        self.paid += ahead_ms > 0
        self.ahead_ms += ahead_ms

    @property
    def paid_percent(self) -> float:
        """Share of the turns in which it paid."""
        return 100 * self.paid / self.turns if self.turns else 0.0
