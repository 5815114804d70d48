"""A plain LED on a pin: on, off, or blinking."""

from collections.abc import Callable

from satellite.lights.look import BLINK_S, Look, Motion, level

_SLOW_S = 1.0
SetPin = Callable[[bool], None]
"""Sets the pin. Raises LightLost."""


class Led:
    """One LED; what moves elsewhere blinks here, slowly for all but what wants to be seen."""

    def __init__(self, set_pin: SetPin) -> None:
        self._set_pin = set_pin

    async def show(self, look: Look, at_s: float) -> float | None:
        """Show a look. Raises LightLost."""
        if not look.moves:
            self._set_pin(not look.dark)
            return None
        half_s = BLINK_S if look.motion in (Motion.BLINK, Motion.FLASH) else _SLOW_S
        self._set_pin(level(Motion.BLINK, at_s * BLINK_S / half_s) > 0)
        return half_s - at_s % half_s

    def close(self) -> None:
        """Go dark."""
        self._set_pin(False)
