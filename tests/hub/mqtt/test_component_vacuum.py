import json

import pytest

from hub.mqtt.entities import Entities
from hub.mqtt.errors import DiscoveryError
from tests.hub.mqtt.announcing import entity, refusal, sent, told, topic_of

VACUUM = {
    "command_topic": "v/set",
    "state_topic": "v",
    "supported_features": ["start", "pause", "stop", "return_home", "locate", "clean_spot"],
    "set_fan_speed_topic": "v/fan",
    "fan_speed_list": ["min", "max"],
    "clean_segments_command_topic": "v/rooms",
}
MOWER = {
    "activity_state_topic": "m",
    "start_mowing_command_topic": "m/start",
    "pause_command_topic": "m/pause",
    "dock_command_topic": "m/dock",
}
ROOMS = json.dumps({"state": "docked", "segments": {"1": "Kitchen", "2": "Living room"}})


@pytest.mark.parametrize(
    ("verb", "payload"),
    [("start", "start"), ("pause", "pause"), ("stop", "stop"), ("locate", "locate"),
     ("return_home", "return_to_base"), ("clean_spot", "clean_spot")],
)  # fmt: skip
def test_a_vacuum_is_told_by_words(verb: str, payload: str) -> None:
    assert sent("vacuum", VACUUM, verb) == [("v/set", payload)]


def test_a_vacuum_can_what_it_says_it_can() -> None:
    config = {"command_topic": "v/set", "supported_features": ["start", "pause"]}
    assert entity("vacuum", config).features == {"start", "pause"}
    plain = entity("vacuum", {"command_topic": "v/set"})
    assert plain.features == {"start", "stop", "return_home", "clean_spot"}


def test_a_vacuum_tells_what_it_does() -> None:
    report = '{"state": "returning", "fan_speed": "max", "battery_level": 61}'
    state = told("vacuum", VACUUM, ("v", report))
    assert state.value == "returning"
    assert state.attributes == {
        "fan_speed": "max",
        "battery_level": 61,
        "fan_speeds": ("min", "max"),
    }
    assert told("vacuum", VACUUM, ("v", report), ("v", '{"state": null}')).value == "unknown"


def test_a_fan_speed_is_one_of_its_own() -> None:
    assert sent("vacuum", VACUUM, "set_fan_speed", fan_speed="Max") == [("v/fan", "max")]
    with pytest.raises(DiscoveryError, match="silent"):
        sent("vacuum", VACUUM, "set_fan_speed", fan_speed="silent")


def test_an_area_that_it_told_of_is_cleaned_by_its_name() -> None:
    entities = Entities()
    vacuum = entities.announce(topic_of("vacuum"), json.dumps(VACUUM).encode()).announced[0]
    entities.feed("v", ROOMS.encode())
    assert entities.state(vacuum.id).attributes["areas"] == ("Kitchen", "Living room")
    (publication,) = vacuum.commands["clean_area"]({"area": "living room"})
    assert (publication.topic, publication.payload) == ("v/rooms", '["2"]')
    with pytest.raises(DiscoveryError, match="Attic"):
        vacuum.commands["clean_area"]({"area": "Attic"})


def test_a_template_may_write_the_areas_in_its_own_way() -> None:
    config = {**VACUUM, "clean_segments_command_template": "{{ value | join('+') }}"}
    entities = Entities()
    vacuum = entities.announce(topic_of("vacuum"), json.dumps(config).encode()).announced[0]
    entities.feed("v", b'{"segments": {"1": "Hall", "7": "hall"}}')
    assert vacuum.commands["clean_area"]({"area": "Hall"})[0].payload == "1+7"


def test_a_lawn_mower_is_told_and_tells() -> None:
    assert sent("lawn_mower", MOWER, "start_mowing") == [("m/start", "start_mowing")]
    assert sent("lawn_mower", MOWER, "pause") == [("m/pause", "pause")]
    assert sent("lawn_mower", MOWER, "dock") == [("m/dock", "dock")]
    assert told("lawn_mower", MOWER, ("m", "mowing")).value == "mowing"
    assert told("lawn_mower", MOWER, ("m", "flying")).value == "unknown"
    assert entity("lawn_mower", MOWER).features == {"state", "start_mowing", "pause", "dock"}


def test_one_that_makes_no_sense_is_refused() -> None:
    assert refusal("vacuum", {**VACUUM, "schema": "legacy"}) == "unsupported"
    assert refusal("vacuum", {**VACUUM, "fan_speed_list": [[]]}) == "bad-config"
    assert refusal("lawn_mower", {**MOWER, "retain": "perhaps"}) == "bad-config"
