"""Runs a hub until it is told to end."""

import asyncio
import signal

from hub.app import Announce, Hub
from hub.settings import HubSettings


async def run_hub(settings: HubSettings, announce: Announce) -> None:
    """Run a hub until it is told to end by SIGINT or SIGTERM. Raises HubError."""
    loop = asyncio.get_running_loop()
    task = asyncio.current_task()
    assert task is not None
    told = False

    def end() -> None:
        nonlocal told
        told = True
        task.cancel()

    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, end)
    try:
        await Hub(settings, announce).run()
    except asyncio.CancelledError:
        if not told:
            raise
        announce("Ended.")
