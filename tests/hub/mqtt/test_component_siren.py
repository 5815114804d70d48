from tests.hub.mqtt.announcing import entity, refusal, sent, told

SIREN = {
    "command_topic": "s/set",
    "state_topic": "s",
    "available_tones": ["burglar", "fire"],
    "command_template": '{"on": "{{ value }}", "tone": "{{ tone | default("-") }}",'
    ' "for": {{ duration | default(10) }}, "loud": {{ volume_level | default(1) }}}',
}


def test_a_plain_siren_is_switched_and_tells_so() -> None:
    config = {"command_topic": "s/set", "state_topic": "s"}
    assert sent("siren", config, "turn_on") == [("s/set", "ON")]
    assert sent("siren", config, "turn_off") == [("s/set", "OFF")]
    assert told("siren", config, ("s", "ON")).value == "on"


def test_how_it_sounds_is_for_its_template() -> None:
    assert sent("siren", SIREN, "turn_on", tone="fire", duration=5, volume=50) == [
        ("s/set", '{"on": "ON", "tone": "fire", "for": 5, "loud": 0.5}')
    ]
    assert sent("siren", SIREN, "turn_on") == [
        ("s/set", '{"on": "ON", "tone": "-", "for": 10, "loud": 1}')
    ]


def test_it_may_have_a_template_of_its_own_for_silence() -> None:
    config = {**SIREN, "command_off_template": "quiet"}
    assert sent("siren", config, "turn_off") == [("s/set", "quiet")]


def test_a_siren_may_tell_more_than_a_word() -> None:
    report = '{"state": "ON", "tone": "fire", "volume_level": 0.25}'
    state = told("siren", SIREN, ("s", report))
    assert state.value == "on"
    assert state.attributes == {"tone": "fire", "volume": 25, "tones": ("burglar", "fire")}


def test_a_siren_offers_what_it_supports() -> None:
    assert entity("siren", SIREN).features == {"state", "tone", "duration", "volume"}
    quiet = {"command_topic": "s", "support_duration": False, "support_volume_set": False}
    assert entity("siren", quiet).features == frozenset()


def test_a_siren_that_makes_no_sense_is_refused() -> None:
    assert refusal("siren", {"state_topic": "s"}) == "bad-config"
    assert refusal("siren", {**SIREN, "support_duration": "long"}) == "bad-config"
