"""What the satellite asks of a speaker."""

from collections.abc import Callable
from typing import Protocol


class Renderer(Protocol):
    """Where sound to play comes from."""

    on_order: Callable[[], None]
    """Called, on any thread, when there is something to do again."""

    @property
    def idle(self) -> bool:
        """Return True while only silence would be rendered."""

    @property
    def rate_hz(self) -> int:
        """Return the rate of what it renders."""

    def render(self, samples: int, at: float) -> bytes:
        """Return exactly `samples` samples that will be heard from clock time `at` on.

        Called on the device's thread; never blocks.
        """


class Speaker(Protocol):
    """A device that pulls sound out of a renderer at its own pace."""

    @property
    def rate_hz(self) -> int:
        """Return the rate at which it plays; sound of another rate is resampled."""

    async def run(self, source: Renderer) -> None:
        """Play what is rendered until cancelled. Raises SatelliteError "speaker-lost"."""
