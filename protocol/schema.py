"""Message classes to and from JSON data, driven by their dataclass fields.

A field may be `str`, `int`, `float`, `bool`, `bytes` (the payload), `dict[str, Any]`, `Any`, a
`Part`, a `tuple` of those, or any of them `| None`; `Annotated` with `Between` or `OneOf` narrows.
"""

import math
import types
from collections.abc import Callable, Mapping
from dataclasses import MISSING, dataclass, fields
from typing import Annotated, Any, ClassVar, TypeVar, Union, get_args, get_origin, get_type_hints

from protocol.errors import MessageError, TooLarge


class Part:
    """A dataclass that is a piece of a message. What is None is left out, unless `writes_null`."""

    __slots__ = ()
    writes_null: ClassVar[bool] = False
    """True where peers expect every key to be there."""


class Message(Part):
    """Base of every message: a frozen, slotted dataclass whose fields are the event's data."""

    __slots__ = ()
    type_name: ClassVar[str]
    """The event type on the wire."""


@dataclass(frozen=True, slots=True)
class Between:
    """The least and the greatest number that a field may hold, both included."""

    least: float
    greatest: float


@dataclass(frozen=True, slots=True)
class OneOf:
    """The only values that a text field may hold."""

    values: tuple[str, ...]


Reader = Callable[[Any, str], Any]
Writer = Callable[[Any], Any]
AnyPart = TypeVar("AnyPart", bound=Part)


@dataclass(frozen=True, slots=True)
class FieldPlan:
    """How one field is read and written."""

    name: str
    read: Reader
    write: Writer | None
    """None where the value is JSON already."""
    required: bool
    """Whether it must be there."""
    nullable: bool
    """Whether it must be given as None when it is not there."""


@dataclass(frozen=True, slots=True)
class Plan:
    """How one class is read and written."""

    fields: tuple[FieldPlan, ...]
    """The fields that travel as data."""
    payload: str | None
    """The field that travels as payload."""


def plan_of(cls: type[Part]) -> Plan:
    """Return the plan of a class, compiled once."""
    plan = _plans.get(cls)
    if plan is None:
        plan = _plans[cls] = _compile(cls)
    return plan


def _compile(cls: type[Part]) -> Plan:
    hints = get_type_hints(cls, include_extras=True)
    planned = []
    payload = None
    for field in fields(cls):  # type: ignore[arg-type]  # every Part is a dataclass
        hint = hints[field.name]
        if hint is bytes:
            payload = field.name
            continue
        read, write = _reader_and_writer(hint)
        no_default = field.default is MISSING and field.default_factory is MISSING
        optional = types.NoneType in get_args(hint)
        required, nullable = no_default and not optional, no_default and optional
        planned.append(FieldPlan(field.name, read, write, required, nullable))
    return Plan(tuple(planned), payload)


def read_part(
    cls: type[AnyPart], data: Mapping[str, Any], path: str = "", payload: bytes = b""
) -> AnyPart:
    """Build `cls` from JSON data. Unknown keys are ignored; null counts as absent.

    Raises:
        MessageError: a field is missing or wrong; the text names it.
    """
    plan = plan_of(cls)
    values: dict[str, Any] = {}
    for field in plan.fields:
        value = data.get(field.name)
        if value is not None:
            values[field.name] = field.read(value, path + field.name)
        elif field.required:
            raise MessageError("missing-field", f"{path}{field.name} is missing")
        elif field.nullable:
            values[field.name] = None
    if plan.payload is not None:
        values[plan.payload] = payload
    try:
        return cls(**values)
    except ValueError as error:
        raise MessageError("bad-field", f"{path.rstrip('.') or 'data'}: {error}") from error


def write_part(part: Part) -> dict[str, Any]:
    """Return the JSON data of a message or a part.

    Raises:
        TooLarge: a number is not finite.
    """
    data: dict[str, Any] = {}
    for field in plan_of(type(part)).fields:
        value = getattr(part, field.name)
        if value is None:
            if part.writes_null:
                data[field.name] = None
        elif field.write is None:
            data[field.name] = value
        else:
            data[field.name] = field.write(value)
    return data


