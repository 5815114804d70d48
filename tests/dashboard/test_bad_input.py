"""What goes wrong in a browser: the page says so in clear words, and nothing typed is lost."""

import re

from playwright.async_api import expect

from tests.dashboard.browsing import (
    PAGES,
    chromium,
    go_to,
    hold_to_talk,
    log_in,
    needs_browser,
    say_in_writing,
    set_up,
    window,
)
from tests.dashboard.furnished import connected
from tests.dashboard.household import PASSWORD, Household
from tests.dashboard.sound import Sound

pytestmark = needs_browser

PASTED = "a " * (1 << 20)
"""2 MB."""
HOSTILE = "<img src=x onerror=document.title='owned'>"
TYPED = "turn on the bed light"
BAND_PX = 100
"""Higher than any band that says that the hub is away."""
MID_ANSWER_S = 0.5
"""Of an answer's sound: so much has come when its speaker is held."""
WAITING_S = 0.5
"""So much more has come, and waits to be heard, when the hub is killed."""
TOLERANCE_S = 0.25
"""An answer begins and ends with a little silence, which is not heard."""


async def test_a_denied_microphone_is_told_and_typing_works_all_the_same(house: Household) -> None:
    hub = await house.hub()
    # Without the flag that says yes to everything, a headless browser says no.
    async with chromium() as browser, window(browser) as page:
        await set_up(page, hub)
        await hold_to_talk(page)
        alert = page.get_by_role("alert")
        await expect(alert).to_contain_text("The microphone was not allowed")
        await expect(alert).to_contain_text("Allow it for this page")
        await page.mouse.up()
        await say_in_writing(page, TYPED)


async def test_a_missing_microphone_is_told(house: Household) -> None:
    hub = await house.hub()
    async with chromium() as browser, window(browser) as page:
        await page.add_init_script(
            "navigator.mediaDevices.getUserMedia = () =>"
            " Promise.reject(new DOMException('none', 'NotFoundError'))"
        )
        await set_up(page, hub)
        await hold_to_talk(page)
        await expect(page.get_by_role("alert")).to_contain_text("There is no microphone")
        await page.mouse.up()


async def test_a_page_that_is_not_secure_says_why_it_has_no_microphone(house: Household) -> None:
    hub = await house.hub()
    more = "--host-resolver-rules=MAP hub.example 127.0.0.1"
    async with chromium(None, more) as browser, window(browser) as page:
        await page.goto((hub.link or "").replace("//localhost:", "//hub.example:"))
        await page.get_by_label("Name").fill("Ada")
        await page.get_by_label("Password", exact=True).fill(PASSWORD)
        await page.get_by_label("Password again").fill(PASSWORD)
        await page.get_by_role("button", name="Begin").click()
        alert = page.get_by_role("alert")
        await expect(alert).to_contain_text("browsers give it only to https")
        await say_in_writing(page, TYPED)


async def test_a_session_that_ends_keeps_what_is_typed_and_goes_on(house: Household) -> None:
    hub = await house.hub()
    async with chromium() as browser, window(browser) as page:
        await set_up(page, hub)
        field = page.get_by_label("Type a question or a command")
        await field.fill(TYPED)
        async with window(browser) as elsewhere:
            await log_in(elsewhere, hub)
            answer = await elsewhere.evaluate(
                "fetch('/v1/session/everywhere-out', {method: 'POST'}).then(({status}) => status)"
            )
            assert answer == 204
        await page.get_by_role("button", name="Log in").wait_for()
        await page.get_by_label("Password").fill(PASSWORD)
        await page.get_by_role("button", name="Log in").click()
        await expect(page.get_by_role("dialog")).to_have_count(0)
        await expect(page.locator(".talk-state")).to_have_text("Ready")
        await expect(field).to_have_value(TYPED)
        await field.press("Enter")
        await expect(page.locator(".talk-hub").last).to_contain_text("Turned on")


async def test_a_hub_that_restarts_in_mid_answer_is_told_and_talk_goes_on(house: Household) -> None:
    hub = await house.hub()
    async with chromium() as browser, window(browser) as page:
        sound = await Sound.of(page)
        await set_up(page, hub)
        field = page.get_by_label("Type a question or a command")
        await field.fill("what is the outdoor humidity")
        await field.press("Enter")
        await sound.received(MID_ANSWER_S)
        await sound.hold()
        await sound.received(sound.received_s + WAITING_S)
        hub.process._process.kill()
        await hub.process.wait(10)
        await expect(page.get_by_text("The hub is away").first).to_be_visible()
        turn = page.locator(".talk-turn").last
        await expect(turn).to_contain_text("humidity")
        await expect(turn.locator(".talk-foot")).to_contain_text("The hub was lost")
        # What has come is heard to its end, though nobody sends any more.
        assert await sound.heard_to_its_end() >= sound.received_s - TOLERANCE_S
        await field.fill(TYPED)
        await house.hub()
        await expect(page.locator(".talk-state")).to_have_text("Ready")
        await expect(field).to_have_value(TYPED)
        await field.press("Enter")
        await expect(page.locator(".talk-hub").last).to_contain_text("Turned on")


