"""The owner's hands: signals, and the keyboard where there is one."""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Protocol

_MOST_BYTES = 4096


class Controlled(Protocol):
    """What can be done by hand."""

    def press_button(self) -> None:
        """Push to talk."""

    def toggle_mute(self) -> None:
        """Switch the microphone off, or on again."""


@asynccontextmanager
async def controls(satellite: Controlled) -> AsyncIterator[None]:
    """Take signals and keys: SIGUSR1 or Enter talks, SIGUSR2 or m with Enter mutes."""
    loop = asyncio.get_running_loop()
    keyboard = sys.stdin.fileno() if sys.stdin is not None and sys.stdin.isatty() else None

    def read_keys() -> None:
        try:
            typed = os.read(keyboard or 0, _MOST_BYTES)
        except OSError:
            typed = b""  # the terminal has gone
        if not typed:
            loop.remove_reader(keyboard or 0)
        for line in typed.splitlines():
            match line.strip().lower():
                case b"":
                    satellite.press_button()
                case b"m":
                    satellite.toggle_mute()

    loop.add_signal_handler(signal.SIGUSR1, satellite.press_button)
    loop.add_signal_handler(signal.SIGUSR2, satellite.toggle_mute)
    if keyboard is not None:
        loop.add_reader(keyboard, read_keys)
    try:
        yield
    finally:
        loop.remove_signal_handler(signal.SIGUSR1)
        loop.remove_signal_handler(signal.SIGUSR2)
        if keyboard is not None:
            loop.remove_reader(keyboard)
