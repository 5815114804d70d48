"""Texts of the hub for people: English, with what another language needs to say the same."""

from collections.abc import Mapping
from typing import Any

MAX_VALUE_CHARS = 500
"""Of a value: somebody else may have made it up."""

Value = str | int | float
"""What is put into a text; a text in turn may be one of these."""


class Words(str):
    """An English text that knows its name and what was put into it.

    It is a plain string to whoever only shows or logs it. `str()` of it, and of an error that was
    raised with it, keeps its name; what is put together with `+` or an f-string does not.
    """

    __slots__ = ("key", "values")

    key: str
    """Stable: what translations go by, such as "no-room"."""
    values: Mapping[str, Value]

    def __new__(
        cls, text: str, key: str = "", values: Mapping[str, Value] | None = None
    ) -> "Words":
        """Make one of a text that is put together already."""
        made = super().__new__(cls, text)
        made.key = key
        made.values = dict(values or {})
        return made

    def __str__(self) -> "Words":
        return self


def worded(key: str, english: str, /, **values: Value) -> Words:
    """Return a text by its name; `english` is a template as of `str.format`."""
    short = {name: _cut(value) for name, value in values.items()}
    return Words(english.format(**short), key, short)


def placed(place: str, what: str) -> Words:
    """Return what is wrong, with where before it."""
    return worded("at-place", "{place}: {what}", place=place, what=what)


def told(text: str) -> dict[str, Any] | None:
    """Return what a page needs to say a text in its language; None for one that has no name."""
    if not isinstance(text, Words) or not text.key:
        return None
    return {"key": text.key, "values": {name: _told(one) for name, one in text.values.items()}}


def untold(text: str, known: Any) -> str:
    """Return a text with what was told of it, as another process of the hub sent both."""
    if not isinstance(known, dict):
        return text
    values = {
        name: untold(value["text"], value) if isinstance(value, dict) else value
        for name, value in known["values"].items()
    }
    return Words(text, known["key"], values)


def _cut(value: Value) -> Value:
    long = isinstance(value, str) and len(value) > MAX_VALUE_CHARS
    return value[:MAX_VALUE_CHARS] if long and isinstance(value, str) else value


def _told(value: Value) -> Any:
    named = told(value) if isinstance(value, str) else None
    return value if named is None else {"text": value, **named}
