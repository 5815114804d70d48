"""An answer is interrupted by real speech, over real sockets, with real engines.

The hub runs here, so that a test can let a mind think aloud; the satellite is a program of its
own that writes down what its speaker played.
"""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest

from audio.vad import SileroVad
from audio.voiced import first_voiced_sample
from audio.wav import read
from hub.bus import Bus
from hub.conversation.answer_speech import LEAD_IN_MS
from hub.conversation.attempt import Parts
from hub.conversation.conversation import Conversations
from hub.conversation.history import Role as Speaker
from hub.conversation.mind import Reply, Thought, Understanding
from hub.conversation.turn import Manner
from hub.conversation.voice_activity import VoiceActivity
from hub.demo.processes import Process
from hub.demo.runner import demo_files
from hub.engines.base import SpeechChunk, SpeechRequest
from hub.engines.host import EngineProcess
from hub.engines.hosted import HostedSpeechToText, HostedTextToSpeech
from hub.events import TurnEnded
from hub.home.phrases import Name, Vocabulary, build
from hub.origin import Origin
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

pytestmark = pytest.mark.alone

LIMIT_S = 100.0
COMMAND, _, QUESTION = demo_files()
STORY = (
    "once upon a time there was a small house at the edge of a dark forest where nobody had lived "
    "for more than a hundred years until one day a family with three children came to stay"
)
HOME = Vocabulary(names=(Name("Bed Light", "light"), Name("Garage Door", "cover")), areas=())
SILENT_WITHIN_S = 0.35
MARGIN_S = 0.15
"""For a busy machine, on which these programs share two cores with other tests."""


@dataclass
class Storyteller:
    """A mind that does one command, and tells a story to everything else."""

    asked: list[Thought] = field(default_factory=list)

    def understand(self, text: str, origin: Origin) -> Understanding | None:
        return Understanding("Light", text) if text == "turn on the bed light" else None

    async def act(self, understanding: Understanding, origin: Origin) -> Reply:
        return Reply("Turned on the light.")

    def think(self, thought: Thought) -> AsyncIterator[str]:
        self.asked.append(thought)
        return self._tell()

    async def _tell(self) -> AsyncIterator[str]:
        for word in STORY.split():
            yield word + " "

    def is_answer(self, text: str, origin: Origin) -> bool:
        return False

    def kept(self, text: str, origin: Origin) -> str:
        return text

    def remark(self, code: str, language: str) -> str:
        return f"Sorry, {code}."


@dataclass
class Overheard:
    """A voice, and what it said."""

    voice: HostedTextToSpeech
    chunks: dict[str, list[SpeechChunk]] = field(default_factory=dict)

    async def synthesize(self, request: SpeechRequest) -> AsyncIterator[SpeechChunk]:
        said = self.chunks[request.text] = []
        async for chunk in self.voice.synthesize(request):
            said.append(chunk)
            yield chunk


class Scene:
    """A hub with a storyteller, and what becomes of its turns."""

    def __init__(self, house: House, voice: Overheard, port: int) -> None:
        self.house = house
        self.voice = voice
        self.port = port
        self.turns: list[TurnEnded] = []

    @property
    def story(self) -> tuple[npt.NDArray[np.int16], int, list[tuple[int, float]]]:
        """Return the story as it was sent: samples, their rate, and when words start, in ms.

        Each start comes with the number of words up to and with it: some are spoken as one.
        """
        [(text, chunks)] = [e for e in self.voice.chunks.items() if e[0].startswith("once")]
        audio, rate_hz = b"".join(chunk.audio for chunk in chunks), chunks[0].rate_hz
        first = first_voiced_sample(audio) or 0
        trimmed = max(0, first - int(LEAD_IN_MS * rate_hz / 1000))
        words = [
            (len(text[: word.end].split()), word.offset_ms - trimmed * 1000 / rate_hz)
            for chunk in chunks
            for word in chunk.words
        ]
        return np.frombuffer(audio, dtype="<i2")[trimmed:], rate_hz, words


