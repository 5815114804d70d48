import pytest

from hub.mqtt.errors import DiscoveryError
from tests.hub.mqtt.announcing import entity, refusal, sent, told

HUMIDIFIER = {
    "command_topic": "h/set",
    "state_topic": "h",
    "target_humidity_command_topic": "h/to/set",
    "target_humidity_state_topic": "h/to",
    "current_humidity_topic": "h/is",
    "mode_command_topic": "h/mode/set",
    "mode_state_topic": "h/mode",
    "modes": ["auto", "sleep"],
    "action_topic": "h/action",
    "min_humidity": 30,
    "max_humidity": 80,
}


def test_a_humidifier_is_switched_and_set() -> None:
    assert sent("humidifier", HUMIDIFIER, "turn_on") == [("h/set", "ON")]
    assert sent("humidifier", HUMIDIFIER, "turn_off") == [("h/set", "OFF")]
    assert sent("humidifier", HUMIDIFIER, "set_humidity", humidity=45) == [("h/to/set", "45")]
    assert sent("humidifier", HUMIDIFIER, "set_mode", mode="sleep") == [("h/mode/set", "sleep")]


def test_a_humidifier_tells_how_it_is() -> None:
    state = told(
        "humidifier",
        HUMIDIFIER,
        *(("h", "ON"), ("h/to", "45"), ("h/is", "38.5"), ("h/mode", "auto")),
        ("h/action", "humidifying"),
    )
    assert state.value == "on"
    assert state.attributes == {
        "humidity": 45,
        "current_humidity": 38.5,
        "mode": "auto",
        "action": "humidifying",
        "options": ("auto", "sleep"),
        "min": 30,
        "max": 80,
    }


def test_a_humidity_beyond_its_range_is_not_sent() -> None:
    with pytest.raises(DiscoveryError, match="90 is not from 30 to 80"):
        sent("humidifier", HUMIDIFIER, "set_humidity", humidity=90)


def test_a_reset_forgets_the_target() -> None:
    state = told("humidifier", HUMIDIFIER, ("h/to", "45"), ("h/to", "None"))
    assert "humidity" not in state.attributes


def test_a_humidifier_without_modes_offers_none() -> None:
    config = {"command_topic": "h", "target_humidity_command_topic": "t"}
    assert entity("humidifier", config).features == {"humidity"}


def test_a_humidifier_that_makes_no_sense_is_refused() -> None:
    assert refusal("humidifier", {"command_topic": "h"}) == "bad-config"
    assert refusal("humidifier", {**HUMIDIFIER, "min_humidity": 80}) == "bad-config"
