"""A number means the same whichever sentence was said before."""

from collections import defaultdict

import pytest
from hassil import string_matcher
from hassil.intents import Intents
from hassil.recognize import recognize_best

from hub.home.multipliers import keep_apart
from tests.hub.home.small_home import understood

# The French sentences know no steps of a number.
DOWN = {
    "en": ("turn down the volume by ten percent", "turn down the volume by 10 percent"),
    "de": ("verringere die Lautstärke um zehn Prozent", "verringere die Lautstärke um 10 Prozent"),
    "es": ("baja el volumen un diez por ciento", "baja el volumen un 10%"),
}
BRIGHT = {
    "en": "set bed light brightness to seventy five percent",
    "de": "stelle die Helligkeit von Bed Light auf fünfundsiebzig Prozent",
    "es": "ajusta el brillo de Bed Light al setenta y cinco por ciento",
}


@pytest.fixture(autouse=True)
def nothing_was_said(monkeypatch: pytest.MonkeyPatch) -> None:
    """hassil keeps the words of numbers as they were first asked for."""
    monkeypatch.setattr(string_matcher, "_RANGE_TRIE_CACHE", defaultdict(dict))


@pytest.mark.parametrize("first", ["down", "bright"])
@pytest.mark.parametrize("language", DOWN)
def test_the_order_of_commands_changes_no_number(language: str, first: str) -> None:
    down = [(text, "volume_step", -10) for text in DOWN[language]]
    bright = [(BRIGHT[language], "brightness", 75)]
    for text, slot, number in down + bright if first == "down" else bright + down:
        value = understood(text, language=language).slots[slot]
        assert (value, type(value)) == (number, int), text


def test_each_list_has_its_own_multiplier_wherever_it_is_told() -> None:
    less = {"range": {"from": 0, "to": 30, "multiplier": -1}}
    half = {"range": {"from": 0, "to": 30, "multiplier": 0.5}}
    more = {"range": {"from": 0, "to": 30}}
    moved = {"sentences": ["move it (back by {less:n}|on by {more:n}) [and <moved>]"]}
    sunk = {"sentences": ["sink by {half:n}"], "lists": {"half": half}}
    intents = keep_apart(
        Intents.from_dict(
            {
                "language": "en",
                "intents": {"Move": {"data": [moved, sunk]}},
                "lists": {"less": less, "more": more},
                "expansion_rules": {"moved": "on [and <moved>]"},
            }
        )
    )

    def number(text: str) -> object:
        result = recognize_best(text, intents, language="en")
        assert result is not None
        return result.entities["n"].value

    for _ in "once", "and again":
        assert number("move it back by five") == -5
        assert number("move it on by five") == 5
        assert number("sink by five") == 2.5
        assert number("move it on by 5 and on") == 5
        assert number("move it back by 5") == -5
        assert number("sink by 5") == 2.5
