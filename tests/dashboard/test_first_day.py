"""The first day with a hub: set up, log in, type a command, and see what it did."""

from playwright.async_api import expect

from tests.dashboard.browsing import chromium, go_to, log_in, needs_browser, set_up, window
from tests.dashboard.household import Household

pytestmark = needs_browser


async def test_what_is_typed_on_talk_changes_the_home(house: Household) -> None:
    hub = await house.hub()
    async with chromium() as browser:
        async with window(browser) as page:
            await set_up(page, hub)
        async with window(browser) as page:
            await log_in(page, hub)
            await page.get_by_label("Type a question or a command").fill("turn on the bed light")
            await page.keyboard.press("Enter")
            await expect(page.get_by_role("log")).to_contain_text("Turned on")
            await go_to(page, "Home")
            await expect(page.get_by_role("switch", name="Bed Light")).to_be_checked()
