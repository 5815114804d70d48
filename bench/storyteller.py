"""A hub in this process that answers every command at length: something to interrupt."""

import asyncio
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from audio.vad import SileroVad
from bench.homes import KITCHEN, spoken_home
from hub.bus import Bus
from hub.conversation.attempt import Parts
from hub.conversation.conversation import Conversations
from hub.conversation.mind import Reply, Thought, Understanding
from hub.conversation.turn import Manner
from hub.conversation.voice_activity import VoiceActivity
from hub.engines.host import EngineProcess
from hub.engines.hosted import HostedSpeechToText, HostedTextToSpeech
from hub.events import Fact, TurnEnded
from hub.home.intents import IntentRecognizer
from hub.home.phrases import build
from hub.home.vocabulary import vocabulary_of
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

STORY = (
    "Once upon a time there was a lamp that wanted to be a lighthouse and so it climbed out of the "
    "living room window and walked along the river until it came to the sea where it met an old "
    "captain who had lost his way in the fog many years ago and was still looking for the harbour"
)
WORDS_A_MINUTE = 140


class StoryMind:
    """Understands the commands of a home, and tells a story instead of doing them."""

    def __init__(self) -> None:
        self._intents = IntentRecognizer(spoken_home())

    def understand(self, text: str, origin: Origin) -> Understanding | None:
        match = self._intents.recognize(text, area=KITCHEN)
        return None if match is None else Understanding(match.intent, match)

    async def act(self, understanding: Understanding, origin: Origin) -> Reply:
        return Reply(STORY)

    def think(self, thought: Thought) -> AsyncIterator[str] | None:
        return None

    def is_answer(self, text: str, origin: Origin) -> bool:
        """Return False: nothing is asked."""
        return False

    def kept(self, text: str, origin: Origin) -> str:
        """Return all of it."""
        return text

    def remark(self, code: str, language: str) -> str:
        return "Sorry."


@dataclass
class Storyteller:
    """A hub that listens on a loopback port."""

    port: int
    facts: list[Fact] = field(default_factory=list)

    @property
    def turns(self) -> Sequence[TurnEnded]:
        return [fact for fact in self.facts if isinstance(fact, TurnEnded)]


@asynccontextmanager
async def engines() -> AsyncIterator[Parts]:
    """Run the embedded engines in processes of their own."""
    hearing, speaking = EngineProcess("phrases"), EngineProcess("espeak")
    running = [asyncio.create_task(process.run()) for process in (hearing, speaking)]
    try:
        await speaking.configure({"rate_wpm": WORDS_A_MINUTE})
        await hearing.configure(build(vocabulary_of(spoken_home())).to_dict())
        yield Parts(HostedSpeechToText(hearing), HostedTextToSpeech(speaking), StoryMind())
    finally:
        for task in running:
            task.cancel()
        await asyncio.wait(running)


@asynccontextmanager
async def hub(parts: Parts) -> AsyncIterator[Storyteller]:
    """Serve satellites on a loopback port."""
    clock, bus, directory = time.monotonic, Bus(), Directory()
    house = House(
        parts,
        VoiceActivity(SileroVad()),
        bus,
        "en",
        clock,
        Manner(),
        directory,
        Conversations(clock),
        Arbiter(clock),
        Neighbours(),
    )
    identity = HubIdentity("storyteller", "Storyteller")

    def session(link: SatelliteLink, hello: Hello) -> Session:
        return Session(link, hello, house)

    listener = Listener(identity, None, directory, bus, session)
    server = await serve(listener.handle, "127.0.0.1", 0, role=Role.HUB, limits=AUDIO_LIMITS)
    async with server:
        with bus.subscribe() as subscription:
            teller = Storyteller(server.addresses[0][1])

            async def collect() -> None:
                async for fact in subscription:
                    teller.facts.append(fact)

            collecting = asyncio.create_task(collect())
            try:
                yield teller
            finally:
                collecting.cancel()
                await asyncio.wait([collecting])
