"""Settings that the hub may change while the satellite runs. They hold until it starts anew."""

from collections.abc import Callable, Mapping
from typing import Any

import msgspec

from satellite.section import describe


class LiveSettings:
    """What can be changed, by name: each part of the satellite adds its own."""

    def __init__(self) -> None:
        self._setters: dict[str, tuple[Any, Callable[[Any], object]]] = {}

    def add(self, name: str, kind: Any, setter: Callable[[Any], object]) -> None:
        """Let a setting be changed: `setter` takes a value of the type `kind`."""
        self._setters[name] = kind, setter

    @property
    def names(self) -> tuple[str, ...]:
        """Return what can be changed."""
        return tuple(sorted(self._setters))

    def change(self, values: Mapping[str, object]) -> list[str]:
        """Take values over; return in words those that can not be used.

        A name that is not known is a newer hub's, and left alone.
        """
        problems = []
        for name, value in values.items():
            if name not in self._setters:
                continue
            kind, setter = self._setters[name]
            try:
                setter(msgspec.convert(value, kind))
            except (msgspec.ValidationError, ValueError):
                problems.append(f"{name} must be {describe(kind)}, and is {str(value)[:60]!r}")
        return problems
