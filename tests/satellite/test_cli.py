"""The program as its owner starts it: a process of its own."""

import asyncio
import json
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib.metadata import version
from pathlib import Path

import pytest

from protocol import AudioChunk, Cancel, Status
from satellite.wav_files import read_speech
from tests.satellite.scripted_hub import PATIENCE_S, ScriptedHub
from tests.satellite.wav_samples import sine, wav

TOKEN = "a-token-that-is-long-enough"
START_S = 60.0


def environment(home: Path) -> dict[str, str]:
    kept = {key: value for key, value in os.environ.items() if not key.startswith("SOTTO_")}
    return {**kept, "HOME": str(home), "XDG_CONFIG_HOME": str(home), "NO_COLOR": "1"}


def satellite(home: Path, *arguments: str, **variables: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-m", "satellite", *arguments],
        cwd=home,
        env={**environment(home), **variables},
        capture_output=True,
        text=True,
        timeout=START_S,
        check=False,
    )


@asynccontextmanager
async def started(home: Path, *arguments: str) -> AsyncIterator[asyncio.subprocess.Process]:
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "satellite",
        *arguments,
        cwd=home,
        env=environment(home),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.communicate()


async def finished(process: asyncio.subprocess.Process) -> tuple[int, str, str]:
    async with asyncio.timeout(START_S):
        out, err = await process.communicate()
    assert process.returncode is not None
    return process.returncode, (out or b"").decode(), err.decode()


@pytest.fixture
def command(tmp_path: Path) -> Path:
    path = tmp_path / "command.wav"
    path.write_bytes(wav((sine(0.4, 16_000) * 32_767).astype("<i2").tobytes()))
    return path


async def test_a_command_is_spoken_answered_and_told_in_json_lines(
    tmp_path: Path, command: Path
) -> None:
    token = tmp_path / "token"
    token.write_text(TOKEN)
    async with ScriptedHub(token=TOKEN) as hub:
        arguments = ["run", "--hub", hub.address, "--token-file", str(token), "--name", "Test"]
        arguments += ["--area", "Kitchen", "--speaker", "wav:answers/", "--wav", str(command)]
        async with started(tmp_path, *arguments, "--events", "--verbose") as process:
            session = await hub.session()
            assert (session.hello.name, session.hello.area) == ("Test", "Kitchen")
            assert isinstance(await session.expect(Status), Status)
            await session.listen(1)
            await session.expect(AudioChunk)
            await session.answer(1, "Done.")
            code, out, err = await finished(process)
    assert code == 0
    events = [json.loads(line) for line in out.splitlines()]
    assert [event["event"] for event in events if event["event"] in {"ready", "answer"}] == [
        "ready",
        "answer",
    ]
    assert events[-1]["event"] == "state"
    assert read_speech(tmp_path / "answers" / "1.wav")
    assert "Traceback" not in err
    assert TOKEN not in out + err


async def test_options_alone_mean_run(tmp_path: Path, command: Path) -> None:
    async with ScriptedHub() as hub:
        arguments = ("--hub", hub.address, "--speaker", "none", "--fast", "--wav", str(command))
        loud = ("--talk-over", "0.8", "--gain-db", "-6")
        async with started(tmp_path, *arguments, *loud) as process:
            session = await hub.session()
            await session.listen(1)
            await session.answer(1)
            code, out, _ = await finished(process)
    assert (code, out) == (0, "")


async def test_a_command_that_is_not_answered_is_told_by_the_exit_code(
    tmp_path: Path, command: Path
) -> None:
    async with ScriptedHub() as hub:
        arguments = ("--hub", hub.address, "--speaker", "none", "--fast", "--wav", str(command))
        async with started(tmp_path, *arguments) as process:
            session = await hub.session()
            await session.listen(1)
            await session.link.close()
            await hub.stop()
            code, _, err = await finished(process)
    assert code == 1
    assert "not every command was answered" in err
    assert "hub-lost" in err
    assert "Traceback" not in err


@pytest.mark.parametrize(("number", "code"), [(signal.SIGTERM, 0), (signal.SIGINT, 130)])
async def test_a_signal_ends_it_in_order(tmp_path: Path, number: int, code: int) -> None:
    async with ScriptedHub() as hub:
        arguments = ("--hub", hub.address, "--speaker", "none", "--mic", "none", "--events")
        async with started(tmp_path, *arguments) as process:
            session = await hub.session()
            await session.expect(Status)
            process.send_signal(number)
            ended, out, err = await finished(process)
            async with asyncio.timeout(PATIENCE_S):
                while not session.link.closed:
                    await asyncio.sleep(0)
    assert ended == code
    assert json.loads(out.splitlines()[0])["event"] == "ready"
    assert "Traceback" not in err


