import pytest

from tests.hub.mqtt.announcing import entity, refusal, sent, told

VALVE = {"command_topic": "v/set", "state_topic": "v"}
POSITIONED = {**VALVE, "reports_position": True, "payload_stop": "STOP"}


def test_a_valve_is_turned_by_words_and_tells_so() -> None:
    assert sent("valve", VALVE, "open") == [("v/set", "OPEN")]
    assert sent("valve", VALVE, "close") == [("v/set", "CLOSE")]
    assert told("valve", VALVE, ("v", "opening")).value == "opening"
    assert told("valve", VALVE, ("v", '{"state": "closed"}')).value == "closed"
    assert entity("valve", VALVE).features == {"state"}


def test_it_stops_only_if_it_has_a_word_for_it() -> None:
    assert "stop" not in entity("valve", VALVE).commands
    assert sent("valve", POSITIONED, "stop") == [("v/set", "STOP")]


def test_a_valve_with_positions_takes_them_on_its_command_topic() -> None:
    assert sent("valve", POSITIONED, "set_position", position=40) == [("v/set", "40")]
    assert sent("valve", POSITIONED, "open") == [("v/set", "100")]
    assert sent("valve", POSITIONED, "close") == [("v/set", "0")]
    scaled = {**POSITIONED, "position_open": 255}
    assert sent("valve", scaled, "set_position", position=100) == [("v/set", "255")]


@pytest.mark.parametrize(
    ("payload", "value", "position"),
    [("0", "closed", 0), ("40", "open", 40), ('{"position": 10}', "open", 10),
     ('{"state": "opening", "position": 10}', "opening", 10)],
)  # fmt: skip
def test_a_valve_with_positions_tells_them(payload: str, value: str, position: int) -> None:
    state = told("valve", POSITIONED, ("v", payload))
    assert (state.value, state.attributes) == (value, {"position": position})


def test_what_is_no_state_of_a_valve_changes_nothing() -> None:
    assert told("valve", VALVE, ("v", "50")).value == "unknown"
    assert told("valve", POSITIONED, ("v", '{"position": "half"}')).value == "unknown"


def test_a_valve_that_makes_no_sense_is_refused() -> None:
    assert refusal("valve", {"state_topic": "v"}) == "bad-config"
    assert refusal("valve", {**VALVE, "reports_position": "maybe"}) == "bad-config"
    assert refusal("valve", {**VALVE, "position_open": 0}) == "bad-config"
