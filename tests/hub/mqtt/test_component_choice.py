from typing import Any

import pytest

from hub.mqtt.errors import DiscoveryError
from tests.hub.mqtt.announcing import entity, refusal, sent, told

NUMBER = {"command_topic": "n/set", "state_topic": "n", "min": 5, "max": 20, "step": 0.5}
SELECT = {"command_topic": "n/set", "state_topic": "n", "options": ["Low", "High", 3]}
TEXT = {"command_topic": "n/set", "state_topic": "n", "min": 1, "max": 5}


@pytest.mark.parametrize(("value", "payload"), [(7.5, "7.5"), (20, "20"), (8.0, "8")])
def test_a_number_is_set(value: float, payload: str) -> None:
    assert sent("number", NUMBER, "set_value", value=value) == [("n/set", payload)]


def test_a_number_tells_its_value_and_its_range() -> None:
    state = told("number", NUMBER, ("n", "7.50"))
    assert (state.value, state.attributes) == ("7.5", {"min": 5, "max": 20, "step": 0.5})
    assert told("number", NUMBER, ("n", "7"), ("n", "None")).value == "unknown"
    assert told("number", NUMBER, ("n", "7"), ("n", "much")).value == "7"


@pytest.mark.parametrize(
    ("component", "config", "verb", "values"),
    [
        ("number", NUMBER, "set_value", {"value": 4}),
        ("select", SELECT, "select_option", {"option": "Medium"}),
        ("text", TEXT, "set_text", {"text": ""}),
        ("text", TEXT, "set_text", {"text": "too long"}),
    ],
)
def test_what_it_does_not_allow_is_not_sent(
    component: str, config: dict[str, Any], verb: str, values: dict[str, Any]
) -> None:
    with pytest.raises(DiscoveryError) as caught:
        sent(component, config, verb, **values)
    assert caught.value.code == "out-of-range"


def test_an_option_is_selected_in_whatever_case_it_was_said() -> None:
    assert sent("select", SELECT, "select_option", option="high") == [("n/set", "High")]
    assert sent("select", SELECT, "select_option", option="3") == [("n/set", "3")]


def test_a_selection_tells_its_options() -> None:
    state = told("select", SELECT, ("n", "Low"))
    assert (state.value, state.attributes) == ("Low", {"options": ("Low", "High", "3")})
    assert told("select", SELECT, ("n", "Low"), ("n", "Middle")).value == "Low"


def test_a_text_is_set_and_told() -> None:
    assert sent("text", TEXT, "set_text", text="hello") == [("n/set", "hello")]
    assert told("text", TEXT, ("n", "hi")).value == "hi"
    assert len(told("text", TEXT, ("n", "x" * 5000)).value) == 255


def test_one_that_tells_nothing_has_no_state() -> None:
    for component, rest in (("number", {}), ("select", {"options": ["a"]}), ("text", {})):
        config = {"command_topic": "n", **rest}
        assert entity(component, config).features == frozenset()


def test_one_that_makes_no_sense_is_refused() -> None:
    assert refusal("number", {**NUMBER, "min": 20}) == "bad-config"
    assert refusal("number", {**NUMBER, "step": "small"}) == "bad-config"
    assert refusal("select", {"command_topic": "n"}) == "bad-config"
    assert refusal("text", {**TEXT, "max": None}) == "bad-config"


def test_a_text_that_does_not_fit_is_refused_with_the_reason() -> None:
    config = {"command_topic": "t", "min": 2, "max": 5, "pattern": "[a-z]+$"}
    assert sent("text", config, "set_text", text="busy") == [("t", "busy")]
    for wanted, reason in (
        ("a", "The text has 1 characters; it takes 2 to 5."),
        ("far too long", "The text has 12 characters; it takes 2 to 5."),
        ("B2", "The text does not fit '[a-z]+$'."),
    ):
        with pytest.raises(DiscoveryError) as failure:
            sent("text", config, "set_text", text=wanted)
        assert (failure.value.code, str(failure.value)) == ("out-of-range", reason)


def test_a_pattern_that_could_be_tried_for_too_long_lets_all_pass() -> None:
    config = {"command_topic": "t", "pattern": "(a+)+$"}
    assert sent("text", config, "set_text", text="b") == [("t", "b")]


@pytest.mark.parametrize("wrong", [{"pattern": "("}, {"min": 9, "max": 3}, {"min": -1}])
def test_a_text_whose_bounds_make_no_sense_is_refused(wrong: dict[str, Any]) -> None:
    assert refusal("text", {"command_topic": "t", **wrong}) == "bad-config"
