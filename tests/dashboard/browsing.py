"""Debian's Chromium, driven by Playwright: as someone with a keyboard, a mouse and a microphone."""

import shutil
import wave
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from playwright.async_api import (
    Browser,
    BrowserContext,
    Page,
    StorageState,
    ViewportSize,
    async_playwright,
    expect,
)

from audio.wav import read
from hub.api.page import FOLDER
from tests.dashboard.household import OWNER, PASSWORD, RunningHub

CHROMIUM = shutil.which("chromium")
DESK: ViewportSize = {"width": 1280, "height": 800}
PHONE: ViewportSize = {"width": 390, "height": 844}
PATIENCE_MS = 60_000.0
"""How long a test waits for what it expects to see; two loaded cores need some of it."""

expect.set_options(timeout=PATIENCE_MS)

PAGES = (
    "Talk",
    "Home",
    "Satellites",
    "Timers & lists",
    "Conversations",
    "Engines",
    "Tools",
    "Health",
    "Settings",
)
"""As the menu calls them."""

needs_browser = [
    pytest.mark.timeout(420),
    pytest.mark.skipif(CHROMIUM is None, reason="there is no chromium: apt-get install chromium"),
    pytest.mark.skipif(
        not (FOLDER / "index.html").is_file(), reason="the page is not built: make page"
    ),
]


@asynccontextmanager
async def chromium(microphone: Path | None = None, *more: str) -> AsyncIterator[Browser]:
    """Run a Chromium; its microphone plays a WAV file once, from when it is opened."""
    arguments = [
        "--use-fake-device-for-media-stream",
        "--autoplay-policy=no-user-gesture-required",
        "--disable-background-networking",
        *more,
    ]
    if microphone is not None:
        arguments.append("--use-fake-ui-for-media-stream")
        arguments.append(f"--use-file-for-fake-audio-capture={microphone}%noloop")
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=arguments)
        try:
            yield browser
        finally:
            await browser.close()


@asynccontextmanager
async def window(
    browser: Browser,
    *,
    size: ViewportSize = DESK,
    dark: bool = False,
    known: StorageState | None = None,
    zone: str | None = None,
) -> AsyncIterator[Page]:
    """Open a window with an empty cache, and what is `known`; its page must have no errors.

    Its `zone` is the machine's, if none is given.
    """
    context: BrowserContext = await browser.new_context(
        viewport=size,
        color_scheme="dark" if dark else "light",
        locale="en",
        storage_state=known,
        timezone_id=zone,
    )
    context.set_default_timeout(PATIENCE_MS)
    page = await context.new_page()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    try:
        yield page
    finally:
        await context.close()
    assert not errors, errors


async def set_up(page: Page, hub: RunningHub) -> None:
    """Use the one-time link, as the first owner does."""
    assert hub.link is not None, "the hub has an owner already"
    await page.goto(hub.link)
    await page.get_by_label("Name").fill(OWNER)
    await page.get_by_label("Password", exact=True).fill(PASSWORD)
    await page.get_by_label("Password again").fill(PASSWORD)
    await page.get_by_role("button", name="Begin").click()
    # Its own page, and not the frame around it: the address of the link is left by then.
    await page.get_by_label("Type a question or a command").wait_for()


async def log_in(page: Page, hub: RunningHub, *, name: str = OWNER) -> None:
    """Log in at the page."""
    await page.goto(hub.page)
    await page.get_by_label("Name").fill(name)
    await page.get_by_label("Password").fill(PASSWORD)
    await page.get_by_role("button", name="Log in").click()
    await page.get_by_role("navigation", name="Pages").wait_for()


async def go_to(page: Page, name: str) -> None:
    """Choose a page in the menu, and wait until it shows something of its own."""
    menu = page.get_by_role("navigation", name="Pages")
    link = menu.get_by_role("link", name=name)
    # A page that is being loaded has no menu yet; a phone's bar has no room for all of them.
    await menu.wait_for()
    if not await link.is_visible():
        await menu.get_by_role("button", name="More").click()
        link = page.get_by_role("dialog").get_by_role("link", name=name)
    await link.click()
    await page.wait_for_function(
        "name => document.title.startsWith(name) && document.querySelector('main h1, main h2')",
        arg=name,
    )


async def hold_to_talk(page: Page) -> None:
    """Press the button, and keep it down."""
    button = page.get_by_role("button", name="Hold to talk")
    # It can be pressed once the page has its line to the hub; hovering does not wait for that.
    await expect(button).to_be_enabled()
    await button.hover()
    await page.mouse.down()


async def say_in_writing(page: Page, text: str) -> None:
    """Type something on Talk, and wait for the answer's end."""
    await page.get_by_label("Type a question or a command").fill(text)
    await page.keyboard.press("Enter")
    turn = page.locator(".talk-turn", has_text=text).last
    await expect(turn.locator(".talk-foot")).to_be_visible()


def microphone(speech: Path, file: Path, *, before_s: float = 2.0, after_s: float = 20.0) -> Path:
    """Write what a microphone hears: quiet, a sentence, quiet. Chromium plays the file once.

    It plays from when it is opened, and the page has some work to do until it hears.
    """
    rate_hz, audio = read(speech)
    with wave.open(str(file), "wb") as out:
        out.setparams((1, 2, rate_hz, 0, "NONE", ""))
        out.writeframes(bytes(int(before_s * rate_hz) * 2))
        out.writeframes(audio)
        out.writeframes(bytes(int(after_s * rate_hz) * 2))
    return file
