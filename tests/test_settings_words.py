"""What settings are for can be read in every language of the page."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
TEXTS = ROOT / "web_dashboard" / "src" / "i18n"
OTHERS = ("de", "es", "fr")


def said(language: str) -> dict[str, str]:
    found: dict[str, str] = json.loads((TEXTS / language / "hub_settings.json").read_text())
    return found


def code(text: str) -> set[str]:
    return set(re.findall(r"`[^`]+`", text))


def test_the_english_texts_are_those_of_the_settings() -> None:
    made = subprocess.run(
        [sys.executable, ROOT / "scripts" / "settings_words.py"],
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    ).stdout
    assert (TEXTS / "en" / "hub_settings.json").read_text() == made, "run `make docs`"


@pytest.mark.parametrize("language", OTHERS)
def test_what_a_setting_is_for_is_said_in_each_language_as_long_as_its_english_stays(
    language: str,
) -> None:
    english, other = said("en"), said(language)
    assert not english.keys() - other.keys(), "to be translated"
    assert not other.keys() - english.keys(), "of texts that are others now"


@pytest.mark.parametrize("language", OTHERS)
def test_a_translation_has_words_of_its_own_and_the_code_of_the_english(language: str) -> None:
    other = said(language)
    assert not [english for english, text in other.items() if text == english]
    assert not [text for english, text in other.items() if code(text) != code(english)]
