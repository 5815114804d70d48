"""Starts and ends processes of engines; none is left behind, whatever is cancelled meanwhile."""

import asyncio
import sys
from contextlib import suppress

from protocol.time_limit import time_limit

END_TIMEOUT_S = 2.0


async def start(name: str, descriptor: int) -> asyncio.subprocess.Process:
    """Start a process. One that is cancelled while it starts is ended, not forgotten."""
    starting = asyncio.ensure_future(
        asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "hub.engines.worker",
            name,
            str(descriptor),
            stdin=asyncio.subprocess.DEVNULL,
            pass_fds=(descriptor,),
        )
    )
    try:
        return await asyncio.shield(starting)
    except asyncio.CancelledError:
        await end(await starting)
        raise


async def end(process: asyncio.subprocess.Process) -> None:
    """Wait for a process whose input has ended; kill it after END_TIMEOUT_S, or when cancelled."""
    try:
        async with time_limit(END_TIMEOUT_S):
            await process.wait()
    except (TimeoutError, asyncio.CancelledError) as reason:
        with suppress(ProcessLookupError):
            process.kill()
        await asyncio.shield(asyncio.ensure_future(process.wait()))
        if isinstance(reason, asyncio.CancelledError):
            raise
