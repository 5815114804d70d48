"""Programs as microphone and speaker."""

import asyncio
import shlex
import signal
import sys
from contextlib import aclosing
from pathlib import Path

import numpy as np
import pytest

from satellite import command, command_devices
from satellite.command import LINES_A_MINUTE, LineLimit, parse, running
from satellite.command_devices import CommandMicrophone, CommandSpeaker
from satellite.errors import SatelliteError
from satellite.intake import BlockFormat
from satellite.jitter import PlaybackBuffer

PATIENCE_S = 60.0
PLAIN = BlockFormat(16_000, 2, 1)


def python(program: str) -> str:
    return shlex.join([sys.executable, "-c", program])


async def test_what_a_program_writes_is_heard() -> None:
    program = python(
        "import sys, time\n"
        "sys.stdout.buffer.write(b'\\x10\\x00\\x20\\x00' * 48000)\n"
        "sys.stdout.flush(); time.sleep(60)"
    )
    microphone = CommandMicrophone(program, BlockFormat(48_000, 2, 2), channel=2)
    async with asyncio.timeout(PATIENCE_S), aclosing(microphone.frames()) as frames:
        heard = [await anext(frames) for _ in range(5)]
    assert all(0x1E < np.frombuffer(f.audio, dtype="<i2").mean() < 0x22 for f in heard[1:])


async def test_a_microphone_that_ends_says_how() -> None:
    microphone = CommandMicrophone(python("raise SystemExit(7)"), PLAIN)
    with pytest.raises(SatelliteError, match="exit code 7") as caught:
        async with asyncio.timeout(PATIENCE_S):
            await anext(microphone.frames())
    assert caught.value.code == "microphone-lost"


async def test_what_a_program_wrote_and_nobody_read_keeps_no_pipe_open() -> None:
    async with running(parse("head -c 1000000 /dev/zero"), "microphone-lost") as process:
        assert process.stdout is not None
        await process.stdout.readexactly(1)
    assert process.stdout.at_eof()


async def test_a_program_that_writes_more_than_is_read_ends_at_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(command, "END_S", 3600.0)
    async with asyncio.timeout(PATIENCE_S):
        async with running(["yes"], "microphone-lost") as process:
            assert process.stdout is not None
            transport = process.stdout._transport  # type: ignore[attr-defined]
            while transport.is_reading():  # until the reader is full
                await asyncio.sleep(0.001)
    assert process.returncode == -signal.SIGTERM


async def test_a_program_that_is_not_there_is_said() -> None:
    with pytest.raises(SatelliteError, match="does not start") as caught:
        await anext(CommandMicrophone("/no/such/program", PLAIN).frames())
    assert caught.value.code == "microphone-lost"


@pytest.mark.parametrize("command", ["", "arecord 'open quote"])
def test_a_command_that_can_not_be_read_is_a_bad_setting(command: str) -> None:
    with pytest.raises(SatelliteError) as caught:
        parse(command)
    assert caught.value.code == "bad-settings"


async def test_a_program_gets_what_is_played(tmp_path: Path) -> None:
    out = tmp_path / "played.raw"
    program = python(
        "import sys\n"
        f"out = open({str(out)!r}, 'wb', buffering=0)\n"
        "while part := sys.stdin.buffer.read1(4096): out.write(part)"
    )
    speaker = CommandSpeaker(program, 16_000, 2)
    buffer = PlaybackBuffer(16_000)
    buffer.start(1)
    buffer.write(np.full(1600, 7, dtype="<i2").tobytes())
    buffer.end()
    running = asyncio.create_task(speaker.run(buffer))
    async with asyncio.timeout(PATIENCE_S):
        while not out.exists() or out.read_bytes().count(b"\x07\x00") < 3200:
            await asyncio.sleep(0)
        while not buffer.report.finished:
            await asyncio.sleep(0)
    running.cancel()
    await asyncio.wait([running])


