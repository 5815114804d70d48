"""GPIO pins, through the kernel's character device: a button to talk, a mute switch, an LED."""

import asyncio
import errno
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any, Protocol

from satellite import events
from satellite.errors import SatelliteError
from satellite.lights.light import LightLost
from satellite.signs_settings import Pins

DEBOUNCE = timedelta(milliseconds=20)
AGAIN_S = 60.0
"""A button whose pin can not be had is tried again so often."""
_CONSUMER = "sotto-satellite"


class Handled(Protocol):
    """What pins do to the satellite."""

    def press_button(self) -> None:
        """Push to talk."""

    def release_button(self) -> None:
        """Let go of the button."""

    def switch_mute(self, *, muted: bool) -> None:
        """Take the position of a switch that no program can undo."""

    def emit(self, event: events.Event) -> None:
        """Tell everybody who listens."""


@asynccontextmanager
async def watch_pins(pins: Pins, satellite: Handled) -> AsyncIterator[None]:
    """Follow button and switch while the body runs.

    A button alone whose pin can not be had costs the button, until it can.

    Raises SatelliteError "no-pins" where there is a switch: who has switched the microphone off
    must not be heard because nobody saw it.
    """
    wanted = [pin for pin in (pins.button, pins.mute_switch) if pin is not None]
    if not wanted:
        yield
        return
    try:
        request = _request(_load(), pins, wanted)
    except SatelliteError as error:
        if pins.mute_switch is not None:
            raise
        satellite.emit(events.Failed(time.monotonic(), error.code, error.text))
        trying = asyncio.create_task(_follow_later(pins, satellite), name="button")
        try:
            yield
        finally:
            trying.cancel()
            await asyncio.wait([trying])
        return
    with _followed(request, pins, satellite):
        yield


async def _follow_later(pins: Pins, satellite: Handled) -> None:
    """Follow a button as soon as its pin can be had, until cancelled."""
    assert pins.button is not None
    while True:
        await asyncio.sleep(AGAIN_S)
        try:
            request = _request(_load(), pins, [pins.button])
        except SatelliteError:
            continue
        with _followed(request, pins, satellite):
            where = f"{pins.chip} {pins.button}"
            satellite.emit(events.DeviceOpened(time.monotonic(), "button", where))
            await asyncio.Event().wait()


@contextmanager
def _followed(request: Any, pins: Pins, satellite: Handled) -> Iterator[None]:
    """Let the satellite hear of what its pins do within the body."""
    loop = asyncio.get_running_loop()

    def read() -> None:
        for event in request.read_edge_events():
            pressed = event.event_type is event.Type.RISING_EDGE  # lines are active low
            if event.line_offset == pins.button:
                (satellite.press_button if pressed else satellite.release_button)()
            elif event.line_offset == pins.mute_switch:
                satellite.switch_mute(muted=pressed)

    try:
        if pins.mute_switch is not None:
            active = request.get_value(pins.mute_switch) is _load().line.Value.ACTIVE
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
        raise _no_pins(pins.chip, wanted, error) from error


def _load() -> Any:
    try:
        import gpiod  # noqa: PLC0415  # only boards with pins need it
    except ImportError as error:
        raise SatelliteError(
            "no-pins", "pins need the package gpiod: install 'sotto[satellite]'"
        ) from error
    return gpiod


def _no_pins(chip: Path, wanted: list[int], error: OSError | ValueError) -> SatelliteError:
    number = error.errno if isinstance(error, OSError) else None
    advice = {
        errno.ENOENT: "pins.chip names another chip",
        errno.EBUSY: "something else has it, often the driver of a microphone board",
    }.get(number or 0, "is the program allowed to use it (group gpio)?")
    names = " and ".join(map(str, wanted))
    return SatelliteError("no-pins", f"{chip}: pin {names}: {error}; {advice}")
