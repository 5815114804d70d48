"""axe looks at every page, in both themes and at both sizes, and finds nothing serious."""

from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Page, ViewportSize

from tests.dashboard.browsing import (
    DESK,
    PAGES,
    PHONE,
    chromium,
    go_to,
    log_in,
    needs_browser,
    window,
)
from tests.dashboard.furnished import furnish
from tests.dashboard.household import Household

AXE = Path(__file__).parents[2] / "web_dashboard/node_modules/axe-core/axe.min.js"

pytestmark = [
    *needs_browser,
    pytest.mark.skipif(not AXE.is_file(), reason="axe-core is not installed: make page"),
]

BAD = ("serious", "critical")
_RUN = """async () => (await axe.run(document, {resultTypes: ["violations"]})).violations
    .map(({id, impact, help, nodes}) => ({id, impact, help,
        where: nodes.slice(0, 4).map((node) => `${node.target.join(" ")}: ${node.html}`)}))"""


_AT_REST = """() => document.getAnimations().every(({playState, effect}) =>
    playState !== "running" || effect.getComputedTiming().endTime === Infinity)"""


async def violations(page: Page, where: str) -> list[str]:
    """Return what is wrong for people who do not see, hear or point well, if it is serious."""
    # What comes into sight has little contrast until it is there.
    await page.wait_for_function(_AT_REST)
    if not await page.evaluate("'axe' in window"):
        await page.evaluate(AXE.read_text())
    found: list[dict[str, Any]] = await page.evaluate(_RUN)
    return [
        f"{where}: {one['id']} ({one['impact']}): {one['help']}\n    " + "\n    ".join(one["where"])
        for one in found
        if one["impact"] in BAD
    ]


@pytest.mark.parametrize(
    ("dark", "size"),
    [
        pytest.param(False, DESK, id="light desk"),
        pytest.param(False, PHONE, id="light phone", marks=pytest.mark.tour),
        pytest.param(True, DESK, id="dark desk", marks=pytest.mark.tour),
        pytest.param(True, PHONE, id="dark phone", marks=pytest.mark.tour),
    ],
)
async def test_no_page_has_a_serious_fault(
    house: Household, dark: bool, size: ViewportSize
) -> None:
    faults: list[str] = []
    async with chromium() as browser:
        async with window(browser, dark=dark, size=size) as page:
            hub = await house.hub()
            await page.goto(hub.link or "")
            await page.get_by_role("button", name="Begin").wait_for()
            faults += await violations(page, "Set up")
        await hub.process.end()
        async with window(browser, dark=dark) as page:
            hub = await furnish(house, page)
        async with window(browser, dark=dark, size=size) as page:
            await page.goto(hub.page)
            await page.get_by_role("button", name="Log in").wait_for()
            faults += await violations(page, "Log in")
        async with window(browser, dark=dark, size=size) as page:
            await log_in(page, hub)
            for name in PAGES:
                await go_to(page, name)
                await page.wait_for_timeout(400)
                faults += await violations(page, name)
    assert not faults, "\n" + "\n".join(faults)
