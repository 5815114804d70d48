"""What the sound devices lost because this machine was too slow for them."""

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass

from satellite import events

REPORT_S = 60.0
"""A machine that is always too slow would say so without end."""


@dataclass(slots=True)
class Losses:
    """Counts since the start. Each is written by its device's thread alone."""

    microphone: int = 0
    """Times that sound came faster than it was taken."""
    speaker: int = 0
    """Times that the speaker ran dry although there was something to play, or silence."""

    @property
    def total(self) -> int:
        """Return both."""
        return self.microphone + self.speaker

    async def tell(self, emit: Callable[[events.Event], None]) -> None:
        """Say so when something was lost, at most once a minute, until cancelled."""
        told = 0
        while True:
            await asyncio.sleep(REPORT_S)
            if self.total != told:
                told = self.total
                emit(events.SoundLost(time.monotonic(), self.microphone, self.speaker))
