"""Real recordings, real engines, a simulated home: what a browser says is heard and done."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import numpy as np
import pytest

from audio.pcm import SPEECH_RATE_HZ
from audio.wav import read
from hub.api.access import Role
from tests.hub.api.running_hub import Api, running_hub
from tests.hub.api.talking import FRAME_BYTES, Client
from tests.speech import recordings

COMMANDS = ("turn on Standing Light", "turn off lights in the Office")
SECOND = bytes(2 * SPEECH_RATE_HZ)
PATIENT = ("[listening]\ntranscript_ms = 10000",)
"""A busy machine hears slowly, and is no broken engine."""


@pytest.fixture
async def api(tmp_path: Path) -> AsyncIterator[Api]:
    async with running_hub(tmp_path / "hub", home=True, more=PATIENT) as running:
        yield running


async def speak(client: Client, audio: bytes) -> None:
    """Send audio as a microphone does: as time goes by."""
    loop = asyncio.get_running_loop()
    began = loop.time()
    for number, start in enumerate(range(0, len(audio), FRAME_BYTES)):
        await asyncio.sleep(max(0.0, began + number * 0.02 - loop.time()))
        await client.socket.send(audio[start : start + FRAME_BYTES])


def voiced(audio: bytes) -> bool:
    return float(np.abs(np.frombuffer(audio, "<i2")).max()) > 1000


@pytest.mark.parametrize("text", COMMANDS)
async def test_what_somebody_says_in_a_browser_is_done_and_answered_aloud(
    api: Api, text: str
) -> None:
    found = [one for one in recordings("en") if one.text.lower() == text.lower()]
    if not found:
        pytest.skip("no recordings here")
    async with api.socket("/v1/talk", Role.GUEST) as socket:
        client = Client(socket)
        await client.hello(microphone=True, echo_cancelled=True, area="Office")
        await client.send("begin", mode="hands-free")
        speaking = asyncio.create_task(speak(client, SECOND + read(found[0].path)[1] + 3 * SECOND))
        ended = await client.until("turn-ended")
        speaking.cancel()
        await asyncio.wait([speaking])
    assert ended["outcome"] == "answered"
    assert ended["transcript"].lower() == text.lower()
    assert client.answer(ended["turn"]) == ended["answer"]
    assert voiced(bytes(client.audio[ended["turn"]]))
    assert [tool["status"] for tool in client.all("tool")] == ["running", "done"]
    assert client.all("words")


async def test_a_real_wake_word_in_a_browser_opens_what_is_said_straight_on(api: Api) -> None:
    text = COMMANDS[0]
    found = [one for one in recordings("en") if one.text.lower() == text.lower()]
    called = [one for one in recordings("wake") if one.text == "okay_nabu"]
    if not found or not called:
        pytest.skip("no recordings here")
    command = read(found[0].path)[1]
    async with api.socket("/v1/talk", Role.GUEST) as socket:
        client = Client(socket)
        welcome = await client.hello(microphone=True, echo_cancelled=True, area="Office")
        await client.send("begin", mode="hands-free", wake=["okay_nabu"])
        said = SECOND + command + SECOND + read(called[0].path)[1] + command + 3 * SECOND
        speaking = asyncio.create_task(speak(client, said))
        ended = await client.until("turn-ended")
        speaking.cancel()
        await asyncio.wait([speaking])
    assert "okay_nabu" in [word["name"] for word in welcome["wake_words"]]
    assert len(client.all("turn-started")) == 1  # not by what was said before the word
    assert ended["transcript"].lower() == text.lower()
