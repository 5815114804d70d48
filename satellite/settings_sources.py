"""Where settings come from: command line, environment, `.env`, TOML file, the stronger first."""

import json
import os
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import msgspec
from dotenv import dotenv_values

from satellite.section import Section, takes

ENVIRONMENT_PREFIX = "SOTTO_SATELLITE_"
_NESTED = "__"
_SECRET = frozenset({f"{ENVIRONMENT_PREFIX}TOKEN"})
Key = tuple[str, ...]


@dataclass(slots=True)
class Gathered:
    """What was found, and where each value was written."""

    table: dict[str, Any]
    origins: dict[Key, str] = field(default_factory=dict)
    default_origin: str = ""

    def origin(self, key: Key) -> str:
        """Return where a value was written."""
        within = [
            self.origins[key[:length]]
            for length in range(len(key), 0, -1)
            if key[:length] in self.origins
        ]
        return within[0] if within else self.default_origin


def read_toml(path: Path) -> dict[str, Any]:
    """Return what stands in a file; nothing where there is none. Raises ValueError."""
    try:
        if not path.is_file():
            return {}
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise ValueError(f"{path} is not valid TOML: {error}") from error
    except PermissionError as error:
        text = f"{path} can not be read by this user: run it with sudo, or `chown` the file"
        raise ValueError(text) from error
    except (OSError, UnicodeDecodeError) as error:
        raise ValueError(f"{path} can not be read ({error})") from error


def gather(
    kind: type[Section], table: dict[str, Any], path: Path, overrides: Mapping[str, Any]
) -> Gathered:
    """Put the sources over each other; `table` is the file's, and is changed.

    Raises ValueError for a variable that can not be read.
    """
    found = Gathered(table, default_origin=str(path))
    try:
        dotenv = dotenv_values(".env")
    except (OSError, UnicodeDecodeError) as error:
        raise ValueError(f".env of this folder can not be read ({error})") from error
    for origin, variables in (
        (".env, ", dotenv),
        ("environment variable ", os.environ),
    ):
        given = {name.upper(): value for name, value in variables.items() if value}
        for key, type_ in _keys(kind):
            variable = ENVIRONMENT_PREFIX + _NESTED.join(key).upper()
            if variable in given:
                where = origin + variable
                _put(found, key, _parsed(given[variable] or "", type_, where), where)
    for name, value in overrides.items():
        # Of a table, what is not given stays as it is.
        parts = value if isinstance(value, Mapping) else {None: value}
        for part, leaf in parts.items():
            _put(found, (name,) if part is None else (name, part), leaf, "command line")
    return found


def open_environment() -> dict[str, str]:
    """Return the environment without what is secret: what other programs are started with."""
    return {name: value for name, value in os.environ.items() if name.upper() not in _SECRET}


def _keys(kind: type[Section], within: Key = ()) -> Iterator[tuple[Key, Any]]:
    """Yield the key and the type of every setting."""
    for one in msgspec.structs.fields(kind):
        if isinstance(one.type, type) and issubclass(one.type, Section):
            yield from _keys(one.type, (*within, one.name))
        else:
            yield (*within, one.name), one.type


def _parsed(text: str, kind: Any, where: str) -> object:
    """Return the value that a variable's text stands for: lists by commas, tables as JSON."""
    if takes(kind, tuple) and ("," in text or not takes(kind, str)):
        return [part.strip() for part in text.split(",") if part.strip()]
    if takes(kind, dict):
        try:
            return json.loads(text)
        except ValueError as error:
            raise ValueError(f"{where}: it is a table as JSON: {error}") from error
    if takes(kind, bool) and text.lower() in ("true", "false"):
        return text.lower() == "true"
    return text


def _put(found: Gathered, key: Key, value: object, origin: str) -> None:
    table = found.table
    for part in key[:-1]:
        inner = table.setdefault(part, {})
        if not isinstance(inner, dict):
            return  # what stands there instead of a table is refused where it is read
        table = inner
    table[key[-1]] = value
    found.origins[key] = origin
