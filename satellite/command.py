"""A program of the owner's that is a microphone or a speaker: started, watched and ended."""

import asyncio
import os
import shlex
import signal
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress

from protocol.pipes import read_out
from protocol.time_limit import time_limit
from satellite.errors import SatelliteError
from satellite.log import say
from satellite.settings_sources import open_environment

END_S = 2.0
"""A program that has not ended so long after being told is killed."""
LINES_A_MINUTE = 10
"""Of what it writes to standard error; the rest is counted."""
_LINE_BYTES = 4096


def parse(command: str) -> list[str]:
    """Return the words of a command. Raises SatelliteError "bad-settings"."""
    try:
        words = shlex.split(command)
    except ValueError as error:
        raise SatelliteError(
            "bad-settings", f"the command {command!r} can not be read ({error})"
        ) from error
    if not words:
        raise SatelliteError("bad-settings", "a command has no words")
    return words


@asynccontextmanager
async def running(
    words: list[str], code: str, *, stdin: bool = False
) -> AsyncIterator[asyncio.subprocess.Process]:
    """Run a program for as long as the body runs. Raises SatelliteError `code`."""
    pipe = asyncio.subprocess.PIPE
    try:
        process = await asyncio.create_subprocess_exec(
            *words,
            stdin=pipe if stdin else asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.DEVNULL if stdin else pipe,
            stderr=pipe,
            env=open_environment(),
            start_new_session=True,
        )
    except (OSError, ValueError) as error:
        raise SatelliteError(code, f"the command {words[0]!r} does not start ({error})") from error
    assert process.stderr is not None
    logging = asyncio.create_task(_log_lines(process.stderr, words[0]))
    try:
        yield process
    finally:
        # At the same time: to asyncio a program goes on while there is more to read of it.
        reading = read_out(logging, stream=process.stdout, seconds=2 * END_S)
        await asyncio.gather(_end(process), reading)


async def _end(process: asyncio.subprocess.Process) -> None:
    """End a program with all that it started, also what is left of that where it has ended."""
    if process.stdin is not None:
        process.stdin.close()
    _signal(process, signal.SIGTERM)
    with suppress(TimeoutError):
        async with time_limit(END_S):
            await process.wait()
    _signal(process, signal.SIGKILL)
    with suppress(TimeoutError):
        async with time_limit(END_S):
            await process.wait()


def _signal(process: asyncio.subprocess.Process, number: signal.Signals) -> None:
    with suppress(ProcessLookupError, PermissionError):  # gone, or another user's
        os.killpg(process.pid, number)


async def ended(process: asyncio.subprocess.Process, name: str, code: str) -> SatelliteError:
    """Return the error that says how a program ended, once it has."""
    try:
        async with asyncio.timeout(END_S):
            status = await process.wait()
    except TimeoutError:
        return SatelliteError(code, f"the command {name!r} closed its end but goes on")
    how = f"with exit code {status}" if status >= 0 else f"by signal {-status}"
    return SatelliteError(code, f"the command {name!r} ended {how}; it is started again")


async def _log_lines(stream: asyncio.StreamReader, name: str) -> None:
    limit = LineLimit()
    rest = b""
    while part := await stream.read(_LINE_BYTES):
        *lines, rest = (rest + part).splitlines(keepends=False) or [b""]
        if len(rest) >= _LINE_BYTES or part.endswith(b"\n"):
            lines, rest = [*lines, rest], b""
        for line in lines:
            left_out = limit.admit()
            if left_out is not None and line.strip():
                more = {"left_out": left_out} if left_out else {}
                text = line[:_LINE_BYTES].decode(errors="replace").strip()
                say("info", "command says", command=name, line=text, **more)


class LineLimit:
    """Lets some lines a minute through."""

    def __init__(self, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._minute_ends = clock() + 60
        self._admitted = 0
        self._left_out = 0

    def admit(self) -> int | None:
        """Return how many lines were left out before this one, or None to leave it out too."""
        if self._clock() >= self._minute_ends:
            self._minute_ends = self._clock() + 60
            self._admitted = 0
        if self._admitted >= LINES_A_MINUTE:
            self._left_out += 1
            return None
        self._admitted += 1
        left_out, self._left_out = self._left_out, 0
        return left_out
