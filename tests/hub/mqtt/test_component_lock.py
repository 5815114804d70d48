from typing import Any

import pytest

from tests.hub.mqtt.announcing import entity, refusal, sent, told

LOCK = {"command_topic": "d/set", "state_topic": "d"}


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


def test_a_lock_that_can_open_its_door_does_so() -> None:
    config = {**LOCK, "payload_open": "OPEN"}
    assert sent("lock", config, "open") == [("d/set", "OPEN")]
    assert entity("lock", config).features == {"state", "open"}
    assert told("lock", config, ("d", "OPEN")).value == "open"
    assert "open" not in entity("lock", LOCK).commands


def test_a_code_that_was_said_goes_along() -> None:
    config = {
        **LOCK,
        "code_format": "^[0-9]{4}$",
        "command_template": '{"do": "{{ value }}", "code": "{{ code }}"}',
    }
    assert sent("lock", config, "unlock", code="1234") == [
        ("d/set", '{"do": "UNLOCK", "code": "1234"}')
    ]
    assert entity("lock", config).features == {"state", "code"}


def test_a_reset_means_that_the_state_is_not_known() -> None:
    assert told("lock", LOCK, ("d", "LOCKED"), ("d", "None")).value == "unknown"
    config = {**LOCK, "payload_reset": "RESET"}
    assert told("lock", config, ("d", "LOCKED"), ("d", "RESET")).value == "unknown"


def test_a_lock_that_makes_no_sense_is_refused() -> None:
    assert refusal("lock", {**LOCK, "state_jammed": ["x"]}) == "bad-config"
    assert refusal("lock", {**LOCK, "payload_open": {}}) == "bad-config"
