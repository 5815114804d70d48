"""Controlling the hub from outside: what may be asked of it, and how its satellites look."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from hub.announcing import Announcement, Fate


class ControlError(Exception):
    """Something can not be done. `code` is stable, the text is one line for a person.

    Codes: "unknown-satellite", "not-connected", "bad-text", "bad-value", "unsupported", "timeout",
    "busy", "not-kept", "bad-setting", "unknown-language", and those of payloads.
    """

    def __init__(self, code: str, text: str) -> None:
        super().__init__(text)
        self.code = code


@dataclass(frozen=True, slots=True)
class SatelliteView:
    """A satellite that is connected, as others see it."""

    id: str
    name: str
    area: str | None
    state: str
    """As it says itself: "idle", "waking", "listening", "thinking" or "speaking"."""
    muted: bool = False
    volume: float | None = None
    """From 0 to 1; None where it does not tell."""


@dataclass(frozen=True, slots=True)
class SettingView:
    """A setting of a satellite that can be changed while it runs."""

    name: str
    """As in the satellite's settings file."""
    kind: str
    """"boolean", "integer", "number", "text", "choice", "list" or "table"."""
    value: Any
    """What holds now."""
    own: Any
    """What its settings file says."""
    least: float | None = None
    greatest: float | None = None
    """The limits of a number, or of the entries of a list."""
    choices: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class TextAnswer:
    """What came of a written command."""

    text: str
    ok: bool
    """Whether what was asked for was done, or answered."""
    intent: str | None = None
    details: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class TimerView:
    """A timer, an alarm, a reminder or a delayed command, as others see it."""

    id: str
    kind: str
    """"timer", "alarm", "reminder" or "command"."""
    state: str
    """"waiting", "paused", "ringing" or "started"."""
    due: datetime
    """When, in UTC."""
    left_s: float | None = None
    """What is left of it while it is paused."""
    satellite: str | None = None
    """Where it was set."""
    area: str | None = None
    name: str = ""
    text: str = ""
    """What to remind of, or to do."""


class Timers(Protocol):
    """What the household has set. Commands raise ControlError."""

    def views(self) -> Sequence[TimerView]:
        """Return all there are; what is due first comes first."""

    def follow(self, follower: Callable[[], None]) -> None:
        """Have `follower` called whenever something of that changes."""

    async def stop_ringing(self, satellite: str | None = None) -> Sequence[str]:
        """Silence what rings at a satellite, or everywhere; return the ids."""

    async def cancel(self, timer: str) -> bool:
        """Forget one; return whether there was one."""


class Acceptor(Protocol):
    """Who keeps announcements until they were said."""

    async def accept(self, announcement: Announcement, key: str) -> bool:
        """Keep an announcement, such that it outlives a crash; return whether it is a new one.

        One with a `key` that is known already is not said again. Raises ControlError.
        """

    def confirm(self, key: str | None = None) -> int:
        """Say one no more, or none that is said several times; return how many there were."""


class Controls(Protocol):
    """The only commands and queries that the outside may use. Commands raise ControlError."""

    def satellites(self) -> Sequence[SatelliteView]:
        """Return the satellites that are connected."""

    async def ask(self, satellite: str, question: Announcement) -> tuple[Fate, str | None]:
        """Ask something; return what became of it, and the answer if one came."""

    def listen(self, satellite: str) -> None:
        """Listen at a satellite, as if somebody had said the wake word."""

    def stop(self, satellite: str | None = None) -> None:
        """Fall silent at a satellite, or everywhere."""

    async def set_volume(self, satellite: str, volume: float) -> None:
        """Set the volume of a satellite, from 0 to 1."""

    async def set_muted(self, satellite: str, muted: bool) -> None:
        """Switch the microphone of a satellite off, or on again."""

    def settings(self, satellite: str) -> Sequence[SettingView]:
        """Return what can be changed at a satellite, with what holds."""

    async def set(self, satellite: str, values: Mapping[str, Any]) -> Mapping[str, Any]:
        """Change settings of a satellite; return what holds of them now."""

    async def identify(self, satellite: str, seconds: float) -> None:
        """Have a satellite show which one it is."""

    async def run_text(
        self, text: str, *, area: str | None = None, language: str | None = None
    ) -> TextAnswer:
        """Do what a text asks for, as if it had been said in a room."""
