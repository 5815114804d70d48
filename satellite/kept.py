"""What people changed and expect to hold after a restart: volume and mute.

A small file in the state folder, written a moment after a change and at no other time.
"""

import asyncio
import os
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any

import orjson

from satellite import events
from satellite.events import Event

SETTLE_S = 2.0
"""Whoever turns a knob changes the volume many times; the last is written."""
AGAIN_S = 60.0
"""A disk that was full is tried again so often."""
_MOST_BYTES = 4096


@dataclass(frozen=True, slots=True)
class Kept:
    """What holds after a restart."""

    volume: float | None = None
    """From 0 to 1; None: the setting's."""
    muted: bool = False
    """Whether the microphone is off."""
    set_volume: float | None = None
    """The setting when `volume` was kept: who changes the setting wants to hear it."""

    def volume_or(self, setting: float) -> float:
        """Return the volume to begin with."""
        return self.volume if self.volume is not None and self.set_volume == setting else setting


def read(file: Path) -> Kept:
    """Return what was kept; what can not be read or makes no sense counts as nothing."""
    try:
        with file.open("rb") as opened:
            values = orjson.loads(opened.read(_MOST_BYTES))
    except (OSError, orjson.JSONDecodeError):
        return Kept()
    if not isinstance(values, dict):
        return Kept()
    known = {field.name: values.get(field.name) for field in fields(Kept)}
    return Kept(
        volume=_share(known["volume"]),
        muted=known["muted"] is True,
        set_volume=_share(known["set_volume"]),
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
    ) -> None:
        """`now_holds` tells what to keep; `tell` hears where it can not be written."""
        self._file = file
        self._written = before
        self._now_holds = now_holds
        self._tell = tell
        self._clock = clock
        self._changed = asyncio.Event()
        self._failed = False

    def follow(self, event: Event) -> None:
        """Take an event."""
        if isinstance(event, events.Muted | events.VolumeChanged):
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
                self._keep()
        finally:
            if self._changed.is_set():
                self._keep()

    def _keep(self) -> None:
        kept = self._now_holds()
        if kept == self._written:
            self._failed = False
            return
        try:
            write(self._file, kept)
        except OSError as error:
            self._failed = True
            text = f"{self._file} can not be written ({error.strerror or error})"
            self._tell(events.Failed(self._clock(), "not-kept", text))
            return
        self._written, self._failed = kept, False


def _share(value: Any) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    with suppress(OverflowError):
        return float(value) if 0 <= value <= 1 else None
    return None
