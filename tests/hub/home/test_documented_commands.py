"""The sentences of docs/commands.md are understood and carried out."""

import re
from pathlib import Path

import pytest

from hub.home.actions import Actions
from hub.home.model import DeviceId, DeviceState
from hub.origin import Origin
from tests.hub.home.small_home import KITCHEN, ObedientSink, small_home, understood

PAGE = Path(__file__).parents[3] / "docs" / "commands.md"
_HEADINGS = {"English": "en", "Français": "fr", "Deutsch": "de", "Español": "es"}
_QUOTED = re.compile(r"[\"„«]\s*(.+?)\s*[\"“»]")


def _examples() -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    for part in PAGE.read_text("utf-8").split("\n### ")[1:]:
        heading, _, body = part.partition("\n")
        rows = "\n".join(line for line in body.splitlines() if line.startswith("| "))
        found += [(_HEADINGS[heading], text) for text in _QUOTED.findall(rows)]
    return found


def test_the_page_has_examples_in_every_language() -> None:
    examples = _examples()
    assert all(sum(one == language for one, _ in examples) >= 12 for language in _HEADINGS.values())


@pytest.mark.parametrize(("language", "text"), _examples())
async def test_every_example_is_understood_and_carried_out(language: str, text: str) -> None:
    home = small_home()
    home.update_state(DeviceId("tv"), DeviceState("playing", {"volume": 30}))
    match = understood(text, KITCHEN, language)
    actions = Actions(home, ObedientSink(home), confirm_timeout_s=0)
    result = await actions.perform(match, Origin(KITCHEN, language))
    assert result.code in (None, "no-reaction"), result.speech
