import pytest

from tests.hub.mqtt.announcing import entity, refusal, sent, told

COVER = {"command_topic": "c/set", "state_topic": "c"}
POSITION = {"position_topic": "c/pos", "set_position_topic": "c/pos/set"}


@pytest.mark.parametrize(
    ("verb", "payload"), [("open", "OPEN"), ("close", "CLOSE"), ("stop", "STOP")]
)
def test_a_cover_is_moved_by_words(verb: str, payload: str) -> None:
    assert sent("cover", COVER, verb) == [("c/set", payload)]


@pytest.mark.parametrize(
    ("payload", "value"),
    [("open", "open"), ("opening", "opening"), ("closed", "closed"), ("closing", "closing"),
     ("stopped", "open"), ("ajar", "unknown")],
)  # fmt: skip
def test_a_cover_tells_where_it_is(payload: str, value: str) -> None:
    assert told("cover", COVER, ("c", payload)).value == value


def test_a_cover_may_have_words_of_its_own() -> None:
    config = {
        **COVER,
        "payload_open": "UP",
        "state_open": "up",
        "command_template": "<{{ value }}>",
    }
    assert sent("cover", config, "open") == [("c/set", "<UP>")]
    assert told("cover", config, ("c", "up")).value == "open"


def test_a_cover_with_a_position_goes_there() -> None:
    config = {**COVER, **POSITION}
    assert sent("cover", config, "set_position", position=40) == [("c/pos/set", "40")]
    state = told("cover", config, ("c", "open"), ("c/pos", "40"))
    assert (state.value, state.attributes) == ("open", {"position": 40})
    assert entity("cover", config).features == {"state", "position"}


def test_positions_are_counted_as_the_cover_counts_them() -> None:
    config = {**COVER, **POSITION, "position_open": 0, "position_closed": 255}
    assert sent("cover", config, "set_position", position=100) == [("c/pos/set", "0")]
    assert told("cover", config, ("c/pos", "255")).attributes == {"position": 0}
    assert told("cover", config, ("c/pos", "-40")).attributes == {"position": 100}


def test_a_position_template_gets_the_position() -> None:
    config = {**POSITION, "set_position_template": '{"to": {{ position }}}'}
    assert sent("cover", config, "set_position", position=40) == [("c/pos/set", '{"to": 40}')]


def test_a_cover_with_nothing_but_positions_still_opens_and_closes() -> None:
    assert sent("cover", POSITION, "open") == [("c/pos/set", "100")]
    assert sent("cover", POSITION, "close") == [("c/pos/set", "0")]
    assert told("cover", POSITION, ("c/pos", "0")).value == "closed"
    assert told("cover", POSITION, ("c/pos", "1")).value == "open"


def test_what_is_no_position_changes_nothing() -> None:
    assert told("cover", POSITION, ("c/pos", "half")).attributes == {}


TILT = {
    **COVER,
    "tilt_command_topic": "c/tilt/set",
    "tilt_status_topic": "c/tilt",
    "tilt_max": 180,
    "tilt_opened_value": 90,
}


def test_slats_are_tilted_and_tell_how_they_stand() -> None:
    assert sent("cover", TILT, "set_tilt", tilt=50) == [("c/tilt/set", "90")]
    assert sent("cover", TILT, "open_tilt") == [("c/tilt/set", "90")]
    assert sent("cover", TILT, "close_tilt") == [("c/tilt/set", "0")]
    assert told("cover", TILT, ("c/tilt", "45")).attributes == {"tilt": 25}
    assert entity("cover", TILT).features == {"state", "tilt"}


def test_a_tilt_template_gets_the_tilt() -> None:
    config = {**TILT, "tilt_command_template": '{"tilt": {{ tilt_position }}}'}
    assert sent("cover", config, "set_tilt", tilt=10) == [("c/tilt/set", '{"tilt": 18}')]


def test_a_word_that_is_null_is_not_known_to_the_cover() -> None:
    assert set(entity("cover", {**COVER, "payload_stop": None}).commands) == {"open", "close"}


def test_a_tilt_that_makes_no_sense_is_refused() -> None:
    assert refusal("cover", {**TILT, "tilt_min": 180}) == "bad-config"
    assert refusal("cover", {**TILT, "tilt_opened_value": "flat"}) == "bad-config"
