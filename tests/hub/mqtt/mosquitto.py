"""A real Mosquitto as a process of its own, where it is installed."""

import asyncio
import shutil
import signal
import subprocess
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import pytest

from tests.ports import free_port

PROGRAM = shutil.which("mosquitto", path="/usr/sbin:/usr/local/sbin:/opt/homebrew/sbin:/usr/bin")
LIMIT_S = 30.0


def needed() -> None:
    """Skip, saying so, where there is no Mosquitto."""
    if PROGRAM is None:
        pytest.skip("mosquitto is not installed")


class Mosquitto:
    """One broker on a free port of loopback; it can be stopped and started again."""

    def __init__(self, folder: Path, *settings: str) -> None:
        self.port = free_port()
        self._configuration = folder / "mosquitto.conf"
        lines = ["persistence false", "user root", f"listener {self.port} 127.0.0.1", *settings]
        self._configuration.write_text("\n".join(lines) + "\n", encoding="utf-8")
        self._process: asyncio.subprocess.Process | None = None

    @property
    def url(self) -> str:
        return f"mqtt://127.0.0.1:{self.port}"

    async def start(self) -> None:
        """Start, and wait until it listens."""
        assert PROGRAM is not None
        self._process = await asyncio.create_subprocess_exec(
            PROGRAM, "-c", str(self._configuration), stderr=subprocess.PIPE
        )
        stderr = self._process.stderr
        assert stderr is not None
        async with asyncio.timeout(LIMIT_S):
            while b"running" not in (line := await stderr.readline()):
                assert line, "mosquitto ended"

    def signal(self, number: signal.Signals) -> None:
        """Send it a signal."""
        assert self._process is not None
        self._process.send_signal(number)

    async def stop(self) -> None:
        """End it in order: what it is to keep, it keeps."""
        process, self._process = self._process, None
        if process is not None:
            process.terminate()
            async with asyncio.timeout(LIMIT_S):
                await process.communicate()

    async def kill(self) -> None:
        """End it without a farewell to anybody."""
        process, self._process = self._process, None
        if process is not None:
            with suppress(ProcessLookupError):
                process.kill()
            await process.communicate()


def keeping(folder: Path) -> tuple[str, ...]:
    """Settings of a broker that keeps everything, also when it is killed."""
    return (
        "allow_anonymous true",
        "persistence true",
        f"persistence_location {folder}/",
        "autosave_on_changes true",
        "autosave_interval 1",
    )


@asynccontextmanager
async def mosquitto(folder: Path, *settings: str) -> AsyncIterator[Mosquitto]:
    """A Mosquitto that runs."""
    needed()
    broker = Mosquitto(folder, *(settings or ("allow_anonymous true",)))
    await broker.start()
    try:
        yield broker
    finally:
        await broker.kill()
