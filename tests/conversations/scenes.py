"""What the scenes of these tests have in common: truth about time, and how a scene is run."""

import asyncio
import functools
from collections.abc import Callable, Coroutine, Iterator, Sequence
from typing import Any, ParamSpec

import numpy as np
import numpy.typing as npt

from audio.pcm import duration_ms
from hub.engines.base import EngineError
from hub.events import TurnEnded
from protocol.schema import Message
from protocol.sotto_messages import Playback
from protocol.wyoming_audio import AudioChunk, VoiceStopped
from satellite import events
from satellite.state import State
from tests.hub.conversation.scripted import Loudness
from tests.virtual_house import (
    VirtualHouse,
    VirtualSatellite,
    now,
    pause,
    virtually,
    words,
)

FRAME_S = 0.032
"""Everything that is heard is heard a frame at a time: no time is surer than this."""
LEAD_MS = 320
"""Silence between the wake and the first word."""

P = ParamSpec("P")


def virtual(scene: Callable[P, Coroutine[Any, Any, None]]) -> Callable[P, None]:
    """Make a test of a scene, played on virtual time."""

    @functools.wraps(scene)
    def played(*args: P.args, **kwargs: P.kwargs) -> None:
        virtually(scene(*args, **kwargs))

    return played


async def tell(sat: VirtualSatellite, *sounds: bytes) -> float:
    """Say something; return when its last sound will have ended in the room."""
    audio = b"".join(sounds)
    began: list[float] = []
    sat.microphone.say(audio, began.append)
    await sat.until(lambda: bool(began))
    loud = np.flatnonzero(np.frombuffer(audio, dtype="<i2"))
    return began[0] + (int(loud[-1]) + 1) / 16_000


async def ask(sat: VirtualSatellite, *sounds: bytes | str) -> float:
    """Wake the satellite and say something; return when its last sound will have ended."""
    sat.wake()
    spoken = [words(sound) if isinstance(sound, str) else sound for sound in sounds]
    return await tell(sat, pause(LEAD_MS), *spoken)


async def ends(sat: VirtualSatellite, limit_s: float = 60.0) -> float:
    """Wait until a turn that has begun is over; return when, a quarter of a frame late at most."""
    async with asyncio.timeout(limit_s):
        while sat.satellite.state is not State.IDLE:
            await asyncio.sleep(FRAME_S / 4)
    return now()


async def ended_turn(house: VirtualHouse, sat: VirtualSatellite, number: int = 1) -> TurnEnded:
    """Wait for the end of the turn with this number; return what is told of it."""
    await sat.until(lambda: len(house.turns) == number)
    await ends(sat)
    return house.turns[-1]


def commits(sat: VirtualSatellite) -> list[float]:
    """Return when the hub took a sentence for finished."""
    return [at for at, _ in sat.sent(VoiceStopped)]


def states(sat: VirtualSatellite) -> list[tuple[float, State]]:
    """Return when the satellite went into which state."""
    return [(e.at, State(e.state)) for e in sat.events if isinstance(e, events.StateChanged)]


def first_heard(sat: VirtualSatellite, after: float = 0.0) -> float:
    """Return when the first sound came out of the speaker, at or after `after`."""
    return next(
        e.at for e in sat.events if isinstance(e, events.FirstAudio) and e.at >= after - 1e-6
    )


def sent_ms(sat: VirtualSatellite, until: float | None = None) -> float:
    """Return how much audio the hub has sent."""
    return sum(
        duration_ms(len(message.audio), rate_hz=message.rate)
        for at, message in sat.sent(AudioChunk)
        if isinstance(message, AudioChunk) and (until is None or at <= until)
    )


async def next_turn_works(house: VirtualHouse, sat: VirtualSatellite) -> None:
    """Assert that the same satellite is served as if nothing had been."""
    acts = len(house.engines.acts)
    turns = len(house.turns)
    ended = await ask(sat, "turn on the lamp")
    await ends(sat)
    assert len(house.turns) == turns + 1
    turn = house.turns[-1]
    assert (turn.outcome, turn.transcript) == ("answered", "turn on the lamp")
    assert turn.heard == "Done."
    assert len(house.engines.acts) == acts + 1
    assert 0.2 <= commits(sat)[-1] - ended <= 0.2 + FRAME_S + 0.001
    assert house.history()[-2:] == [("user", "turn on the lamp"), ("assistant", "Done.")]


def is_report(message: Message) -> bool:
    """Tell whether a message is the satellite's word on its playback."""
    return isinstance(message, Playback)


async def hang(_: int = 0) -> None:
    """Never return."""
    await asyncio.Event().wait()


def failing(code: str, *numbers: int) -> Callable[[int], Coroutine[Any, Any, None]]:
    """Return a fault that strikes requests with these numbers, or all of them."""

    async def fault(number: int) -> None:
        if not numbers or number in numbers:
            raise EngineError(code, "as the scene wants it")

    return fault


def hanging(*numbers: int) -> Callable[[int], Coroutine[Any, Any, None]]:
    """Return a fault that lets requests with these numbers hang."""

    async def fault(number: int) -> None:
        if number in numbers:
            await hang()

    return fault


class Detector:
    """A turn detector that says what the scene wants, in virtual time."""

    def __init__(self, *probabilities: float, takes_s: float = 0.0, code: str = "") -> None:
        self.asked = 0
        self._probabilities = probabilities
        self._code = code
        self._takes_s = takes_s

    async def probability(self, audio: bytes) -> float:
        self.asked += 1
        await asyncio.sleep(self._takes_s)
        if self._code:
            raise EngineError(self._code, "as the scene wants it")
        return self._probabilities[min(self.asked, len(self._probabilities)) - 1]


class Lingering(Loudness):
    """Voice activity that lets go late, as Silero does."""

    def __init__(self, frames: int) -> None:
        super().__init__()
        self._frames = frames
        self._left: dict[int, int] = {}
        self._known: list[object] = []  # an id is another stream's once its own is gone

    def process(self, streams: object, frames: object) -> npt.NDArray[np.float32]:
        assert isinstance(streams, list)
        heard = super().process(streams, frames)
        for at, stream in enumerate(streams):
            left = self._frames if heard[at] else self._left.get(id(stream), 0)
            heard[at] = float(left > 0)
            if id(stream) not in self._left:
                self._known.append(stream)
            self._left[id(stream)] = max(0, left - 1)
        return heard


def tokens(text: str, wait_s: float = 0.05, first_s: float = 0.2) -> Iterator[tuple[float, str]]:
    """Yield a text word by word, as a model does."""
    for number, word in enumerate(text.split(" ")):
        yield (wait_s if number else first_s), (f" {word}" if number else word)


def texts(spoken: Sequence[tuple[float, str]]) -> list[str]:
    """Return what was said without the times."""
    return [text for _, text in spoken]
