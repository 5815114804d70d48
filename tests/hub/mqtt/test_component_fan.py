import pytest

from hub.mqtt.errors import DiscoveryError
from tests.hub.mqtt.announcing import entity, refusal, sent, told

FAN = {
    "command_topic": "f/set",
    "state_topic": "f",
    "percentage_command_topic": "f/speed/set",
    "percentage_state_topic": "f/speed",
    "speed_range_min": 1,
    "speed_range_max": 3,
    "preset_modes": ["auto", "sleep"],
    "preset_mode_command_topic": "f/preset/set",
    "preset_mode_state_topic": "f/preset",
    "oscillation_command_topic": "f/osc/set",
    "oscillation_state_topic": "f/osc",
    "direction_command_topic": "f/dir/set",
    "direction_state_topic": "f/dir",
}


def test_a_fan_is_switched() -> None:
    assert sent("fan", FAN, "turn_on") == [("f/set", "ON")]
    assert sent("fan", {**FAN, "payload_off": "0"}, "turn_off") == [("f/set", "0")]
    assert told("fan", FAN, ("f", "ON")).value == "on"


@pytest.mark.parametrize(
    ("percentage", "speed"), [(1, "1"), (33, "1"), (34, "2"), (66, "2"), (67, "3"), (100, "3")]
)
def test_a_speed_is_in_percent_here_and_in_steps_there(percentage: int, speed: str) -> None:
    assert sent("fan", FAN, "set_percentage", percentage=percentage) == [("f/speed/set", speed)]


def test_no_speed_at_all_is_off() -> None:
    assert sent("fan", FAN, "set_percentage", percentage=0) == [("f/set", "OFF")]


@pytest.mark.parametrize(("speed", "percentage"), [("0", 0), ("1", 33), ("2", 67), ("3", 100)])
def test_a_fan_tells_its_speed(speed: str, percentage: int) -> None:
    assert told("fan", FAN, ("f/speed", speed)).attributes["percentage"] == percentage


def test_a_fan_that_only_tells_its_speed_is_on_while_it_turns() -> None:
    config = {"command_topic": "f/set", "percentage_state_topic": "f/speed"}
    assert told("fan", config, ("f/speed", "0")).value == "off"
    assert told("fan", config, ("f/speed", "40")).value == "on"


def test_presets_swinging_and_direction_go_both_ways() -> None:
    assert sent("fan", FAN, "set_preset", preset="Sleep") == [("f/preset/set", "sleep")]
    assert sent("fan", FAN, "oscillate", oscillating=True) == [("f/osc/set", "oscillate_on")]
    assert sent("fan", FAN, "set_direction", direction="reverse") == [("f/dir/set", "reverse")]
    state = told("fan", FAN, ("f/preset", "auto"), ("f/osc", "oscillate_off"), ("f/dir", "forward"))
    assert state.attributes == {
        "preset": "auto",
        "oscillating": False,
        "direction": "forward",
        "presets": ("auto", "sleep"),
        "step": 33.33,
    }


def test_a_reset_forgets_speed_and_preset() -> None:
    state = told(
        "fan",
        FAN,
        ("f/speed", "2"),
        ("f/preset", "auto"),
        ("f/speed", "None"),
        ("f/preset", "None"),
    )
    assert not {"percentage", "preset"} & state.attributes.keys()


def test_a_fan_offers_what_it_has_topics_for() -> None:
    assert entity("fan", FAN).features == {
        "state", "percentage", "oscillate", "preset", "direction",
    }  # fmt: skip
    assert entity("fan", {"command_topic": "f"}).features == frozenset()


def test_a_preset_that_it_does_not_have_is_not_sent() -> None:
    with pytest.raises(DiscoveryError, match="turbo") as caught:
        sent("fan", FAN, "set_preset", preset="turbo")
    assert caught.value.code == "out-of-range"


def test_a_range_of_speeds_that_is_none_is_refused() -> None:
    assert refusal("fan", {**FAN, "speed_range_min": 5}) == "bad-config"
    assert refusal("fan", {**FAN, "speed_range_max": "fast"}) == "bad-config"
    assert refusal("fan", {**FAN, "preset_modes": {"a": 1}}) == "bad-config"
