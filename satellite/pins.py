"""GPIO pins, through the kernel's character device: a button to talk, a mute switch, an LED."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any, Protocol

from satellite.errors import SatelliteError
from satellite.lights.light import LightLost
from satellite.signs_settings import Pins

DEBOUNCE = timedelta(milliseconds=20)
_CONSUMER = "sotto-satellite"


class Handled(Protocol):
    """What pins do to the satellite."""

    def press_button(self) -> None:
        """Push to talk."""

    def switch_mute(self, *, muted: bool) -> None:
        """Take the position of a switch that no program can undo."""


@asynccontextmanager
async def watch_pins(pins: Pins, satellite: Handled) -> AsyncIterator[None]:
    """Follow button and switch while the body runs.

    Raises SatelliteError "no-pins".
    """
    wanted = [pin for pin in (pins.button, pins.mute_switch) if pin is not None]
    if not wanted:
        yield
        return
    gpiod = _load()
    request = _request(gpiod, pins, wanted)
    loop = asyncio.get_running_loop()

    def read() -> None:
        for event in request.read_edge_events():
            pressed = event.event_type is event.Type.RISING_EDGE  # lines are active low
            if event.line_offset == pins.button and pressed:
                satellite.press_button()
            elif event.line_offset == pins.mute_switch:
                satellite.switch_mute(muted=pressed)

    try:
        if pins.mute_switch is not None:
            active = request.get_value(pins.mute_switch) is gpiod.line.Value.ACTIVE
            satellite.switch_mute(muted=active)
        loop.add_reader(request.fd, read)
        try:
            yield
        finally:
            loop.remove_reader(request.fd)
    finally:
        request.release()


def led_setter(pins: Pins) -> Callable[[bool], None]:
    """Return what switches the LED. The pin is taken at the first use; it raises LightLost."""
    request: Any = None

    def set_pin(on: bool) -> None:
        nonlocal request
        try:
            gpiod = _load()
            value = gpiod.line.Value.ACTIVE if on else gpiod.line.Value.INACTIVE
            if request is None:
                settings = gpiod.LineSettings(direction=gpiod.line.Direction.OUTPUT)
                request = gpiod.request_lines(
                    str(pins.chip), consumer=_CONSUMER, config={pins.led: settings}
                )
            request.set_value(pins.led, value)
        except SatelliteError as error:
            raise LightLost(error.text) from error
        except (OSError, ValueError) as error:
            raise LightLost(f"pin {pins.led} of {pins.chip}: {error}") from error

    return set_pin


def _request(gpiod: Any, pins: Pins, wanted: list[int]) -> Any:
    settings = gpiod.LineSettings(
        direction=gpiod.line.Direction.INPUT,
        edge_detection=gpiod.line.Edge.BOTH,
        bias=gpiod.line.Bias.PULL_UP,
        active_low=True,
        debounce_period=DEBOUNCE,
    )
    try:
        return gpiod.request_lines(
            str(pins.chip), consumer=_CONSUMER, config={tuple(wanted): settings}
        )
    except (OSError, ValueError) as error:
        names = " and ".join(map(str, wanted))
        raise _no_pins(pins.chip, f"pin {names}: {error}") from error


def _load() -> Any:
    try:
        import gpiod  # noqa: PLC0415  # only boards with pins need it
    except ImportError as error:
        raise SatelliteError(
            "no-pins", "pins need the package gpiod: install 'sotto[satellite]'"
        ) from error
    return gpiod


def _no_pins(chip: Path, what: str) -> SatelliteError:
    text = f"{chip}: {what}; is the program allowed to use it (group gpio)?"
    return SatelliteError("no-pins", text)