def payload_of(message: Message) -> bytes:
    """Return the payload of a message, empty for messages that carry none."""
    name = plan_of(type(message)).payload
    return b"" if name is None else getattr(message, name)


def _reader_and_writer(hint: Any) -> tuple[Reader, Writer | None]:
    origin = get_origin(hint)
    if origin is Annotated:
        base, rule = get_args(hint)
        return _narrowed(_reader_and_writer(base), rule)
    if origin in {Union, types.UnionType}:
        (base,) = (arg for arg in get_args(hint) if arg is not types.NoneType)
        # None itself never reaches a reader or a writer.
        return _reader_and_writer(base)
    if origin is tuple:
        return _tuple_of(get_args(hint)[0])
    if origin is dict:
        return _read_object, None
    if hint is Any:
        return _read_anything, None
    if isinstance(hint, type) and issubclass(hint, Part):
        return _part_of(hint)
    return _PLAIN[hint]


def _narrowed(
    plain: tuple[Reader, Writer | None], rule: Between | OneOf
) -> tuple[Reader, Writer | None]:
    read, write = plain

    def read_between(value: Any, path: str) -> Any:
        number = read(value, path)
        if not least <= number <= greatest:
            raise MessageError(
                "bad-field", f"{path} must be from {least:g} to {greatest:g}, not {number:g}"
            )
        return number

    def read_one_of(value: Any, path: str) -> Any:
        text = read(value, path)
        if text not in allowed:
            raise MessageError("bad-field", f"{path} must be one of {', '.join(allowed)}")
        return text

    if isinstance(rule, Between):
        least, greatest = rule.least, rule.greatest
        return read_between, write
    allowed = rule.values
    return read_one_of, write


def _tuple_of(hint: Any) -> tuple[Reader, Writer]:
    read_item, write_item = _reader_and_writer(hint)

    def read(value: Any, path: str) -> tuple[Any, ...]:
        if type(value) is not list:
            raise _wrong(path, "a list", value)
        return tuple([read_item(item, f"{path}[{index}]") for index, item in enumerate(value)])

    def write(value: tuple[Any, ...]) -> list[Any]:
        return list(value) if write_item is None else [write_item(item) for item in value]

    return read, write


def _part_of(cls: type[Part]) -> tuple[Reader, Writer]:
    def read(value: Any, path: str) -> Part:
        if type(value) is not dict:
            raise _wrong(path, "an object", value)
        return read_part(cls, value, path + ".")

    return read, write_part


def _read_str(value: Any, path: str) -> str:
    if type(value) is not str:
        raise _wrong(path, "text", value)
    return value


def _read_int(value: Any, path: str) -> int:
    if type(value) is not int:
        raise _wrong(path, "a whole number", value)
    return value


def _read_float(value: Any, path: str) -> float:
    if type(value) is not float and type(value) is not int:
        raise _wrong(path, "a number", value)
    return float(value)


def _read_bool(value: Any, path: str) -> bool:
    if type(value) is not bool:
        raise _wrong(path, "true or false", value)
    return value


def _read_object(value: Any, path: str) -> dict[str, Any]:
    if type(value) is not dict:
        raise _wrong(path, "an object", value)
    return value


def _read_anything(value: Any, path: str) -> Any:  # noqa: ARG001  # the shape of every reader
    return value


def _write_float(value: float) -> float:
    if not math.isfinite(value):
        raise TooLarge("not-expressible", f"JSON can not express the number {value}")
    return value


def _wrong(path: str, wanted: str, value: Any) -> MessageError:
    return MessageError(
        "bad-field",
        f"{path} must be {wanted}, not {_JSON_NAMES.get(type(value), 'something else')}",
    )


_plans: dict[type[Part], Plan] = {}
_PLAIN: dict[Any, tuple[Reader, Writer | None]] = {
    str: (_read_str, None),
    int: (_read_int, None),
    float: (_read_float, _write_float),
    bool: (_read_bool, None),
}
_JSON_NAMES: dict[type, str] = {
    str: "text",
    int: "a whole number",
    float: "a number",
    bool: "true or false",
    list: "a list",
    dict: "an object",
}
