"""What is wrong with an entry of the owner's: the key, and what to write instead."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from hub.words import placed, worded

TOOL_NAME = r"^[a-z][a-z0-9_]{0,47}$"
"""How a tool may be called: as language models may call a function."""
_Model = TypeVar("_Model", bound=BaseModel)


@dataclass(frozen=True, slots=True)
class Mistake:
    """One thing that is wrong."""

    key: str
    """Where, such as `parameters.zone`; empty where it is the entry as a whole."""
    text: str

    def __str__(self) -> str:
        return placed(self.key, self.text) if self.key else self.text


class Unfit(ValueError):
    """What the checks of an entry raise that know the key."""

    def __init__(self, *mistakes: Mistake) -> None:
        super().__init__("\n".join(map(str, mistakes)))
        self.mistakes = mistakes


class Mistaken(Exception):
    """An entry can not be used."""

    def __init__(self, *mistakes: Mistake) -> None:
        super().__init__("; ".join(map(str, mistakes)))
        self.mistakes = mistakes


def checked(model: type[_Model], entry: Mapping[str, Any]) -> _Model:
    """Return an entry as what it is meant to be. Raises Mistaken."""
    try:
        return model.model_validate(entry)
    except ValidationError as error:
        raise Mistaken(*mistakes_of(error)) from None


def mistakes_of(error: ValidationError) -> Sequence[Mistake]:
    """Return what the library finds, in the hub's words where it has some."""
    found: list[Mistake] = []
    for entry in error.errors(include_url=False, include_input=False):
        key = ".".join(str(part) for part in entry["loc"])
        about = entry.get("ctx", {})
        raised = about.get("error")
        if isinstance(raised, Unfit):
            found += [
                Mistake(".".join(filter(None, (key, one.key))), one.text) for one in raised.mistakes
            ]
        elif isinstance(raised, ValueError):
            found.append(Mistake(key, str(raised)))
        else:
            text = _fitting(entry["type"], about) or _kind(entry["type"])
            found.append(Mistake(key, text or str(entry["msg"])))
    return found


def _fitting(kind: str, about: Mapping[str, Any]) -> str:
    """Return the hub's words for a value that is out of its bounds."""
    match kind:
        case "extra_forbidden":
            return worded("no-such-key", "there is no such key")
        case "missing":
            return worded("key-missing", "this is missing")
        case "string_pattern_mismatch" | "string_too_short" | "string_too_long":
            return _length(about) or _pattern(about["pattern"])
        case "too_short":
            return worded("too-few", "this needs at least {count}", count=about["min_length"])
        case "too_long":
            text = "these are too many: at most {count}"
            return worded("too-many", text, count=about["max_length"])
        case "greater_than_equal":
            return worded("at-least", "this has to be at least {least}", least=about["ge"])
        case "less_than_equal":
            return worded("at-most", "this has to be at most {most}", most=about["le"])
        case "literal_error":
            names = str(about["expected"]).replace(" or ", ", ")
            return worded("one-of", "this has to be one of {names}", names=names)
    return ""


def _length(about: Mapping[str, Any]) -> str:
    if "max_length" in about:
        text = "this is too long: at most {count} characters"
        return worded("too-long", text, count=about["max_length"])
    if about.get("min_length") == 1:
        return worded("not-empty", "this may not be empty")
    if "min_length" in about:
        text = "this needs at least {count} characters"
        return worded("too-short", text, count=about["min_length"])
    return ""


def _pattern(pattern: str) -> str:
    if pattern == TOOL_NAME:
        text = "small letters, digits and _, beginning with a letter; 48 at most"
        return worded("tool-name", text)
    text = "this can not be called so: it has to fit {pattern}"
    return worded("no-fitting-name", text, pattern=pattern)


def _kind(kind: str) -> str:
    """Return the hub's words for a value that is something else than it must be."""
    match kind.removesuffix("_type").removesuffix("_parsing"):
        case "string":
            return worded("must-be-text", "this has to be a text")
        case "bool":
            return worded("must-be-bool", "this has to be true or false")
        case "int" | "int_from_float":
            return worded("must-be-int", "this has to be a whole number")
        case "float":
            return worded("must-be-number", "this has to be a number")
        case "list" | "tuple":
            return worded("must-be-list", "this has to be a list")
        case "dict" | "mapping" | "model":
            return worded("must-be-table", "this has to be a table")
    return ""
