"""What a device's template may call. Nothing here can make a value grow without bound."""

import base64
import json
import math
import operator
import re
from collections.abc import Callable, Iterable
from typing import Any

import jinja2.filters
import orjson
from jinja2 import Undefined, pass_context
from jinja2.exceptions import SecurityError

from hub.mqtt.template_patterns import PATTERN_FILTERS, PATTERN_TESTS
from hub.mqtt.template_times import TIME_FILTERS, TIME_FUNCTIONS

MAX_TEXT_CHARS = 65_536
"""No text or list in a template, and no result, may grow beyond this."""
MAX_RANGE = 10_000
MAX_DIGITS = 64
LIMIT = "sotto_limit"
"""The name under which a template finds how much it may still loop; it can not say it itself."""

_FORMAT = re.compile(r"(?:[^%]|%%|%0?[0-9]{0,2}(?:\.[0-9]{1,2})?[dxXosfeg])*+")
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


def _whole(value: Any, default: Any = _MISSING, base: int = 10) -> Any:
    if base == 10:
        return _number(int)(value, default)
    try:
        return int(str(value)[:MAX_DIGITS], base)
    except ValueError:
        if default is _MISSING:
            raise ValueError(f"{value!r:.80} is no number") from None
        return default


def _is_number(value: Any) -> bool:
    try:
        return not isinstance(value, bool) and math.isfinite(float(value))
    except (TypeError, ValueError, OverflowError):
        return False


def _bits(combine: Callable[[int, int], int]) -> Callable[[Any, Any], int]:
    return lambda first, second: combine(int(first), int(second))


def _log(value: Any, base: Any = math.e, default: Any = _MISSING) -> Any:
    return _number(lambda number: math.log(number, float(base)))(value, default)


def _ordinal(value: Any) -> str:
    number = int(value)
    ends = {1: "st", 2: "nd", 3: "rd"}
    return f"{number}{'th' if number % 100 in {11, 12, 13} else ends.get(number % 10, 'th')}"


def _split(value: Any, separator: Any = None, most: int = -1) -> list[str]:
    return str(value).split(None if separator is None else str(separator), most)


def _average(values: Any, *more: Any) -> float:
    numbers = [float(value) for value in ((values, *more) if more else values)]
    return sum(numbers) / len(numbers)


def _formatted(value: Any, *parts: Any) -> str:
    """Fill in a text with signs such as %02x; none may be wide."""
    text = str(value)
    if not _FORMAT.fullmatch(text):
        raise SecurityError("a format holds more than the usual signs")
    filled = tuple(
        as_text(part) if isinstance(part, str | list | tuple | dict) else part for part in parts
    )
    check_length(len(text) * 100 + size(filled))
    return text % filled


def _decoded(value: Any) -> str:
    return base64.b64decode(str(value), validate=True).decode()


def _gathering(name: str) -> Callable[..., Any]:
    """Return a filter of the library's own whose result is counted while it is gathered."""
    gather = jinja2.filters.FILTERS[name]

    @pass_context
    def gathered(context: Any, values: Any, *args: Any, **named: Any) -> list[Any]:
        limit = context.resolve(LIMIT)
        items = []
        length = 0
        for item in gather(context, values, *args, **named):
            limit.count()
            length += size(item)
            check_length(length)
            items.append(item)
        return items

    return gathered


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
    "int": _whole,
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
    "is_number": _is_number,
    "add": lambda value, other: float(value) + float(other),
    "multiply": lambda value, other: float(value) * float(other),
    "average": _average,
    "log": _log,
    "sqrt": _number(math.sqrt),
    "ordinal": _ordinal,
    "split": _split,
    "format": _formatted,
    "base64_decode": _decoded,
    "bitwise_and": _bits(operator.and_),
    "bitwise_or": _bits(operator.or_),
    "bitwise_xor": _bits(operator.xor),
    "contains": lambda values, value: value in values,
    **{name: _gathering(name) for name in ("map", "select", "reject", "selectattr", "rejectattr")},
    **PATTERN_FILTERS,
    **TIME_FILTERS,
}
LIBRARY_FILTERS = frozenset(
    {
        *("abs", "length", "count", "first", "last", "min", "max", "list", "sort", "unique"),
        *("lower", "upper", "capitalize", "title", "trim", "reverse"),
    }
)
"""Filters of the library's own that are bounded by what they are given."""
LIBRARY_TESTS = frozenset(
    {
        *("defined", "undefined", "none", "number", "string", "mapping", "sequence", "boolean"),
        *("true", "false", "in", "odd", "even", "integer", "float", "lower", "upper"),
        *("eq", "equalto", "==", "ne", "!=", "lt", "<", "gt", ">", "le", "<=", "ge", ">="),
        *("divisibleby", "iterable"),
    }
)
TESTS: dict[str, Callable[..., Any]] = {
    "is_number": _is_number,
    "contains": lambda values, value: value in values,
    "list": lambda value: isinstance(value, list),
    **PATTERN_TESTS,
}
FUNCTIONS: dict[str, Callable[..., Any]] = {
    "float": _number(float),
    "int": _whole,
    "iif": _iif,
    "min": min,
    "max": max,
    "range": range_bounded,
    "is_number": _is_number,
    "bool": FILTERS["bool"],
    "log": _log,
    "sqrt": FILTERS["sqrt"],
    "average": _average,
    **TIME_FUNCTIONS,
}
