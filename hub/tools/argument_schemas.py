"""JSON schemas of arguments that somebody says: checking them takes no longer than the hub has."""

from collections.abc import Iterator, Mapping
from typing import Any

from jinja2.exceptions import SecurityError
from jsonschema import Draft202012Validator, ValidationError
from jsonschema.validators import extend

from hub.mqtt.template_patterns import found

_ELSEWHERE = frozenset({"$ref", "$dynamicRef", "patternProperties"})
"""Keys that lead away from the schema, or whose patterns can not be bounded."""


def _pattern(_: Any, pattern: str, value: Any, __: Any) -> Iterator[ValidationError]:
    if not isinstance(value, str):
        return
    try:
        fits = found(value, pattern)
    except (SecurityError, ValueError) as error:
        yield ValidationError(f"it can not be compared with {pattern!r:.80}: {error}")
        return
    if not fits:
        yield ValidationError(f"{value!r:.80} does not match {pattern!r:.80}")


ArgumentValidator: Any = extend(Draft202012Validator, {"pattern": _pattern})
"""Draft 2020-12, with patterns in bounds."""


def unusable_key(schema: Any) -> str | None:
    """Return a key that a schema of arguments must not have; None if there is none."""
    if isinstance(schema, Mapping):
        for key, value in schema.items():
            if key in _ELSEWHERE:
                return str(key)
            if (deeper := unusable_key(value)) is not None:
                return deeper
    if isinstance(schema, list):
        return next((key for one in schema if (key := unusable_key(one)) is not None), None)
    return None
