"""What is found of the machine: well, or the one thing to do. Real ports."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from hub import machine_check
from hub.engines.hardware import CudaDevice, Machine
from hub.machine_check import Finding
from hub.settings import HubSettings
from tests.hub.test_main import closed_port, environment, folder, taken_port

__all__ = ["folder", "taken_port"]

BARE = Machine(cores=1, memory_bytes=1 << 30, architecture="x86_64")


def test_a_port_of_another_program(taken_port: int) -> None:
    finding = machine_check.port("satellites.port", "127.0.0.1", taken_port)
    assert not finding.ok
    assert f"Port {taken_port}" in finding.text
    assert "satellites.port" in finding.text


def test_free_ports_and_addresses_that_are_not_ours() -> None:
    assert machine_check.port("satellites.port", "127.0.0.1", closed_port()).ok
    assert not machine_check.port("satellites.port", "192.0.2.1", closed_port()).ok


def test_a_port_of_a_running_hub_is_well(folder: Path) -> None:
    port = closed_port()
    process = subprocess.Popen(
        [sys.executable, "-m", "hub", "broker", "--port", str(port)],
        cwd=folder,
        env=environment(folder, PYTHONUNBUFFERED="1"),
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    try:
        assert process.stdout is not None
        assert str(port) in process.stdout.readline()
        finding = machine_check.port("mqtt.embedded_port", "127.0.0.1", port)
    finally:
        process.kill()
        process.communicate()
    expected = f"{port} is used by a hub that runs now"
    assert finding == Finding("mqtt.embedded_port", True, expected)


def test_machines_that_are_too_small_or_too_old(tmp_path: Path) -> None:
    assert not machine_check.python((3, 10, 9)).ok
    assert not machine_check.memory(machine_check.LEAST_MEMORY_BYTES - 1).ok
    assert machine_check.memory(machine_check.LEAST_MEMORY_BYTES).ok
    assert machine_check.disk(tmp_path / "absent").ok
    assert "small models" in machine_check.cpu(BARE).text


def test_a_full_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(machine_check, "LEAST_DISK_BYTES", 1 << 80)
    assert "too little" in machine_check.disk(tmp_path).text


@pytest.mark.parametrize("now_s", [0.0, machine_check.EARLIEST_S - 1, machine_check.LATEST_S + 1])
def test_a_clock_that_is_wrong(now_s: float) -> None:
    assert "NTP" in machine_check.clock(now_s).text
    assert machine_check.clock(machine_check.EARLIEST_S).ok


def test_a_sound_card_is_looked_at_and_none_is_needed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert machine_check.audio(tmp_path / "absent") == Finding(
        "audio", True, "no sound card, and the hub needs none"
    )
    for name in ("pcmC0D0c", "pcmC0D0p", "timer"):
        (tmp_path / name).touch()
    assert machine_check.audio(tmp_path).text == "a satellite on this machine can record and play"
    monkeypatch.setattr(os, "access", lambda *_: False)
    finding = machine_check.audio(tmp_path)
    assert not finding.ok
    assert "usermod -aG audio" in finding.text


def test_a_gpu_that_is_asked_for_and_not_there() -> None:
    whisper = HubSettings.model_validate(
        {"engines": {"speech_to_text": "whisper"}, "whisper": {"device": "cuda"}}
    )
    piper = HubSettings.model_validate(
        {"engines": {"text_to_speech": "piper"}, "piper": {"cuda": True}}
    )
    assert "whisper.device" in machine_check.gpu(BARE, whisper).text
    assert "piper.cuda" in machine_check.gpu(BARE, piper).text
    assert machine_check.gpu(BARE, HubSettings.model_validate({})).ok
    with_gpu = Machine(4, 1 << 34, "x86_64", cuda=(CudaDevice("RTX", 8 << 30),))
    assert machine_check.gpu(with_gpu, whisper) == Finding("GPU", True, "RTX (8 GiB)")
