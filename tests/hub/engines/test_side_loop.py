import asyncio
import threading
from collections.abc import AsyncGenerator
from contextlib import aclosing

import pytest

from hub.engines import side_loop
from hub.engines.side_loop import SideLoop

LIMIT_S = 60.0


@pytest.fixture(autouse=True)
def patience(monkeypatch: pytest.MonkeyPatch) -> None:
    """Wait for the other thread however busy the machine is."""
    monkeypatch.setattr(side_loop, "CLOSE_S", LIMIT_S)


@pytest.fixture
async def side() -> AsyncGenerator[SideLoop]:
    loop = SideLoop("tested")
    yield loop
    await loop.close()


async def thread() -> str:
    return threading.current_thread().name


async def test_work_runs_in_a_thread_of_its_own(side: SideLoop) -> None:
    assert await side.run(thread()) == "tested"
    assert await thread() != "tested"


async def test_what_holds_it_up_does_not_hold_up_the_caller(side: SideLoop) -> None:
    released = threading.Event()

    async def block() -> bool:
        return released.wait(LIMIT_S)

    blocked = asyncio.create_task(side.run(block()))
    await asyncio.sleep(0)
    released.set()
    assert await blocked


async def test_an_error_comes_back_as_it_is(side: SideLoop) -> None:
    async def fail() -> None:
        raise LookupError("not here")

    with pytest.raises(LookupError, match="not here"):
        await side.run(fail())


async def test_a_stream_is_made_no_further_than_it_is_asked_for(side: SideLoop) -> None:
    made = []

    async def numbers() -> AsyncGenerator[int]:
        for number in range(100):
            made.append(number)
            yield number

    async with aclosing(side.stream(numbers())) as stream:
        assert [await anext(stream), await anext(stream)] == [0, 1]
    assert made == [0, 1]
    assert [number async for number in side.stream(numbers())] == list(range(100))


async def test_a_stream_that_is_given_up_while_it_waits_is_closed_over_there(
    side: SideLoop,
) -> None:
    waiting, closed = threading.Event(), threading.Event()

    async def never() -> AsyncGenerator[int]:
        try:
            waiting.set()
            await asyncio.Event().wait()
            yield 1
        finally:
            await asyncio.sleep(0)  # hanging up takes a turn
            closed.set()

    async def first() -> int:
        async with aclosing(side.stream(never())) as stream:
            return await anext(stream)

    task = asyncio.create_task(first())
    assert await asyncio.to_thread(waiting.wait, LIMIT_S)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert closed.is_set()


async def test_closing_ends_what_runs_there_and_the_thread() -> None:
    side = SideLoop("ended")
    ended = threading.Event()

    async def for_ever() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            ended.set()

    async def leave_running() -> None:
        leave_running.task = asyncio.create_task(for_ever())  # type: ignore[attr-defined]

    await side.run(leave_running())
    await side.close()
    assert ended.is_set()
    assert "ended" not in [thread.name for thread in threading.enumerate()]


async def test_after_closing_it_can_be_used_again(side: SideLoop) -> None:
    assert await side.run(thread()) == "tested"
    await side.close()
    await side.close()
    assert await side.run(thread()) == "tested"
