"""Pictures of every page at a desk and on a phone, in light and in dark: `make pictures`."""

import base64
import os
from pathlib import Path

import pytest
from playwright.async_api import Page

from tests.dashboard.browsing import (
    DESK,
    PAGES,
    PHONE,
    chromium,
    go_to,
    log_in,
    needs_browser,
    say_in_writing,
    window,
)
from tests.dashboard.furnished import furnish
from tests.dashboard.household import Household

pytestmark = [
    *needs_browser,
    pytest.mark.skipif("SOTTO_PICTURES" not in os.environ, reason="make pictures takes them"),
]

SETTLED_MS = 600
"""What moves in has arrived by then."""
LOOKS = {
    "desk-light": (DESK, False),
    "desk-dark": (DESK, True),
    "phone-light": (PHONE, False),
    "phone-dark": (PHONE, True),
}


@pytest.fixture
def pictures() -> Path:
    folder = Path(os.environ["SOTTO_PICTURES"]).resolve()
    folder.mkdir(parents=True, exist_ok=True)
    return folder


async def show_something(page: Page, name: str) -> None:
    """Do what makes a page show what it is for."""
    if name == "Talk":
        await say_in_writing(page, "turn on the ceiling light")
    if name == "Conversations":
        await page.locator(".conversations-entry").first.click()
        await page.get_by_role("button", name="Timing").first.click()


async def picture(page: Page) -> bytes:
    """Return what the window shows, as a small WebP, which Playwright's own way can not make."""
    devtools = await page.context.new_cdp_session(page)
    wanted = {"format": "webp", "quality": 82}
    answer = await devtools.send("Page.captureScreenshot", wanted)
    await devtools.detach()
    return base64.b64decode(answer["data"])


async def wider(page: Page) -> int:
    """Return by how much the page is wider than its window, in CSS pixels."""
    return int(
        await page.evaluate(
            "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        )
    )


async def test_every_page_fits_its_window(house: Household, pictures: Path) -> None:
    faults = []
    async with chromium() as browser:
        async with window(browser) as page:
            hub = await furnish(house, page)
        for look, (size, dark) in LOOKS.items():
            async with window(browser, size=size, dark=dark) as page:
                await log_in(page, hub)
                for name in PAGES:
                    await go_to(page, name)
                    await show_something(page, name)
                    await page.mouse.move(0, 0)
                    await page.wait_for_timeout(SETTLED_MS)
                    file = pictures / f"{name.split()[0].lower()}-{look}.webp"
                    file.write_bytes(await picture(page))
                    if (more := await wider(page)) > 0:
                        faults.append(f"{name}, {look}: {more} pixels wider than its window")
    assert not faults
