"""What each role sees in a browser and can press: nothing is shown as if it worked that may not."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from playwright.async_api import Browser, Locator, Page, Request, Response, expect

from tests.dashboard.browsing import (
    PAGES,
    chromium,
    go_to,
    log_in,
    needs_browser,
    say_in_writing,
    set_up,
    window,
)
from tests.dashboard.furnished import connected
from tests.dashboard.household import PASSWORD, Household, RunningHub

pytestmark = needs_browser

SEEN = {
    "owner": PAGES,
    "member": (
        "Talk",
        "Home",
        "Satellites",
        "Timers & lists",
        "Conversations",
        "Health",
        "Settings",
    ),
    "guest": ("Talk", "Home", "Satellites", "Timers & lists", "Settings"),
    "panel": ("Home", "Satellites", "Timers & lists"),
}
"""By role: the pages of its menu."""
TABS = {
    "owner": {"General", "Users", "API tokens", "Backup", "Hub"},
    "member": {"General", "API tokens"},
    "guest": {"General"},
}
"""By role: the parts of Settings."""
MOST_PRESSED = 15
"""Buttons of a page that are pressed: one of each name."""
SETTLED_S = 60.0
ENDS_IT = ("log out", "sign out")
PRESSABLE = "main :is(button, [role=switch], summary):not(:disabled)"

OF_NAMES = """controls => controls.filter(one => one.checkVisibility())
    .map(one => one.getAttribute('aria-label') || one.innerText.trim())"""
PRESS = """([where, name]) => {
    const named = one => one.getAttribute('aria-label') || one.innerText.trim();
    [...document.querySelectorAll(where)]
        .find(one => one.checkVisibility() && named(one) === name)?.click();
}"""
PAINTED = "() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))"


class Watch:
    """What a page asks of the hub, and what was refused."""

    def __init__(self, page: Page) -> None:
        self.refused: list[str] = []
        self._page = page
        self._under_way: set[Request] = set()
        self._moved = asyncio.Event()
        page.on("request", self._begun)
        page.on("requestfinished", self._over)
        page.on("requestfailed", self._over)
        page.on("response", self._answered)

    async def settled(self) -> None:
        """Wait until what was pressed has been drawn, and nothing is asked any more."""
        await self._page.evaluate(PAINTED)
        async with asyncio.timeout(SETTLED_S):
            while self._under_way:
                self._moved.clear()
                await self._moved.wait()

    def _begun(self, request: Request) -> None:
        self._under_way.add(request)

    def _over(self, request: Request) -> None:
        self._under_way.discard(request)
        self._moved.set()

    def _answered(self, response: Response) -> None:
        if response.status == 403:
            self.refused.append(f"{response.request.method} {response.url}")


@asynccontextmanager
async def someone(
    browser: Browser, hub: RunningHub, name: str
) -> AsyncIterator[tuple[Page, Watch]]:
    """Log somebody in, and watch what is refused."""
    async with window(browser) as page:
        watch = Watch(page)
        await log_in(page, hub, name=name)
        yield page, watch


@asynccontextmanager
async def lived_in(house: Household) -> AsyncIterator[tuple[Browser, RunningHub]]:
    """Run a house with a satellite, a timer and things on a list, and somebody of each role."""
    hub = await house.hub()
    satellite, _ = await house.satellite("Stove", "Kitchen")
    await connected(satellite)
    async with chromium() as browser:
        async with window(browser) as page:
            await set_up(page, hub)
            for role in ("member", "guest", "panel"):
                made = await page.evaluate(
                    "user => fetch('/v1/users', {method: 'POST', body: JSON.stringify(user),"
                    " headers: {'Content-Type': 'application/json'}}).then(({status}) => status)",
                    {"name": role, "password": PASSWORD, "role": role, "language": "en"},
                )
                assert made == 201
            await say_in_writing(page, "set a pasta timer for 9 minutes")
            await say_in_writing(page, "add milk to my shopping list")
        yield browser, hub


def enabled(where: Locator) -> Locator:
    """Return what can be changed in a part of a page."""
    return where.locator(
        ":is(input, select, textarea, [role=switch], [role=slider]):not(:disabled)"
        ":not([aria-disabled=true])"
    )


@pytest.mark.tour
async def test_each_role_sees_its_pages_and_is_refused_nothing_while_it_looks(
    house: Household,
) -> None:
    async with lived_in(house) as (browser, hub):
        for role, pages in SEEN.items():
            name = "Ada" if role == "owner" else role
            async with someone(browser, hub, name) as (page, watch):
                menu = page.get_by_role("navigation", name="Pages").get_by_role("link")
                assert tuple(await menu.all_inner_texts()) == pages
                for place in pages:
                    await go_to(page, place)
                    for tab in await page.locator("main [role=tab]").all():
                        await tab.click()
                        await watch.settled()
                    await watch.settled()
                assert watch.refused == []


@pytest.mark.tour
@pytest.mark.parametrize("role", ["member", "guest", "panel"])
async def test_whatever_a_role_can_press_is_not_refused(house: Household, role: str) -> None:
    async with lived_in(house) as (browser, hub), someone(browser, hub, role) as (page, watch):
        for place in SEEN[role]:
            await go_to(page, place)
            await watch.settled()
            names = await page.locator(PRESSABLE).evaluate_all(OF_NAMES)
            kinds = [one for one in dict.fromkeys(names) if one]
            for name in [one for one in kinds if not one.lower().startswith(ENDS_IT)][
                :MOST_PRESSED
            ]:
                await page.evaluate(PRESS, [PRESSABLE, name])
                await watch.settled()
                assert watch.refused == [], f"after {name!r} on {place}"
                while await page.locator("dialog[open]").count():
                    await page.keyboard.press("Escape")
                    await watch.settled()
                if not await page.evaluate("name => document.title.startsWith(name)", place):
                    await go_to(page, place)


@pytest.mark.tour
async def test_a_wall_panel_looks_and_changes_nothing(house: Household) -> None:
    async with lived_in(house) as (browser, hub), someone(browser, hub, "panel") as (page, watch):
        main = page.locator("main")
        await go_to(page, "Home")
        await expect(page.get_by_text("Bed Light").first).to_be_visible()
        await expect(enabled(main.locator(".device-row"))).to_have_count(0)
        await expect(page.get_by_role("button", name="Add a room")).to_have_count(0)
        await page.get_by_role("button", name="Bed Light").first.click()
        sheet = page.get_by_role("dialog")
        await expect(sheet).to_be_visible()
        await watch.settled()
        await expect(enabled(sheet)).to_have_count(0)
        await page.keyboard.press("Escape")

        await go_to(page, "Satellites")
        await expect(page.get_by_text("Stove").first).to_be_visible()
        for doing in ("Listen", "Identify", "Announce"):
            await expect(page.get_by_role("button", name=doing)).to_have_count(0)
        await page.get_by_role("button", name="Settings of Stove").click()
        await watch.settled()
        await expect(enabled(page.get_by_role("dialog"))).to_have_count(0)
        await page.keyboard.press("Escape")

        await go_to(page, "Timers & lists")
        await expect(page.get_by_text("pasta").first).to_be_visible()
        await expect(page.get_by_text("milk").first).to_be_visible()
        await expect(enabled(main)).to_have_count(0)
        await expect(page.get_by_role("button", name="Pause")).to_have_count(0)

        await page.get_by_role("button", name="panel: account and appearance").click()
        await page.get_by_label("Language").select_option("de")
        await expect(page.locator("html")).to_have_attribute("lang", "de")
        await watch.settled()
        assert watch.refused == []


@pytest.mark.tour
async def test_a_guest_talks_switches_and_sets_timers_and_nothing_more(house: Household) -> None:
    async with lived_in(house) as (browser, hub), someone(browser, hub, "guest") as (page, watch):
        await go_to(page, "Talk")
        await say_in_writing(page, "what is the outdoor humidity")
        await go_to(page, "Home")
        switch = page.get_by_role("switch", name="Bed Light")
        await switch.click()
        await expect(switch).to_be_checked()
        await page.get_by_role("button", name="Bed Light").first.click()
        await watch.settled()
        await expect(page.get_by_role("dialog").get_by_label("Name", exact=True)).to_have_count(0)
        await page.keyboard.press("Escape")

        await go_to(page, "Satellites")
        await expect(page.get_by_text("Stove").first).to_be_visible()
        for doing in ("Listen", "Identify", "Announce"):
            await expect(page.get_by_role("button", name=doing)).to_have_count(0)

        await go_to(page, "Timers & lists")
        pause = page.get_by_role("button", name="Pause")
        await pause.click()
        await expect(page.get_by_role("button", name="Go on")).to_be_visible()
        await expect(page.get_by_label("Milk, bread, …")).to_have_count(0)

        await go_to(page, "Settings")
        await expect(page.locator("main [role=tab]")).to_have_count(len(TABS["guest"]))
        assert watch.refused == []


@pytest.mark.tour
async def test_a_member_runs_the_house_and_leaves_the_hub_to_its_owner(house: Household) -> None:
    async with lived_in(house) as (browser, hub), someone(browser, hub, "member") as (page, watch):
        await go_to(page, "Satellites")
        await page.get_by_role("button", name="Announce").first.click()
        dialog = page.get_by_role("dialog")
        await dialog.get_by_label("What to say").fill("Dinner is ready.")
        await dialog.get_by_role("button", name="Say it").click()
        await expect(page.get_by_text("Heard at: Stove")).to_be_visible()
        await page.get_by_role("button", name="Settings of Stove").click()
        await watch.settled()
        await expect(enabled(dialog)).to_have_count(0)
        await page.keyboard.press("Escape")

        await go_to(page, "Timers & lists")
        await page.get_by_label("Milk, bread, …").fill("bread")
        await page.keyboard.press("Enter")
        await expect(page.get_by_text("bread").first).to_be_visible()

        await go_to(page, "Conversations")
        await page.locator("main").get_by_role("link").filter(has_text="pasta").first.click()
        await expect(page.locator("main").get_by_text("milk").first).to_be_visible()
        await expect(page.get_by_role("button", name="Delete")).to_have_count(0)

        await go_to(page, "Health")
        assert set(await page.locator("main [role=tab]").all_inner_texts()) == {"Now", "Speed"}
        await go_to(page, "Settings")
        assert set(await page.locator("main [role=tab]").all_inner_texts()) == TABS["member"]
        assert watch.refused == []


@pytest.mark.tour
async def test_a_page_that_is_not_for_a_role_says_so_and_asks_the_hub_nothing(
    house: Household,
) -> None:
    async with lived_in(house) as (browser, hub), someone(browser, hub, "panel") as (page, watch):
        for path in ("/", "/conversations", "/engines", "/tools", "/health-report", "/settings"):
            await page.goto(f"{hub.page}{path}")
            await watch.settled()
            if path != "/":
                await expect(page.get_by_text("Your role does not allow this page")).to_be_visible()
        assert watch.refused == []
