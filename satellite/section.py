"""A table of the settings: typed, frozen, with a default for everything, checked when it is read.

msgspec instead of pydantic, which the hub has: it takes a fifth of the memory (3 instead of 13 MB),
and a satellite has little.
"""

import types
import typing
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Literal, TypeVar

import msgspec

S = TypeVar("S", bound="Section")

_UNIONS = (typing.Union, types.UnionType)


class Secret:
    """A text that is not shown."""

    __slots__ = ("_text",)

    def __init__(self, text: str) -> None:
        self._text = text

    def reveal(self) -> str:
        """Return the text."""
        return self._text

    def __repr__(self) -> str:
        return "Secret(***)"


class BadValue(ValueError):
    """What a section's own look at its values finds wrong, in `__post_init__`."""

    def __init__(self, key: str, text: str) -> None:
        super().__init__(text)
        self.key = key


class Section(msgspec.Struct, frozen=True, kw_only=True):
    """Base of every table. A string below a field says what it is; docs/settings.md shows it."""


@dataclass(frozen=True, slots=True)
class Problem:
    """A value that can not be used."""

    key: tuple[str, ...]
    """Where it stands."""
    text: str
    """What is wrong with it. A secret is never in it."""


def read_section(
    kind: type[S], table: Mapping[str, object], within: tuple[str, ...] = ()
) -> tuple[S | None, list[Problem]]:
    """Return a section made of a table, and all that is wrong with it; None where something is."""
    values: dict[str, object] = {}
    problems = [
        Problem((*within, str(key)), f"there is no such setting; there are {', '.join(known)}")
        for known in [kind.__struct_fields__]
        for key in table
        if key not in known
    ]
    for field in msgspec.structs.fields(kind):
        if field.name not in table:
            continue
        key, value = (*within, field.name), table[field.name]
        if isinstance(field.type, type) and issubclass(field.type, Section):
            if isinstance(value, Mapping):
                section, found = read_section(field.type, value, key)
                problems += found
                if section is not None:  # else the default, so that all else is looked at too
                    values[field.name] = section
            else:
                problems.append(Problem(key, "it is a table"))
            continue
        try:
            values[field.name] = msgspec.convert(value, field.type, strict=False, dec_hook=_make)
        except (msgspec.ValidationError, ValueError):
            shown = isinstance(value, str | int | float) and Secret not in _parts(field.type)
            text = f"it must be {describe(field.type)}" + (f", and is {value!r}" if shown else "")
            problems.append(Problem(key, text))
    made: S | None = None
    try:
        made = kind(**values)
    except BadValue as error:
        problems.append(Problem((*within, error.key), str(error)))
    return (None if problems else made), problems


def describe(kind: Any) -> str:
    """Return what a value of a type may be, in words."""
    if typing.get_origin(kind) is Annotated:
        inner, *marks = typing.get_args(kind)
        meta = next(mark for mark in marks if isinstance(mark, msgspec.Meta))
        if typing.get_origin(inner) is tuple:
            each = describe(typing.get_args(inner)[0])
            return f"a list of at most {meta.max_length}, each {each}"
        return describe(inner) + _limits(meta)
    if typing.get_origin(kind) is Literal:
        *most, last = [repr(choice) for choice in typing.get_args(kind)]
        return f"{', '.join(most)} or {last}" if most else last
    if typing.get_origin(kind) in _UNIONS:
        parts = [describe(part) for part in typing.get_args(kind) if part is not type(None)]
        return ", or ".join(parts)
    if typing.get_origin(kind) is tuple:
        return f"a list, each {describe(typing.get_args(kind)[0])}"
    names = {bool: "true or false", int: "a whole number", float: "a number", Path: "a path"}
    return names.get(kind, "a table" if typing.get_origin(kind) is dict else "a text")


def takes(kind: Any, part: type) -> bool:
    """Tell whether a type takes values of another, which may be within it."""
    return part in _parts(kind)


def _parts(kind: Any) -> list[Any]:
    if typing.get_origin(kind) is Annotated:
        return _parts(typing.get_args(kind)[0])
    if typing.get_origin(kind) in _UNIONS:
        return [found for part in typing.get_args(kind) for found in _parts(part)]
    return [typing.get_origin(kind) or kind]


def _limits(meta: msgspec.Meta) -> str:
    if meta.ge is not None and meta.le is not None:
        return f" from {meta.ge} to {meta.le}"
    if meta.ge is not None:
        return f" of at least {meta.ge}"
    if meta.le is not None:
        return f" of at most {meta.le}"
    if meta.pattern is not None:
        return f" like {meta.pattern}"
    if meta.max_length is None:
        return " that is not empty"
    return f" of {meta.min_length or 0} to {meta.max_length} characters"


def _make(kind: type, value: object) -> object:
    if kind is Path and isinstance(value, str | Path):
        return Path(value)
    if kind is Secret and isinstance(value, str):
        return Secret(value)
    raise ValueError(f"no {kind.__name__}")
