"""The hub's command line, as people meet it: one clear line, and an exit code that tells."""

import gc
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

from hub.__main__ import app
from tests.ports import free_port

LIMIT_S = 60.0


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "config").mkdir()
    return tmp_path


def environment(folder: Path, **settings: str) -> dict[str, str]:
    kept = {key: value for key, value in os.environ.items() if not key.startswith("SOTTO_")}
    own = {
        "XDG_CONFIG_HOME": str(folder / "config"),
        "SOTTO_HUB_STORE__URL": f"sqlite:///{folder}/hub.db",
    }
    return {**kept, **own, **settings}


def run(folder: Path, *arguments: str, **settings: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "hub", *arguments],
        cwd=folder,
        env=environment(folder, **settings),
        capture_output=True,
        text=True,
        timeout=LIMIT_S,
        check=False,
    )


def assert_one_clear_line(result: subprocess.CompletedProcess[str], *words: str) -> None:
    assert result.returncode == 1
    assert "Traceback" not in result.stderr
    complaint = [line for line in result.stderr.splitlines() if line.startswith("sotto-hub:")]
    assert len(complaint) == 1, result.stderr
    for word in words:
        assert word in result.stderr


@pytest.fixture
def taken_port() -> Iterator[int]:
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


def closed_port() -> int:
    """A port at which nobody listens."""
    return free_port()


def test_help_names_every_command(folder: Path) -> None:
    result = run(folder, "--help")
    assert result.returncode == 0
    for command in ("serve", "demo", "broker", "token"):
        assert command in result.stdout


def test_a_hub_that_runs_collects_garbage(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    collects = []

    async def run_hub(*_: object, **__: object) -> None:
        collects.append(gc.isenabled())

    monkeypatch.setattr("hub.running.run_hub", run_hub)
    monkeypatch.setattr("hub.__main__.read_settings", lambda _: None)
    assert CliRunner().invoke(app, ["serve"]).exit_code == 0
    assert collects == [True]


def test_the_version_is_told(folder: Path) -> None:
    assert run(folder, "--version").stdout.startswith("sotto-hub ")


def test_tokens_are_long_and_never_the_same(folder: Path) -> None:
    first, second = (run(folder, "token").stdout.strip() for _ in range(2))
    assert len(first) >= 32
    assert first != second


def test_a_broker_that_is_not_there(folder: Path) -> None:
    port = str(closed_port())
    result = run(folder, "serve", SOTTO_HUB_MQTT__URL=f"mqtt://127.0.0.1:{port}")
    assert_one_clear_line(result, "No MQTT broker", port, "mqtt.url")


def test_a_broker_port_in_use(folder: Path, taken_port: int) -> None:
    result = run(folder, "serve", SOTTO_HUB_MQTT__EMBEDDED_PORT=str(taken_port))
    assert_one_clear_line(result, f"Port {taken_port}", "mqtt.embedded_port", "mqtt.url")


def test_a_port_for_satellites_in_use(folder: Path, taken_port: int) -> None:
    result = run(
        folder,
        "serve",
        SOTTO_HUB_MQTT__EMBEDDED_PORT="0",
        SOTTO_HUB_SATELLITES__PORT=str(taken_port),
    )
    assert_one_clear_line(result, f"Port {taken_port}", "satellites.port")


def test_the_broker_commands_port_in_use(folder: Path, taken_port: int) -> None:
    result = run(folder, "broker", "--port", str(taken_port))
    assert_one_clear_line(result, f"Port {taken_port}")


def test_a_bad_setting(folder: Path) -> None:
    (folder / "hub.toml").write_text("[satellites]\nport = 'loud'\n")
    result = run(folder, "serve", "--config", "hub.toml")
    assert_one_clear_line(result, "satellites.port", "hub.toml")


def test_a_settings_file_that_is_not_there(folder: Path) -> None:
    assert_one_clear_line(run(folder, "serve", "--config", "absent.toml"), "absent.toml")


def test_listening_for_others_without_a_token(folder: Path) -> None:
    result = run(folder, "serve", SOTTO_HUB_SATELLITES__HOST="0.0.0.0")
    assert_one_clear_line(result, "token")


def test_a_wav_that_is_not_there_or_is_none(folder: Path) -> None:
    assert_one_clear_line(run(folder, "demo", "--wav", "absent.wav"), "absent.wav")
    (folder / "noise.wav").write_bytes(b"no sound at all")
    assert_one_clear_line(run(folder, "demo", "--wav", "noise.wav"), "noise.wav", "WAV")


def test_names_with_brackets_are_told_as_they_are(folder: Path) -> None:
    assert_one_clear_line(run(folder, "demo", "--wav", "a[/b].wav"), "a[/b].wav")


@pytest.mark.parametrize("turn_detector", ["", "smart-turn/v3"])
def test_serve_tells_what_it_listens_on_and_ends_kindly_when_told(
    folder: Path, turn_detector: str
) -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "hub", "serve"],
        cwd=folder,
        env=environment(
            folder,
            SOTTO_HUB_MQTT__EMBEDDED_PORT="0",
            SOTTO_HUB_SATELLITES__PORT="0",
            SOTTO_HUB_LISTENING__TURN_DETECTOR=turn_detector,  # not here: the hub does without
        ),
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    try:
        assert process.stdout is not None
        lines = []
        for line in process.stdout:
            lines.append(line)
            if line.startswith("Ready"):
                break
        printed = "".join(lines)
        assert "Built-in MQTT broker: 127.0.0.1:" in printed
        assert "Satellites: 127.0.0.1:" in printed
        assert "sotto-hub token" in printed
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=LIMIT_S) == 0
    finally:
        process.kill()
        process.communicate()


def test_the_audit_of_a_hub_that_did_nothing_says_so(folder: Path) -> None:
    result = run(folder, "audit")
    assert (result.returncode, result.stdout.splitlines()[-1]) == (0, "Nothing was done yet.")


def test_the_audit_of_a_store_that_can_not_be_opened_says_why(folder: Path) -> None:
    (folder / "hub.db").write_bytes(b"no database" * 100)
    assert_one_clear_line(run(folder, "audit"), "hub.db", "damaged")
