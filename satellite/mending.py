"""Waiting for settings that work: a service that can not begin stays, and says once why.

It tries again when the settings file is changed, and once in a while, since what is wrong may
stand elsewhere: a file that is missing, a port that is in use.
"""

import asyncio
import time
from pathlib import Path

from satellite import events
from satellite.errors import SatelliteError
from satellite.lights.show import LightShow
from satellite.section import S, read_section
from satellite.settings_sources import read_toml
from satellite.signs import open_light
from satellite.signs_settings import Lights, Pins

LOOK_S = 2.0
"""How often the file is looked at, which costs next to nothing."""


async def wait_for_mending(file: Path, error: SatelliteError, most_s: float) -> bool:
    """Wait until it makes sense to begin again; return whether the settings file has changed.

    The lights of the settings show trouble meanwhile.
    """
    showing = asyncio.create_task(_show_trouble(file, error))
    try:
        async with asyncio.timeout(most_s):
            await _changed(file)
            return True
    except TimeoutError:
        return False
    finally:
        showing.cancel()
        await asyncio.wait([showing])


async def _changed(file: Path) -> None:
    before = _looks(file)
    while _looks(file) == before:  # noqa: ASYNC110 - nobody tells of a file but the file
        await asyncio.sleep(LOOK_S)


def _looks(file: Path) -> tuple[int, ...] | None:
    try:
        status = file.stat()
    except OSError:
        return None
    return status.st_mtime_ns, status.st_ctime_ns, status.st_ino, status.st_size


async def _show_trouble(file: Path, error: SatelliteError) -> None:
    try:
        table = read_toml(file)
    except ValueError:
        return  # of a file that can not be read nobody knows which lights there are
    light = open_light(_part(Lights, table.get("lights")), _part(Pins, table.get("pins")))
    if light is None:
        return
    show = LightShow(light, _ignore)
    show.follow(events.Failed(time.monotonic(), "bad-settings", error.text))
    await show.run()


def _part(kind: type[S], table: object) -> S:
    """Return a table of the settings; the defaults where it can not be used itself."""
    section = read_section(kind, table)[0] if isinstance(table, dict) else None
    return kind() if section is None else section


def _ignore(event: events.Event) -> None:
    """Lights that can not be reached cost nothing but light."""
