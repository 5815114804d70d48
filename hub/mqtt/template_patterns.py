"""Regular expressions in templates. A pattern may take longer than the hub has, so few pass."""

import re
from collections.abc import Callable
from functools import lru_cache
from typing import Any

from jinja2.exceptions import SecurityError

MAX_PATTERN_CHARS = 256
MAX_REPLACEMENT_CHARS = 256
MAX_TRIES = 200_000
"""Ways in which a pattern may be tried on a text, at worst; a few milliseconds."""
_CLASS = re.compile(r"\[\^?\]?(?:\\.|[^\]\\])*\]")
_ESCAPE = re.compile(r"\\.", re.DOTALL)
_REPEATED_GROUP = re.compile(r"\)(?:[*+]|\{)")
_EXACTLY = re.compile(r"\{\d{1,3}\}")
_REPEATS = re.compile(r"[*+{]")
_CHOICES = re.compile(r"[|?]")
_UNUSUAL = re.compile(r"\\[1-9]|\(\?(?:P=|\(|#|[a-wyzA-Z]*x)")
"""Back references, conditions, comments, and the flag that lets spaces and comments stand."""


@lru_cache(maxsize=256)
def _compiled(pattern: str, ignore_case: bool) -> tuple[re.Pattern[str], int, int]:
    """Return a pattern, how many of its parts repeat, and how many choices it has."""
    if len(pattern) > MAX_PATTERN_CHARS:
        raise SecurityError(f"a pattern is longer than {MAX_PATTERN_CHARS} characters")
    if _UNUSUAL.search(pattern):
        raise SecurityError("a pattern uses what can not be bounded")
    bare = _CLASS.sub("x", _ESCAPE.sub("x", pattern))
    if _REPEATED_GROUP.search(bare):
        raise SecurityError("a pattern repeats a group")
    bare = _EXACTLY.sub("", bare)
    try:
        compiled = re.compile(pattern, re.IGNORECASE if ignore_case else 0)
    except (re.error, RecursionError, OverflowError) as error:
        raise ValueError(f"{pattern!r:.80} is no pattern: {error}") from None
    return compiled, len(_REPEATS.findall(bare)), len(_CHOICES.findall(bare))


def _pattern(pattern: Any, text: str, ignore_case: bool) -> re.Pattern[str]:
    """Compile, if the pattern can be tried on this text. Raises SecurityError."""
    compiled, repeats, choices = _compiled(str(pattern), ignore_case)
    # Each repeat, and the search itself, may try every place in the text.
    if 2**choices * (len(text) + 1) ** (repeats + 1) > MAX_TRIES:
        raise SecurityError("a pattern takes too long on this text")
    return compiled


def matches(value: Any, find: Any = "", ignorecase: bool = False) -> bool:
    """Tell whether a text begins with a pattern."""
    text = str(value)
    return _pattern(find, text, ignorecase).match(text) is not None


def found(value: Any, find: Any = "", ignorecase: bool = False) -> bool:
    """Tell whether a pattern is anywhere in a text."""
    text = str(value)
    return _pattern(find, text, ignorecase).search(text) is not None


def _replaced(value: Any, find: Any = "", replace: Any = "", ignorecase: bool = False) -> str:
    text, new = str(value), str(replace)
    if len(new) > MAX_REPLACEMENT_CHARS:
        raise SecurityError(f"a replacement is longer than {MAX_REPLACEMENT_CHARS} characters")
    return _pattern(find, text, ignorecase).sub(new, text)


def _all(value: Any, find: Any = "", ignorecase: bool = False) -> list[Any]:
    text = str(value)
    return _pattern(find, text, ignorecase).findall(text)


def _one(value: Any, find: Any = "", index: int = 0, ignorecase: bool = False) -> Any:
    return _all(value, find, ignorecase)[index]


PATTERN_FILTERS: dict[str, Callable[..., Any]] = {
    "regex_match": matches,
    "regex_search": found,
    "regex_replace": _replaced,
    "regex_findall": _all,
    "regex_findall_index": _one,
}
PATTERN_TESTS: dict[str, Callable[..., Any]] = {"match": matches, "search": found}
