"""Settings that the hub may change while the satellite runs.

They have the names of the settings file, which itself stays as it is: what was changed is kept
beside it, and a change to null makes hold again what the file says.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import msgspec

from protocol import LiveSetting
from satellite.dotted import describe_live, plain, type_of, value_of, with_value
from satellite.fixed_settings import why_fixed
from satellite.section import describe
from satellite.settings import SatelliteSettings

MOST_BYTES = 1500
"""Of one value as JSON: all of them fit into one message, and into the file that keeps them."""
MOST_REFUSED_CHARS = 300
SHOWN_CHARS = 60

Apply = Callable[[SatelliteSettings], object]
"""Carries out what has changed in the settings. Raises ValueError where that can not be."""


@dataclass(frozen=True, slots=True)
class Change:
    """A value that was changed."""

    value: Any
    own: Any
    """What the file said then: who writes another value there wants to have it."""


@dataclass(frozen=True, slots=True)
class _Live:
    kind: Any
    apply: Apply


class LiveSettings:
    """What can be changed, by name: each part of the satellite adds its own."""

    def __init__(
        self, own: SatelliteSettings | None = None, kept: Mapping[str, Change] | None = None
    ) -> None:
        """`own` are those of the file; what was `kept` holds, unless the file has changed."""
        self.own = SatelliteSettings() if own is None else own
        self.now = self.own
        """What holds now."""
        self._live: dict[str, _Live] = {}
        self._states: dict[str, tuple[Callable[[Any], object], Callable[[], bool]]] = {}
        for name, change in (kept or {}).items():
            self._take_up(name, change)

    def add(self, *names: str, apply: Apply, kind: Any = None) -> None:
        """Let settings be changed; `kind` narrows what their values may be."""
        for name in names:
            self._live[name] = _Live(kind or type_of(SatelliteSettings, name), apply)

    def add_state(
        self, name: str, setter: Callable[[bool], object], getter: Callable[[], bool]
    ) -> None:
        """Let something be switched that is no setting of the file."""
        self._states[name] = setter, getter

    @property
    def names(self) -> tuple[str, ...]:
        """Return what can be changed."""
        return tuple(sorted((*self._live, *self._states)))

    @property
    def changes(self) -> dict[str, Change]:
        """Return what is not as the file says."""
        found = {}
        for name in self._live:
            value, own = plain(value_of(self.now, name)), plain(value_of(self.own, name))
            if value != own:
                found[name] = Change(value, own)
        return found

    def value(self, name: str) -> Any:
        """Return what holds now of something that can be changed, as JSON has it."""
        if name in self._states:
            return self._states[name][1]()
        value = value_of(self.now, name)
        # A sound of the owner's own is one that is on.
        return bool(value) if self._live[name].kind is bool else plain(value)

    def views(self) -> tuple[LiveSetting, ...]:
        """Return all that can be changed, as a hub is told of it."""
        found = [LiveSetting(n, "boolean", self.value(n), own=False) for n in self._states]
        for name, live in self._live.items():
            own = value_of(self.own, name)
            own = bool(own) if live.kind is bool else own
            found.append(describe_live(name, live.kind, self.value(name), own))
        return tuple(sorted(found, key=lambda one: one.name))

    def note(self, name: str, value: Any) -> None:
        """Say that a setting was changed otherwise, such as by a knob."""
        self.now = with_value(self.now, name, value)

    def change(self, values: Mapping[str, object]) -> dict[str, str]:
        """Take values over; return by name, in words, why the others can not be used."""
        refused = {}
        for name, value in values.items():
            try:
                self._change(name, value)
            except ValueError as error:
                refused[name[:SHOWN_CHARS]] = str(error)[:MOST_REFUSED_CHARS]
        return refused

    def _change(self, name: str, value: object) -> None:
        if name in self._states:
            self._states[name][0](_converted(name, False if value is None else value, bool))
            return
        live = self._live.get(name)
        if live is None:
            raise ValueError(why_fixed(name))
        own = value_of(self.own, name)
        wanted = own if value is None else _converted(name, value, live.kind)
        if wanted is True and isinstance(own, str):
            wanted = own  # on: the owner's own sound
        before = self.now
        try:
            self.now = with_value(before, name, wanted)
            live.apply(self.now)
        except ValueError as error:
            self.now = before
            raise ValueError(f"{name}: {error}") from error

    def _take_up(self, name: str, change: Change) -> None:
        """Begin with what was kept, where it still makes sense."""
        try:
            if change.own == plain(value_of(self.own, name)):
                value = msgspec.convert(change.value, type_of(SatelliteSettings, name))
                self.now = with_value(self.now, name, value)
        except (KeyError, AttributeError, TypeError, ValueError):
            return


def _converted(name: str, value: object, kind: Any) -> Any:
    try:
        if len(msgspec.json.encode(value)) <= MOST_BYTES:
            return msgspec.convert(value, kind)
        text = f"{name} must be shorter: {MOST_BYTES} bytes as JSON at most"
    except msgspec.ValidationError:
        text = f"{name} must be {describe(kind)}, and is {str(value)[:SHOWN_CHARS]!r}"
    raise ValueError(text)
