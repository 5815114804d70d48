"""A new satellite comes into the house: compared, approved, seen, and spoken through."""

import asyncio
import json
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

from playwright.async_api import Page, expect

from hub.demo.processes import Process
from tests.dashboard.browsing import chromium, go_to, needs_browser, set_up, window
from tests.dashboard.household import Household
from tests.hub.api.test_satellite_levels import hum

pytestmark = needs_browser

LIMIT_S = 60.0
MICROPHONE = """
import sys, time
sound = open("{sound}", "rb").read()[44:]
at, began = 0, time.monotonic()
while True:
    sys.stdout.buffer.write(sound[at % len(sound):][:3200])
    sys.stdout.buffer.flush()
    at += 3200
    time.sleep(max(0.0, began + at / 32000 - time.monotonic()))
"""
"""Gives what a file holds, at the pace of sound."""


async def events(process: Process) -> AsyncIterator[dict[str, Any]]:
    """Yield what happens at a satellite."""
    async with asyncio.timeout(LIMIT_S):
        async for line in process.lines():
            yield json.loads(line)


async def event(process: Process, name: str) -> dict[str, Any]:
    """Return the next event of a name."""
    async for told in events(process):
        if told["event"] == name:
            return told
    raise AssertionError(process.log_tail)


async def newcomer(house: Household, tmp_path: Path) -> Process:
    """Start a satellite that knows no token, and hears a hum."""
    return await house.process(
        "satellite", "satellite", "run", "--hub", f"127.0.0.1:{house.ports[1]}", "--events",
        "--config", str(settings(tmp_path)), "--name", "Stove", "--area", "Kitchen",
    )  # fmt: skip


def settings(folder: Path) -> Path:
    """Write settings: a microphone that is a program, as a file would be spoken as a command."""
    sound = hum(folder / "hum.wav")
    program = folder / "microphone"
    program.write_text(f"#!{sys.executable}\n{MICROPHONE.format(sound=str(sound))}")
    program.chmod(0o755)
    file = folder / "satellite.toml"
    file.write_text(
        f'speaker = "wav:{folder}/"\n[sound]\nmicrophone_command = "{program}"\n'
        'echo_cancelling = "off"\n'
    )
    return file


def card(page: Page) -> Any:
    """Return the new satellite's card."""
    return page.locator("section.satellite", has_text="Stove")


async def test_a_new_satellite_is_compared_approved_heard_and_spoken_through(
    house: Household, tmp_path: Path
) -> None:
    house.token = "the-token-of-the-whole-house"
    async with chromium() as browser, window(browser) as page:
        await set_up(page, await house.hub())
        await go_to(page, "Satellites")
        satellite = await newcomer(house, tmp_path)
        code = (await event(satellite, "pairing"))["code"]
        shown = f"{code[:3]} {code[3:]}"
        await expect(page.locator(".pairing-code", has_text=shown)).to_be_visible()

        await page.get_by_role("button", name="Compare and approve").click()
        asked = page.get_by_role("dialog", name=f"Does Stove show {shown}?")
        await asked.get_by_role("button", name="Same code: approve").click()
        assert (await event(satellite, "paired"))["kept"] is True
        await expect(card(page).get_by_text("Ready")).to_be_visible()
        await expect(page.locator(".pairing-code", has_text=shown)).to_have_count(0)

        level = card(page).get_by_label("Level")
        await expect(level).to_have_attribute("aria-valuetext", "-20 dB")

        await card(page).get_by_role("button", name="Announce").click()
        dialog = page.get_by_role("dialog")
        await dialog.get_by_label("What to say").fill("The door is open.")
        await dialog.get_by_label("How often").select_option("5")
        await dialog.get_by_label("How loud").select_option("0.4")
        await dialog.get_by_role("button", name="Say it").click()
        await page.get_by_role("button", name="Confirm").click()
        await expect(page.get_by_text("Stove: somebody confirmed it.")).to_be_visible()
        await expect(page.get_by_role("button", name="Confirm")).to_have_count(0)
