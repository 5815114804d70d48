"""Hooks: the owner's commands, run when something happens.

A command gets the event as one line of JSON on its standard input, the same line that `--events`
writes. It is started without a shell, and without what is secret in the environment.
"""

import asyncio
import os
import shlex
import signal
from collections.abc import Callable, Mapping
from contextlib import suppress

from satellite import events
from satellite.event_lines import to_json
from satellite.events import Event
from satellite.settings_sources import open_environment

MOST_WAITING = 32
MOST_AT_ONCE = 4
LIMIT_S = 30.0
"""What runs for longer is ended."""
QUIET_S = 60.0
"""A hook that fails each time is told of once in this time."""


class Hooks:
    """Runs commands for events, at most MOST_AT_ONCE at a time."""

    def __init__(
        self,
        commands: Mapping[str, str],
        tell: Callable[[Event], None],
        clock: Callable[[], float],
    ) -> None:
        """`commands` by the name of their event; `tell` hears of those that fail."""
        self._commands = {name: shlex.split(command) for name, command in commands.items()}
        self._tell = tell
        self._clock = clock
        self._waiting: asyncio.Queue[Event] = asyncio.Queue(MOST_WAITING)
        self._told: dict[str, float] = {}

    def follow(self, event: Event) -> None:
        """Take an event; one too many is left out, and told."""
        if event.name not in self._commands:
            return
        try:
            self._waiting.put_nowait(event)
        except asyncio.QueueFull:
            self._complain(event.name, "left out: those before it still run")

    async def run(self) -> None:
        """Run the commands until cancelled; those that still run then are ended."""
        async with asyncio.TaskGroup() as group:
            for _ in range(MOST_AT_ONCE):
                group.create_task(self._work())

    async def _work(self) -> None:
        while True:
            event = await self._waiting.get()
            try:
                await self._start(event)
            except OSError as error:
                self._complain(event.name, error.strerror or str(error))

    async def _start(self, event: Event) -> None:
        process = await asyncio.create_subprocess_exec(
            *self._commands[event.name],
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.DEVNULL,
            env=open_environment(),
            start_new_session=True,
        )
        try:
            async with asyncio.timeout(LIMIT_S):
                await process.communicate(to_json(event))
        except TimeoutError:
            await _end(process)
            self._complain(event.name, f"ended: it ran for longer than {LIMIT_S:g} s")
            return
        finally:
            await _end(process)
        if process.returncode != 0:
            self._complain(event.name, f"it ended with exit code {process.returncode}")

    def _complain(self, name: str, what: str) -> None:
        now = self._clock()
        if now - self._told.get(name, -QUIET_S) < QUIET_S:
            return
        self._told[name] = now
        text = f"the hook of {name!r}: {what}"
        self._tell(events.Failed(now, "hook-failed", text))


async def _end(process: asyncio.subprocess.Process) -> None:
    """End a command with all that it started, if it still runs."""
    if process.returncode is None:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        # What was killed ends at once: to leave before that would leave it behind.
        await asyncio.shield(process.wait())


def event_names() -> list[str]:
    """Return the names of the events that can have a hook."""
    return sorted(kind.name for kind in Event.__subclasses__())


def check_command(name: str, command: str) -> None:
    """Look whether a command can be read. Raises ValueError."""
    try:
        words = shlex.split(command)
    except ValueError as error:
        raise ValueError(f"the command of {name!r} can not be read: {error}") from error
    if not words:
        raise ValueError(f"the command of {name!r} is empty")
