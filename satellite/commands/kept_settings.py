"""Shows what was changed while the satellite ran, and forgets it."""

import json
import os
from collections.abc import Collection
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from satellite.commands import unit
from satellite.errors import SatelliteError
from satellite.kept import Kept, kept_file, read, write
from satellite.settings import SYSTEM_FILE, default_file, load

_MUTED = "muted"


@dataclass(frozen=True, slots=True)
class Shown:
    """Something that holds in the place of what the settings file says."""

    name: str
    value: Any
    own: Any
    """What the settings file said when it was changed."""

    @property
    def line(self) -> str:
        """Return it for people."""
        return f"{self.name} = {json.dumps(self.value)}  (settings file: {json.dumps(self.own)})"


def find(config: Path | None) -> Path:
    """Return the file in which changes are kept. Raises SatelliteError "bad-settings"."""
    unit.use_state(default_file() if config is None else config.expanduser(), SYSTEM_FILE)
    return kept_file(load(config))


def show(file: Path) -> list[Shown]:
    """Return what was changed, by name."""
    kept = read(file)
    found = [Shown(name, one.value, one.own) for name, one in kept.changes.items()]
    if kept.muted:
        found.append(Shown(_MUTED, value=True, own=False))
    return sorted((one for one in found if one.value != one.own), key=lambda one: one.name)


def forget(file: Path, names: Collection[str]) -> list[str]:
    """Forget changes by name, or with "all" every one; return what was forgotten.

    Raises SatelliteError "bad-settings", "not-kept".
    """
    changed = [one.name for one in show(file)]
    unknown = [name for name in names if name not in (*changed, "all")]
    if unknown:
        there = f"changed are {', '.join(changed)}" if changed else "nothing was changed"
        raise SatelliteError("bad-settings", f"{unknown[0]!r} was not changed; {there}")
    gone = [name for name in changed if name in names or "all" in names]
    kept = read(file)
    if "volume" in gone:
        kept = replace(kept, volume=None, set_volume=None)
    if _MUTED in gone:
        kept = replace(kept, muted=False)
    settings = {name: one for name, one in kept.settings.items() if name not in gone}
    if gone:
        _write(file, replace(kept, settings=settings))
    return gone


def _write(file: Path, kept: Kept) -> None:
    try:
        owner = file.stat()
        write(file, kept)
        if os.geteuid() == 0:  # the service has to read it
            os.chown(file, owner.st_uid, owner.st_gid)
    except OSError as error:
        reason = error.strerror or str(error)
        raise SatelliteError("not-kept", f"{file} can not be written ({reason})") from error
