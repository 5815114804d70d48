"""What people changed and expect to hold after a restart: volume, mute, settings.

A small file in the state folder, written a moment after a change and at no other time.
"""

import asyncio
import os
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import orjson

from protocol.time_limit import time_limit
from satellite import events
from satellite.events import Event
from satellite.live_settings import Change
from satellite.settings import SatelliteSettings
from satellite.state_folder import state_folder

SETTLE_S = 2.0
"""Whoever turns a knob changes the volume many times; the last is written."""
AGAIN_S = 60.0
"""A disk that was full is tried again so often."""
LAST_S = 2.0
"""A card that has not taken the last of it by then is left to itself."""
_MOST_BYTES = 65_536


@dataclass(frozen=True, slots=True)
class Kept:
    """What holds after a restart."""

    volume: float | None = None
    """From 0 to 1; None: the setting's."""
    muted: bool = False
    """Whether the microphone is off."""
    set_volume: float | None = None
    """The setting when `volume` was kept: who changes the setting wants to hear it."""
    settings: Mapping[str, Change] = field(default_factory=dict)
    """Other settings that the hub changed, by name."""

    @property
    def changes(self) -> dict[str, Change]:
        """Return all settings that were changed."""
        volume = {} if self.volume is None else {"volume": Change(self.volume, self.set_volume)}
        return {**volume, **self.settings}

    def volume_or(self, setting: float) -> float:
        """Return the volume to begin with."""
        return self.volume if self.volume is not None and self.set_volume == setting else setting


def kept_file(settings: SatelliteSettings) -> Path:
    """Return where it is kept for a satellite."""
    return state_folder() / f"satellite-{settings.satellite_id}.json"


def read(file: Path) -> Kept:
    """Return what was kept; what can not be read or makes no sense counts as nothing."""
    try:
        with file.open("rb") as opened:
            values = orjson.loads(opened.read(_MOST_BYTES))
    except (OSError, orjson.JSONDecodeError):
        return Kept()
    if not isinstance(values, dict):
        return Kept()
    settings = values.get("settings")
    return Kept(
        volume=_share(values.get("volume")),
        muted=values.get("muted") is True,
        set_volume=_share(values.get("set_volume")),
        settings={
            name: Change(one["value"], one["own"])
            for name, one in (settings.items() if isinstance(settings, dict) else ())
            if isinstance(one, dict) and {"value", "own"} <= set(one)
        },
    )


def write(file: Path, kept: Kept) -> None:
    """Keep something: the file is replaced as a whole. Raises OSError."""
    file.parent.mkdir(parents=True, exist_ok=True)
    fresh = file.with_suffix(".new")
    with fresh.open("wb") as opened:
        opened.write(orjson.dumps(asdict(kept)))
        opened.flush()
        os.fsync(opened.fileno())
    fresh.replace(file)


class Keeper:
    """Writes down what is changed, a moment later."""

    def __init__(
        self,
        file: Path,
        before: Kept,
        now_holds: Callable[[], Kept],
        tell: Callable[[Event], None],
        clock: Callable[[], float],
        *,
        aside: Callable[[Callable[[], None]], Awaitable[None]] = asyncio.to_thread,
    ) -> None:
        """`now_holds` tells what to keep; `tell` hears where it can not be written.

        `aside` writes while all else goes on.
        """
        self._file = file
        self._written: Kept | None = before
        """None where it is not known what the file holds."""
        self._now_holds = now_holds
        self._tell = tell
        self._clock = clock
        self._aside = aside
        self._changed = asyncio.Event()
        self._failed = False

    def follow(self, event: Event) -> None:
        """Take an event."""
        if isinstance(event, events.Muted | events.VolumeChanged | events.SettingChanged):
            self._changed.set()

    async def run(self) -> None:
        """Write what changes until cancelled, and what is left to write then."""
        try:
            while True:
                with suppress(TimeoutError):
                    async with asyncio.timeout(AGAIN_S if self._failed else None):
                        await self._changed.wait()
                        await asyncio.sleep(SETTLE_S)
                self._changed.clear()
                await self._keep()
        finally:
            if self._changed.is_set():
                with suppress(TimeoutError):
                    async with time_limit(LAST_S):
                        await self._keep()

    async def _keep(self) -> None:
        kept = self._now_holds()
        if kept == self._written:
            return
        self._written = None
        writing = asyncio.ensure_future(self._aside(partial(write, self._file, kept)))
        try:
            await asyncio.shield(writing)
        except asyncio.CancelledError:
            # One after the other: what is written last is what holds.
            with suppress(OSError, TimeoutError):
                async with time_limit(LAST_S):
                    await writing
            raise
        except OSError as error:
            self._failed = True
            text = f"{self._file} can not be written ({error.strerror or error})"
            self._tell(events.Failed(self._clock(), "not-kept", text))
            return
        self._written = kept
        if self._failed:
            self._failed = False
            self._tell(events.KeptAgain(self._clock()))


def _share(value: Any) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    with suppress(OverflowError):
        return float(value) if 0 <= value <= 1 else None
    return None
