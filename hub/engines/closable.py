"""Streams that may be left off: ports ask for no more than iterating, but all are closed here."""

from collections.abc import AsyncGenerator, AsyncIterator
from typing import TypeVar

_T = TypeVar("_T")


def closable(stream: AsyncIterator[_T]) -> AsyncGenerator[_T]:
    """Return an async iterator that can be closed: not all that yield can."""
    if isinstance(stream, AsyncGenerator):
        return stream

    async def wrapped() -> AsyncGenerator[_T]:
        async for entry in stream:
            yield entry

    return wrapped()
