"""A whole house on virtual time: real sessions, real satellites, scripted people and engines.

The links are lists of messages, the microphones and speakers are the ones made of WAV files, and
the clock is the loop's. Words are sounds that carry their number, so that the scripted recogniser
hears exactly what the hub cut out for it.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine, Iterable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from audio.pcm import SPEECH_RATE_HZ
from audio.vad import SileroVad
from hub.bus import Bus
from hub.conversation.attempt import Parts
from hub.conversation.completeness import TurnDetector
from hub.conversation.conversation import Conversation, Conversations
from hub.conversation.mind import Reply, Thought, Understanding
from hub.conversation.turn import Manner
from hub.conversation.voice_activity import VoiceActivity
from hub.engines.base import (
    SpeechChunk,
    SpeechRequest,
    Transcript,
    Utterance,
    WordTime,
)
from hub.events import Fact, TurnEnded
from hub.origin import Origin
from hub.rooms.arbiter import Arbiter
from hub.rooms.directory import Directory
from hub.rooms.house import FollowUps, House
from hub.rooms.neighbours import Neighbours
from hub.rooms.session import Session
from protocol.errors import LinkClosed
from protocol.schema import Message
from protocol.sotto_messages import Hello
from protocol.wyoming_audio import AudioChunk, AudioFormat
from satellite import events
from satellite.jitter import PlaybackBuffer
from satellite.runtime import Satellite
from satellite.session import Hub
from satellite.settings import Address
from satellite.state import State, Trigger
from satellite.wav_devices import WavMicrophone, WavSpeaker
from tests.hub.conversation.scripted import Loudness
from tests.virtual_time import run_virtual

WORD_MS = 320
"""How long a spoken word of the tests takes: ten frames."""
VOICE_RATE_HZ = 16_000
VOICE_WORD_MS = 300
"""How long a word of the hub's voice takes."""
ROOMS = ("kitchen", "hall", "attic")
"""Of the home, with and without a satellite."""
MAX_MESSAGES = 100_000
DEFAULT_FEATURES = ("flush", "duck", "pause", "playback", "barge-in", "settings", "identify")

_LOUD = 8000
_WORDS: list[str] = []


def words(text: str, *, word_ms: int = WORD_MS) -> bytes:
    """Return 16 kHz speech of `text`: each word a tone that carries its number."""
    return b"".join(_word(word, word_ms) for word in text.split())


def noise(duration_ms: int) -> bytes:
    """Return a sound that voice activity takes for speech, and that has no words."""
    return _word("", duration_ms)


