"""What came out of a virtual satellite's speaker, to a millisecond, and a voice to tell it by."""

import asyncio
import functools
import itertools
from collections.abc import AsyncIterator, Callable, Coroutine, Iterable
from dataclasses import dataclass
from typing import Any, ParamSpec

import numpy as np
import numpy.typing as npt

from hub.conversation.mind import Thought
from hub.engines.base import SpeechChunk, SpeechRequest
from protocol.wyoming_audio import AudioChunk
from tests.virtual_house import (
    VOICE_RATE_HZ,
    VOICE_WORD_MS,
    Engines,
    VirtualHouse,
    VirtualSatellite,
    now,
    pause,
    virtually,
    words,
)

FRAME_S = 0.032
"""One frame of the microphone: how exact any time here can be."""
LONG = "one two three four five six seven eight nine ten eleven twelve"
LONG_S = 12 * VOICE_WORD_MS / 1000

_BASE = 1000
_PER_MS = VOICE_RATE_HZ // 1000

P = ParamSpec("P")


def virtual(test: Callable[P, Coroutine[Any, Any, None]]) -> Callable[P, None]:
    """Run a test on virtual time."""

    async def quickly(*args: P.args, **kwargs: P.kwargs) -> None:
        # Debug mode notes a whole stack for each of thousands of timers.
        asyncio.get_running_loop().set_debug(False)
        await test(*args, **kwargs)

    @functools.wraps(test)
    def run(*args: P.args, **kwargs: P.kwargs) -> None:
        virtually(quickly(*args, **kwargs))

    return run


@dataclass
class Voice(Engines):
    """Engines whose voice speaks samples that count its milliseconds: they tell where they are."""

    said_ms: int = 0

    async def synthesize(self, request: SpeechRequest) -> AsyncIterator[SpeechChunk]:
        async for chunk in super().synthesize(request):
            length = len(chunk.audio) // 2
            ms = np.arange(length) // _PER_MS + self.said_ms + _BASE
            self.said_ms += length // _PER_MS
            yield SpeechChunk(ms.astype("<i2").tobytes(), chunk.rate_hz, chunk.words)


def answers(*texts: str) -> Callable[[Thought], Iterable[tuple[float, str]]]:
    """Return a model that writes `texts`, one after the other, and the last for ever."""
    left = list(texts)

    def think(_: Thought) -> Iterable[tuple[float, str]]:
        text = left.pop(0) if len(left) > 1 else left[0]
        return [(0.01, part + " ") for part in text.split()]

    return think


@dataclass
class Speaker:
    """What a satellite's speaker played. Made before it plays anything."""

    satellite: VirtualSatellite

    def __post_init__(self) -> None:
        self.blocks: list[tuple[float, bytes]] = []
        self._render = self.satellite.buffer.render
        self.satellite.buffer.render = self._play  # type: ignore[method-assign]

    def _play(self, samples: int, at: float) -> bytes:
        block = self._render(samples, at)
        self.blocks.append((at, block))
        return block

    def sounds(self, since: float = 0.0) -> list[tuple[float, float]]:
        """Return when it sounded, from and to, gaps of under 15 ms left out."""
        found: list[tuple[float, float]] = []
        for at, block in self.blocks:
            loud = np.flatnonzero(np.frombuffer(block, dtype="<i2"))
            if at < since or not len(loud):
                continue
            begin, end = at + loud[0] / VOICE_RATE_HZ, at + (loud[-1] + 1) / VOICE_RATE_HZ
            if found and begin - found[-1][1] < 0.015:
                found[-1] = (found[-1][0], end)
            else:
                found.append((begin, end))
        return found

    def silent_from(self, since: float) -> float:
        """Return when it fell silent first after `since`."""
        return next(end for _, end in self.sounds() if end > since)

    def gaps(self, since: float) -> list[tuple[float, float]]:
        """Return when it was silent between two sounds, from and to, after `since`."""
        sounds = [sound for sound in self.sounds() if sound[1] > since]
        return [(one[1], two[0]) for one, two in itertools.pairwise(sounds)]

    def level(self, at: float) -> int:
        """Return the loudest sample played within 10 ms after `at`."""
        near = [block for begin, block in self.blocks if at <= begin < at + 0.01]
        return max((int(_samples(block).max()) for block in near), default=0)


class Echo(Speaker):
    """A speaker whose words the microphone hears, on a satellite that can not duck."""

    def __init__(self, satellite: VirtualSatellite, text: str, delay_ms: int = 0) -> None:
        self._text = text.split()
        self._delay = pause(delay_ms)
        self._last = -1
        super().__init__(satellite)

    def _play(self, samples: int, at: float) -> bytes:
        block = super()._play(samples, at)
        ms = int(_samples(block).max()) - _BASE
        word = word_at(ms)
        if ms >= 0 and word != self._last and word < len(self._text):
            self._last = word
            self.satellite.say(self._delay, words(self._text[word]))
            self._delay = b""
        return block


def sent_ms(satellite: VirtualSatellite, since: float = 0.0) -> list[tuple[float, int, int]]:
    """Return the answer audio that the hub sent: when, and from and to which ms of the voice."""
    return [
        (at, int(_samples(chunk.audio)[0]) - _BASE, int(_samples(chunk.audio)[-1]) - _BASE + 1)
        for at, chunk in satellite.sent(AudioChunk)
        if at >= since and isinstance(chunk, AudioChunk)
    ]


def resumed_ms(satellite: VirtualSatellite) -> list[tuple[int, int]]:
    """Return where the hub went back in its answer: sent up to, and went on from, in ms."""
    sent = sent_ms(satellite)
    return [(one[2], two[1]) for one, two in itertools.pairwise(sent) if two[1] != one[2]]


def word_at(ms: float) -> int:
    """Return the number of the word that the voice says at `ms`, from 0."""
    return int(ms // VOICE_WORD_MS)


def first_words(count: int, text: str = LONG) -> str:
    """Return the first `count` words of `text`."""
    return " ".join(text.split()[:count])


async def speak(satellite: VirtualSatellite, *sounds: bytes) -> float:
    """Say something; return when its first sample is in the air."""
    begun: list[float] = []
    satellite.microphone.say(b"".join(sounds), begun.append)
    await satellite.until(lambda: bool(begun))
    return begun[0]


async def answering(house: VirtualHouse, satellite: VirtualSatellite, for_s: float) -> float:
    """Ask something, and return the time when the answer has been heard for `for_s`."""
    await satellite.ask("what is it")
    began = await satellite.speaking()
    await satellite.until(lambda: now() >= began + for_s)
    return now()


async def asked(h: VirtualHouse, satellite: VirtualSatellite, text: str = "what is it") -> None:
    """Ask, and wait until the answer has been heard."""
    count = len(h.turns)
    await satellite.ask(text)
    await satellite.until(lambda: len(h.turns) > count)


async def wait(seconds: float) -> None:
    """Let virtual time pass."""
    await asyncio.sleep(seconds)


def _samples(audio: bytes) -> npt.NDArray[np.int16]:
    return np.frombuffer(audio, dtype="<i2")
