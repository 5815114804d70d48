"""A program that keeps time over a store, to be killed: what it does and says goes to a file.

`python -m tests.hub.timekeeping.mortal FOLDER hang|obey`: carrying a command out takes for ever, or
no time. It reads timers and commands to set, one a line ("timer 60", "command 1 turn on the light")
and prints "set" for each when it is promised.
"""

import asyncio
import logging
import os
import sys
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path

import structlog

from hub.announcing import Announcement, Fate
from hub.origin import Origin
from hub.store.database import Store
from hub.timekeeping.appointment import Appointment, Kind
from hub.timekeeping.repository import StoredAppointments
from hub.timekeeping.timekeeping import Performed, Timekeeping
from hub.timekeeping.whereabouts import Listening

HERE = Origin("Kitchen", "en", "kitchen-1")


class World:
    """Where traces are left that outlive the program."""

    def __init__(self, folder: Path, *, hangs: bool) -> None:
        self._file = (folder / "world").open("a", buffering=1, encoding="utf-8")
        self._hangs = hangs

    def note(self, line: str) -> None:
        self._file.write(f"{line}\n")
        self._file.flush()
        os.fsync(self._file.fileno())

    async def announce(self, announcement: Announcement) -> Mapping[str, Fate]:
        self.note(f"said {announcement.text}")
        return dict.fromkeys(announcement.satellites, Fate.STOPPED)

    async def perform(self, text: str, origin: Origin) -> Performed:
        self.note(f"did {text}")
        tell("did")
        if self._hangs:
            await asyncio.Event().wait()
        return Performed("Done.", ok=True)

    def repeatable(self, text: str, origin: Origin) -> bool:
        return "toggle" not in text


def tell(word: str) -> None:
    """Tell whoever started this."""
    sys.stdout.write(f"{word}\n")
    sys.stdout.flush()


async def main(folder: Path, *, hangs: bool) -> None:
    """Keep time until killed, or until there is nothing more to read."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    world = World(folder, hangs=hangs)
    async with Store(f"sqlite:///{folder}/hub.db") as store, asyncio.TaskGroup() as tasks:
        time = Timekeeping(
            StoredAppointments(store), world, lambda: (Listening("kitchen-1", "Kitchen"),), world
        )
        await time.load()
        running = tasks.create_task(time.run())
        tell("ready")
        while line := (await asyncio.to_thread(sys.stdin.readline)).strip():
            kind, seconds, *words = line.split()
            now = datetime.now(UTC)
            due = now + timedelta(seconds=float(seconds))
            text = " ".join(words)
            await time.add(Appointment(Kind(kind), due, now, HERE, text=text, duration_s=1.0))
            tell("set")
        running.cancel()


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1]), hangs=sys.argv[2] == "hang"))
