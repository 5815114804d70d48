"""An owner makes tools, servers, automations and rules on the page, tries them, and undoes it."""

import os
import sys
from pathlib import Path

import pytest
from playwright.async_api import Locator, Page, expect

from tests.dashboard.browsing import (
    DESK,
    PHONE,
    chromium,
    go_to,
    log_in,
    needs_browser,
    say_in_writing,
    set_up,
    window,
)
from tests.dashboard.household import Household
from tests.dashboard.test_accessibility import AXE, violations
from tests.dashboard.test_pictures import LOOKS, picture, wider

pytestmark = needs_browser

SERVER = str(Path(__file__).parents[1] / "hub" / "tools" / "small_mcp_server.py")
FOLDER = os.environ.get("SOTTO_TOOL_PICTURES")


async def tab(page: Page, name: str) -> None:
    await page.get_by_role("tab", name=name).click()


async def fill(dialog: Locator, label: str, text: str) -> None:
    await dialog.get_by_label(label, exact=True).first.fill(text)


async def make_tool(page: Page) -> None:
    """Make a tool, with a mistake first."""
    await page.get_by_role("button", name="Add a tool").click()
    dialog = page.get_by_role("dialog")
    await fill(dialog, "Name", "Start Coffee")
    await fill(dialog, "What it does", "Starts the coffee machine.")
    await fill(dialog, "Topic", "kitchen/coffee/set")
    await fill(dialog, "Message", "{{ cups }}")
    await dialog.get_by_label("What it does").focus()
    parameter = dialog.locator(".tools-part")
    await expect(parameter.get_by_label("Name")).to_have_value("cups")
    await parameter.get_by_label("Kind").select_option("integer")
    await parameter.get_by_label("If nothing is said").fill("2")
    await dialog.get_by_text("What can be said").click()
    await fill(dialog, "Sentences", "make [{cups} cups of] coffee")
    await fill(dialog, "Answer", "Coffee for {{ cups }}")
    await dialog.get_by_role("button", name="Add", exact=True).click()
    name = dialog.get_by_label("Name", exact=True).first
    await expect(name).to_have_attribute("aria-invalid", "true")
    await name.fill("start_coffee")
    await dialog.get_by_role("button", name="Try it").click()
    trial = page.get_by_role("dialog", name="Try start_coffee")
    await trial.get_by_label("cups").fill("3")
    await trial.get_by_role("button", name="Show the message").click()
    await expect(trial.locator("pre")).to_have_text("3")
    await trial.get_by_role("button", name="Close").click()
    await dialog.get_by_role("button", name="Add", exact=True).click()
    await expect(dialog).to_be_hidden()


async def make_server(page: Page) -> None:
    await tab(page, "MCP servers")
    await page.get_by_role("button", name="Add a server").click()
    dialog = page.get_by_role("dialog")
    await fill(dialog, "Name", "small")
    await fill(dialog, "Program", sys.executable)
    await fill(dialog, "Arguments", f"{SERVER}\nstdio")
    await dialog.get_by_role("button", name="Add a variable").click()
    await dialog.get_by_label("Name", exact=True).nth(1).fill("SMALL_SECRET")
    await fill(dialog, "Value", "hunter2")
    await dialog.get_by_role("button", name="Test the connection").click()
    await expect(dialog.get_by_text("It works")).to_be_visible()
    await dialog.get_by_role("button", name="Add", exact=True).click()
    await expect(dialog).to_be_hidden()
    await expect(page.get_by_text("ready", exact=True)).to_be_visible()


async def make_automation(page: Page) -> None:
    await tab(page, "Automations")
    await page.get_by_role("button", name="Add an automation").click()
    dialog = page.get_by_role("dialog")
    await fill(dialog, "Device", "Hall Remote")
    await dialog.get_by_label("What happens").fill("short_press")
    await fill(dialog, "Sentence", "make coffee")
    await dialog.get_by_role("button", name="Do it now").click()
    await expect(dialog.get_by_text("Coffee for 2")).to_be_visible()
    await dialog.get_by_role("button", name="Add", exact=True).click()
    await expect(dialog).to_be_hidden()
    await expect(page.get_by_text("Hall Remote: short_press")).to_be_visible()


