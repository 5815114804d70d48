"""What the hub says is in the language of the page, and so is what a screen reader says."""

import pytest
from playwright.async_api import Page, expect

from tests.dashboard.browsing import chromium, needs_browser, set_up, window
from tests.dashboard.household import OWNER, Household

pytestmark = needs_browser

SAID = {
    "de": ("Der Name oder das Passwort ist falsch.", "Ordner der Modelle", "verbunden mit 127"),
    "fr": ("Le nom ou le mot de passe est faux.", "Dossier des modèles", "connecté à 127"),
    "es": (
        "El nombre o la contraseña no es correcto.",
        "Carpeta de modelos",
        "conectado a 127",
    ),
}
"""By language: a refusal, the name of a finding, and the state of a part."""
ENGLISH = ("connected to", "models folder", "none is needed", "is not here")
ALIKE = {"Sotto", "Pages", "Conversations", "Satellites", "Engines"}
"""Words of French and German, too."""
LABELS = """['aria-label', 'title', 'placeholder'].flatMap(name =>
    [...document.querySelectorAll(`[${name}]`)].map(one => one.getAttribute(name)))"""


async def labels(page: Page) -> set[str]:
    """Return what a screen reader calls things, beside what is written."""
    found: list[str] = await page.evaluate(LABELS)
    return set(found)


@pytest.mark.parametrize(
    "language",
    ["de", pytest.param("fr", marks=pytest.mark.tour), pytest.param("es", marks=pytest.mark.tour)],
)
async def test_the_hub_speaks_the_language_of_its_page(house: Household, language: str) -> None:
    refusal, finding, part = SAID[language]
    hub = await house.hub()
    async with chromium() as browser, window(browser) as page:
        await set_up(page, hub)
        await page.goto(f"{hub.page}/health-report")
        await expect(page.get_by_text("connected to 127")).to_be_visible()
        english = await labels(page)
        await page.get_by_role("button", name=f"{OWNER}: account and appearance").click()
        await page.get_by_label("Language").select_option(language)
        await expect(page.locator("html")).to_have_attribute("lang", language)
        await page.keyboard.press("Escape")
        await expect(page.get_by_text(part)).to_be_visible()
        await page.get_by_role("tab").nth(2).click()
        await expect(page.get_by_text(finding, exact=True)).to_be_visible()
        shown = await page.locator("main").inner_text()
        assert [words for words in ENGLISH if words in shown] == []
        same = english & await labels(page)
        assert same <= ALIKE, "these are read in English"

        async with window(browser) as stranger:
            await stranger.goto(hub.page)
            await stranger.get_by_label("Language").select_option(language)
            await expect(stranger.locator("html")).to_have_attribute("lang", language)
            await stranger.locator("input").first.fill(OWNER)
            await stranger.locator("input[type=password]").fill("not the password")
            await stranger.locator("button[type=submit]").click()
            await expect(stranger.get_by_role("alert")).to_contain_text(refusal)
