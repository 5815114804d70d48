"""The pipe against programs that break it, written for each test."""

import sys
import time
from pathlib import Path

import pytest

from hub.engines import piper_process
from hub.engines.base import EngineError
from hub.engines.piper_process import PiperProcess

VOICE = Path("/voices/a.onnx")
READY = "import sys, json, time, os\nprint('{\"ok\": true}', flush=True)\n"
LOADED = READY + 'sys.stdin.readline()\nprint(\'{"ok": true, "rate": 16000}\', flush=True)\n'


@pytest.fixture(autouse=True)
def patience(monkeypatch: pytest.MonkeyPatch) -> None:
    """Wait for a program however busy the machine is."""
    for limit in ("START_TIMEOUT_S", "LOAD_TIMEOUT_S", "SAY_TIMEOUT_S", "END_TIMEOUT_S"):
        monkeypatch.setattr(piper_process, limit, 60.0)


def program(code: str) -> PiperProcess:
    return PiperProcess([sys.executable, "-c", code])


def failure(process: PiperProcess) -> EngineError:
    try:
        with pytest.raises(EngineError) as caught:
            process.say(VOICE, "hello", ["hello"], None, 1.0)
    finally:
        process.close()
    return caught.value


def test_an_answer_carries_its_audio() -> None:
    process = program(
        LOADED
        + "sys.stdin.readline()\nprint('{\"ok\": true, \"bytes\": 4}\\nabcd', end='', flush=True)"
        "\nsys.stdin.readline()"
    )
    header, audio = process.say(VOICE, "hello", ["hello"], None, 1.0)
    assert header["bytes"] == 4
    assert audio == b"abcd"
    process.close()


def test_a_program_that_says_why_it_can_not_is_believed() -> None:
    refused = failure(
        program('print(\'{"ok": false, "code": "engine-missing", "text": "no Piper"}\')')
    )
    assert refused.code == "engine-missing"
    assert "no Piper" in str(refused)


@pytest.mark.parametrize(
    "code",
    [
        "",
        READY,
        LOADED,
        LOADED + "sys.stdin.readline(); print('no json', flush=True); time.sleep(60)",
        LOADED + "sys.stdin.readline(); print('[1]', flush=True); time.sleep(60)",
        LOADED + "sys.stdin.readline(); print('{\"bytes\": -1}', flush=True); time.sleep(60)",
        LOADED
        + "sys.stdin.readline(); print('{\"bytes\": 99999999999}', flush=True); time.sleep(60)",
        LOADED + "sys.stdin.readline(); print('{\"bytes\": 10}\\nabc', flush=True)",
        LOADED + "sys.stdin.readline(); sys.stdout.write('x' * 2000000); time.sleep(60)",
        LOADED + "sys.stdin.readline(); os.kill(os.getpid(), 9)",
    ],
)
def test_a_program_that_ends_or_babbles_is_a_failure(code: str) -> None:
    assert failure(program(code)).code == "engine-failed"


@pytest.mark.parametrize(
    "code", ["import time; time.sleep(60)", READY + "time.sleep(60)", LOADED + "time.sleep(60)"]
)
def test_a_program_that_hangs_is_given_up(code: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for limit in ("START_TIMEOUT_S", "LOAD_TIMEOUT_S", "SAY_TIMEOUT_S"):
        # A limit that the program reaches in time where it does not hang.
        monkeypatch.setattr(piper_process, limit, 3.0)
    begun = time.monotonic()
    assert failure(program(code)).code == "engine-timeout"
    assert time.monotonic() - begun < 30


def test_a_program_that_does_not_exist_is_missing() -> None:
    missing = failure(PiperProcess(["/no/such/python", "x"]))
    assert missing.code == "engine-missing"


@pytest.mark.parametrize("dies", ["load", "say"])
def test_what_a_program_died_of_is_asked_of_the_next_one_once(dies: str, tmp_path: Path) -> None:
    starts = tmp_path / "starts"
    process = program(
        READY
        + f"""
with open({str(starts)!r}, "a+") as file:
    file.write("started\\n")
    file.seek(0)
    first = len(file.readlines()) == 1
for line in sys.stdin:
    if first and json.loads(line)["do"] == {dies!r}:
        os.kill(os.getpid(), 9)
    answer = '{{"ok": true, "bytes": 4}}\\nabcd' if "say" in line else '{{"ok": true}}\\n'
    print(answer, end="", flush=True)
"""
    )
    assert process.say(VOICE, "hello", ["hello"], None, 1.0)[1] == b"abcd"
    assert len(starts.read_text().split()) == 2
    process.close()


def test_a_request_that_kills_every_program_fails_after_the_second(tmp_path: Path) -> None:
    starts = tmp_path / "starts"
    code = f"open({str(starts)!r}, 'a').write('started ')\n"
    assert failure(program(code + LOADED + "sys.stdin.readline()")).code == "engine-failed"
    assert len(starts.read_text().split()) == 2


def test_a_program_that_died_is_started_again() -> None:
    process = program(LOADED + "sys.exit()")
    for _ in range(2):
        process.load(VOICE)
        assert process._process is not None
        process._process.wait(60)
    process.close()
