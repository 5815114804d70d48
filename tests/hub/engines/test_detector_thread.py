import asyncio
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from hub.engines.base import EngineError
from hub.engines.detector_thread import DetectorThread

ROOT = Path(__file__).parents[3]
LIMIT_S = 60.0

HANGING = """
import asyncio, threading
from contextlib import suppress
from hub.engines.detector_thread import DetectorThread

class Hanging:
    def probability(self, audio):
        threading.Event().wait()

async def main():
    with suppress(TimeoutError):
        async with asyncio.timeout(0.05):
            await DetectorThread(Hanging()).probability(b"")

asyncio.run(main())
print("over")
"""


class Detector:
    """Waits until it is let go."""

    def __init__(self) -> None:
        self.go = threading.Event()
        self.asked = 0

    def probability(self, audio: bytes) -> float:
        self.asked += 1
        assert self.go.wait(LIMIT_S)
        if audio == b"bad":
            raise EngineError("bad-request", "half a sample")
        return len(audio) / 10


@pytest.fixture
def detector() -> Iterator[Detector]:
    one = Detector()
    yield one
    one.go.set()


async def test_the_answer_is_the_detector_s(detector: Detector) -> None:
    detector.go.set()
    port = DetectorThread(detector)
    assert await port.probability(b"1234") == 0.4
    assert await port.probability(b"12345") == 0.5


async def test_what_the_detector_raises_is_raised(detector: Detector) -> None:
    detector.go.set()
    with pytest.raises(EngineError, match="half a sample"):
        await DetectorThread(detector).probability(b"bad")


async def test_one_that_hangs_is_asked_once_and_takes_one_thread(detector: Detector) -> None:
    port = DetectorThread(detector)
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.05):
            await port.probability(b"1")
    async with asyncio.timeout(LIMIT_S):
        while not detector.asked:
            await asyncio.sleep(0.001)
    # Threads of others may end meanwhile, or begin.
    before = set(threading.enumerate())
    for _ in range(20):
        with pytest.raises(EngineError) as caught:
            await port.probability(b"1")
        assert caught.value.code == "engine-busy"
    assert detector.asked == 1
    begun = set(threading.enumerate()) - before
    assert [one.name for one in begun if one.name == "turn-detector"] == []


async def test_one_that_was_slow_is_asked_again_once_it_has_answered(detector: Detector) -> None:
    port = DetectorThread(detector)
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.05):
            await port.probability(b"1")
    detector.go.set()
    async with asyncio.timeout(LIMIT_S):
        while port._busy:
            await asyncio.sleep(0)
    assert await port.probability(b"12") == 0.2


def test_a_program_ends_although_its_detector_hangs() -> None:
    ended = subprocess.run(
        [sys.executable, "-c", HANGING],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=LIMIT_S,
        check=True,
    )
    assert ended.stdout == "over\n"
