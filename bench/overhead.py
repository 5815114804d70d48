"""What the hub itself adds to a turn: all engines instant, real sockets, real voice activity.

From the frame that completes the silence after a command, as it is sent, to the first audio of the
answer, as it arrives.
"""

import asyncio
import time
from collections.abc import AsyncIterator

from audio.pcm import SPEECH_RATE_HZ
from audio.vad import FRAME_BYTES
from audio.wav import read
from bench.harness import Bench, median
from bench.storyteller import hub
from hub.conversation.attempt import Parts
from hub.conversation.listening import ASK_MS
from hub.conversation.mind import Reply, Thought, Understanding
from hub.demo.runner import demo_files
from hub.engines.base import SpeechChunk, SpeechRequest, Transcript, Utterance
from hub.origin import Origin
from protocol.authentication import new_nonce
from protocol.sotto_messages import Hello, Listen, Playback, TurnEnded, Wake, Welcome
from protocol.state import Role
from protocol.stream import Link, connect
from protocol.wyoming_audio import AudioChunk, AudioFormat

NAME = "overhead"

TURNS = 300
LIMIT_S = 10.0
SPACING_S = 0.008
"""Between frames around the end: four times real time, and long enough for a frame to be heard."""
TAIL_FRAMES = 40


class Instant:
    """Engines and a home that take no time."""

    async def transcribe(self, utterance: Utterance) -> Transcript:
        return Transcript("turn on the lamp", utterance.language)

    async def synthesize(self, request: SpeechRequest) -> AsyncIterator[SpeechChunk]:
        yield SpeechChunk(b"\x00\x10" * 1600, SPEECH_RATE_HZ)

    def understand(self, text: str, origin: Origin) -> Understanding | None:
        return Understanding("HassTurnOn", text)

    async def act(self, understanding: Understanding, origin: Origin) -> Reply:
        return Reply("Done")

    def think(self, thought: Thought) -> AsyncIterator[str] | None:
        return None

    def is_answer(self, text: str, origin: Origin) -> bool:
        """Return False: nothing is asked."""
        return False

    def kept(self, text: str, origin: Origin) -> str:
        """Return all of it."""
        return text

    def remark(self, code: str, language: str) -> str:
        return code


def run(bench: Bench) -> None:
    rate_hz, audio = read(demo_files()[0])
    assert rate_hz == SPEECH_RATE_HZ
    took = asyncio.run(_measure(audio))
    ordered = sorted(took)
    note = f"{len(took)} turns"
    bench.figure("hub's own time in a turn, median", median(took), "ms", note=note)
    bench.figure("hub's own time in a turn, p95", ordered[int(len(ordered) * 0.95)], "ms")
    p99 = ordered[min(len(ordered) - 1, int(len(ordered) * 0.99))]
    bench.figure("hub's own time in a turn, p99", p99, "ms", target=5, at_most=True, note=note)


async def _measure(audio: bytes) -> list[float]:
    frames = [
        audio[at : at + FRAME_BYTES].ljust(FRAME_BYTES, b"\0")
        for at in range(0, len(audio), FRAME_BYTES)
    ]
    frames += [bytes(FRAME_BYTES)] * TAIL_FRAMES
    instant = Instant()
    async with hub(Parts(instant, instant, instant)) as teller:
        link = await connect("127.0.0.1", teller.port, role=Role.SATELLITE)
        try:
            await _introduce(link)
            # Which frame it is depends on the recording alone.
            last = await _last_frame(link, frames)
            return [await _turn(link, frames, last) for _ in range(TURNS)]
        finally:
            await link.close("done")


async def _introduce(link: Link) -> None:
    sound = AudioFormat(rate=SPEECH_RATE_HZ, width=2, channels=1)
    features = ("flush", "duck", "pause", "playback")
    await link.send(
        Hello(1, "bench", "Bench", "Kitchen", new_nonce(), "bench", features, sound, sound)
    )
    assert isinstance(await link.receive(), Welcome)


async def _last_frame(link: Link, frames: list[bytes]) -> int:
    """Return the frame with which the sentence is over."""
    turn = await _listen(link, 0)
    answered = asyncio.create_task(_until_audio(link))
    sent = 0
    for number, frame in enumerate(frames):
        await _send(link, turn, number, frame)
        sent = number
        done, _ = await asyncio.wait({answered}, timeout=0.03)
        if done:
            break
    await answered
    await _finish(link, turn)
    if sent == len(frames) - 1:
        raise RuntimeError(f"no answer within the recording and {ASK_MS} ms")
    return sent


async def _turn(link: Link, frames: list[bytes], last: int) -> float:
    turn = await _listen(link, last)
    for number, frame in enumerate(frames[:last]):
        await _send(link, turn, number, frame)
        # What is spoken comes in a burst; the hub keeps time by samples.
        await asyncio.sleep(SPACING_S if number > last - 10 else 0.001)
    await asyncio.sleep(SPACING_S)
    answered = asyncio.create_task(_until_audio(link))
    await asyncio.sleep(0)
    started = time.perf_counter()
    await _send(link, turn, last, frames[last])
    took = await answered - started
    await _finish(link, turn)
    return took * 1000


async def _listen(link: Link, candidate: int) -> int:
    await link.send(Wake(candidate=candidate, trigger="button"))
    async with asyncio.timeout(LIMIT_S):
        while True:
            message = await link.receive()
            if isinstance(message, Listen):
                return message.turn


async def _send(link: Link, turn: int, number: int, frame: bytes) -> None:
    await link.send(AudioChunk(SPEECH_RATE_HZ, 2, 1, frame, number * 32, turn))


async def _until_audio(link: Link) -> float:
    async with asyncio.timeout(LIMIT_S):
        while not isinstance(await link.receive(), AudioChunk):
            pass
    return time.perf_counter()


async def _finish(link: Link, turn: int) -> None:
    await link.send(Playback(turn=turn, position_ms=100, buffered_ms=0, finished=True))
    async with asyncio.timeout(LIMIT_S):
        while not isinstance(await link.receive(), TurnEnded):
            pass
