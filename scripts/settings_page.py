"""Prints docs/settings.md from the settings themselves; `make docs` writes it."""

import ast
import inspect
import sys
import textwrap
import types
import typing
from collections.abc import Iterator
from itertools import pairwise

import msgspec
from pydantic import BaseModel, SecretStr
from pydantic.fields import FieldInfo

from hub.settings import ENVIRONMENT_PREFIX as HUB_PREFIX
from hub.settings import HubSettings
from satellite.section import Section, describe
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


def rows(model: type[BaseModel] | type[Section], section: str = "") -> Iterator[str]:
    """Yield a table row for every setting; sections become `section.name`."""
    if issubclass(model, Section):
        yield from section_rows(model, section)
        return
    for name, info in model.model_fields.items():
        inner = info.annotation
        if isinstance(inner, type) and issubclass(inner, BaseModel):
            yield from rows(inner, f"{section}{name}.")
            continue
        words = " ".join((info.description or "").split()).replace("|", "\\|")
        yield f"| `{section}{name}` | {default(info)} | {words} | {allowed(info)} |"


def section_rows(model: type[Section], section: str) -> Iterator[str]:
    """Yield the rows of the satellite's settings; what a setting is stands below it in the code."""
    words = dict(described(model))
    for one in msgspec.structs.fields(model):
        if isinstance(one.type, type) and issubclass(one.type, Section):
            yield from section_rows(one.type, f"{section}{one.name}.")
            continue
        made = {dict: "`{}`"}.get(one.default_factory, "this machine's name")
        shown = made if one.default is msgspec.NODEFAULT else written(one.default)
        yield f"| `{section}{one.name}` | {shown} | {words[one.name]} | {allowed_words(one.type)} |"


def allowed_words(kind: object) -> str:
    """Return what a value may be, as it stands in a table."""
    return describe(kind).replace("|", "\\|")


def described(model: type[Section]) -> Iterator[tuple[str, str]]:
    """Yield the names of a section's fields and the strings below them."""
    (made,) = ast.parse(textwrap.dedent(inspect.getsource(model))).body
    assert isinstance(made, ast.ClassDef)
    for field, below in pairwise(made.body):
        if isinstance(field, ast.AnnAssign) and isinstance(below, ast.Expr):
            text = ast.literal_eval(below.value)
            yield ast.unparse(field.target), " ".join(text.split()).replace("|", "\\|")


def default(info: FieldInfo) -> str:
    """Return the default as it is written in TOML."""
    if info.default_factory is dict:
        return "`{}`"
    if info.default_factory is not None:
        return "this machine's name"
    return written(info.default)


def written(value: object) -> str:
    """Return a value as it is written in TOML."""
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
    if isinstance(kind, types.UnionType):
        kind = typing.get_args(kind)[0]
    names = {bool: "true, false", int: "number", float: "number"}
    return names.get(kind, "text") if isinstance(kind, type) else "text"


if __name__ == "__main__":
    sys.stdout.write(page())
