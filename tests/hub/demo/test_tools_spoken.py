"""A language model behind a real server uses tools, and its answer is heard over real sockets.

The model speaks Ollama's protocol, the satellite is a program of its own that plays to files, and
the voice is real. What the person says is free speech: the recogniser's words are written down.
"""

import asyncio
import itertools
import json
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from audio.vad import SileroVad
from audio.wav import read
from hub.bus import Bus
from hub.conversation.attempt import Parts
from hub.conversation.conversation import Conversations
from hub.conversation.home_mind import HomeMind
from hub.conversation.mind import Thought
from hub.conversation.model_mind import ModelMind
from hub.conversation.prompt import PromptBuilder
from hub.conversation.turn import Manner
from hub.conversation.voice_activity import VoiceActivity
from hub.demo.processes import Process
from hub.demo.runner import demo_files
from hub.engines.base import SpeechChunk, SpeechRequest, Transcript, Utterance
from hub.engines.host import EngineProcess
from hub.engines.hosted import HostedTextToSpeech
from hub.engines.ollama import Ollama
from hub.events import TurnEnded
from hub.home.actions import Actions
from hub.home.intents import IntentRecognizer
from hub.rooms.arbiter import Arbiter
from hub.rooms.directory import Directory
from hub.rooms.house import House
from hub.rooms.lasting_link import SatelliteLink
from hub.rooms.listener import HubIdentity, Listener
from hub.rooms.neighbours import Neighbours
from hub.rooms.session import Session
from protocol.limits import AUDIO_LIMITS
from protocol.sotto_messages import Hello
from protocol.state import Role
from protocol.stream import serve
from tests.hub.conversation.scripted_model import ScriptedTools, fails, takes
from tests.hub.engines.model_service import Answer, ModelService, cut, serving
from tests.hub.home.small_home import ObedientSink, small_home

pytestmark = pytest.mark.alone

LIMIT_S = 100.0
CHAT = "/api/chat"
QUESTION = "how is it in here and is the window open"
SLOW_S, QUICK_S = 2.5, 0.3
SIDE_BY_SIDE_S = 0.1
FADE_S = 0.03
"""A speaker that had to wait for a sentence fades it in."""
PIECE = 7
"""Bytes that the model's server sends at once."""
SPOKEN = (
    "One moment.",
    "It is twenty degrees, and the window is open.",
    "The bulb does not react.",
    "That is all I know.",
)


def says(text: str, *calls: tuple[str, dict[str, Any]]) -> Answer:
    """Return a model's answer as Ollama sends it."""
    functions = [{"function": {"name": name, "arguments": given}} for name, given in calls]
    lines = (
        {"message": {"role": "assistant", "content": text}, "done": False},
        {"message": {"role": "assistant", "content": "", "tool_calls": functions}, "done": False},
        {"message": {"role": "assistant", "content": ""}, "done": True, "done_reason": "stop"},
    )
    return Answer(cut(b"".join(json.dumps(line).encode() + b"\n" for line in lines), PIECE))


PAIR: tuple[tuple[str, dict[str, Any]], ...] = (("thermometer", {}), ("window", {"side": "left"}))
SCRIPT = (
    says("", *PAIR),
    says("It is twenty degrees, and the window is open. ", ("bulb", {})),
    says("The bulb does not react. That is all I know."),
)


class WritingDown:
    """A recogniser that hears the same in everything."""

    async def transcribe(self, utterance: Utterance) -> Transcript:
        return Transcript(QUESTION, "en", 0.9)


@dataclass
class Overheard:
    """A voice, what it said, and when."""

    voice: HostedTextToSpeech
    said: dict[str, bytes] = field(default_factory=dict)
    rate_hz: int = 0

    async def synthesize(self, request: SpeechRequest) -> AsyncIterator[SpeechChunk]:
        self.said[request.text] = b""
        async for chunk in self.voice.synthesize(request):
            self.said[request.text] += chunk.audio
            self.rate_hz = chunk.rate_hz
            yield chunk


class Committing(ModelMind):
    """A mind that writes down when the turn commits to what it thinks."""

    def __init__(self, *parts: Any) -> None:
        super().__init__(*parts)
        self.committed_at: list[float] = []
        self.thoughts: list[asyncio.Task[None]] = []

    def think(self, thought: Thought) -> AsyncIterator[str] | None:
        self.thoughts.append(asyncio.create_task(self._note(thought.committed)))
        return super().think(thought)

    async def _note(self, committed: asyncio.Event) -> None:
        await committed.wait()
        self.committed_at.append(asyncio.get_running_loop().time())


