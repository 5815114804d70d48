"""Pins, with a double of the GPIO chip that speaks gpiod's interface: there is none here."""

import asyncio
import os
import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from satellite import events, pins
from satellite.errors import SatelliteError
from satellite.event import Event
from satellite.lights.light import LightLost
from satellite.pins import led_setter, watch_pins
from satellite.signs_settings import Pins

gpiod = pytest.importorskip("gpiod", reason="no gpiod: install 'sotto[satellite]'")
ACTIVE, INACTIVE = gpiod.line.Value.ACTIVE, gpiod.line.Value.INACTIVE


class Request:
    """What gpiod.request_lines returns: here over a pipe, whose bytes are waiting events."""

    def __init__(self, chip: "Chip", config: dict[Any, Any]) -> None:
        self.chip = chip
        self.settings = {
            line: settings
            for lines, settings in config.items()
            for line in (lines if isinstance(lines, tuple) else (lines,))
        }
        self.fd, self._events = os.pipe()
        self.waiting: list[Any] = []
        self.released = False

    def get_value(self, line: int) -> Any:
        return self.chip.values.get(line, INACTIVE)

    def set_value(self, line: int, value: Any) -> None:
        assert self.settings[line].direction is gpiod.line.Direction.OUTPUT
        self.chip.values[line] = value

    def read_edge_events(self) -> list[Any]:
        os.read(self.fd, 100)
        events, self.waiting = self.waiting, []
        return events

    def turn(self, line: int, *, active: bool) -> None:
        kinds = gpiod.EdgeEvent.Type
        kind = kinds.RISING_EDGE if active else kinds.FALLING_EDGE
        self.waiting.append(SimpleNamespace(line_offset=line, event_type=kind, Type=kinds))
        os.write(self._events, b"!")

    def release(self) -> None:
        self.released = True
        os.close(self.fd)
        os.close(self._events)


class Chip:
    def __init__(self) -> None:
        self.values: dict[int, Any] = {}
        self.requests: list[Request] = []
        self.error: OSError | None = None

    def request_lines(self, path: str, consumer: str, config: dict[Any, Any]) -> Request:
        assert (path, consumer) == ("/dev/gpiochip0", "sotto-satellite")
        if self.error is not None:
            raise self.error
        self.requests.append(Request(self, config))
        return self.requests[-1]


@pytest.fixture
def chip(monkeypatch: pytest.MonkeyPatch) -> Iterator[Chip]:
    chip = Chip()
    monkeypatch.setattr(gpiod, "request_lines", chip.request_lines)
    yield chip
    for request in chip.requests:
        if not request.released:
            request.release()


class Hands:
    def __init__(self) -> None:
        self.told: list[Event] = []
        self.emit = self.told.append
        self.done: list[object] = []
        self.changed = asyncio.Event()

    def press_button(self) -> None:
        self.done.append("button")
        self.changed.set()

    def release_button(self) -> None:
        self.done.append("released")
        self.changed.set()

    def switch_mute(self, *, muted: bool) -> None:
        self.done.append(muted)
        self.changed.set()

    async def next(self) -> object:
        async with asyncio.timeout(60):
            await self.changed.wait()
        self.changed.clear()
        return self.done[-1]


async def test_a_button_is_followed_when_it_is_pressed_and_when_it_is_let_go(chip: Chip) -> None:
    hands = Hands()
    async with watch_pins(Pins(button=17), hands):
        (request,) = chip.requests
        settings = request.settings[17]
        assert settings.active_low
        assert settings.bias is gpiod.line.Bias.PULL_UP
        assert settings.debounce_period >= timedelta(milliseconds=5)
        request.turn(17, active=True)
        assert await hands.next() == "button"
        request.turn(17, active=False)
        assert await hands.next() == "released"
    assert request.released


async def test_the_switch_is_read_at_the_start_and_followed(chip: Chip) -> None:
    chip.values[22] = ACTIVE
    hands = Hands()
    async with watch_pins(Pins(mute_switch=22), hands):
        assert hands.done == [True]
        hands.changed.clear()
        chip.requests[0].turn(22, active=False)
        assert await hands.next() is False
        chip.requests[0].turn(22, active=True)
        assert await hands.next() is True


async def test_without_pins_the_chip_is_left_alone(chip: Chip) -> None:
    async with watch_pins(Pins(led=5), Hands()):
        assert chip.requests == []


async def test_a_chip_that_can_not_be_used_is_named_with_what_to_do(chip: Chip) -> None:
    chip.error = PermissionError(13, "Permission denied")
    with pytest.raises(SatelliteError, match=r"pin 17 and 22.*denied.*group gpio") as raised:
        async with watch_pins(Pins(button=17, mute_switch=22), Hands()):
            pass
    assert raised.value.code == "no-pins"


async def test_a_button_alone_that_can_not_be_had_costs_the_button_until_it_can(
    chip: Chip, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pins, "AGAIN_S", 0.001)
    chip.error = OSError(16, "Device or resource busy")
    hands = Hands()
    async with watch_pins(Pins(button=17), hands):
        (failed,) = hands.told
        assert isinstance(failed, events.Failed)
        assert failed.code == "no-pins"
        assert "busy; something else has it" in failed.text
        await asyncio.sleep(0.01)
        assert hands.told == [failed], "it is said once"
        chip.error = None
        async with asyncio.timeout(60):
            while len(hands.told) < 2:
                await asyncio.sleep(0.001)
        assert isinstance(hands.told[1], events.DeviceOpened)
        chip.requests[0].turn(17, active=True)
        assert await hands.next() == "button"
    assert chip.requests[0].released


def test_an_led_is_switched_and_its_pin_is_taken_once(chip: Chip) -> None:
    set_led = led_setter(Pins(led=5))
    set_led(True)
    assert chip.values == {5: ACTIVE}
    set_led(False)
    assert chip.values == {5: INACTIVE}
    assert len(chip.requests) == 1


def test_an_led_that_can_not_be_had_is_lost_light(chip: Chip) -> None:
    chip.error = OSError(16, "Device or resource busy")
    with pytest.raises(LightLost, match=r"pin 5 of /dev/gpiochip0: .*busy"):
        led_setter(Pins(led=5))(True)


def test_without_gpiod_it_is_said_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "gpiod", None)
    with pytest.raises(LightLost, match=r"sotto\[satellite\]"):
        led_setter(Pins(led=5, chip=Path("/dev/gpiochip0")))(True)
