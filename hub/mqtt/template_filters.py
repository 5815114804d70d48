"""What a device's template may call. Nothing here can make a value grow without bound."""

import json
from collections.abc import Callable, Iterable
from typing import Any

import orjson
from jinja2 import Undefined
from jinja2.exceptions import SecurityError

MAX_TEXT_CHARS = 65_536
"""No text or list in a template, and no result, may grow beyond this."""
MAX_RANGE = 10_000

_MISSING = object()


def check_length(length: int) -> None:
    """Raise SecurityError when a value is longer than may be."""
    if length > MAX_TEXT_CHARS:
        raise SecurityError(f"a value is longer than {MAX_TEXT_CHARS} characters")


def sized(value: Any) -> Any:
    """Return a list or mapping unless it is too large. Raises SecurityError."""
    check_length(size(value))
    return value


def as_text(value: Any) -> str:
    """Return a value as text, unless that is too long: a list may hold one text many times."""
    if isinstance(value, list | tuple | dict):
        check_length(size(value))
    return str(value)


def size(value: Any) -> int:
    """Return about how long a value is as text, counting what is shared as often as it is seen."""
    length = 0
    waiting = [value]
    while waiting and length <= MAX_TEXT_CHARS:
        item = waiting.pop()
        if isinstance(item, dict):
            waiting.extend(item.values())
            length += sum(len(str(key)) for key in item)
        elif isinstance(item, list | tuple):
            waiting.extend(item)
        length += len(item) if isinstance(item, str) else 8
    return length


def _join(items: Iterable[Any], separator: str = "") -> str:
    length = 0
    texts = []
    for item in items:
        texts.append(as_text(item))
        length += len(texts[-1]) + len(separator)
        check_length(length)
    return separator.join(texts)


def replace_bounded(text: str, old: Any, new: Any) -> str:
    """Replace, unless the result is too long. Raises SecurityError."""
    count = text.count(str(old))
    check_length(len(text) + count * len(str(new)))
    return text.replace(str(old), str(new))


def _number(convert: Callable[[float], Any]) -> Callable[..., Any]:
    def converted(value: Any, default: Any = _MISSING) -> Any:
        try:
            return convert(float(value))
        except (TypeError, ValueError, OverflowError):
            if default is _MISSING:
                raise ValueError(f"{value!r} is no number") from None
            return default

    return converted


def _round(value: Any, precision: int = 0, method: str = "common") -> float | int:
    number = float(value)
    if method in {"floor", "ceil"}:
        scale = 10**precision
        whole = int(number * scale // 1) if method == "floor" else -int(-number * scale // 1)
        return float(whole / scale)
    return round(number, precision) if precision else round(number)


def _default(value: Any, default: Any = "", boolean: bool = False) -> Any:
    return default if _undefined(value) or (boolean and not value) else value


def _undefined(value: Any) -> bool:
    return isinstance(value, Undefined)


def _is_defined(value: Any) -> Any:
    if _undefined(value):
        raise ValueError("a value is not there")
    return value


def _iif(value: Any, yes: Any = True, no: Any = False, none: Any = _MISSING) -> Any:
    if value is None and none is not _MISSING:
        return none
    return yes if value else no


def _from_json(text: Any) -> Any:
    return orjson.loads(str(text))


def _to_json(value: Any) -> str:
    check_length(size(value))
    return json.dumps(value, ensure_ascii=False)


def range_bounded(*args: int) -> range:
    """Count, but not for ever. Raises SecurityError."""
    numbers = range(*args)
    if len(numbers) > MAX_RANGE:
        raise SecurityError(f"a range has more than {MAX_RANGE} numbers")
    return numbers


FILTERS: dict[str, Callable[..., Any]] = {
    "float": _number(float),
    "int": _number(int),
    "round": _round,
    "default": _default,
    "d": _default,
    "is_defined": _is_defined,
    "iif": _iif,
    "replace": replace_bounded,
    "join": _join,
    "string": as_text,
    "sum": lambda values: sum(float(value) for value in values),
    "from_json": _from_json,
    "to_json": _to_json,
    "tojson": _to_json,
    "bool": lambda value: str(value).lower() in {"true", "yes", "on", "enable", "1"},
}
LIBRARY_FILTERS = frozenset(
    {
        *("abs", "length", "count", "first", "last", "min", "max", "list", "sort", "unique"),
        *("lower", "upper", "capitalize", "title", "trim", "reverse"),
    }
)
"""Filters of the library's own that are bounded by what they are given."""
TESTS = frozenset(
    {
        *("defined", "undefined", "none", "number", "string", "mapping", "sequence", "boolean"),
        *("true", "false", "in", "odd", "even", "integer", "float", "lower", "upper"),
        *("eq", "equalto", "==", "ne", "!=", "lt", "<", "gt", ">", "le", "<=", "ge", ">="),
    }
)
FUNCTIONS: dict[str, Callable[..., Any]] = {
    "float": _number(float),
    "int": _number(int),
    "iif": _iif,
    "min": min,
    "max": max,
    "range": range_bounded,
}
