"""The whole way of a spoken command: microphone, hub, home, record, and a word to the kitchen."""

import asyncio
import json
from pathlib import Path

import pytest
from playwright.async_api import Page, expect

from hub.demo.processes import Process
from hub.demo.runner import SPEECH
from tests.dashboard.browsing import (
    chromium,
    go_to,
    hold_to_talk,
    microphone,
    needs_browser,
    set_up,
    window,
)
from tests.dashboard.household import Household

pytestmark = [*needs_browser, pytest.mark.alone]

COMMAND = "turn on the bed light"
LIMIT_S = 60.0


async def speak(page: Page) -> None:
    """Hold the button until the microphone has heard the sentence, as a person would."""
    await hold_to_talk(page)
    await expect(page.locator(".talk-you").last).to_contain_text(COMMAND, ignore_case=True)
    await page.mouse.up()


async def hears(satellite: Process, words: str) -> None:
    """Wait until a satellite has played something with these words to its end."""
    said = False
    async with asyncio.timeout(LIMIT_S):
        async for line in satellite.lines():
            event = json.loads(line)
            said = said or words in str(event.get("text", ""))
            if said and event.get("event") == "playback-finished":
                return
    raise AssertionError(f"never said: {words}\n{satellite.log_tail}")


async def test_a_spoken_command_changes_the_home_and_is_told_in_full(
    house: Household, tmp_path: Path
) -> None:
    heard = microphone(SPEECH / "turn-on-the-bed-light.wav", tmp_path / "microphone.wav")
    hub = await house.hub()
    satellite, speaker = await house.satellite("Stove", "Kitchen")
    async with chromium(heard) as browser, window(browser) as page:
        await set_up(page, hub)
        await speak(page)
        answer = page.locator(".talk-hub").last
        await expect(answer).to_contain_text("Turned on")
        # The answer was spoken here, and to its end.
        await expect(page.locator(".talk-foot").last).to_contain_text("Answered in")

        await go_to(page, "Home")
        await expect(page.get_by_role("switch", name="Bed Light")).to_be_checked()

        await go_to(page, "Conversations")
        await page.locator(".conversations-entry", has_text=COMMAND).first.click()
        await page.get_by_role("button", name="Timing").first.click()
        stages = page.get_by_role("table", name="The stages of this turn")
        for stage in ("Speech", "Recognising", "Understanding", "Voice, to its first sound"):
            await expect(stages).to_contain_text(stage)

        await go_to(page, "Satellites")
        await expect(page.get_by_text("Stove").first).to_be_visible()
        await page.get_by_role("button", name="Announce").first.click()
        dialog = page.get_by_role("dialog")
        await dialog.get_by_label("What to say").fill("Dinner is ready")
        await dialog.get_by_role("button", name="Say").click()
        await hears(satellite, "Dinner is ready")
    played = list(speaker.glob("*.wav"))
    assert played
    assert max(file.stat().st_size for file in played) > 10_000