class Scene:
    """A hub with a model and its tools, and the turn that was taken there."""

    def __init__(self) -> None:
        self.tools = ScriptedTools(
            {
                "thermometer": takes(SLOW_S, "20 degrees"),
                "window": takes(QUICK_S, "open"),
                "bulb": fails(),
            }
        )
        self.turns: list[TurnEnded] = []
        self.committed_at: list[float] = []
        self.bodies: list[dict[str, Any]] = []

    async def take_turn(self, wav: Path, folder: Path) -> Overheard:
        """Let a satellite speak `wav` to the hub and play the answer into `folder`."""
        async with asyncio.timeout(LIMIT_S), AsyncExitStack() as stack:
            service = await stack.enter_async_context(
                serving({"/api/show": [Answer(b"{}")], CHAT: list(SCRIPT)})
            )
            engine = EngineProcess("espeak")
            stack.push_async_callback(_end, asyncio.create_task(engine.run()))
            voice = Overheard(HostedTextToSpeech(engine))
            model = Ollama("qwen3", service.url)
            stack.push_async_callback(model.close)
            mind = self._mind(model)
            address = await self._serve(Parts(WritingDown(), voice, mind), stack)
            satellite = await Process.start(
                "satellite", "satellite", "run", "--hub", address, "--area", "Kitchen",
                "--speaker", f"wav:{folder}/", "--wav", str(wav), cwd=folder,
            )  # fmt: skip
            stack.push_async_callback(satellite.end)
            assert await satellite.wait(LIMIT_S) == 0, satellite.log_tail
            for task in mind.thoughts:
                stack.push_async_callback(_end, task)
            self.committed_at = mind.committed_at
            self.bodies = service.bodies(CHAT)
            _check_unanswered(service)
            return voice

    def _mind(self, model: Ollama) -> Committing:
        home = small_home()
        actions = Actions(home, ObedientSink(home), confirm_timeout_s=0.02)
        understood = HomeMind(home, [IntentRecognizer(home)], actions)
        return Committing(understood, model, self.tools, PromptBuilder(home, context_tokens=8192))

    async def _serve(self, parts: Parts, stack: AsyncExitStack) -> str:
        bus, directory, clock = Bus(), Directory(), time.monotonic
        house = House(
            parts, VoiceActivity(SileroVad()), bus, "en", clock, Manner(), directory,
            Conversations(clock), Arbiter(clock), Neighbours(),
        )  # fmt: skip

        def make_session(link: SatelliteLink, hello: Hello) -> Session:
            return Session(link, hello, house)

        listener = Listener(HubIdentity("test", "Test"), None, directory, bus, make_session)
        server = await serve(
            listener.handle, "127.0.0.1", 0, role=Role.HUB, max_links=4, limits=AUDIO_LIMITS
        )
        await stack.enter_async_context(server)
        facts = stack.enter_context(bus.subscribe())

        async def follow() -> None:
            async for fact in facts:
                if isinstance(fact, TurnEnded):
                    self.turns.append(fact)

        stack.push_async_callback(_end, asyncio.create_task(follow()))
        return f"127.0.0.1:{server.addresses[0][1]}"


def _check_unanswered(service: ModelService) -> None:
    assert not service.hung_up.is_set()
    assert {path for path, _ in service.asked} == {"/api/show", CHAT}


async def _end(task: asyncio.Task[None]) -> None:
    task.cancel()
    await asyncio.wait([task])


async def test_an_answer_with_three_tools_is_heard_to_its_end(tmp_path: Path) -> None:
    scene = Scene()
    voice = await scene.take_turn(demo_files()[2], tmp_path)

    # What was said, in order; the sign came of the slow tool.
    [turn] = scene.turns
    assert (turn.outcome, turn.transcript) == ("answered", QUESTION)
    assert turn.answer is not None
    assert " ".join(turn.answer.split()) == " ".join(SPOKEN)
    assert turn.heard == turn.answer

    # Nothing was done before the commit; the pair ran side by side, and the rest after it.
    [committed_at] = scene.committed_at
    (slow_at, slow, _), (quick_at, quick, given), (bulb_at, bulb, _) = scene.tools.called
    assert (slow, quick, bulb) == ("thermometer", "window", "bulb")
    assert given == {"side": "left"}
    assert committed_at <= slow_at
    assert abs(quick_at - slow_at) < SIDE_BY_SIDE_S
    assert [name for _, name in scene.tools.ended] == ["window", "thermometer"]
    assert bulb_at >= scene.tools.ended[-1][0]
    assert set(scene.tools.rooms) == {("Kitchen", "en")}

    # What the server was asked: the same again, and what came of the tools.
    assert len(scene.bodies) == len(SCRIPT)
    for before, after in itertools.pairwise(scene.bodies):
        assert after["messages"][: len(before["messages"])] == before["messages"]
        assert after["tools"] == before["tools"]
    results = [
        (one["tool_name"], one["content"])
        for one in scene.bodies[-1]["messages"]
        if one["role"] == "tool"
    ]
    assert results == [
        ("thermometer", "20 degrees"),
        ("window", "open"),
        ("bulb", "Error: the bulb is broken."),
    ]

    # What the room heard: every sentence, to its last sound.
    rate_hz, audio = read(tmp_path / "1.wav")
    assert rate_hz == voice.rate_hz
    played, at = np.frombuffer(audio, dtype="<i2"), 0
    assert list(voice.said) == list(SPOKEN)
    for text, said in voice.said.items():
        sound = np.trim_zeros(np.frombuffer(said, dtype="<i2"))[int(FADE_S * rate_hz) :]
        found = played.tobytes().find(sound.tobytes(), at)
        assert found >= 0, f"{text!r} was not played whole"
        at = found + len(sound.tobytes())
    assert not np.any(np.frombuffer(played.tobytes()[at:], dtype="<i2"))
