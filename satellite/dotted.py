"""Settings by their dotted names, as the settings file spells them: `wake.sensitivity`."""

import typing
from typing import Annotated, Any, Literal, TypeVar

import msgspec

from protocol import LiveSetting
from satellite.section import Section

S = TypeVar("S", bound=Section)

_PLAIN = {bool: "boolean", int: "integer", float: "number"}


def type_of(section: type[Section], name: str) -> Any:
    """Return the type of a setting. Raises KeyError where there is none of that name."""
    first, _, rest = name.partition(".")
    kind = {field.name: field.type for field in msgspec.structs.fields(section)}[first]
    inner = isinstance(kind, type) and issubclass(kind, Section)
    if inner != bool(rest):
        raise KeyError(name)
    return type_of(kind, rest) if inner else kind


def value_of(section: Section, name: str) -> Any:
    """Return the value of a setting that is there."""
    for part in name.split("."):
        section = getattr(section, part)
    return section


def with_value(section: S, name: str, value: Any) -> S:
    """Return settings with another value. Raises ValueError where the others forbid it."""
    first, _, rest = name.partition(".")
    if rest:
        value = with_value(getattr(section, first), rest, value)
    return msgspec.structs.replace(section, **{first: value})


def describe_live(name: str, kind: Any, value: Any, own: Any) -> LiveSetting:
    """Return what a hub is told about a setting of a type."""
    meta = msgspec.Meta()
    if typing.get_origin(kind) is Annotated:
        kind, meta, *_ = typing.get_args(kind)
    choices: tuple[str, ...] = ()
    if typing.get_origin(kind) is Literal:
        choices, word = typing.get_args(kind), "choice"
    elif typing.get_origin(kind) is tuple:
        word = "list"
    elif typing.get_origin(kind) is dict:
        word = "table"
    else:
        word = _PLAIN.get(kind, "text")
    least, greatest = meta.ge, meta.le
    if word in ("list", "table"):
        least, greatest = meta.min_length, meta.max_length
    return LiveSetting(name, word, plain(value), plain(own), least, greatest, choices)


def plain(value: Any) -> Any:
    """Return a value as JSON has it."""
    return msgspec.json.decode(msgspec.json.encode(value))
