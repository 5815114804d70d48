"""What the satellite asks of a speaker."""

from typing import Protocol

from satellite.jitter import PlaybackBuffer


class Speaker(Protocol):
    """A device that pulls sound out of the playback buffer at its own pace."""

    @property
    def rate_hz(self) -> int:
        """Return the rate at which it plays; the buffer has the same."""

    async def run(self, source: PlaybackBuffer) -> None:
        """Play what is in the buffer until cancelled. Raises SatelliteError "speaker-lost"."""
