"""Waiting for an event that comes and goes."""

import asyncio
from contextlib import suppress


async def is_set(event: asyncio.Event, timeout_s: float) -> bool:
    """Wait until an event is set. It may be cleared again before it is our turn to look."""
    with suppress(TimeoutError):
        async with asyncio.timeout(timeout_s):
            while not event.is_set():
                await event.wait()
    return event.is_set()
