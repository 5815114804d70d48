"""An event loop in a thread of its own, for a library that would hold up the one it runs on.

What is asked of it is awaited on the caller's loop, and cancelling there ends it here.
"""

import asyncio
from collections.abc import AsyncGenerator, Coroutine
from concurrent.futures import Future
from contextlib import suppress
from threading import Thread
from typing import Any, TypeVar

from protocol.time_limit import time_limit

CLOSE_S = 2.0
"""For a library to hang up, and for the thread to end."""

_T = TypeVar("_T")
_Started = tuple[asyncio.AbstractEventLoop, asyncio.Event]


class SideLoop:
    """The loop; its thread starts on first use and ends with the program, or on `close`."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._thread: Thread | None = None
        self._ready: Future[_Started] = Future()

    async def run(self, work: Coroutine[Any, Any, _T]) -> _T:
        """Return what `work` returns there."""
        try:
            loop, _ = await self._started()
        except asyncio.CancelledError:
            work.close()
            raise
        return await asyncio.wrap_future(asyncio.run_coroutine_threadsafe(work, loop))

    async def stream(self, parts: AsyncGenerator[_T]) -> AsyncGenerator[_T]:
        """Yield what `parts` yields there, one asked for at a time; closing closes it there."""
        lock = asyncio.Lock()  # of that loop: a part that is cancelled ends before `parts` closes

        async def following() -> _T:
            async with lock:
                return await anext(parts, _END)

        async def closing() -> None:
            async with lock:
                await parts.aclose()

        try:
            while (part := await self.run(following())) is not _END:
                yield part
        finally:
            with suppress(TimeoutError):
                async with time_limit(CLOSE_S):
                    await self.run(closing())

    async def close(self) -> None:
        """End what runs there, and the thread. The next use would start another."""
        if self._thread is None:
            return
        thread, (loop, stop) = self._thread, await self._started()
        self._thread, self._ready = None, Future()
        loop.call_soon_threadsafe(stop.set)
        await asyncio.to_thread(thread.join, CLOSE_S)

    async def _started(self) -> _Started:
        if self._thread is None:
            # A library that hangs must not keep the program from ending.
            self._thread = Thread(target=_serve, args=(self._ready,), name=self._name, daemon=True)
            self._thread.start()
        return await asyncio.shield(asyncio.wrap_future(self._ready))


def _serve(ready: Future[_Started]) -> None:
    async def until_stopped() -> None:
        stop = asyncio.Event()
        ready.set_result((asyncio.get_running_loop(), stop))
        await stop.wait()

    asyncio.run(until_stopped())  # it cancels what is left


_END: Any = object()
