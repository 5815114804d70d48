"""The real program, as Home Assistant meets it."""

import asyncio
import json
import signal
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from wyoming.audio import AudioStart, AudioStop
from wyoming.pipeline import PipelineStage

from audio.pcm import silence
from satellite.wav_files import read_speech
from tests.ports import free_port
from tests.satellite.home_assistant import RATE, Answer, HomeAssistant, tone
from tests.satellite.test_cli import environment
from tests.satellite.wav_samples import wav
from tests.speech import recordings

pytestmark = pytest.mark.alone

PATIENCE_S = 60.0
END_S = 20.0


class Program:
    """The satellite in a process of its own, and the events that it tells."""

    def __init__(self, process: asyncio.subprocess.Process, port: int) -> None:
        self.process = process
        self.port = port
        self.events: list[dict[str, Any]] = []
        self._moved = asyncio.Event()

    async def read(self) -> None:
        assert self.process.stdout is not None
        async for line in self.process.stdout:
            self.events.append(json.loads(line))
            self._moved.set()

    def of(self, name: str) -> list[dict[str, Any]]:
        return [event for event in self.events if event["event"] == name]

    async def until(self, name: str, count: int = 1, **fields: object) -> dict[str, Any]:
        async with asyncio.timeout(PATIENCE_S):
            while True:
                found = [event for event in self.of(name) if fields.items() <= event.items()]
                if len(found) >= count:
                    return found[count - 1]
                self._moved.clear()
                await self._moved.wait()


@asynccontextmanager
async def program(home: Path, *arguments: str) -> AsyncIterator[Program]:
    port = free_port()
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "satellite",
        *("run", "--wyoming", f"tcp://127.0.0.1:{port}", "--events", "--name", "Shelf"),
        *("--area", "Kitchen", *arguments),
        cwd=home,
        env={
            **environment(home),
            "SOTTO_SATELLITE_WYOMING__DISCOVERABLE": "false",
        },
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=None,
    )
    running = Program(process, port)
    reading = asyncio.create_task(running.read())
    try:
        yield running
    finally:
        if process.returncode is None:
            process.terminate()
        try:
            async with asyncio.timeout(END_S):
                await process.wait()
        finally:
            if process.returncode is None:
                process.kill()
            await reading


@pytest.fixture
def said(tmp_path: Path) -> Path:
    """The wake word and a command, in one breath."""
    wake = next(found for found in recordings("wake") if found.path.stem == "okay_nabu")
    command = recordings("en")[0]
    path = tmp_path / "said.wav"
    path.write_bytes(wav(read_speech(wake.path) + read_speech(command.path) + silence(1000)))
    return path


async def test_a_conversation_with_wake_word_answer_and_announcement_keeps_every_rule(
    tmp_path: Path, said: Path
) -> None:
    heard = tmp_path / "heard.wav"
    options = ("--mic", f"wav:{said}", "--speaker", f"wav:{heard}", "--wake-word", "okay_nabu")
    async with program(tmp_path, *options) as satellite:
        home = HomeAssistant(satellite.port, answers=[Answer("Yes.", tone(4.0), listen_s=1.5)])
        async with home.connected():
            await home.until(lambda: home.count("played") == 1, what="played")
            # Nothing has been said for a while, and it is still there.
            await home.announce(tone(1.0, 880.0))
            info = await home.describe()
            await home.until(lambda: home.pings >= 3, what="three pings")
            await asyncio.sleep(0)
    assert info.satellite is not None
    assert (info.satellite.name, info.satellite.area) == ("Shelf", "Kitchen")
    assert info.wake[0].models[0].phrase == "Okay Nabu"
    assert not info.asr
    assert not info.tts
    kinds = [event.type for _, event in home.seen]
    assert kinds.index("detection") < kinds.index("run-pipeline") < kinds.index("audio-chunk")
    (run,) = home.runs
    assert run.wake_word == "okay_nabu"
    assert run.request.start_stage is PipelineStage.ASR
    assert run.request.end_stage is PipelineStage.TTS
    assert home.count("played") == 2
    assert 3.7 < home.times("played")[0] - home.sent_at["Yes."] < 8.0
    assert [event["text"] for event in satellite.of("transcript")] == ["do it"]
    assert [event["text"] for event in satellite.of("answer")] == ["Yes."]
    loud = np.frombuffer(read_speech(heard), dtype="<i2")
    assert np.count_nonzero(np.abs(loud) > 1000) / 16_000 == pytest.approx(5.0, rel=0.1)


