"""Strangers write these messages: whatever they send is understood or is a problem, no more."""

import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hub.home.verbs import VERBS
from hub.mqtt.components import COMPONENTS
from hub.mqtt.discovery import Announcement, parse, parse_topic
from hub.mqtt.entities import Entities
from hub.mqtt.errors import DiscoveryError
from hub.mqtt.short_keys import KEYS
from tests.hub.mqtt.announcing import PREFIX, topic_of

RELAXED = settings(
    max_examples=150, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True
)
WORDS = st.sampled_from(
    ["ON", "off", "None", "null", "", "t", "a/b", "~/x", "a/+", "{{ value }}", "{{ value_json.a }}",
     "{% if %}", "json", "template", "basic", "rgb", "C", "REMOTE_CODE", "\x00", "é" * 3, "1e999"]
)  # fmt: skip
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**64 - 1) | st.floats() | WORDS | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(WORDS, inner, max_size=3),
    max_leaves=6,
)
NAMES = sorted({*KEYS, *KEYS.values(), "schema", "white", "brightness", "code", "effect", "name"})
TOPICS = {"command_topic": "c", "state_topic": "t", "target_humidity_command_topic": "h"}
LISTS = {
    "options": ["a", "b"],
    "event_types": ["a"],
    "effect_list": ["a"],
    "modes": ["off", "a"],
    "topic": "t",
    "type": "a",
    "subtype": "b",
    "device": {"identifiers": ["d"]},
}
REPORTS = st.dictionaries(
    st.sampled_from(
        ["state", "brightness", "color", "color_mode", "color_temp", "effect", "position",
         "segments", "fan_speed", "battery_level", "volume", "volume_level", "muted", "tone",
         "event_type", "installed_version", "latest_version", "in_progress", "condition"]
    ),
    VALUES | st.dictionaries(st.sampled_from([*"rgbcwhsxy"]), st.integers() | st.floats()),
    max_size=5,
)  # fmt: skip


def announce(component: str, payload: bytes) -> Announcement:
    topic = topic_of(component)
    parts = parse_topic(topic, PREFIX)
    assert parts is not None
    announcement = parse(parts, payload, topic)
    assert all(isinstance(problem, DiscoveryError) for problem in announcement.problems)
    assert all(str(problem).strip() for problem in announcement.problems)
    return announcement


@RELAXED
@given(st.sampled_from([*COMPONENTS, "device", "hovercraft"]), st.binary(max_size=200))
def test_bytes_of_any_kind_announce_something_or_are_a_problem(
    component: str, payload: bytes
) -> None:
    announce(component, payload)


@pytest.mark.parametrize("component", sorted(COMPONENTS))
@settings(RELAXED, max_examples=25)
@given(config=st.dictionaries(st.sampled_from(NAMES), VALUES, max_size=6))
def test_any_values_of_a_components_keys_announce_something_or_are_a_problem(
    component: str, config: dict[str, Any]
) -> None:
    payload = json.dumps({**TOPICS, **LISTS, **config}).encode()
    announcement = announce(component, payload)
    if "migrate_discovery" not in config and "migr_discvry" not in config:
        hidden = {"entity_category", "ent_cat", "enabled_by_default", "en"} & config.keys()
        assert announcement.entities or announcement.problems or hidden
    device = {"cmps": {"it": {"p": component, **TOPICS, **LISTS, **config}}}
    announce("device", json.dumps(device).encode())


@pytest.mark.parametrize("component", sorted(COMPONENTS))
@settings(RELAXED, max_examples=25)
@given(
    payload=st.binary(max_size=60)
    | (REPORTS | VALUES).map(lambda value: json.dumps(value).encode())
)
def test_any_state_is_read_or_is_a_problem(component: str, payload: bytes) -> None:
    config = {**dict.fromkeys((name for name in KEYS.values() if name.endswith("_topic")), "t")}
    entities = Entities(PREFIX)
    text = json.dumps({**config, **LISTS, "command_on_template": "x", "min": 0})
    difference = entities.announce(topic_of(component), text.encode())
    assert not difference.problems, difference.problems
    _, problems = entities.feed("t", payload)
    assert all(isinstance(problem, DiscoveryError) for problem in problems)
    state = entities.state(difference.announced[0].id)
    assert isinstance(state.value, str)
    json.dumps(state.attributes)


@pytest.mark.parametrize("component", sorted(COMPONENTS))
def test_every_command_of_a_component_is_a_verb_of_its_kind(component: str) -> None:
    topics = dict.fromkeys((name for name in KEYS.values() if name.endswith("_topic")), "t")
    rest = {"preset_modes": ["a"], "fan_speed_list": ["a"], "payload_install": "x",
            "payload_open": "OPEN", "payload_stop": "STOP",
            "supported_features": ["start", "pause", "stop", "return_home", "locate", "clean_spot"]
            if component == "vacuum" else []}  # fmt: skip
    announcement = announce(component, json.dumps({**topics, **LISTS, **rest}).encode())
    for verb in announcement.entities[0].commands:
        assert component in VERBS[verb].domains


@pytest.mark.parametrize("verb", sorted(VERBS))
def test_every_verb_is_offered_by_a_component_of_each_of_its_kinds(verb: str) -> None:
    assert VERBS[verb].domains <= COMPONENTS.keys()
