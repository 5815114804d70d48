"""Whether a device's state shows that what it was told came true."""

from collections.abc import Callable, Mapping
from typing import Any

from hub.home.model import DeviceState

Reached = Callable[[DeviceState, Mapping[str, Any]], bool]
"""Takes the state of a device and the values of what it was told."""

POSITION_TOLERANCE = 2
"""Percent. Motors and gears stop near what they are told."""
TILT_TOLERANCE = 3
"""Percent. Slats turn in coarse steps."""
BRIGHTNESS_TOLERANCE = 2
"""Percent. Lamps count brightness in steps of their own, often 0 to 254."""
COLOR_TOLERANCE = 12
"""Of 255. Lamps that think in hue and saturation round on the way back."""
TEMPERATURE_TOLERANCE = 0.51
"""Degrees. Thermostats round to half degrees."""


def is_in(*values: str) -> Reached:
    """Pass a state that is one of these."""
    return lambda state, _: state.value in values


def turned_on(state: DeviceState, values: Mapping[str, Any]) -> bool:
    """Pass whatever is on; a light must also show how."""
    if values:
        return _lit(state, values)
    # A thermostat's state is its mode; any mode but "off" is on.
    return state.known and state.value != "off"


def positioned(state: DeviceState, values: Mapping[str, Any]) -> bool:
    """Pass what is where it was sent, or on its way."""
    if state.value in {"opening", "closing"}:
        return True
    told = state.attributes.get("position")
    return told is not None and abs(told - values["position"]) <= POSITION_TOLERANCE


def blowing(state: DeviceState, values: Mapping[str, Any]) -> bool:
    """Pass a fan at the speed that it has nearest to the wanted one."""
    told, wanted = state.attributes.get("percentage"), values["percentage"]
    if wanted == 0 and state.value == "off":
        return True
    tolerance = max(state.attributes.get("step", 1), 1)
    return told is not None and bool(abs(told - wanted) <= tolerance)


def near(attribute: str, value: str, tolerance: float) -> Reached:
    """Pass a number that is about the wanted one."""

    def reached(state: DeviceState, values: Mapping[str, Any]) -> bool:
        return _close(state.attributes.get(attribute, float("inf")), values[value], tolerance)

    return reached


def equal(attribute: str, value: str) -> Reached:
    """Pass an attribute that is what was wanted, in whatever case."""

    def reached(state: DeviceState, values: Mapping[str, Any]) -> bool:
        told, wanted = state.attributes.get(attribute), values[value]
        if isinstance(told, str) and isinstance(wanted, str):
            return told.casefold() == wanted.casefold()
        return bool(told == wanted)

    return reached


def ranged(state: DeviceState, values: Mapping[str, Any]) -> bool:
    """Pass a thermostat with the wanted range of temperatures."""
    return all(
        near(f"temperature_{bound}", bound, TEMPERATURE_TOLERANCE)(state, values)
        for bound in ("low", "high")
        if f"temperature_{bound}" in state.attributes
    )


def holds(value: str) -> Reached:
    """Pass a state that is the wanted value itself: a number, or a text in whatever case."""

    def reached(state: DeviceState, values: Mapping[str, Any]) -> bool:
        wanted = values[value]
        if isinstance(wanted, str):
            return state.value.casefold() == wanted.casefold()
        try:
            return bool(abs(float(state.value) - wanted) <= state.attributes.get("step", 0) / 2)
        except ValueError:
            return False

    return reached


def installing(state: DeviceState, _: Mapping[str, Any]) -> bool:
    """Pass an update that has begun or is there already."""
    return state.value == "off" or state.attributes.get("in_progress") is True


def _lit(state: DeviceState, values: Mapping[str, Any]) -> bool:
    """Whether a light is on and shows what was asked; what it does not report is not held up."""
    if state.value != "on":
        return False
    told = state.attributes
    brightness, color = values.get("brightness"), values.get("color")
    bright = brightness is None or _close(told.get("brightness"), brightness, BRIGHTNESS_TOLERANCE)
    colored = color is None or all(
        _close(have, want, COLOR_TOLERANCE)
        for have, want in zip(told.get("color", color), color, strict=True)
    )
    return bright and colored


def _close(have: float | None, want: float, tolerance: float) -> bool:
    return have is None or abs(have - want) <= tolerance