async def test_a_reader_of_events_that_goes_away_does_not_end_it(tmp_path: Path) -> None:
    async with ScriptedHub() as hub:
        arguments = ("--hub", hub.address, "--speaker", "none", "--mic", "none", "--events")
        ours, theirs = os.pipe()
        os.close(ours)
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "satellite", *arguments),
            cwd=tmp_path,
            env=environment(tmp_path),
            stdin=subprocess.DEVNULL,
            stdout=theirs,
            stderr=subprocess.PIPE,
        )
        os.close(theirs)
        session = await hub.session()
        await session.expect(Status)
        process.terminate()
        code, _, err = await finished(process)
    assert code == 0
    assert 'event="event lines end"' in err
    assert "Exception" not in err


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--wav", "missing.wav", "--speaker", "none"), "missing.wav: No such file"),
        (("--wav", "token", "--speaker", "none"), "token: not a WAV file"),
        (("--mic-command", "arecord 'x", "--speaker", "none"), '"arecord \'x" can not be read'),
        (("--snd-command", " ", "--mic", "none"), "a command has no words"),
        (("--config", "missing.toml"), "there is no settings file missing.toml"),
        (("--volume", "7"), "command line: volume"),
        (("--hub", "http://x"), "a hub is `auto`, HOST or HOST:PORT"),
        (("--token-file", "missing"), "can not be read"),
    ],
)
def test_what_can_not_work_is_one_clear_line(
    tmp_path: Path, arguments: tuple[str, ...], words: str
) -> None:
    (tmp_path / "token").write_text(TOKEN)
    done = satellite(tmp_path, *arguments)
    assert done.returncode == 1
    assert done.stdout == ""
    assert len(done.stderr.splitlines()) == 1
    assert done.stderr.startswith("sotto-satellite: ")
    assert words in done.stderr


def test_a_bad_value_of_the_environment_is_one_clear_line(tmp_path: Path) -> None:
    done = satellite(tmp_path, SOTTO_SATELLITE_VOLUME="loud")
    assert done.returncode == 1
    assert "environment variable SOTTO_SATELLITE_VOLUME: volume" in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_an_unknown_option_is_a_usage_error(tmp_path: Path) -> None:
    done = satellite(tmp_path, "--loudness", "7")
    assert done.returncode == 2
    assert "Traceback" not in done.stderr


def test_the_version_is_told(tmp_path: Path) -> None:
    done = satellite(tmp_path, "--version")
    assert (done.returncode, done.stdout.strip()) == (0, f"sotto-satellite {version('sotto')}")


def test_the_help_names_commands_and_options(tmp_path: Path) -> None:
    assert {"run", "devices", "--version"} <= set(satellite(tmp_path, "--help").stdout.split())
    told = satellite(tmp_path, "run", "--help", COLUMNS="200").stdout
    known = ("--hub", "--mic", "--speaker", "--wav", "--fast", "--events", "--config")
    for option in (*known, "--talk-over", "--gain-db"):
        assert option in told


def test_devices_are_listed_or_it_is_said_what_is_missing(tmp_path: Path) -> None:
    done = satellite(tmp_path, "devices")
    if done.returncode == 0:
        assert "Microphones:" in done.stdout
        assert "Speakers:" in done.stdout
    else:
        assert "PortAudio" in done.stderr


async def test_enter_talks_and_m_mutes(tmp_path: Path) -> None:
    ours, theirs = os.openpty()
    try:
        async with ScriptedHub() as hub:
            process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-m", "satellite", "--hub", hub.address),
                *("--speaker", "none", "--mic", "none"),
                cwd=tmp_path,
                env=environment(tmp_path),
                stdin=theirs,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
            session = await hub.session()
            await session.expect(Status)
            os.write(ours, b"\n")
            assert (await session.listen(1)).trigger == "button"
            await session.expect(AudioChunk)
            os.write(ours, b"what?\nm\n")
            assert (await session.expect(Cancel)).reason == "muted"
            assert (await session.expect(Status, lambda status: status.muted)).state == "idle"
            process.terminate()
            async with asyncio.timeout(START_S):
                assert await process.wait() == 0
    finally:
        os.close(ours)
        os.close(theirs)


def test_what_lies_in_the_folder_is_not_taken_for_a_part_of_the_program(tmp_path: Path) -> None:
    (tmp_path / "queue.py").write_text("raise SystemExit('this is not the queue')\n")
    # As the installed program does it, which does not look for modules here.
    start = "from satellite.__main__ import main; main()"
    done = subprocess.run(
        [sys.executable, "-P", "-c", start, "run", "--wav", "nowhere.wav"],
        cwd=tmp_path,
        env=environment(tmp_path),
        capture_output=True,
        text=True,
        timeout=START_S,
        check=False,
    )
    assert done.returncode == 1
    assert "nowhere.wav: No such file" in done.stderr
