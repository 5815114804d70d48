"""What the satellite asks of its lights."""

from typing import Protocol, runtime_checkable

from satellite.lights.look import Look


class LightLost(Exception):
    """The lights can not be reached; the text says why."""


class Light(Protocol):
    """Lights of some kind."""

    async def show(self, look: Look, at_s: float) -> float | None:
        """Show a look as it is `at_s` seconds after it began.

        Returns in how many seconds it should be shown anew, None where it stays by itself.
        Raises LightLost.
        """

    def close(self) -> None:
        """Go dark and let go of the device."""


@runtime_checkable
class Dimmable(Protocol):
    """Lights that can be brighter and darker, in any colour."""

    brightness: float
    """From 0 to 1, of what is shown next."""
