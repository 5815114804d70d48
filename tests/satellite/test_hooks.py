"""Hooks run real commands, bounded in number and time, and cost nothing when they fail."""

import asyncio
import json
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from satellite import events, hooks
from satellite.events import Event
from satellite.hooks import MOST_AT_ONCE, MOST_WAITING, Hooks, event_names

PATIENCE_S = 60.0
HEARD = events.Heard(1.0, 3, 'say "hi"; $(rm -rf x)')


@asynccontextmanager
async def running(commands: dict[str, str]) -> AsyncIterator[tuple[Hooks, list[Event]]]:
    told: list[Event] = []
    made = Hooks(commands, told.append, asyncio.get_running_loop().time)
    task = asyncio.create_task(made.run())
    try:
        yield made, told
    finally:
        task.cancel()
        await asyncio.wait([task])


async def until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(PATIENCE_S):
        while not condition():
            await asyncio.sleep(0.01)


async def test_a_command_gets_its_event_as_a_line_of_json(tmp_path: Path) -> None:
    out = tmp_path / "out file"
    async with running({"transcript": f"tee '{out}'"}) as (made, told):
        made.follow(events.FirstAudio(1.0, 3))
        made.follow(HEARD)
        await until(lambda: out.is_file() and out.read_text().endswith("\n"))
    line = json.loads(out.read_text())
    assert line == {"event": "transcript", "at": 1.0, "turn": 3, "text": HEARD.text}
    assert told == []


async def test_the_shell_has_no_part_in_it(tmp_path: Path) -> None:
    touched = tmp_path / "touched"
    async with running({"muted": f"true ; touch {touched}", "transcript": "false"}) as (made, told):
        made.follow(events.Muted(1.0, True))
        made.follow(HEARD)
        await until(lambda: len(told) == 1)
    assert not touched.exists()


@pytest.mark.parametrize(
    ("command", "what"),
    [("/no/such/program", "No such file"), ("false", "exit code 1"), (f"{Path.cwd()}", "denied")],
)
async def test_a_hook_that_fails_is_named_once_a_minute(command: str, what: str) -> None:
    async with running({"transcript": command}) as (made, told):
        made.follow(HEARD)
        made.follow(HEARD)
        await until(lambda: bool(told))
        made.follow(HEARD)
        await until(made._waiting.empty)
    assert len(told) == 1
    assert isinstance(told[0], events.Failed)
    assert told[0].code == "hook-failed"
    assert what in told[0].text
    assert "'transcript'" in told[0].text


async def test_a_command_that_does_not_end_is_ended_with_all_that_it_started(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hooks, "LIMIT_S", 0.3)
    script = tmp_path / "hang.sh"
    pid = tmp_path / "pid"
    script.write_text(f"sleep 600 & echo $! > {pid}\nwait\n")
    start = asyncio.create_subprocess_exec

    async def start_all(*command: Any, **options: Any) -> asyncio.subprocess.Process:
        """Let its time begin when it has started what it starts."""
        process = await start(*command, **options)
        await until(lambda: pid.is_file() and pid.read_text().endswith("\n"))
        return process

    monkeypatch.setattr(asyncio, "create_subprocess_exec", start_all)
    async with running({"transcript": f"sh {script}"}) as (made, told):
        made.follow(HEARD)
        await until(lambda: bool(told))
    assert isinstance(told[0], events.Failed)
    assert "longer than 0.3 s" in told[0].text
    await until(lambda: _is_gone(int(pid.read_text())))


async def test_what_still_runs_when_the_satellite_ends_is_ended(tmp_path: Path) -> None:
    pid = tmp_path / "pid"
    program = f"import os,time;open({str(pid)!r},'w').write(str(os.getpid()));time.sleep(600)"
    async with running({"transcript": f'{sys.executable} -c "{program}"'}) as (made, _):
        made.follow(HEARD)
        await until(lambda: pid.is_file() and pid.read_text() != "")
    await until(lambda: _is_gone(int(pid.read_text())))


async def test_more_than_can_wait_are_left_out_and_told_once(tmp_path: Path) -> None:
    async with running({"transcript": "sleep 60"}) as (made, told):
        for _ in range(MOST_AT_ONCE):
            made.follow(HEARD)
        await until(made._waiting.empty)
        for _ in range(MOST_WAITING + 5):
            made.follow(HEARD)
        assert len(told) == 1
        assert isinstance(told[0], events.Failed)
        assert "left out" in told[0].text


def test_every_event_can_have_a_hook() -> None:
    assert {"wake", "transcript", "connected", "muted", "ringing"} <= set(event_names())


def _is_gone(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] == "Z"
    except FileNotFoundError:
        return True


async def test_a_hook_gets_the_environment_without_what_is_secret(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "out"
    monkeypatch.setenv("SOTTO_SATELLITE_TOKEN", "a-token-that-is-secret")
    monkeypatch.setenv("sotto_satellite_token", "another-that-is-read-too")
    monkeypatch.setenv("SOTTO_SATELLITE_NAME", "Kitchen")
    async with running({"transcript": f"sh -c 'env > {out}.new; mv {out}.new {out}'"}) as (made, _):
        made.follow(HEARD)
        await until(out.is_file)
    given = out.read_text()
    assert "SOTTO_SATELLITE_NAME=Kitchen" in given
    assert "a-token-that-is-secret" not in given
    assert "another-that-is-read-too" not in given
    assert "sotto_satellite_token" not in given.lower()