@pytest.fixture
async def scene() -> AsyncIterator[Scene]:
    async with asyncio.timeout(LIMIT_S), AsyncExitStack() as stack:
        engines = EngineProcess("phrases"), EngineProcess("espeak")
        for engine in engines:
            stack.push_async_callback(_end, asyncio.create_task(engine.run()))
        await engines[0].configure(build(HOME).to_dict())
        voice = Overheard(HostedTextToSpeech(engines[1]))
        parts = Parts(HostedSpeechToText(engines[0]), voice, Storyteller())
        bus, directory = Bus(), Directory()
        clock = time.monotonic
        activity = VoiceActivity(SileroVad())
        house = House(
            parts, activity, bus, "en", clock, Manner(), directory, Conversations(clock),
            Arbiter(clock), Neighbours(),
        )  # fmt: skip

        def make_session(link: SatelliteLink, hello: Hello) -> Session:
            return Session(link, hello, house)

        listener = Listener(HubIdentity("test", "Test"), None, directory, bus, make_session)
        server = await serve(
            listener.handle, "127.0.0.1", 0, role=Role.HUB, max_links=4, limits=AUDIO_LIMITS
        )
        await stack.enter_async_context(server)
        scene = Scene(house, voice, server.addresses[0][1])
        facts = stack.enter_context(bus.subscribe())

        async def follow() -> None:
            async for fact in facts:
                if isinstance(fact, TurnEnded):
                    scene.turns.append(fact)

        stack.push_async_callback(_end, asyncio.create_task(follow()))
        yield scene


async def _end(task: asyncio.Task[None]) -> None:
    task.cancel()
    await asyncio.wait([task])


@pytest.mark.parametrize("after_s", [1.0, 3.1])
async def test_history_ends_at_the_word_at_which_the_speaker_fell_silent(
    scene: Scene, tmp_path: Path, after_s: float
) -> None:
    satellite = await Process.start(
        "satellite", "satellite", "run", "--hub", f"127.0.0.1:{scene.port}", "--area", "Kitchen",
        "--speaker", f"wav:{tmp_path}/", "--events", "--talk-over", str(after_s),
        "--wav", str(QUESTION), "--wav", str(COMMAND), cwd=tmp_path,
    )  # fmt: skip
    try:
        assert await satellite.wait(LIMIT_S) == 0, satellite.log_tail
    finally:
        await satellite.end()
    first, second = scene.turns
    assert (first.outcome, first.transcript) == ("interrupted", "open the garage door")
    assert (second.outcome, second.transcript) == ("answered", "turn on the bed light")

    played, heard_ms = _played(tmp_path / "1.wav")
    said, rate_hz, words = scene.story
    plain = int((after_s - 0.05) * rate_hz)
    assert np.array_equal(played[:plain], said[:plain]), "the story, from its first sample on"
    spoken_at_ms = _first_loud_ms(COMMAND)
    silent_after_s = heard_ms / 1000 - after_s - spoken_at_ms / 1000
    assert silent_after_s <= SILENT_WITHIN_S + MARGIN_S

    ends = [start for _, start in words[1:]]
    by_ear = max(
        count
        for (count, start), end in zip(words, ends, strict=False)
        if (start + end) / 2 <= heard_ms
    )
    conversation = scene.house.conversations.here("Kitchen")
    remembered = next(m for m in conversation.history if m.role is Speaker.ASSISTANT)
    assert remembered.interrupted
    assert remembered.text == first.heard
    assert STORY.startswith(remembered.text)
    assert abs(len(remembered.text.split()) - by_ear) <= 1
    assert STORY.split()[len(remembered.text.split()) :] == remembered.unheard.split()
    assert [(m.role.value, m.text) for m in conversation.history][2:] == [
        ("user", "turn on the bed light"),
        ("assistant", "Turned on the light."),
    ]


def _played(path: Path) -> tuple[npt.NDArray[np.int16], float]:
    """Return what a speaker played, and how long that was up to its last sound, in ms."""
    rate_hz, audio = read(path)
    samples = np.frombuffer(audio, dtype="<i2")
    return samples, float(np.flatnonzero(samples)[-1] + 1) * 1000 / rate_hz


def _first_loud_ms(path: Path) -> float:
    rate_hz, audio = read(path)
    return (first_voiced_sample(audio) or 0) * 1000 / rate_hz
