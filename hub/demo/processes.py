"""Child processes of the demo: started, waited for by what they print, ended for certain."""

import asyncio
import os
import sys
from collections import deque
from collections.abc import AsyncIterator, Callable
from contextlib import suppress
from pathlib import Path

from hub.settings import ENVIRONMENT_PREFIX
from protocol.pipes import read_out
from protocol.time_limit import time_limit

START_TIMEOUT_S = 30.0
END_TIMEOUT_S = 5.0
MAX_LINE_BYTES = 1024 * 1024
KEPT_LOG_LINES = 200

_FOREIGN_SETTINGS = (ENVIRONMENT_PREFIX, "SOTTO_SATELLITE_")


class ProcessFailed(Exception):
    """A process ended, or was not ready in time. The text holds the end of its log."""


class Process:
    """One Python program of this project, running beside us."""

    def __init__(self, name: str, process: asyncio.subprocess.Process) -> None:
        self.name = name
        self._process = process
        self._log: deque[str] = deque(maxlen=KEPT_LOG_LINES)
        self._logging: asyncio.Task[None] | None = None

    @classmethod
    async def start(cls, name: str, *arguments: str, cwd: Path, verbose: bool = False) -> "Process":
        """Start `python -m ARGUMENTS`; its own settings in our environment do not reach it."""
        environment = {
            key: value
            for key, value in os.environ.items()
            if not key.upper().startswith(_FOREIGN_SETTINGS)
        }
        environment["PYTHONUNBUFFERED"] = "1"
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            *arguments,
            cwd=cwd,
            env=environment,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
            limit=MAX_LINE_BYTES,
        )
        self = cls(name, process)
        self._logging = asyncio.create_task(self._keep_log(verbose), name=f"log of {name}")
        return self

    async def lines(self) -> AsyncIterator[str]:
        """Yield what it prints, until it ends."""
        assert self._process.stdout is not None
        async for line in self._process.stdout:
            yield line.decode(errors="replace").rstrip()

    async def wait_for_line(self, wanted: Callable[[str], bool]) -> str:
        """Return the first line that is `wanted`. Raises ProcessFailed."""
        try:
            async with asyncio.timeout(START_TIMEOUT_S):
                async for line in self.lines():
                    if wanted(line):
                        return line
        except TimeoutError:
            raise self._failed(f"was not ready within {START_TIMEOUT_S:g} s") from None
        await self._process.wait()
        raise self._failed(f"ended at once, with exit code {self._process.returncode}")

    async def wait(self, timeout_s: float) -> int:
        """Return the exit code. Raises ProcessFailed."""
        try:
            async with asyncio.timeout(timeout_s):
                return await self._process.wait()
        except TimeoutError:
            raise self._failed(f"did not end within {timeout_s:g} s") from None

    async def end(self) -> None:
        """End it: kindly first, within END_TIMEOUT_S, then for certain."""
        if self._process.returncode is None:
            with suppress(ProcessLookupError):
                self._process.terminate()
            try:
                async with time_limit(END_TIMEOUT_S):
                    await self._process.wait()
            except TimeoutError:
                self._process.kill()
                await self._process.wait()
        readings = [] if self._logging is None else [self._logging]
        await read_out(*readings, stream=self._process.stdout, seconds=END_TIMEOUT_S)

    @property
    def log_tail(self) -> str:
        """The end of what it logged."""
        return "\n".join(self._log)

    def _failed(self, what: str) -> ProcessFailed:
        return ProcessFailed(f"{self.name} {what}.\n{self.log_tail}".rstrip())

    async def _keep_log(self, verbose: bool) -> None:
        assert self._process.stderr is not None
        async for line in self._process.stderr:
            text = line.decode(errors="replace").rstrip()
            self._log.append(text)
            if verbose:
                print(f"[{self.name}] {text}", file=sys.stderr)