async def make_rule(page: Page) -> None:
    await tab(page, "Rules")
    await page.get_by_role("button", name="Add a rule").click()
    dialog = page.get_by_role("dialog")
    await dialog.get_by_label("What becomes of it").select_option("refuse")
    await dialog.get_by_label("Tools", exact=True).fill("start_coffee")
    await page.keyboard.press("Enter")
    await fill(dialog, "What is said", "No coffee any more")
    await dialog.get_by_role("button", name="Add", exact=True).click()
    await expect(dialog).to_be_hidden()
    await expect(page.locator(".rules > li").first).to_contain_text("start_coffee")


async def test_what_is_made_on_the_page_works_at_once_and_can_be_undone(house: Household) -> None:
    async with chromium() as browser, window(browser) as page:
        await set_up(page, await house.hub())
        await go_to(page, "Tools")
        await make_tool(page)
        await go_to(page, "Talk")
        await say_in_writing(page, "make 3 cups of coffee")
        await expect(page.locator(".talk-turn").last).to_contain_text("Coffee for 3")

        await go_to(page, "Tools")
        await make_server(page)
        await page.get_by_text("8 tools").click()
        await page.get_by_role("switch", name="water").click()
        await expect(page.get_by_role("switch", name="water")).not_to_be_checked()
        await tab(page, "Tools")
        await expect(page.get_by_text("small_add", exact=True)).to_be_visible()
        await expect(page.get_by_text("small_water", exact=True)).to_be_hidden()

        await make_automation(page)
        await make_rule(page)
        await go_to(page, "Talk")
        await say_in_writing(page, "make coffee")
        await expect(page.locator(".talk-turn").last).to_contain_text("No coffee any more")

        await go_to(page, "Tools")
        await tab(page, "Rules")
        await page.get_by_role("button", name="Remove rule 1").click()
        await expect(page.get_by_text("No coffee any more")).to_be_hidden()
        done = page.locator(".toast", has_text="was removed")
        await done.get_by_role("button", name="Undo").click()
        await expect(page.get_by_text("No coffee any more")).to_be_visible()
        await page.get_by_role("switch", name="rule 1 is in force").click()
        # The switch shows it at once; what tells of it comes when the hub has done it.
        await expect(page.locator(".toast", has_text="is switched off")).to_be_visible()
        await go_to(page, "Talk")
        await say_in_writing(page, "make coffee")
        await expect(page.locator(".talk-turn").last).to_contain_text("Coffee for 2")
        await go_to(page, "Tools")
        await tab(page, "Audit")
        await expect(page.get_by_text("edit_rule").first).to_be_visible()
        assert "hunter2" not in await page.content()


DIALOGS = {
    "Tools": "Change start_coffee",
    "MCP servers": "Change small",
    "Automations": "Change Hall Remote",
    "Rules": "Change rule 1",
}


@pytest.mark.tour
async def test_the_forms_fit_their_windows_and_have_no_serious_fault(house: Household) -> None:
    faults: list[str] = []
    async with chromium() as browser:
        async with window(browser) as page:
            hub = await house.hub()
            await set_up(page, hub)
            await go_to(page, "Tools")
            await make_tool(page)
            await make_server(page)
            await make_automation(page)
            await make_rule(page)
        for look, (size, dark) in LOOKS.items():
            if size not in (DESK, PHONE):
                continue
            async with window(browser, size=size, dark=dark) as page:
                await log_in(page, hub)
                await go_to(page, "Tools")
                for name, button in DIALOGS.items():
                    await tab(page, name)
                    edit = page.get_by_role("button", name=button)
                    await edit.wait_for()
                    await look_at(page, f"{name} {look}", faults)
                    await edit.click()
                    await page.get_by_role("dialog").wait_for()
                    await look_at(page, f"{name} form {look}", faults)
                    await page.locator("dialog").evaluate("one => one.scrollTo(0, 1e4)")
                    await look_at(page, f"{name} form end {look}", faults)
                    await page.keyboard.press("Escape")
    assert not faults, "\n".join(faults)


async def look_at(page: Page, where: str, faults: list[str]) -> None:
    await page.mouse.move(0, 0)
    await page.wait_for_timeout(400)
    if FOLDER:
        file = Path(FOLDER) / f"{where.lower().replace(' ', '-')}.webp"
        file.write_bytes(await picture(page))
    if (more := await wider(page)) > 0:
        faults.append(f"{where}: {more} pixels wider than its window")
    if AXE.is_file():
        faults += await violations(page, where)
