import pytest

from hub.home.automaton import Network, minimal, of_sentences
from hub.home.sentence_trees import add_template, parse_rules

RULES = parse_rules({"the": "(the|my)", "light": "(light|lamp)[s]"})
LISTS = {"{name}": of_sentences([["bed light"], ["heater"]])}


def sentences(template: str) -> list[str]:
    network = Network(lists=LISTS)
    add_template(network, template, RULES, lambda name: "{name}" if name == "name" else None)
    return sorted(" ".join(sentence) for sentence in minimal(network).sentences())


@pytest.mark.parametrize(
    ("template", "expected"),
    [
        ("turn it on", ["turn it on"]),
        ("[please] stop", ["please stop", "stop"]),
        ("(next|previous) track", ["next track", "previous track"]),
        ("timer[s]", ["timer", "timers"]),
        ("day[ ]light", ["day light", "daylight"]),
        ("(one|two)( |-)hour[s]", ["one hour", "one hours", "two hour", "two hours"]),
        ("(a;b) c", ["a b c", "b a c"]),
        ("turn <the> <light>", None),
        ("turn {name:slot} on", ["turn bed light on", "turn heater on"]),
        ("Turn ON", ["turn on"]),
        ("percent[([ ]%)| sign]", ["percent", "percent sign"]),
    ],
)
def test_a_template_says_what_it_says(template: str, expected: list[str] | None) -> None:
    if expected is None:
        lights = ("lamp", "lamps", "light", "lights")
        expected = sorted(f"turn {the} {light}" for the in ("the", "my") for light in lights)
    assert sentences(template) == expected


@pytest.mark.parametrize(
    "template", ["{brightness}%", "go to {floor}", "<nonsense> light", "a; ({empty}|<none>)"]
)
def test_what_can_not_be_said_falls_away(template: str) -> None:
    assert sentences(template) == []


def test_only_the_alternative_that_can_not_be_said_falls_away() -> None:
    assert sentences("set ({name}|{floor}|fan) on") == [
        "set bed light on",
        "set fan on",
        "set heater on",
    ]


def test_templates_grow_with_their_text_and_not_with_their_sentences() -> None:
    network = Network()
    template = " ".join(f"(a{n}|b{n}|c{n}|d{n})" for n in range(20))
    add_template(network, template, {}, lambda _: None)
    automaton = minimal(network)
    assert automaton.sentence_count() == 4**20
    assert len(network.arcs) < 150
    assert len(automaton.arcs) == 21
