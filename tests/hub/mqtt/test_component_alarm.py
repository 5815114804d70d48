import pytest

from hub.mqtt.errors import DiscoveryError
from tests.hub.mqtt.announcing import entity, refusal, sent, told

PANEL = {"command_topic": "a/set", "state_topic": "a"}
CODED = {**PANEL, "code": "1234", "code_arm_required": False}


@pytest.mark.parametrize(
    ("verb", "payload"),
    [("arm_home", "ARM_HOME"), ("arm_away", "ARM_AWAY"), ("arm_night", "ARM_NIGHT"),
     ("arm_vacation", "ARM_VACATION"), ("arm_custom", "ARM_CUSTOM_BYPASS"), ("disarm", "DISARM")],
)  # fmt: skip
def test_a_panel_is_told_by_words(verb: str, payload: str) -> None:
    assert sent("alarm_control_panel", PANEL, verb) == [("a/set", payload)]


@pytest.mark.parametrize(
    "state", ["disarmed", "armed_home", "armed_away", "pending", "triggered", "arming"]
)
def test_a_panel_tells_how_it_is(state: str) -> None:
    assert told("alarm_control_panel", PANEL, ("a", state)).value == state


def test_other_words_are_no_state_of_a_panel() -> None:
    assert told("alarm_control_panel", PANEL, ("a", "asleep")).value == "unknown"
    assert told("alarm_control_panel", PANEL, ("a", "pending"), ("a", "None")).value == "unknown"


def test_a_panel_offers_what_it_supports() -> None:
    config = {**CODED, "supported_features": ["arm_home"]}
    assert entity("alarm_control_panel", config).features == {
        "state", "arm_home", "code_to_disarm", "code_checked",
    }  # fmt: skip


def test_a_code_must_be_said_where_the_panel_wants_one() -> None:
    assert sent("alarm_control_panel", CODED, "arm_away") == [("a/set", "ARM_AWAY")]
    assert sent("alarm_control_panel", CODED, "disarm", code="1234") == [("a/set", "DISARM")]
    for code in (None, "", "4321"):
        with pytest.raises(DiscoveryError) as caught:
            sent("alarm_control_panel", CODED, "disarm", code=code)
        assert caught.value.code == ("wrong-code" if code else "needs-code")
        assert "1234" not in str(caught.value)
        assert "4321" not in str(caught.value)


def test_a_code_that_the_panel_checks_itself_goes_along() -> None:
    config = {
        **PANEL,
        "code": "REMOTE_CODE",
        "command_template": '{"action": "{{ action }}", "code": "{{ code }}"}',
    }
    assert sent("alarm_control_panel", config, "disarm", code="99") == [
        ("a/set", '{"action": "DISARM", "code": "99"}')
    ]
    with pytest.raises(DiscoveryError):
        sent("alarm_control_panel", config, "disarm")


def test_a_panel_that_makes_no_sense_is_refused() -> None:
    assert refusal("alarm_control_panel", {"command_topic": "a"}) == "bad-config"
    assert refusal("alarm_control_panel", {**PANEL, "code": ["1"]}) == "bad-config"
    assert (
        refusal("alarm_control_panel", {**CODED, "code_disarm_required": "never"}) == "bad-config"
    )
