"""What is set, where it is set, and what it means; never a secret."""

import os
import tomllib
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal

from dotenv import dotenv_values
from pydantic import BaseModel, SecretStr
from pydantic.fields import FieldInfo

from hub.settings import ENVIRONMENT_PREFIX, HubSettings

Source = Literal["dashboard", "environment", ".env", "file", "default"]
_HIDDEN = "***"


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting."""

    name: str
    """As in the file, like mqtt.url."""
    value: Any
    """What JSON can hold; a secret is "***", or null where there is none."""
    source: Source
    secret: bool
    text: str
    """What it is for."""


def report(settings: HubSettings, chosen: Collection[str] = ()) -> list[Setting]:
    """Return all settings, in the order of the file; `chosen` names those of the dashboard."""
    table = _table(settings.file)
    dotenv = _dotenv()
    found = []
    for name, info in HubSettings.model_fields.items():
        value = getattr(settings, name)
        if isinstance(value, BaseModel):
            below = table.get(name)
            inner = below if isinstance(below, dict) else {}
            for field, field_info in type(value).model_fields.items():
                one = (name, field)
                found.append(_setting(one, getattr(value, field), field_info, inner, dotenv))
        else:
            found.append(_setting((name,), value, info, table, dotenv))
    return [replace(one, source="dashboard") if one.name in chosen else one for one in found]


def sections() -> dict[str, str]:
    """Return what each section is for, by its name in the file."""
    kinds = {name: info.annotation for name, info in HubSettings.model_fields.items()}
    return {
        name: _plain(kind.__doc__)
        for name, kind in kinds.items()
        if isinstance(kind, type) and issubclass(kind, BaseModel)
    }


def _setting(
    path: tuple[str, ...],
    value: Any,
    info: FieldInfo,
    table: Mapping[str, Any],
    dotenv: Mapping[str, str | None],
) -> Setting:
    variable = (ENVIRONMENT_PREFIX + "__".join(path)).upper()
    source: Source = "default"
    if _is_set(variable, os.environ):
        source = "environment"
    elif _is_set(variable, dotenv):
        source = ".env"
    elif path[-1] in table:
        source = "file"
    secret = "SecretStr" in str(info.annotation) and not isinstance(value, Mapping)
    return Setting(".".join(path), _shown(value), source, secret, _plain(info.description))


def _plain(text: str | None) -> str:
    return " ".join((text or "").split())


def _shown(value: Any) -> Any:
    """Return a value as JSON can hold it, secrets masked."""
    if isinstance(value, SecretStr):
        return _HIDDEN if value.get_secret_value() else None
    if isinstance(value, BaseModel):
        return {name: _shown(getattr(value, name)) for name in type(value).model_fields}
    if isinstance(value, Mapping):
        return {str(key): _shown(one) for key, one in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_shown(one) for one in value]
    return value if isinstance(value, str | int | float | bool | None) else str(value)


def _is_set(variable: str, values: Mapping[str, str | None]) -> bool:
    return any(
        bool(value) and (name.upper() == variable or name.upper().startswith(f"{variable}__"))
        for name, value in values.items()
    )


def _dotenv() -> Mapping[str, str | None]:
    try:
        return dotenv_values(".env", interpolate=False)
    except (OSError, UnicodeDecodeError):
        return {}


def _table(file: Path | None) -> Mapping[str, Any]:
    """Return what the file says now, or nothing where it can not be read any more."""
    try:
        return {} if file is None else tomllib.loads(file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError):
        return {}