async def test_a_speaker_that_ends_says_so() -> None:
    speaker = CommandSpeaker(python("raise SystemExit(3)"), 16_000)
    with pytest.raises(SatelliteError, match="exit code 3") as caught:
        async with asyncio.timeout(PATIENCE_S):
            await speaker.run(PlaybackBuffer(16_000))
    assert caught.value.code == "speaker-lost"


async def test_a_speaker_that_has_ended_before_its_first_sound_says_so(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    make_short = command_devices._make_short

    def later(stdin: asyncio.StreamWriter) -> None:
        stdin.get_extra_info("pipe").close()  # as the loop does when the program is gone
        make_short(stdin)

    monkeypatch.setattr(command_devices, "_make_short", later)
    speaker = CommandSpeaker(python("raise SystemExit(3)"), 16_000)
    with pytest.raises(SatelliteError, match="exit code 3"):
        async with asyncio.timeout(PATIENCE_S):
            await speaker.run(PlaybackBuffer(16_000))


async def test_a_speaker_that_takes_nothing_is_lost(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(command_devices, "STUCK_S", 0.2)
    speaker = CommandSpeaker(python("import time; time.sleep(60)"), 48_000, 2)
    with pytest.raises(SatelliteError, match="took no sound"):
        async with asyncio.timeout(PATIENCE_S):
            await speaker.run(PlaybackBuffer(48_000))


async def test_what_a_program_complains_of_is_logged_up_to_a_limit(
    caplog: pytest.LogCaptureFixture,
) -> None:
    program = python(
        "import sys\nfor n in range(50): print('line', n, file=sys.stderr)\nsys.stderr.flush()"
    )
    with caplog.at_level("INFO", "satellite"), pytest.raises(SatelliteError):
        async with asyncio.timeout(PATIENCE_S):
            await anext(CommandMicrophone(program, PLAIN).frames())
    told = [record for record in caplog.records if record.name == "satellite"]
    lines = [getattr(record, "fields", {}).get("line") for record in told]
    assert lines == [f"line {n}" for n in range(LINES_A_MINUTE)]


def test_lines_that_were_left_out_are_counted() -> None:
    now = 0.0
    limit = LineLimit(clock=lambda: now)
    assert [limit.admit() for _ in range(LINES_A_MINUTE)] == [0] * LINES_A_MINUTE
    assert [limit.admit() for _ in range(3)] == [None] * 3
    now = 61.0
    assert limit.admit() == 3


async def test_what_a_program_started_ends_with_it(tmp_path: Path) -> None:
    pids = tmp_path / "pids"
    # It does not heed SIGTERM, and its parent has ended.
    child = "trap '' TERM; while :; do printf 0123456789; done"
    program = shlex.join(["sh", "-c", f"({child}) & echo $! > {pids}.new; mv {pids}.new {pids}"])
    microphone = CommandMicrophone(program, PLAIN)
    async with asyncio.timeout(PATIENCE_S), aclosing(microphone.frames()) as frames:
        await anext(frames)
        while not pids.exists():
            await anext(frames)
    pid = int(pids.read_text())
    async with asyncio.timeout(PATIENCE_S):
        while _runs(pid):
            await asyncio.sleep(0.01)


def _runs(pid: int) -> bool:
    """Tell whether a process goes on; one that has ended and is not waited for does not."""
    try:
        return ") Z" not in Path(f"/proc/{pid}/stat").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return False


async def test_a_program_gets_the_environment_without_what_is_secret(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("SOTTO_SATELLITE_TOKEN", "a-token-that-is-secret")
    told = "import os; raise SystemExit(7 if 'SOTTO_SATELLITE_TOKEN' in os.environ else 5)"
    with pytest.raises(SatelliteError, match="exit code 5"):
        async with asyncio.timeout(PATIENCE_S):
            await anext(CommandMicrophone(python(told), PLAIN).frames())
