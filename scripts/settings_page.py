"""Prints docs/settings.md from the settings themselves; `make docs` writes it."""

import sys
import types
import typing
from collections.abc import Iterator
from pathlib import Path

from pydantic import BaseModel, SecretStr
from pydantic.fields import FieldInfo

from hub.settings import ENVIRONMENT_PREFIX as HUB_PREFIX
from hub.settings import HubSettings
from satellite.settings import ENVIRONMENT_PREFIX as SATELLITE_PREFIX
from satellite.settings import SatelliteSettings

HEAD = """# Settings

Made from the code by `make docs`; do not edit by hand.

Both programs read, stronger first: command line, environment, a `.env` file in the working folder,
the TOML file, defaults. A value that can not be used ends the program with a line that names it and
says what it may be. Secrets are never printed or logged.
"""

PROGRAMS = (
    ("Hub", "~/.config/sotto/hub.toml", HUB_PREFIX, HubSettings),
    ("Satellite", "~/.config/sotto/satellite.toml", SATELLITE_PREFIX, SatelliteSettings),
)


def page() -> str:
    """Return the page."""
    lines = [HEAD]
    for program, file, prefix, model in PROGRAMS:
        lines += [
            f"## {program}",
            "",
            f"File: `{file}`, or `--config FILE`. Environment: `{prefix}` and the name",
            "in capitals, with `__` between section and name.",
            "",
            "| setting | default | what it is | allowed |",
            "|---|---|---|---|",
            *rows(model),
            "",
        ]
    return "\n".join(lines)


def rows(model: type[BaseModel], section: str = "") -> Iterator[str]:
    """Yield a table row for every setting; sections become `section.name`."""
    for name, info in model.model_fields.items():
        inner = info.annotation
        if isinstance(inner, type) and issubclass(inner, BaseModel):
            yield from rows(inner, f"{section}{name}.")
            continue
        words = " ".join((info.description or "").split()).replace("|", "\\|")
        yield f"| `{section}{name}` | {default(info)} | {words} | {allowed(info)} |"


def default(info: FieldInfo) -> str:
    """Return the default as it is written in TOML."""
    if info.default_factory is dict:
        return "`{}`"
    if info.default_factory is not None:
        return "this machine's name"
    value = info.default
    if value is None or isinstance(value, SecretStr):
        return ""
    if isinstance(value, bool):
        return f"`{str(value).lower()}`"
    if isinstance(value, tuple):
        return "`[]`" if not value else f"`{list(value)}`"
    return f'`"{value}"`' if isinstance(value, str) else f"`{value}`"


def allowed(info: FieldInfo) -> str:
    """Return choices and limits."""
    kind = info.annotation
    if typing.get_origin(kind) is typing.Literal:
        return ", ".join(f"`{choice}`" for choice in typing.get_args(kind))
    limits = {type(part).__name__: part for part in info.metadata}
    least, most = limits.get("Ge"), limits.get("Le")
    if least is not None and most is not None:
        return f"{least.ge} to {most.le}"
    if kind == bool | Path:
        return "true, false, a file"
    if isinstance(kind, types.UnionType):
        kind = typing.get_args(kind)[0]
    names = {bool: "true, false", int: "number", float: "number"}
    return names.get(kind, "text") if isinstance(kind, type) else "text"


if __name__ == "__main__":
    sys.stdout.write(page())
