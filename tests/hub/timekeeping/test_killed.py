"""kill -9 in the middle of everything: nothing is lost, and nothing harmful is done twice."""

import asyncio
import sqlite3
import sys
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, closing
from pathlib import Path

import pytest

LIMIT_S = 60.0

pytestmark = pytest.mark.alone


class Mortal:
    """The program, while it lives."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process

    async def tell(self, line: str) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(f"{line}\n".encode())
        await self._process.stdin.drain()

    async def says(self, word: str) -> None:
        assert self._process.stdout is not None
        async with asyncio.timeout(LIMIT_S):
            assert (await self._process.stdout.readline()).decode().strip() == word


@asynccontextmanager
async def alive(folder: Path, how: str) -> AsyncGenerator[Mortal]:
    """Run the program for as long as the block takes, then kill it."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.hub.timekeeping.mortal", str(folder), how),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    try:
        mortal = Mortal(process)
        await mortal.says("ready")
        yield mortal
    finally:
        process.kill()
        await process.communicate()


async def world(folder: Path, count: int) -> list[str]:
    """Return what was done and said, as soon as there is so much."""
    file = folder / "world"
    async with asyncio.timeout(LIMIT_S):
        while len(lines := file.read_text().splitlines() if file.exists() else []) < count:
            await asyncio.sleep(0.02)
    return lines


def kept(folder: Path) -> int:
    with closing(sqlite3.connect(folder / "hub.db")) as store:
        (count,) = store.execute("SELECT count(*) FROM appointments").fetchone()
        return int(count)


async def test_every_timer_that_was_promised_is_there_after_a_kill(tmp_path: Path) -> None:
    promised = 0
    for _ in range(3):
        async with alive(tmp_path, "obey") as mortal:
            for _ in range(5):
                await mortal.tell("timer 600")
                await mortal.says("set")
                promised += 1
            await mortal.tell("timer 600")  # perhaps kept, but never promised
    assert promised <= kept(tmp_path) <= promised + 3


async def test_a_timer_that_ended_while_nobody_lived_is_told(tmp_path: Path) -> None:
    async with alive(tmp_path, "obey") as mortal:
        await mortal.tell("timer 0.5")
        await mortal.says("set")
    async with alive(tmp_path, "obey"):
        (said,) = await world(tmp_path, 1)
        assert said == "said Your timer for 1 second has ended."
        async with asyncio.timeout(LIMIT_S):
            while kept(tmp_path):
                await asyncio.sleep(0.02)


@pytest.mark.parametrize(
    ("command", "then"),
    [
        ("turn on the light", "did turn on the light"),
        (
            "toggle the light",
            "said I was interrupted, and do not know whether I did this: toggle the light.",
        ),
    ],
)
async def test_a_command_that_a_kill_cut_off_is_repeated_only_if_that_does_no_harm(
    tmp_path: Path, command: str, then: str
) -> None:
    async with alive(tmp_path, "hang") as mortal:
        await mortal.tell(f"command 0.1 {command}")
        await mortal.says("set")
        await mortal.says("did")
    async with alive(tmp_path, "obey"):
        assert await world(tmp_path, 2) == [f"did {command}", then]
        async with asyncio.timeout(LIMIT_S):
            while kept(tmp_path):
                await asyncio.sleep(0.02)
    async with alive(tmp_path, "obey") as mortal:
        await mortal.tell("command 0.1 turn off the light")
        await mortal.says("set")
        assert (await world(tmp_path, 3))[2:] == ["did turn off the light"], "and nothing else"