def pause(duration_ms: int) -> bytes:
    """Return silence."""
    return bytes(duration_ms * SPEECH_RATE_HZ // 1000 * 2)


def _word(word: str, word_ms: int) -> bytes:
    if word not in _WORDS:
        _WORDS.append(word)
    samples = np.full(word_ms * SPEECH_RATE_HZ // 1000, _LOUD, dtype="<i2")
    samples[1::2] = -_LOUD
    # Each 64 samples say which word this is, and how far it has come.
    for at in range(0, len(samples), 64):
        samples[at] = _LOUD + 1 + _WORDS.index(word)
        samples[at + 2] = _LOUD + 1 + at // 64
    return samples.tobytes()


def spoken_words(audio: bytes) -> str:
    """Return the words that are whole in `audio`."""
    samples = np.frombuffer(audio, dtype="<i2")
    found: list[str] = []
    run: tuple[int, int] | None = None
    starts = np.flatnonzero(samples[: -2 or None] > _LOUD)
    length = WORD_MS * SPEECH_RATE_HZ // 1000 // 64
    at = 0
    while at < len(starts):
        index = starts[at]
        if index + 2 >= len(samples) or samples[index + 2] <= _LOUD:
            at += 1
            continue
        word, part = int(samples[index]) - _LOUD - 1, int(samples[index + 2]) - _LOUD - 1
        run = (word, run[1] + 1) if run is not None and part == run[1] and word == run[0] else None
        if part == 0:
            run = (word, 1)
        if run is not None and run[1] == length and _WORDS[word]:
            found.append(_WORDS[word])
        at += 2  # the second mark of the pair
    return " ".join(found)


@dataclass
class Engines:
    """What the engines do; times in s."""

    transcribe_s: float = 0.05
    commands: dict[str, str] = field(default_factory=lambda: {"turn on the lamp": "Done."})
    """Whole commands of the home, and what is said when they are done."""
    thoughts: Callable[[Thought], Iterable[tuple[float, str]]] | None = None
    """What a model answers: waits and tokens."""
    act_s: float = 0.02
    synthesize_s: float = 0.02
    hear: Callable[[str], Transcript] | None = None
    """What the recogniser makes of the words; as they are without."""
    stt_fault: Callable[[int], Coroutine[Any, Any, None]] | None = None
    """Called with the number of each request for a transcript."""
    tts_fault: Callable[[int], Coroutine[Any, Any, None]] | None = None
    word_times: bool = True
    acts: list[tuple[float, str]] = field(default_factory=list)
    heard: list[tuple[float, str]] = field(default_factory=list)
    utterances: list[Utterance] = field(default_factory=list)
    asked: list[Thought] = field(default_factory=list)
    remarks: list[tuple[str, str]] = field(default_factory=list)
    spoken: list[tuple[float, str]] = field(default_factory=list)
    requests: list[SpeechRequest] = field(default_factory=list)
    thinking: int = 0
    """Models that are thinking now."""

    async def transcribe(self, utterance: Utterance) -> Transcript:
        text = spoken_words(utterance.audio)
        self.utterances.append(utterance)
        self.heard.append((now(), text))
        if self.stt_fault is not None:
            await self.stt_fault(len(self.heard))
        await asyncio.sleep(self.transcribe_s)
        return self.hear(text) if self.hear else Transcript(text, utterance.language)

    async def synthesize(self, request: SpeechRequest) -> AsyncIterator[SpeechChunk]:
        self.spoken.append((now(), request.text))
        self.requests.append(request)
        if self.tts_fault is not None:
            await self.tts_fault(len(self.spoken))
        await asyncio.sleep(self.synthesize_s)
        parts, times, at = request.text.split(), [], 0
        for number, part in enumerate(parts):
            start = request.text.index(part, at)
            at = start + len(part)
            times.append(WordTime(start, at, number * VOICE_WORD_MS))
        samples = VOICE_WORD_MS * VOICE_RATE_HZ // 1000 * len(parts)
        audio = np.full(samples, 5000, dtype="<i2").tobytes()
        yield SpeechChunk(audio, VOICE_RATE_HZ, tuple(times) if self.word_times else ())

    def understand(self, text: str, origin: Origin) -> Understanding | None:
        return Understanding("Command", text) if text.lower() in self.commands else None

    async def act(self, understanding: Understanding, origin: Origin) -> Reply:
        self.acts.append((now(), understanding.match))
        await asyncio.sleep(self.act_s)
        return Reply(self.commands[understanding.match.lower()])

    def think(self, thought: Thought) -> AsyncIterator[str] | None:
        if self.thoughts is None:
            return None
        self.asked.append(thought)
        return self._stream(self.thoughts(thought))

    async def _stream(self, tokens: Iterable[tuple[float, str]]) -> AsyncIterator[str]:
        self.thinking += 1
        try:
            for wait_s, token in tokens:
                await asyncio.sleep(wait_s)
                yield token
        finally:
            self.thinking -= 1

    def is_answer(self, text: str, origin: Origin) -> bool:
        return False

    def kept(self, text: str, origin: Origin) -> str:
        return text

    def remark(self, code: str, language: str) -> str:
        self.remarks.append((code, language))
        return f"Sorry {code}."


def now() -> float:
    """Return the virtual time."""
    return asyncio.get_running_loop().time()


class _HubLink:
    """The hub's end of a link that is two lists."""

    peer = "virtual"
    fault = None

    def __init__(self) -> None:
        self.inbox: asyncio.Queue[Message | None] = asyncio.Queue(MAX_MESSAGES)
        self.deliver: Callable[[Message], None] = lambda _: None
        self.sent: list[tuple[float, Message]] = []
        self.closed = False

    async def send(self, message: Message) -> None:
        if self.closed:
            raise LinkClosed("link-closed", "the link is closed")
        self.sent.append((now(), message))
        self.deliver(message)

    async def close(self, _reason: str) -> None:
        self.closed = True
        self.inbox.put_nowait(None)

    async def __aiter__(self) -> AsyncIterator[Message]:
        while (message := await self.inbox.get()) is not None:
            yield message


class VirtualSatellite:
    """A real satellite with a scripted person in front of it."""

    def __init__(
        self, name: str, area: str, features: Sequence[str], person: str | None = None
    ) -> None:
        self.events: list[events.Event] = []
        self.microphone = WavMicrophone(clock=now, sleep=asyncio.sleep)
        self.speaker = WavSpeaker(rate_hz=VOICE_RATE_HZ, clock=now, sleep=asyncio.sleep)
        self.buffer = PlaybackBuffer(VOICE_RATE_HZ)
        self.satellite = Satellite(
            self.buffer, [self.events.append], barge_in="barge-in" in features, clock=now
        )
        self.satellite.uplink = self
        self.link = _HubLink()
        self.link.deliver = self._take
        audio = AudioFormat(SPEECH_RATE_HZ, 2, 1)
        self.hello = Hello(1, name, name, area, "", "test", tuple(features), audio, audio, person)
        self.filter: Callable[[Message], Iterable[Message]] = lambda message: [message]
        """What becomes of a message on its way to the hub."""
        self.accepts: Callable[[Message], bool] = lambda _: True
        """Whether a message of the hub arrives."""
        self.dropped_chunks = 0

    def send(self, message: Message) -> None:
        for arrived in self.filter(message):
            self.link.inbox.put_nowait(arrived)

    async def wait_for_room(self) -> None:
        pass

    def _take(self, message: Message) -> None:
        if self.accepts(message):
            self.satellite.received(message)

    def wake(self, trigger: Trigger | None = None) -> None:
        self.satellite.wake(trigger or Trigger("button"))

    def say(self, *sounds: bytes) -> None:
        """Say something into the microphone, now."""
        self.microphone.say(b"".join(sounds))

    async def ask(self, text: str) -> None:
        """Wake the satellite and say something."""
        self.wake()
        self.say(pause(320), words(text))

    async def until(self, condition: Callable[[], bool], limit_s: float = 60.0) -> float:
        """Wait for something to become true, in virtual time; return when."""
        async with asyncio.timeout(limit_s):
            while not condition():
                await asyncio.sleep(0.002)
        return now()

    async def at_rest(self) -> float:
        """Wait until the turn and its playback are over."""
        return await self.until(lambda: self.satellite.state is State.IDLE)

    async def speaking(self) -> float:
        """Wait until an answer is heard."""
        return await self.until(lambda: not self.silent)

    @property
    def silent(self) -> bool:
        """Whether the speaker plays nothing right now."""
        report = self.buffer.report
        return report.started_at is None or report.played_until <= now() - 0.02

    def sent(self, kind: type[Message]) -> list[tuple[float, Message]]:
        """Return what the hub sent, with times."""
        return [(at, message) for at, message in self.link.sent if isinstance(message, kind)]

    @property
    def audio_times(self) -> list[float]:
        """When the hub sent audio."""
        return [at for at, _ in self.sent(AudioChunk)]


@dataclass
class VirtualHouse:
    """The hub's side, and the satellites."""

    house: House
    engines: Engines
    stack: AsyncExitStack
    facts: list[Fact] = field(default_factory=list)

    async def add(
        self,
        name: str = "kitchen-1",
        area: str = "Kitchen",
        features: Sequence[str] = DEFAULT_FEATURES,
        person: str | None = None,
    ) -> VirtualSatellite:
        """Connect a satellite."""
        satellite = VirtualSatellite(name, area, features, person)
        session = Session(satellite.link, satellite.hello, self.house)
        await self.house.directory.enter(session)
        for work in (
            session.run(),
            satellite.satellite.hear(satellite.microphone),
            satellite.satellite.keep_deadlines(),
            satellite.satellite.playback.watch(),
            satellite.speaker.run(satellite.buffer),
        ):
            task = asyncio.create_task(work)
            self.stack.push_async_callback(_end, task)
        satellite.satellite.link_up(Hub("virtual", "virtual", Address("127.0.0.1", 1), "s"))
        return satellite

    @property
    def turns(self) -> list[TurnEnded]:
        """Turns that have ended."""
        return [fact for fact in self.facts if isinstance(fact, TurnEnded)]

    def conversation(self, room: str = "Kitchen") -> Conversation:
        """Return the conversation of a room."""
        return self.house.conversations.here(room)

    def history(self, room: str = "Kitchen") -> list[tuple[str, str]]:
        """Return what was said in a room: roles and texts."""
        return [(m.role.value, m.text) for m in self.conversation(room).history]


async def _end(task: asyncio.Task[None]) -> None:
    task.cancel()
    await asyncio.wait([task])


@asynccontextmanager
async def house(
    engines: Engines | None = None,
    *,
    manner: Manner | None = None,
    follow_ups: FollowUps | None = None,
    detector: TurnDetector | None = None,
    idle_limit_s: float = 120.0,
    language: str = "en",
    activity: SileroVad | None = None,
    hears_along: bool = False,
    languages: Sequence[str] = (),
) -> AsyncIterator[VirtualHouse]:
    """Run a house for as long as the block runs."""
    engines = engines or Engines()
    bus = Bus()
    shared = House(
        Parts(engines, engines, engines, detector, lambda: hears_along),
        VoiceActivity(activity or Loudness()),
        bus,
        language,
        now,
        manner or Manner(),
        Directory(),
        Conversations(now, idle_limit_s=idle_limit_s),
        Arbiter(now),
        Neighbours(),
        follow_ups or FollowUps(),
        knows_room=lambda name: name.casefold() in ROOMS,
        languages=languages,
    )
    async with AsyncExitStack() as stack:
        running = VirtualHouse(shared, engines, stack)
        subscription = stack.enter_context(bus.subscribe())

        async def collect() -> None:
            async for fact in subscription:
                running.facts.append(fact)

        stack.push_async_callback(_end, asyncio.create_task(collect()))
        yield running


def virtually(main: Coroutine[Any, Any, Any]) -> Any:
    """Run a conversation on virtual time."""
    return run_virtual(main, debug=False)
