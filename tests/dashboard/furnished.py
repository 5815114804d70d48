"""A household in which something has happened, so that no page is empty."""

import asyncio
import json

from playwright.async_api import Page

from hub.demo.processes import Process
from tests.dashboard.browsing import say_in_writing, set_up
from tests.dashboard.household import Household, RunningHub

SAID = (
    "turn on the bed light",
    "what is the outdoor humidity",
    "set a pasta timer for 9 minutes",
    "add milk to my shopping list",
    "open the left window",
)
CONNECTED_S = 60.0


async def furnish(house: Household, page: Page) -> RunningHub:
    """Start a hub and two satellites, make the owner, and have it say a few things."""
    hub = await house.hub()
    for name, area in (("Stove", "Kitchen"), ("Desk", "Office")):
        satellite, _ = await house.satellite(name, area)
        await connected(satellite)
    await set_up(page, hub)
    for text in SAID:
        await say_in_writing(page, text)
    return hub


async def connected(satellite: Process) -> None:
    """Wait until a satellite is at its hub."""
    async with asyncio.timeout(CONNECTED_S):
        async for line in satellite.lines():
            if json.loads(line).get("event") == "connected":
                return
    raise AssertionError(satellite.log_tail)
