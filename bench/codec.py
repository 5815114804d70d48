"""Audio events to bytes and back, side by side with the wyoming package."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field

from wyoming.audio import AudioChunk as WyomingChunk
from wyoming.event import Event as WyomingEvent
from wyoming.event import async_read_event, async_write_event

from bench.harness import Bench, median, p95
from protocol.frames import Event, FrameDecoder, encode
from protocol.messages import MessageDecoder, encode_message
from protocol.wyoming_messages import AudioChunk

NAME = "codec"

# 1024 samples: what Wyoming satellites send at a time.
AUDIO = bytes(2048)
RATE_HZ, WIDTH_BYTES, CHANNELS = 16_000, 2, 1
EVENTS = 2_000
REPEATS = 25
# What comes in one read when a link is behind: 25 events are 55 kB.
BATCH = 25
# Some satellites put the nanoseconds of their clock on each event: no two heads are alike.
STAMP, STAMPED = 1_000_000_000_000, 200
TARGET = 5.0

Work = Callable[[int], Awaitable[None]]


class Collector:
    """Stands in for asyncio's StreamWriter: keeps what is written, or forgets it at once."""

    def __init__(self, *, keep: bool) -> None:
        self._keep = keep
        self.written: list[bytes] = []

    def writelines(self, pieces: tuple[bytes, ...]) -> None:
        if self._keep:
            self.written.extend(pieces)

    def write(self, data: bytes) -> None:
        if self._keep:
            self.written.append(data)

    async def drain(self) -> None:
        """Nothing ever waits here."""


@dataclass
class Comparison:
    """The same work done by both, in turns."""

    name: str
    theirs: Work
    ours: Work
    headline: bool = False
    """Whether it is one of the figures with a target."""
    their_us: list[float] = field(default_factory=list)
    our_us: list[float] = field(default_factory=list)

    async def measure(self) -> None:
        """Do the work once on each side."""
        for work, times in ((self.theirs, self.their_us), (self.ours, self.our_us)):
            start = time.process_time()
            await work(EVENTS)
            times.append((time.process_time() - start) / EVENTS * 1e6)

    @property
    def ratios(self) -> list[float]:
        """How many times faster ours is, for each pair of runs."""
        return [theirs / ours for theirs, ours in zip(self.their_us, self.our_us, strict=True)]

    def row(self) -> tuple[str, float, float, float, float, float, float]:
        """Return a line of the table."""
        ratios = self.ratios
        slow = -p95([-ratio for ratio in ratios])
        times = (median(self.their_us), p95(self.their_us), median(self.our_us), p95(self.our_us))
        return (self.name, *times, median(ratios), slow)


async def their_typed_encode(count: int) -> None:
    writer = Collector(keep=False)
    for _ in range(count):
        chunk = WyomingChunk(RATE_HZ, WIDTH_BYTES, CHANNELS, AUDIO)
        await async_write_event(chunk.event(), writer)  # type: ignore[arg-type]


async def our_typed_encode(count: int) -> None:
    for _ in range(count):
        encode_message(AudioChunk(RATE_HZ, WIDTH_BYTES, CHANNELS, AUDIO, turn=7))


async def their_raw_encode(count: int) -> None:
    writer = Collector(keep=False)
    event = WyomingChunk(RATE_HZ, WIDTH_BYTES, CHANNELS, AUDIO).event()
    for _ in range(count):
        await async_write_event(event, writer)  # type: ignore[arg-type]


async def our_raw_encode(count: int) -> None:
    data = {"rate": RATE_HZ, "width": WIDTH_BYTES, "channels": CHANNELS, "timestamp": None}
    event = Event("audio-chunk", data, AUDIO)
    for _ in range(count):
        encode(event)


def their_decode(reads: Sequence[bytes], batch: int, *, typed: bool) -> Work:
    async def work(count: int) -> None:
        reader = asyncio.StreamReader()
        for index in range(count // batch):
            reader.feed_data(reads[index % len(reads)])
            for _ in range(batch):
                event = await async_read_event(reader)
                assert event is not None
                if typed:
                    WyomingChunk.from_event(event)

    return work


def our_decode(reads: Sequence[bytes], batch: int, *, typed: bool) -> Work:
    async def work(count: int) -> None:
        decoder = MessageDecoder() if typed else FrameDecoder()
        for index in range(count // batch):
            items = decoder.feed(reads[index % len(reads)])
            assert len(items) == batch

    return work


async def frame_of_theirs(timestamp: int | None = None) -> bytes:
    """Return the bytes of one audio event as the wyoming package writes them."""
    writer = Collector(keep=True)
    chunk = WyomingChunk(RATE_HZ, WIDTH_BYTES, CHANNELS, AUDIO, timestamp)
    event: WyomingEvent = chunk.event()
    await async_write_event(event, writer)  # type: ignore[arg-type]
    return b"".join(writer.written)


async def compare() -> list[Comparison]:
    """Measure everything, both sides in turns, so that a busy moment hits both."""
    frame = await frame_of_theirs()
    comparisons = [
        Comparison("encode a message", their_typed_encode, our_typed_encode, headline=True),
        Comparison("encode an event", their_raw_encode, our_raw_encode, headline=True),
    ]
    for typed, what in ((True, "a message"), (False, "an event")):
        for batch, how in ((1, "one in a read"), (BATCH, f"{BATCH} in a read")):
            theirs = their_decode([frame * batch], batch, typed=typed)
            ours = our_decode([frame * batch], batch, typed=typed)
            name = f"decode {what}, {how}"
            comparisons.append(Comparison(name, theirs, ours, headline=batch == 1))
        stamped = [await frame_of_theirs(STAMP + number) for number in range(STAMPED)]
        theirs, ours = their_decode(stamped, 1, typed=typed), our_decode(stamped, 1, typed=typed)
        comparisons.append(Comparison(f"decode {what}, always another time", theirs, ours))
    for _ in range(REPEATS):
        for comparison in comparisons:
            await comparison.measure()
    return comparisons


def run(bench: Bench) -> None:
    """Measure audio events of 2,048 bytes, in memory."""
    comparisons = asyncio.run(compare())
    bench.table(
        f"CPU us per audio event of {len(AUDIO)} bytes, {REPEATS} runs of {EVENTS}",
        ("work", "wyoming", "p95", "sotto", "p95 ", "times faster", "slowest 5 %"),
        [comparison.row() for comparison in comparisons],
    )
    for comparison in comparisons:
        target = TARGET if comparison.headline else None
        ratio = median(comparison.ratios)
        bench.figure(f"{comparison.name}: times faster", ratio, "x", target=target)
    bench.note("A message is the typed object, made or read with its fields; an event is raw.")
    bench.note(
        "Both decode the bytes that the wyoming package writes. Its writer writes to nothing,"
    )
    bench.note("three times for each event; ours returns one buffer, so it copies the audio once.")
