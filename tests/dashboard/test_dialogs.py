"""Dialogs: where they begin, where the focus goes after them, and what is reached over them."""

from playwright.async_api import Page, expect

from tests.dashboard.browsing import chromium, go_to, needs_browser, set_up, window
from tests.dashboard.household import Household

pytestmark = needs_browser

MOST_TABS = 40
"""So many steps of the keyboard lead through any dialog of ours."""
RING = """() => fetch("/v1/timers", {
    method: "POST",
    headers: {"content-type": "application/json"},
    body: JSON.stringify({kind: "timer", after_s: 1}),
})"""


LONG = """(() => {
  const plain = window.setTimeout;
  window.setTimeout = (act, ms, ...rest) => plain(act, ms >= 5000 ? ms * 20 : ms, ...rest);
})()"""
"""Has what is shown for seconds shown for minutes: how long it is shown is tested elsewhere."""


async def rename(page: Page, name: str, called: str) -> None:
    """Call a device something else, in its sheet."""
    await page.get_by_role("button", name=f"More of {name}").click()
    field = page.get_by_label("Name", exact=True)
    # What the page kept of the sheet is shown first, and may be the name that was taken back.
    await expect(field).to_have_value(name)
    await field.fill(called)
    await page.get_by_role("button", name="Save").click()
    await expect(page.get_by_role("dialog")).to_have_count(0)


async def test_what_was_done_is_undone_over_an_open_dialog(house: Household) -> None:
    hub = await house.hub()
    async with chromium() as browser, window(browser) as page:
        await page.add_init_script(LONG)
        await set_up(page, hub)
        await go_to(page, "Home")
        undo = page.get_by_role("button", name="Undo")
        dialog = page.get_by_role("dialog")

        # With the mouse: a click goes to what lies on top.
        await rename(page, "Bed Light", "Reading Lamp")
        await page.get_by_role("button", name="More of Ceiling Light").click()
        await expect(dialog.get_by_role("button", name="Undo")).to_be_visible()
        await undo.click()
        await expect(undo).to_have_count(0)
        await page.keyboard.press("Escape")
        await expect(page.get_by_role("switch", name="Bed Light")).to_be_visible()

        # With the keyboard: the dialog keeps the focus, and the button is in it.
        await rename(page, "Bed Light", "Reading Lamp")
        await page.get_by_role("button", name="Add a room").click()
        await expect(dialog).to_be_visible()
        await undo.hover()
        for _ in range(MOST_TABS):
            await page.keyboard.press("Tab")
            if await undo.evaluate("one => one === document.activeElement"):
                break
        await expect(undo).to_be_focused()
        await page.keyboard.press("Enter")
        await expect(dialog.get_by_label("Name", exact=True)).to_be_visible()
        await page.keyboard.press("Escape")
        await expect(page.get_by_role("switch", name="Bed Light")).to_be_visible()

        # By the key for it, over a dialog as well.
        await rename(page, "Bed Light", "Reading Lamp")
        await page.get_by_role("button", name="More of Ceiling Light").click()
        await expect(dialog).to_be_visible()
        await page.keyboard.press("u")
        await page.keyboard.press("Escape")
        await expect(page.get_by_role("switch", name="Bed Light")).to_be_visible()

        # What begins to ring meanwhile is stopped there, too.
        await page.get_by_role("button", name="Add a room").click()
        await page.evaluate(RING)
        stop = dialog.get_by_role("button", name="Stop", exact=True)
        await stop.click()
        await expect(stop).to_have_count(0)
        await expect(dialog.get_by_label("Name", exact=True)).to_be_visible()


async def test_a_dialog_begins_where_one_begins_and_gives_the_focus_back(house: Household) -> None:
    hub = await house.hub()
    async with chromium() as browser, window(browser) as page:
        await set_up(page, hub)
        await go_to(page, "Home")
        sheet = page.get_by_role("button", name="More of Bed Light")
        await sheet.focus()
        await page.keyboard.press("Enter")
        await expect(page.get_by_role("heading", name="Bed Light")).to_be_focused()
        await page.keyboard.press("Escape")
        await expect(sheet).to_be_focused()

        add = page.get_by_role("button", name="Add a room")
        await add.focus()
        await page.keyboard.press("Enter")
        await expect(page.get_by_label("Name", exact=True)).to_be_focused()
        await page.keyboard.press("Escape")
        await expect(add).to_be_focused()

        await page.get_by_role("button", name="Edit room: Kitchen").click()
        await page.get_by_role("button", name="Remove the room").click()
        question = page.get_by_role("dialog", name="Remove Kitchen?")
        await expect(question.get_by_role("button", name="Cancel")).to_be_focused()
