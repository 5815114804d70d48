"""Saying something unasked: what is to be said where, and what became of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum, StrEnum
from typing import Protocol

MOST_TIMES = 20
"""What is said more often than this, and nobody confirms, nobody hears."""


class Priority(IntEnum):
    """Which of two announcements is said first, and whom it may interrupt."""

    LOW = 0
    NORMAL = 1
    HIGH = 2
    """Said before all others; waits for the end of a conversation, too."""
    URGENT = 3
    """Interrupts whatever goes on."""


class Fate(StrEnum):
    """What became of an announcement at one satellite."""

    HEARD = "heard"
    STOPPED = "stopped"
    """Somebody told it to stop, by voice or by touch."""
    EXPIRED = "expired"
    """It could not be said in time."""
    FAILED = "failed"
    """There was no voice to say it with."""
    UNREACHABLE = "unreachable"
    """The satellite is not connected, or was lost while it spoke."""
    CONFIRMED = "confirmed"
    """Somebody confirmed it before it had been said as often as it was to be."""


@dataclass(frozen=True, slots=True)
class Announcement:
    """Something to say."""

    text: str
    """May be empty where there is a chime."""
    satellites: tuple[str, ...] = ()
    """Ids of satellites."""
    rooms: tuple[str, ...] = ()
    """Names of rooms. Neither satellites nor rooms: everywhere."""
    priority: Priority = Priority.NORMAL
    chime: str | None = None
    """A sound to play first: "chime" or "alarm"."""
    language: str | None = None
    """None: the household's."""
    within_s: float = 300.0
    """It is not said any more after this."""
    volume: float | None = None
    """As loud as this, from 0 to 1; None: as loud as the satellite is."""
    times: int = 1
    """It is said so often at most, until somebody confirms it."""
    pause_s: float = 10.0
    """From the end of one time to the next."""


class Announcer(Protocol):
    """Who says what was not asked for."""

    async def announce(self, announcement: Announcement) -> Mapping[str, Fate]:
        """Say it when its turn has come; return what became of it, by satellite.

        Empty where there is no satellite at all. Cancelling it takes back what was not said yet,
        and falls silent.
        """
