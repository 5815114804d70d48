"""The whole household as processes of their own: broker, home, hub, satellite."""

import asyncio
import json
import subprocess
import sys
import wave
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from audio.voiced import first_voiced_sample
from audio.wav import read
from hub.demo.processes import Process
from hub.demo.runner import COMMANDS, demo_files

pytestmark = pytest.mark.alone

LIMIT_S = 90.0


def test_the_demo_hears_acts_and_answers(tmp_path: Path) -> None:
    result = subprocess.run(
        [sys.executable, "-m", "hub", "demo", "--answers", "answers"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=LIMIT_S,
        check=False,
    )
    assert result.returncode == 0, result.stdout + result.stderr
    for command in COMMANDS:
        assert f"heard     {command}" in result.stdout
    assert 'bed_light/set {"state":"ON"}' in result.stdout
    assert "rgb/set 0,0,255" in result.stdout
    assert "garage_door/set OPEN" in result.stdout
    assert result.stdout.count("first answer audio") == len(COMMANDS)
    for number in range(1, len(COMMANDS) + 1):
        with wave.open(str(tmp_path / "answers" / f"{number}.wav")) as answer:
            seconds = answer.getnframes() / answer.getframerate()
            assert max(answer.readframes(answer.getnframes())) > 0
        assert 0.3 < seconds < 5


def test_the_demo_fails_when_nothing_was_said(tmp_path: Path) -> None:
    with wave.open(str(tmp_path / "silence.wav"), "wb") as file:
        file.setparams((1, 2, 16_000, 0, "NONE", ""))
        file.writeframes(bytes(16_000))
    result = subprocess.run(
        [sys.executable, "-m", "hub", "demo", "--wav", "silence.wav"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=LIMIT_S,
        check=False,
    )
    assert result.returncode == 1
    assert "silence.wav: nothing was understood" in result.stderr
    assert "'nothing-heard'" in result.stderr


class House:
    """Broker and simulated home, and hubs that come and go."""

    def __init__(self, stack: AsyncExitStack, folder: Path, broker: str) -> None:
        self._stack = stack
        self._folder = folder
        self._broker = broker

    async def process(self, name: str, *arguments: str) -> Process:
        process = await Process.start(name, *arguments, cwd=self._folder)
        self._stack.push_async_callback(process.end)
        return process

    async def hub(self, port: int) -> tuple[Process, int]:
        settings = self._folder / "hub.toml"
        settings.write_text(
            f'[satellites]\nport = {port}\n[dashboard]\nport = 0\n[mqtt]\nurl = "{self._broker}"\n'
            f'[store]\nurl = "sqlite:///{self._folder}/hub.db"\n'
        )
        hub = await self.process("hub", "hub", "serve", "--config", str(settings))
        line = await hub.wait_for_line(lambda line: line.startswith("Satellites:"))
        await hub.wait_for_line(lambda line: line.startswith("Ready"))
        return hub, int(line.rsplit(":", 1)[1])


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    async with asyncio.timeout(LIMIT_S), AsyncExitStack() as stack:
        broker = await Process.start("broker", "hub", "broker", "--port", "0", cwd=tmp_path)
        stack.push_async_callback(broker.end)
        line = await broker.wait_for_line(lambda line: "mqtt://" in line)
        house = House(stack, tmp_path, line.rsplit(maxsplit=1)[1])
        home = await house.process("home", "hub.demo.simulated_home", "--broker", house._broker)
        await home.wait_for_line(lambda line: line == "ready")
        yield house


async def events_until(satellite: Process, **wanted: Any) -> list[dict[str, Any]]:
    """Return the satellite's events up to the first that has all the wanted fields."""
    seen = []
    async for line in satellite.lines():
        event = json.loads(line)
        seen.append(event)
        if all(event.get(key) == value for key, value in wanted.items()):
            return seen
    raise AssertionError(f"no event {wanted} among {seen}\n{satellite.log_tail}")


def _say_without_a_pause(words: Path, file: Path) -> None:
    """Write a command that goes on: the hub is still listening when it is killed."""
    rate_hz, pcm16 = read(words)
    samples = np.frombuffer(pcm16, dtype="<i2")
    begin = first_voiced_sample(pcm16) or 0
    end = samples.size - (first_voiced_sample(samples[::-1].tobytes()) or 0)
    with wave.open(str(file), "wb") as out:
        out.setparams((1, 2, rate_hz, 0, "NONE", "not compressed"))
        out.writeframes(np.tile(samples[begin:end], 10).tobytes())


async def test_a_hub_that_dies_in_mid_command_is_missed_and_found_again(
    house: House, tmp_path: Path
) -> None:
    hub, port = await house.hub(0)
    light, _, door = demo_files()
    endless = tmp_path / "endless.wav"
    _say_without_a_pause(light, endless)
    satellite = await house.process(
        "satellite", "satellite", "run", "--hub", f"127.0.0.1:{port}", "--events", "--speaker",
        "none", "--wav", str(endless), "--wav", str(door),
    )  # fmt: skip
    await events_until(satellite, event="microphone")
    hub._process.kill()
    lost = await events_until(satellite, event="state", state="disconnected")
    assert lost[-1]["before"] == "listening"
    away = await events_until(satellite, event="disconnected")
    assert away[-1]["reason"]
    assert "disconnected" in satellite.log_tail
    await house.hub(port)
    back = await events_until(satellite, event="turn-ended")
    assert "connected" in [event["event"] for event in back]
    assert [event["text"] for event in back if event["event"] == "transcript"] == [
        "open the garage door"
    ]
    assert back[-1]["outcome"] == "answered"
