"""What keeps the live view as things are, for as long as the dashboard is served."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

from hub.api.level_feed import LevelFeed
from hub.api.parts import Parts
from hub.api.satellite_feed import SatelliteFeed
from hub.api.time_feed import TimeFeed


@asynccontextmanager
async def feeding(parts: Parts) -> AsyncGenerator[None]:
    """Feed all topics while the block runs."""
    async with asyncio.TaskGroup() as tasks:
        feeds = (SatelliteFeed(parts), LevelFeed(parts.live, parts.bus), TimeFeed(parts))
        running = [tasks.create_task(feed.run()) for feed in feeds]
        yield
        for task in running:
            task.cancel()
