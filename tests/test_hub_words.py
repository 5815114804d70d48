"""What the hub says can be read in every language of the page: found in the code, not by hand."""

import ast
import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[1]
TEXTS = ROOT / "web_dashboard" / "src" / "i18n"
OTHERS = ("de", "es", "fr")


FAILURES = {"EngineError", "Interrupted", "WrongContent", "Mistake"}


def is_prose(text: ast.expr) -> bool:
    """Return whether a text is written here, in English: not only put together of others."""
    parts = text.values if isinstance(text, ast.JoinedStr) else [text]
    written = (part.value for part in parts if isinstance(part, ast.Constant))
    return any(re.search(r"[a-z]{2}", str(one)) for one in written)


def said(language: str) -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = json.loads((TEXTS / language / "hub.json").read_text())
    return found


def holes(text: str) -> set[str]:
    return set(re.findall(r"\{\{(\w+)", text))


def test_the_english_texts_are_those_of_the_code() -> None:
    made = subprocess.run(
        [sys.executable, ROOT / "scripts" / "hub_words.py"],
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    ).stdout
    assert (TEXTS / "en" / "hub.json").read_text() == made, "run `make docs`"


@pytest.mark.parametrize("language", OTHERS)
def test_nothing_that_the_hub_says_is_left_untranslated(language: str) -> None:
    english, other = said("en"), said(language)
    left = {
        f"{kind}: {key}" for kind, texts in english.items() for key in texts.keys() - other[kind]
    }
    assert not left


@pytest.mark.parametrize("language", OTHERS)
def test_a_translation_puts_in_only_what_the_hub_gives(language: str) -> None:
    english, other = said("en"), said(language)
    wrong = {
        key: text
        for key, text in other["words"].items()
        if key in english["words"] and not holes(text) <= holes(english["words"][key])
    }
    wrong |= {key: text for key, text in other["codes"].items() if not holes(text) <= {"text"}}
    assert not wrong


def test_no_failure_of_an_engine_and_no_mistake_is_told_without_a_name() -> None:
    nameless = [
        f"{file.relative_to(ROOT)}:{call.lineno}"
        for folder in ("engines", "conversation", "tools")
        for file in (ROOT / "hub" / folder).glob("*.py")
        for call in ast.walk(ast.parse(file.read_text()))
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name)
        if call.func.id in FAILURES and len(call.args) > 1 and is_prose(call.args[1])
    ]
    assert nameless == []


def test_every_code_of_a_problem_in_the_api_has_words(api_codes: set[str]) -> None:
    assert api_codes
    assert api_codes <= said("en")["codes"].keys()


@pytest.fixture
def api_codes() -> set[str]:
    """Codes that the tests of the API expect: what is answered in truth."""
    found: set[str] = set()
    for file in (ROOT / "tests" / "hub" / "api").glob("test_*.py"):
        text: Any = file.read_text()
        found |= set(re.findall(r"\[\"code\"\] == \"([a-z-]+)\"", text))
    return found
