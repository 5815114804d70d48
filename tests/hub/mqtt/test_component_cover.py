from typing import Any

import pytest

from tests.hub.mqtt.announcing import entity, sent, told

COVER = {"command_topic": "c/set", "state_topic": "c"}
POSITION = {"position_topic": "c/pos", "set_position_topic": "c/pos/set"}
LOCK = {"command_topic": "d/set", "state_topic": "d"}


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


@pytest.mark.parametrize(("verb", "payload"), [("lock", "LOCK"), ("unlock", "UNLOCK")])
def test_a_lock_is_turned_by_words(verb: str, payload: str) -> None:
    assert sent("lock", LOCK, verb) == [("d/set", payload)]


@pytest.mark.parametrize(
    ("payload", "value"),
    [("LOCKED", "locked"), ("LOCKING", "locking"), ("UNLOCKED", "unlocked"),
     ("UNLOCKING", "unlocking"), ("JAMMED", "jammed"), ("?", "unknown")],
)  # fmt: skip
def test_a_lock_tells_whether_it_is_locked(payload: str, value: str) -> None:
    assert told("lock", LOCK, ("d", payload)).value == value


def test_a_lock_without_a_state_topic_tells_nothing() -> None:
    config: dict[str, Any] = {"command_topic": "d/set"}
    assert entity("lock", config).features == frozenset()
