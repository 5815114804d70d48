"""Talk on whatever page one looks at: wake word, answers that go on, what rings; a wrong clock."""

import wave
from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright.async_api import Page, expect

from audio.wav import read
from hub.demo.runner import SPEECH
from tests.dashboard.browsing import (
    chromium,
    go_to,
    log_in,
    needs_browser,
    say_in_writing,
    set_up,
    window,
)
from tests.dashboard.household import Household
from tests.speech import recordings

pytestmark = needs_browser

COMMAND = "turn on the bed light"
CLOCK = """
const RealDate = Date, ahead = 9 * 86400000;
globalThis.Date = class extends RealDate {
  constructor(...given) { given.length ? super(...given) : super(RealDate.now() + ahead); }
  static now() { return RealDate.now() + ahead; }
};
"""
"""Has a browser's clock be wrong by nine days."""


def said(file: Path, *parts: Path | float) -> Path:
    """Write what a microphone hears: sentences, and pauses in seconds."""
    rate_hz = 16_000
    with wave.open(str(file), "wb") as out:
        out.setparams((1, 2, rate_hz, 0, "NONE", ""))
        for part in parts:
            if isinstance(part, float):
                out.writeframes(bytes(round(part * rate_hz) * 2))
            else:
                out.writeframes(read(part)[1])
    return file


def where_it_is_noon() -> str:
    """Return a time zone in which no day ends while a test runs."""
    east = 12 - datetime.now(UTC).hour
    return f"Etc/GMT{-east:+d}"  # its sign is the other way round


async def wait_for_the_word(page: Page) -> None:
    """Have the microphone open after "okay nabu"."""
    await page.locator(".talk-choices > summary").click()
    await page.get_by_label("Hands-free listens").select_option("okay_nabu")
    await page.get_by_role("switch", name="Hands-free").click()


async def test_after_the_wake_word_and_not_before_somebody_is_heard_on_every_page(
    house: Household, tmp_path: Path
) -> None:
    called = [one.path for one in recordings("wake") if one.text == "okay_nabu"]
    if not called:
        pytest.skip("no recordings here")
    command = SPEECH / "turn-on-the-bed-light.wav"
    heard = said(tmp_path / "microphone.wav", 2.0, command, 4.0, called[0], command, 30.0)
    hub = await house.hub()
    async with chromium(heard) as browser, window(browser) as page:
        await set_up(page, hub)
        await wait_for_the_word(page)
        await expect(page.locator(".talk-state")).to_contain_text("Nabu", ignore_case=True)
        await go_to(page, "Home")
        bar = page.get_by_role("complementary", name="Talk")
        await expect(bar).to_contain_text("Nabu", ignore_case=True)
        await expect(page.get_by_role("switch", name="Bed Light")).to_be_checked()
        await bar.get_by_role("button", name="Turn the microphone off").click()
        await expect(bar).to_have_count(0)
        await go_to(page, "Talk")
        # What was said before the word has made no turn.
        await expect(page.locator(".talk-you")).to_have_count(1)
        await expect(page.locator(".talk-you")).to_contain_text(COMMAND, ignore_case=True)


async def test_an_answer_is_heard_to_its_end_by_whoever_leaves_talk(house: Household) -> None:
    hub = await house.hub()
    async with chromium() as browser, window(browser) as page:
        await set_up(page, hub)
        await page.get_by_label("Type a question or a command").fill(COMMAND)
        await page.keyboard.press("Enter")
        await expect(page.locator(".talk-hub").last).to_contain_text("Turned on")
        await go_to(page, "Settings")
        await expect(page.get_by_role("complementary", name="Talk")).to_have_count(0)
        await go_to(page, "Talk")
        foot = page.locator(".talk-foot").last
        await expect(foot).to_contain_text("Hear again")
        await expect(foot).not_to_contain_text("lost")
        await expect(foot).not_to_contain_text("Stopped")
        await expect(page.locator(".talk-unheard")).to_have_count(0)


async def test_a_timer_rings_on_every_page_and_is_put_off_or_stopped_there(
    house: Household,
) -> None:
    hub = await house.hub()
    async with chromium() as browser, window(browser) as page:
        await set_up(page, hub)
        await say_in_writing(page, "set a timer for two seconds")
        await go_to(page, "Home")
        rings = page.locator(".ringing-one")
        await expect(rings).to_contain_text("2 seconds")
        await rings.get_by_role("button", name="5 more minutes").click()
        await expect(rings).to_have_count(0)
        await go_to(page, "Timers & lists")
        await expect(page.get_by_role("timer")).to_contain_text("4:")
        await go_to(page, "Talk")
        await say_in_writing(page, "set a timer for one second")
        await go_to(page, "Settings")
        await rings.get_by_role("button", name="Stop").click()
        await expect(rings).to_have_count(0)


async def test_a_browser_whose_clock_is_wrong_by_days_tells_the_hubs_times(
    house: Household,
) -> None:
    hub = await house.hub()
    async with chromium() as browser:
        async with window(browser) as page:
            await set_up(page, hub)
        async with window(browser, zone=where_it_is_noon()) as page:
            await page.add_init_script(CLOCK)
            await log_in(page, hub)
            await say_in_writing(page, "set a timer for ten minutes")
            await go_to(page, "Timers & lists")
            await expect(page.get_by_role("timer")).to_contain_text("9:")
            await go_to(page, "Conversations")
            await expect(page.get_by_role("heading", name="Today")).to_be_visible()
