"""Two satellites hear the same words, one of them better. $SOTTO_RUNS sets how often (2)."""

import asyncio
import json
import os
import wave
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from audio.pcm import SPEECH_RATE_HZ
from audio.wav import read
from hub.demo.runner import demo_files
from hub.demo.stack import Stack
from tests.speech import recordings

pytestmark = pytest.mark.alone

WAKE_WORD = "okay_nabu"
QUIETER_DB = -8
RUNS = int(os.environ.get("SOTTO_RUNS", "2"))
LIMIT_S = 90.0
Events = list[dict[str, Any]]


@pytest.mark.timeout(60 + RUNS * LIMIT_S)
async def test_the_louder_of_two_satellites_answers_and_the_other_one_is_quiet(
    tmp_path: Path,
) -> None:
    said = tmp_path / "said.wav"
    with wave.open(str(said), "wb") as file:
        file.setparams((1, 2, SPEECH_RATE_HZ, 0, "NONE", "not compressed"))
        file.writeframes(_wake_word() + read(demo_files()[0])[1])
    async with Stack() as stack:
        for run in range(RUNS):
            near, far = ("near", "far") if run % 2 else ("a-near", "b-far")
            async with asyncio.timeout(LIMIT_S), _gate(stack._hub, links=2) as address:
                heard = await asyncio.gather(
                    _hear(stack, address, near, said, 0),
                    _hear(stack, address, far, said, QUIETER_DB),
                )
            _only_the_louder_answers(*heard)


def _only_the_louder_answers(loud: Events, quiet: Events) -> None:
    names = [[event["event"] for event in events] for events in (loud, quiet)]
    assert "wake" in names[0]
    assert "wake" in names[1], "it heard the wake word as well"
    assert [e["outcome"] for e in loud if e["event"] == "turn-ended"] == ["answered"]
    assert [e["text"] for e in loud if e["event"] == "transcript"] == ["turn on the bed light"]
    assert "first-audio" in names[0]
    assert "stood-down" in names[1]
    assert not {"listening", "first-audio", "turn-ended"} & set(names[1])
    assert [e["state"] for e in quiet if e["event"] == "state"][-3:] == ["idle", "waking", "idle"]


async def _hear(stack: Stack, hub: str, name: str, wav: Path, gain_db: int) -> Events:
    """Let a satellite hear a file; return what happened there."""
    satellite = await stack._process(
        name, "satellite", "run", "--hub", hub, "--token-file", str(stack._folder / "token"),
        "--name", name, "--area", f"{name} room", "--events", "--speaker", "none",
        "--wake-word", WAKE_WORD, "--wav", str(wav), "--gain-db", str(gain_db),
    )  # fmt: skip
    events = [json.loads(line) async for line in satellite.lines()]
    await satellite.end()
    return events


def _wake_word() -> bytes:
    for recording in recordings("wake"):
        if recording.text == WAKE_WORD:
            return read(recording.path)[1]
    return pytest.skip(f"no recording of {WAKE_WORD}")


@asynccontextmanager
async def _gate(hub: str, *, links: int) -> AsyncIterator[str]:
    """Stand before the hub and let satellites through when `links` are there.

    So they begin to hear at the same time.
    """
    host, _, port = hub.rpartition(":")
    everybody = asyncio.Barrier(links)

    async def carry(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while audio := await reader.read(65536):
            writer.write(audio)
            await writer.drain()
        writer.close()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await everybody.wait()
            up, down = await asyncio.open_connection(host, int(port))
            async with asyncio.TaskGroup() as tasks:
                tasks.create_task(carry(reader, down))
                tasks.create_task(carry(up, writer))
        except* (OSError, asyncio.BrokenBarrierError):
            pass  # the test sees what the satellites make of it
        finally:
            writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    async with server:
        yield f"127.0.0.1:{server.sockets[0].getsockname()[1]}"
        await everybody.abort()
