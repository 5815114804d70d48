"""No word is cut off or broken: in every language, from a phone's width to a desk's."""

import pytest
from playwright.async_api import Page, ViewportSize

from tests.dashboard.browsing import chromium, needs_browser, window
from tests.dashboard.furnished import furnish
from tests.dashboard.household import OWNER, PASSWORD, Household

pytestmark = [*needs_browser, pytest.mark.tour]

PLACES = (
    "/",
    "/home",
    "/satellites",
    "/timers",
    "/conversations",
    "/engines",
    "/tools",
    "/health-report",
    "/settings",
)
WIDTHS: tuple[ViewportSize, ...] = (
    {"width": 1280, "height": 800},
    {"width": 1024, "height": 768},
    {"width": 768, "height": 1024},
    {"width": 390, "height": 844},
)
SETTLED_MS = 250
"""What is loaded and measured by the page itself is there by then."""

_GO = """path => {
    history.pushState({}, "", path);
    dispatchEvent(new PopStateEvent("popstate"));
}"""
_CUT = r"""() => {
    const faults = new Set();
    const pen = document.createElement("canvas").getContext("2d");
    const name = (one) => `<${one.tagName.toLowerCase()} class="${one.className}">`;
    const shown = (one) => one.checkVisibility({visibilityProperty: true, opacityProperty: true})
        && !one.closest(".visually-hidden, .skip, svg, pre, code, option");
    // What is written in a field has no size of its own.
    for (const one of document.querySelectorAll("select, input")) {
        if (!shown(one)) continue;
        const text = one.tagName === "SELECT" ? one.selectedOptions[0]?.text : one.placeholder;
        const style = getComputedStyle(one);
        pen.font = style.font;
        const room = one.clientWidth - parseFloat(style.paddingLeft)
            - parseFloat(style.paddingRight);
        const needs = pen.measureText(text ?? "").width;
        if (needs > room + 1) faults.add(`${name(one)} has ${room} of ${needs} px: ${text}`);
    }
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
        const parent = node.parentElement;
        if (!node.data.trim() || !shown(parent)) continue;
        const range = document.createRange();
        range.selectNodeContents(node);
        const {left, right} = range.getBoundingClientRect();
        let inBlock = false;
        for (let box = parent; box; box = box.parentElement) {
            const {display, overflowX, textOverflow} = getComputedStyle(box);
            const edge = box.getBoundingClientRect();
            const out = right > edge.right + 1 || left < edge.left - 1;
            // What scrolls, or says by dots that there is more, is meant so.
            if (/auto|scroll/.test(overflowX) || textOverflow === "ellipsis") break;
            const holds = !inBlock && !/^(inline|contents)$/.test(display);
            if (out && (holds || overflowX !== "visible" || box === document.body)) {
                faults.add(`out of ${name(box)}: ${node.data.trim().slice(0, 60)}`);
                break;
            }
            inBlock ||= holds;
        }
        for (const word of node.data.matchAll(/(?<!\p{L})\p{L}\p{Ll}+(?!\p{L})/gu)) {
            range.setStart(node, word.index);
            range.setEnd(node, word.index + word[0].length);
            const lines = new Set([...range.getClientRects()].map((rect) => Math.round(rect.top)));
            if (lines.size > 1) faults.add(`broken in ${name(parent)}: ${word[0]}`);
        }
    }
    for (const one of document.querySelectorAll("nav .in-bar"))
        if (shown(one) && one.getClientRects().length > 1)
            faults.add(`two lines in a phone's bar: ${one.textContent}`);
    return [...faults];
}"""


async def faults_at(page: Page, where: str) -> list[str]:
    """Return what does not fit at any width."""
    found: list[str] = []
    for size in WIDTHS:
        await page.set_viewport_size(size)
        await page.wait_for_timeout(SETTLED_MS)
        cut: list[str] = await page.evaluate(_CUT)
        found += [f"{where}, {size['width']} px: {one}" for one in cut]
    return found


@pytest.mark.parametrize("language", ["en", "de", "fr", "es"])
async def test_everything_fits_at_every_width(house: Household, language: str) -> None:
    faults: list[str] = []
    async with chromium() as browser:
        async with window(browser) as page:
            hub = await furnish(house, page)
            await page.evaluate(
                "language => fetch('/v1/session/language', {method: 'PUT',"
                " headers: {'Content-Type': 'application/json'},"
                " body: JSON.stringify({language})})",
                language,
            )
        async with window(browser) as page:
            await page.goto(hub.page)
            await page.get_by_label("Name").fill(OWNER)
            await page.get_by_label("Password").fill(PASSWORD)
            await page.get_by_role("button", name="Log in").click()
            await page.wait_for_selector(f"html[lang={language}] nav")
            for place in PLACES:
                await page.evaluate(_GO, place)
                await page.wait_for_selector("main h1, main h2")
                await page.wait_for_timeout(SETTLED_MS)
                faults += await faults_at(page, place)
                tabs = page.get_by_role("tab")
                for at in range(1, await tabs.count()):
                    await tabs.nth(at).click()
                    faults += await faults_at(page, f"{place}, tab {at + 1}")
    assert not faults, "\n" + "\n".join(faults)
