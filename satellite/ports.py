"""What the satellite at work needs of its parts."""

from collections.abc import Callable
from typing import Protocol

from protocol import Message
from satellite.events import Event

EventSink = Callable[[Event], None]
"""Hears of every event."""


class Processing(Protocol):
    """What does the work, in pieces of 10 ms."""

    def expect_echo_after(self, delay_ms: int) -> None:
        """Say how long after `play` its echo comes from now on."""

    def play(self, pcm16: bytes) -> None:
        """Take what the speaker plays."""

    def clean(self, pcm16: bytes) -> bytes:
        """Return what the microphone hears, cleaned. Call `play` before each."""


class EchoCancelling(Protocol):
    """Takes the speaker's echo out of what the microphone hears."""

    @property
    def echo_db(self) -> float | None:
        """Return how much quieter the echo has become, or None while that is not known."""


class Outbound(Protocol):
    """The way to the hub."""

    @property
    def dropped_chunks(self) -> int:
        """Return how much audio could not be sent."""

    def send(self, message: Message) -> None:
        """Send in order, without waiting."""

    async def wait_for_room(self) -> None:
        """Wait while too much is on its way."""
