"""Limits of what a task does when it ends."""

import asyncio
from collections.abc import Callable
from contextlib import suppress

import pytest

from protocol.time_limit import time_limit
from tests.virtual_time import run_virtual


async def cancelled(told: list[str], *, again_s: float | None = None) -> None:
    """Cancel a task whose closing takes for ever; with `again_s`, so long after that once more."""

    async def work() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            try:
                async with time_limit(5.0):
                    await asyncio.Event().wait()
            except TimeoutError:
                told.append("closing took too long")
            told.append("the rest of it")

    task = asyncio.create_task(work())
    await asyncio.sleep(0)
    task.cancel()
    if again_s is not None:
        await asyncio.sleep(again_s)
        task.cancel()
    with suppress(asyncio.CancelledError):
        await task
    assert task.cancelled()


def test_what_closes_after_a_cancel_has_a_limit_too() -> None:
    told: list[str] = []
    run_virtual(cancelled(told))
    assert told == ["closing took too long", "the rest of it"]


def test_a_second_cancel_is_no_limit_that_was_passed() -> None:
    told: list[str] = []
    run_virtual(cancelled(told, again_s=1.0))
    assert told == []


def test_what_ends_in_time_is_left_alone() -> None:
    async def main() -> str:
        async with time_limit(5.0):
            await asyncio.sleep(4.9)
        return "done"

    assert run_virtual(main()) == "done"


@pytest.mark.parametrize("error", [TimeoutError, ValueError, asyncio.CancelledError])
def test_an_error_of_the_body_passes(error: Callable[[], BaseException]) -> None:
    async def main() -> None:
        async with time_limit(5.0):
            raise error()

    with pytest.raises(BaseException) as caught:
        run_virtual(main())
    assert type(caught.value) is error
