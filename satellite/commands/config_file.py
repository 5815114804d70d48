"""Writes the settings file: what is asked for is set, the rest stays as its owner wrote it."""

import os
from collections.abc import Mapping, MutableMapping
from pathlib import Path
from typing import Any

import tomlkit
from tomlkit.exceptions import TOMLKitError

from satellite.errors import SatelliteError

_HEAD = "Settings of the Sotto satellite. What can be set: docs/settings.md"


def write_settings(file: Path, values: Mapping[str, Any]) -> None:
    """Set values in a settings file; None takes one out, a mapping is set within its table.

    The file is replaced as a whole.

    Raises SatelliteError "bad-settings".
    """
    try:
        document = tomlkit.parse(file.read_text(encoding="utf-8"))
    except FileNotFoundError:
        document = tomlkit.document()
        document.add(tomlkit.comment(_HEAD))
    except (OSError, UnicodeDecodeError, TOMLKitError) as error:
        raise SatelliteError("bad-settings", f"{file} can not be read ({error})") from error
    _set(document, values)
    write_private(file, tomlkit.dumps(document))


def write_private(file: Path, text: str) -> None:
    """Write a file that only its owner can read. Raises SatelliteError "bad-settings"."""
    fresh = file.with_name(file.name + ".new")
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        fresh.unlink(missing_ok=True)
        with open(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as opened:  # noqa: PTH123
            opened.write(text)
            opened.flush()
            os.fsync(opened.fileno())
        fresh.replace(file)
    except OSError as error:
        reason = error.strerror or str(error)
        raise SatelliteError("bad-settings", f"{file} can not be written ({reason})") from error


def _set(table: MutableMapping[str, Any], values: Mapping[str, Any]) -> None:
    for key, value in values.items():
        if value is None:
            table.pop(key, None)
        elif not isinstance(value, Mapping):
            table[key] = list(value) if isinstance(value, tuple) else value
        elif value:
            _set(table.setdefault(key, tomlkit.table()), value)
