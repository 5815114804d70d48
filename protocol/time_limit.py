"""A time limit that also holds for what a task does after it was cancelled: closing, a last write.

`asyncio.timeout` leaves a CancelledError there instead of a TimeoutError before Python 3.11.4;
Debian 12 and Raspberry Pi OS have 3.11.2.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager


@asynccontextmanager
async def time_limit(seconds: float) -> AsyncIterator[None]:
    """Raise TimeoutError where the body takes longer."""
    task = asyncio.current_task()
    assert task is not None
    before = task.cancelling()
    limit = asyncio.timeout(seconds)
    try:
        async with limit:
            yield
    except asyncio.CancelledError as error:
        # One more cancel than before is somebody else's, and passes.
        if limit.expired() and task.cancelling() <= before:
            raise TimeoutError from error
        raise