async def test_two_tabs_talk_and_both_see_the_home(house: Household) -> None:
    hub = await house.hub()
    async with chromium() as browser, window(browser) as page:
        await set_up(page, hub)
        other = await page.context.new_page()
        await other.goto(hub.page)
        await say_in_writing(other, "what is the outdoor humidity")
        await go_to(page, "Home")
        switch = page.get_by_role("switch", name="Bed Light")
        await expect(switch).not_to_be_checked()
        await say_in_writing(other, TYPED)
        await expect(switch).to_be_checked()
        await go_to(page, "Talk")
        await say_in_writing(page, "turn off the bed light")


async def test_a_paste_of_2_mb_is_refused_in_words_and_not_lost(house: Household) -> None:
    hub = await house.hub()
    async with chromium() as browser, window(browser) as page:
        await set_up(page, hub)
        field = page.get_by_label("Type a question or a command")
        await field.evaluate(
            "(field, text) => { field.focus(); document.execCommand('insertText', false, text); }",
            PASTED,
        )
        await expect(page.get_by_text("Shorten it")).to_be_visible()
        assert len(await field.input_value()) == len(PASTED)
        await field.fill("")
        await say_in_writing(page, TYPED)


async def test_html_and_script_in_names_and_words_are_only_text(house: Household) -> None:
    hub = await house.hub()
    satellite, _ = await house.satellite(HOSTILE, "Kitchen")
    await connected(satellite)
    async with chromium() as browser, window(browser) as page:
        await set_up(page, hub)
        await say_in_writing(page, HOSTILE)
        await go_to(page, "Satellites")
        await expect(page.get_by_text(HOSTILE).first).to_be_visible()
        for name in PAGES:
            await go_to(page, name)
            assert await page.locator("main img[src='x']").count() == 0
            assert "owned" not in await page.title()
        await go_to(page, "Conversations")
        await page.get_by_role("link", name=HOSTILE).first.click()
        await expect(page.get_by_text(HOSTILE).first).to_be_visible()
        assert "owned" not in await page.title()


async def test_a_browser_that_is_offline_says_so_and_comes_back_by_itself(
    house: Household,
) -> None:
    hub = await house.hub()
    async with chromium() as browser, window(browser) as page:
        await set_up(page, hub)
        # A lamp of this home is suggested once both of the page's lines to the hub stand; what has
        # still to come over a line that stands says that the hub is there.
        await expect(page.get_by_role("button", name="Turn on Bed Light")).to_be_visible()
        await page.get_by_label("Type a question or a command").fill(TYPED)
        await page.context.set_offline(True)
        await expect(page.get_by_text("The hub is away").first).to_be_visible()
        for name in PAGES:
            link = page.get_by_role("navigation", name="Pages").get_by_role("link", name=name)
            await link.click()
            await expect(link).to_have_attribute("aria-current", "page")
            band = await page.locator(".banner").bounding_box()
            assert band is not None
            assert band["height"] < BAND_PX, f"{name}: the band takes the page's place"
            await expect(page.locator("main")).not_to_be_empty()
            shown = await page.locator("main").inner_text()
            names = re.findall(r"^(?:title|text|[a-z]+\.[a-z]+)$", shown, re.MULTILINE)
            assert names == [], f"{name}: names of words, not words"
        await page.context.set_offline(False)
        await expect(page.get_by_text("The hub is away")).to_have_count(0)
        await go_to(page, "Talk")
        field = page.get_by_label("Type a question or a command")
        await expect(field).to_have_value(TYPED)


async def test_only_the_hub_itself_is_asked_for_anything(house: Household) -> None:
    hub = await house.hub()
    asked: set[str] = set()
    async with chromium() as browser, window(browser) as page:
        page.on("request", lambda request: asked.add(request.url))
        page.on("websocket", lambda socket: asked.add(socket.url))
        await set_up(page, hub)
        for name in PAGES:
            await go_to(page, name)
    own = re.compile(r"(?:http|ws)://localhost:\d+/|(?:data|blob):")
    assert asked
    assert [url for url in asked if not own.match(url)] == []
