"""Reads the pipes of a program that has ended, or is about to, to their end."""

import asyncio


async def read_out(
    *readings: "asyncio.Task[None]", stream: asyncio.StreamReader | None, seconds: float
) -> None:
    """Wait until `readings` and what is left in `stream` have come to their end, or cancel them.

    A pipe that is left unread stays open, and with it asyncio's own record of the program, until
    Python happens to collect it. In some versions of Python `Process.wait` returns before that, in
    others it waits for that.
    """
    tasks = [*readings]
    if stream is not None:
        tasks.append(asyncio.create_task(_drop(stream)))
    try:
        await asyncio.wait(tasks, timeout=seconds)
    finally:
        for task in tasks:
            task.cancel()
    await asyncio.wait(tasks)


async def _drop(stream: asyncio.StreamReader) -> None:
    while await stream.read(65536):
        pass