async def test_a_wake_word_over_an_answer_silences_it_and_begins_a_new_run(
    tmp_path: Path, said: Path
) -> None:
    heard = tmp_path / "heard.wav"
    options = ("--wav", str(said), "--wav", str(said), "--talk-over", "1", "--speaker")
    answers = [Answer("Long.", tone(25.0)), Answer("Short.", tone(1.0, 880.0))]
    async with program(tmp_path, *options, f"wav:{heard}", "--wake-word", "okay_nabu") as satellite:
        home = HomeAssistant(satellite.port, answers=answers)
        async with home.connected():
            home.may_end = True
            await asyncio.wait_for(satellite.process.wait(), PATIENCE_S)
        assert satellite.process.returncode == 0
    kinds = [event.type for _, event in home.seen if event.type != "audio-chunk"]
    # The speaker is silent before Home Assistant hears of the wake word.
    told = ["detection", "run-pipeline", "audio-stop", "played"]
    assert [kind for kind in kinds if kind in told] == told[:3] + told[3:] + told
    assert [event["outcome"] for event in satellite.of("turn-ended")] == ["interrupted", "answered"]
    # Not all of it had been sent: what came late was not played, and not taken for the answer.
    loud = np.abs(np.frombuffer(read_speech(heard), dtype="<i2")) > 1000
    assert np.count_nonzero(loud) / 16_000 < 12.0


async def test_a_day_with_home_assistant(tmp_path: Path, said: Path) -> None:
    heard = tmp_path / "heard.wav"
    options = ("--mic", f"wav:{said}", "--speaker", f"wav:{heard}", "--wake-word", "okay_nabu")
    async with program(tmp_path, *options) as satellite:
        first = HomeAssistant(satellite.port, answers=[Answer("Yes.", tone(1.0), listen_s=1.5)])
        async with first.connected():
            await first.until(lambda: first.count("played") == 1, what="the answer")
            # It takes back what it has begun to say, and says something else.
            await first.write(AudioStart(RATE, 2, 1))
            await first.stream(tone(10.0))
            await satellite.until("first-audio", 2)
            await first.write(AudioStop())
            await first.announce(tone(0.5, 880.0))
            assert first.count("played") == 2
            # Home Assistant is restarted while it speaks.
            await first.speak(tone(10.0))
            await satellite.until("first-audio", 4)
        await satellite.until("disconnected", code="link-closed")
        second = HomeAssistant(satellite.port, answers=[Answer("Well.", tone(0.5))])
        async with second.connected():
            await satellite.until("connected", 2)
            speaking = asyncio.create_task(second.announce(tone(2.0)))
            await satellite.until("first-audio", 5)
            assert (await second.describe()).satellite is not None
            await speaking
            satellite.process.send_signal(signal.SIGUSR1)
            await second.until(lambda: second.count("played") == 2, what="the second answer")
            await second.pause()
            await satellite.until("disconnected", code="paused")
        satellite.process.terminate()
        await asyncio.wait_for(satellite.process.wait(), PATIENCE_S)
        assert satellite.process.returncode == 0
    assert [event["text"] for event in satellite.of("answer")] == ["Yes.", "Well."]
    assert [event["code"] for event in satellite.of("error")] == ["hub-lost"]
